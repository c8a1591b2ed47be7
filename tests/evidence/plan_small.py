"""Small desks whose least plan is found by going through plans, judged by the whole day's law."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.planner.days import Days, tallies
from sim.planner.grid import Grid, Levels
from sim.planner.plan import Asked, run_plan
from sim.planner.targets import promises_of
from sim.queueing.steps import Steps as Rates
from sim.queueing.transient import transient
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario
from tests.evidence.claim import Claim, Finding, Steps
from tests.theory.dense_desk import dense_shares

PERIOD_S = 900.0
MOST = 6
"""Servers at most."""

SAMPLES, SAMPLE_DAYS = 40, 20
"""Samples of days that might accept a plan one short."""

DESKS: dict[str, tuple[tuple[float, ...], float, float, float]] = {
    "one peak": ((0.4, 1.0, 2.2, 1.1, 0.5, 0.3), 0.90, 120, 90),
    "two peaks": ((1.6, 0.5, 0.6, 1.9, 0.8, 0.4), 0.85, 60, 80),
    "rising": ((0.3, 0.6, 1.0, 1.5, 2.1), 0.95, 300, 100),
    "falling": ((2.2, 1.6, 1.1, 0.6, 0.3), 0.95, 240, 100),
    "burst": ((0.3, 0.3, 2.6, 0.3, 0.3, 0.3), 0.80, 180, 70),
    "flat": ((1.2, 1.2, 1.2, 1.2), 0.90, 30, 60),
}
"""Arrivals a minute by quarter hour, share, wait promised in s, mean service in s."""


def examine(steps: Steps) -> Finding:
    """Each desk: the planner, the least plan, and the plans one short."""
    rows = steps.each(list(DESKS), measure)
    accepted = sum(row["samples_that_accept_one_short"] for row in rows.values())
    holds = {
        f"{name}: {what}": value
        for name, row in rows.items()
        for what, value in {
            "certified": row["outcome"] == "CERTIFIED",
            "the least, or one more": row["planned"] - row["least"] in (0, 1),
            "bound not above the least": row["bound"] <= row["least"],
            "two laws agree": row["laws_differ_by"] < LAWS_AGREE,
        }.items()
    } | {"a sample of days accepts a plan that is one short": accepted > 0}
    return Finding(passed=all(holds.values()), figures={"holds": holds, **rows})


LAWS_AGREE = 1e-4
"""The dense law integrates over arrivals by Simpson's rule."""


def measure(name: str) -> dict[str, Any]:
    """One desk."""
    rates, share, within_s, mean_s = DESKS[name]
    scenario = scenario_of(name)
    plan = run_plan(scenario, Asked(promises_of(scenario), days=100))
    station = plan.stations[0]
    law = Law(rates, share, within_s, mean_s)
    least, nearest = law.least()
    accepts = sum(is_accepted(scenario, nearest, seed) for seed in range(1, SAMPLES + 1))
    dense = dense_shares(
        rates_per_s=[rate / 60 for rate in rates], servers=least, period=PERIOD_S,
        mean_service=mean_s, within=within_s,
    )  # fmt: skip
    return {
        "outcome": plan.outcome.value,
        "planned": station.server_periods,
        "levels": list(station.levels),
        "bound": station.lower_bound,
        "least": sum(least),
        "least_levels": list(least),
        "plans_judged": law.judged,
        "one_short": list(nearest),
        "one_short_lacks": float(-law.slack(nearest)),
        "samples": SAMPLES,
        "samples_that_accept_one_short": accepts,
        "laws_differ_by": float(np.abs(dense - law.shares(least)).max()),
    }


