"""Plans of two whole terminals: certified, how long that takes, and a thousand days beside it."""

from __future__ import annotations

import resource
import time
from dataclasses import replace
from typing import Any

import numpy as np

from sim.experiments.tasks import Workers
from sim.planner.days import fresh_tallies
from sim.planner.outcome import PlanOutcome
from sim.planner.plan import Asked, Plan, run_plan
from sim.planner.tally import Tally
from sim.planner.targets import US_PER_MIN, Promise, promises_of
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario
from tests.evidence.claim import Claim, Finding, Steps

TERMINALS = ("sgn-t3", "han-t1")
MOST_S = {30: 300.0, 15: 900.0}
"""Seconds a plan may take, by minutes of its periods."""

JOBS, SEED = 2, 1
FIRST, DAYS = 50_000_000, 1_000
"""Days that no search and no certificate has seen."""

DOUBT = 0.05
"""Chance that any upper bound is wrong."""


def asked_for(terminal: str, minutes: int) -> tuple[Scenario, tuple[Promise, ...]]:
    """A terminal staffed, and its promises kept, in periods of so many minutes."""
    scenario = load_scenario(terminal, overrides=(f"plan.period_min={minutes}",))
    promises = promises_of(scenario)
    return scenario, tuple(replace(each, per_us=minutes * US_PER_MIN) for each in promises)


def planned(key: str) -> dict[str, Any]:
    """One terminal with periods of one length: its plan, timed, and days beside it."""
    terminal, minutes = key.rsplit("-", 1)
    scenario, promises = asked_for(terminal, int(minutes))
    attempts: list[str] = []

    def told(text: str) -> None:
        if text.startswith("attempt"):
            attempts.append(text)

    began, cpu_began = time.perf_counter(), _cpu_s()
    plan = run_plan(scenario, Asked(promises, seed=SEED, jobs=JOBS), progress=told)
    found = {
        "outcome": plan.outcome.value,
        "says": list(plan.says),
        "elapsed_s": time.perf_counter() - began,
        "cpu_s": _cpu_s() - cpu_began,
        "attempts": attempts,
        "certificate_days": None if plan.certificate is None else plan.certificate.days,
        "server_periods": {each.id: each.server_periods for each in plan.stations},
        "server_periods_today": {each.id: sum(each.today) for each in plan.stations},
        "total": sum(each.server_periods for each in plan.stations),
        "total_today": sum(sum(each.today) for each in plan.stations),
    }
    return found if plan.outcome is not PlanOutcome.CERTIFIED else {**found, **_beside(plan)}


def _beside(plan: Plan) -> dict[str, Any]:
    """What fresh days say of a plan: periods whose upper bound is below the promise."""
    with Workers(JOBS) as workers:
        tallies = fresh_tallies(
            plan.scenario,
            grid=plan.grid,
            plan={each.id: each.levels for each in plan.stations},
            promises=plan.promises,
            cells={
                tally.promise.id: len(tally.customers)
                for station in plan.stations
                for tally in station.tallies
            },
            seed=SEED,
            replications=range(FIRST, FIRST + DAYS),
            workers=workers,
            progress=lambda done: None,
        )
    judged = sum(int(each.is_judged.sum()) for each in tallies)
    came = sum(int((each.customers > 0).sum()) for each in tallies)
    return {
        "fresh_days": DAYS,
        "judged": judged,
        "broken": [text for each in tallies for text in _broken(each, judged, each.is_judged)],
        "seldom": came - judged,
        "seldom_broken": [
            text
            for each in tallies
            for text in _broken(each, came, ~each.is_judged & (each.customers > 0))
        ],
        "estimates_below": sum(
            int((each.is_judged & (each.estimate < each.promise.asked)).sum()) for each in tallies
        ),
        "least_room": min(
            float(room.min())
            for each in tallies
            if len(room := (each.estimate - each.promise.asked)[each.is_judged])
        ),
    }


def _broken(tally: Tally, family: int, where: np.ndarray) -> list[str]:
    is_broken = where & (tally.high(DOUBT / family) < tally.promise.asked)
    return [
        f"{tally.promise.station}, period {cell}: {tally.estimate[cell]:.4f} of "
        f"{tally.customers[cell]:.1f} a day"
        for cell in np.flatnonzero(is_broken).tolist()
    ]


def _cpu_s() -> float:
    """Seconds that cores have worked for this process and its children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def examine(steps: Steps) -> Finding:
    """Both terminals with both periods, one after another, since they are timed."""
    keys = [f"{terminal}-{minutes}" for terminal in TERMINALS for minutes in MOST_S]
    found = steps.each(keys, planned, processes=1)
    passed = all(
        each["outcome"] == "CERTIFIED"
        and not each["broken"]
        and each["elapsed_s"] < MOST_S[int(key.rsplit("-", 1)[1])]
        for key, each in found.items()
    )
    return Finding(
        passed=passed,
        figures={"jobs": JOBS, "most_s": {str(k): v for k, v in MOST_S.items()}, **found},
    )


CLAIM = Claim(
    "plan-terminals",
    "Two whole terminals are planned with a certificate on two cores, in under 5 minutes by half "
    "hours and in under 15 by quarters, and a thousand other days refute no period.",
    examine,
)
