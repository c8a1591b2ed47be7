"""One desk, 48 half hours: the plan beside those of steady states, all certified the same way."""

from __future__ import annotations

import time
from typing import Any

from sim.experiments.tasks import Workers
from sim.planner.days import fresh_tallies
from sim.planner.exact import ExactDesk
from sim.planner.grid import Grid, Levels
from sim.planner.markov import markov_desk
from sim.planner.plan import Asked, run_plan
from sim.planner.targets import promises_of
from sim.queueing.pointwise import sipp
from sim.scenario.load import load_scenario
from tests.evidence.claim import Claim, Finding, Steps

SCENARIO = "two-peaks"
PERIOD_S, PERIODS, WITHIN_S = 1800.0, 48, 600.0
DAYS = 1_000
FIRST = 900_000
"""Replications that neither the search nor its certificate sees."""

DOUBT = 0.05 / PERIODS
LEAST_SAVED = 0.04


def examine(steps: Steps) -> Finding:
    """The plan first; then the same days for every plan."""
    found = steps.each(["plan"], planned, processes=1)["plan"]
    names = ["planned", "sipp", "lagged_sipp"]
    levels = {"planned": tuple(found["levels"]), **{n: steady(n) for n in names[1:]}}
    rows = {name: judged(levels[name]) for name in names}
    saved = 1 - rows["planned"]["server_periods"] / rows["sipp"]["server_periods"]
    holds = {
        "the plan is certified": found["outcome"] == "CERTIFIED",
        "every plan keeps the promise by the exact law": all(
            row["least_slack_by_law"] >= 0 for row in rows.values()
        ),
        "days contradict none of them": all(not row["contradicted"] for row in rows.values()),
        f"at least {LEAST_SAVED:.0%} fewer server-periods than SIPP": saved >= LEAST_SAVED,
        "the bound is not above the plan": found["lower_bound"] <= sum(found["levels"]),
    }
    figures = {"holds": holds, "saved_beside_sipp": saved, "search": found, "plans": rows}
    return Finding(passed=all(holds.values()), figures=figures)


def planned(_: str) -> dict[str, Any]:
    """`sim plan two-peaks`, timed."""
    scenario = load_scenario(SCENARIO)
    began = time.perf_counter()
    plan = run_plan(scenario, Asked(promises_of(scenario), jobs=2))
    station = plan.stations[0]
    assert station.lower_bound is not None
    return {
        "outcome": plan.outcome.value,
        "levels": list(station.levels),
        "server_periods": station.server_periods,
        "lower_bound": station.lower_bound,
        "gap": 1 - station.lower_bound / station.server_periods,
        "elapsed_s": time.perf_counter() - began,
    }


def steady(name: str) -> Levels:
    """Servers of every period by steady states, of its own rate or of what came before."""
    desk = oracle().desk
    found = sipp(
        arrivals=desk.arrivals, period=PERIOD_S, periods=PERIODS,
        mean_service=desk.mean_service_s, within=WITHIN_S, share_of_all=0.95,
        is_lagged=name == "lagged_sipp",
    )  # fmt: skip
    return tuple(int(each) for each in found.servers)


def oracle() -> ExactDesk:
    """The law of the desk."""
    scenario = load_scenario(SCENARIO)
    desk = markov_desk(scenario, "desk")
    assert not isinstance(desk, str)
    return ExactDesk(desk, promises_of(scenario), Grid(round(PERIOD_S * 1e6), PERIODS))


def judged(levels: Levels) -> dict[str, Any]:
    """A plan by the exact law, and by days that no search has seen."""
    scenario, law = load_scenario(SCENARIO), oracle()
    promises = promises_of(scenario)
    with Workers(2) as workers:
        tally = fresh_tallies(
            scenario, grid=law.grid, plan={"desk": levels}, promises=promises,
            cells={promises[0].id: PERIODS}, seed=1, replications=range(FIRST, FIRST + DAYS),
            workers=workers, progress=lambda done: None,
        )[0]  # fmt: skip
    exact = law.shares(levels)[0]
    is_wrong = tally.is_judged & ((exact < tally.low(DOUBT)) | (exact > tally.high(DOUBT)))
    refuted = tally.is_judged & (tally.high(DOUBT) < promises[0].share)
    return {
        "server_periods": sum(levels),
        "levels": list(levels),
        "least_slack_by_law": float(law.slacks(levels).min()),
        "least_share_of_days": float(tally.estimate[tally.is_judged].min()),
        "contradicted": int(is_wrong.sum()),
        "periods_refuted_by_days": int(refuted.sum()),
    }


CLAIM = Claim(
    "plan-two-peaks",
    "A desk with two peaks needs at least 4 % fewer server half hours than steady states say, and "
    "both plans keep the promise by the exact law and on a thousand fresh days.",
    examine,
)