def scenario_of(name: str) -> Scenario:
    """The desk as a scenario file."""
    rates, share, within_s, mean_s = DESKS[name]
    text = f"""
id = "small-desk"
kind = "generic"
horizon_s = {PERIOD_S * len(rates):.0f}
end_of_run = "drain"

[demand]
arrivals = {{ law = "poisson", period_min = {PERIOD_S / 60:g}, rate_per_min = {list(rates)} }}

[[stations]]
id = "desk"
servers = {MOST}
closing = "idle_first"
service = {{ law = "exponential", mean_s = {mean_s} }}

[[journey]]
station = "desk"

[[targets]]
station = "desk"
share = {share}
within_s = {within_s}
per_min = {PERIOD_S / 60:g}

[plan]
period_min = {PERIOD_S / 60:g}
max_servers = {MOST}

[sources]
"*" = "assumed: a bench for planners"
"""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "small-desk.toml")
        path.write_text(text, encoding="utf-8")
        return load_scenario(path)


class Law:
    """Plans of a desk judged by the law of the whole day, and the least found among all."""

    def __init__(
        self, rates: tuple[float, ...], share: float, within_s: float, mean_s: float
    ) -> None:
        self.share, self.within_s, self.mean_s = share, within_s, mean_s
        self.arrivals = Rates.rates(np.array(rates) / 60, period=PERIOD_S)
        self.periods = len(rates)
        self.judged = 0
        self._broken: dict[Levels, float] = {}

    def shares(self, levels: Levels) -> NDArray[np.float64]:
        """Share in time by period of arrival."""
        self.judged += 1
        return transient(
            arrivals=self.arrivals,
            servers=Rates.servers(levels, period=PERIOD_S),
            mean_service=self.mean_s,
            within=self.within_s,
            periods=PERIOD_S * np.arange(self.periods + 1),
        ).served_within

    def slack(self, levels: Levels) -> float:
        """Least share of a period less the promise."""
        return float(self.shares(levels).min() - self.share)

    def least(self) -> tuple[Levels, Levels]:
        """The least plan by branch and bound, and the plan one short that lacks least."""
        alone = self._alone()
        for total in range(sum(alone), MOST * self.periods + 1):
            for levels in self._plans(alone, total):
                if any(
                    all(a <= b for a, b in zip(levels, other, strict=True))
                    for other in self._broken
                ):
                    continue
                slack = self.slack(levels)
                if slack >= 0:
                    return levels, self._nearest(alone, total - 1)
                self._broken[levels] = slack
        raise AssertionError("no plan keeps the promise")

    def _alone(self) -> Levels:
        """What each period needs with all others fully staffed."""
        found = []
        for period in range(self.periods):
            levels = [MOST] * self.periods
            while levels[period] > 1:
                levels[period] -= 1
                if self.slack(tuple(levels)) < 0:
                    levels[period] += 1
                    break
            found.append(levels[period])
        return tuple(found)

    def _plans(self, alone: Levels, total: int) -> Iterator[Levels]:
        if len(alone) == 1:
            if alone[0] <= total <= MOST:
                yield (total,)
            return
        for first in range(alone[0], min(MOST, total - sum(alone[1:])) + 1):
            for rest in self._plans(alone[1:], total - first):
                yield (first, *rest)

    def _nearest(self, alone: Levels, total: int) -> Levels:
        known = {levels: slack for levels, slack in self._broken.items() if sum(levels) == total}
        if not known:  # the periods by themselves need as many: take one away where it hurts least
            short = [
                tuple(level - (place == period) for place, level in enumerate(alone))
                for period in range(self.periods)
            ]
            known = {levels: self.slack(levels) for levels in short if min(levels) > 0}
        return max(known, key=lambda levels: known[levels])


def is_accepted(scenario: Scenario, levels: Levels, seed: int) -> bool:
    """Whether some days show the promised share in every period."""
    promises = promises_of(scenario)
    days = Days(scenario, seed=seed, replications=range(SAMPLE_DAYS))
    grid = Grid(round(PERIOD_S * 1e6), len(levels))
    seen = days.seen(grid, {"desk": levels}, ("desk",))
    tally = tallies(seen, promises, {promises[0].id: len(levels)})[0]
    return bool((tally.estimate >= promises[0].share).all())


CLAIM = Claim(
    "plan-small",
    "The plan of a small desk is the least there is, as going through all smaller plans shows; a "
    "plan one short that a sample of days would accept is refused.",
    examine,
)
