"""Certificates: what is refused is mended, what is certified is made smaller, all on new days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from sim.planner.certify import Fresh, certified
from sim.planner.days import Days
from sim.planner.grid import Grid, Levels
from sim.planner.margin import Margin
from sim.planner.missed import Departures
from sim.planner.outcome import PlanOutcome
from sim.planner.sweeps import Sweeps
from sim.planner.tally import Tally
from sim.planner.targets import US_PER_MIN, Promise, promises_of
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario

PERIODS, CAP = 4, 9
TANDEM = """
id = "tandem"
kind = "generic"
horizon_s = 3_600
[demand]
arrivals = { law = "poisson", period_min = 15, rate_per_min = [1.0, 2.0, 2.5, 1.0] }
[[stations]]
id = "desk"
servers = 6
service = { law = "lognormal", mean_s = 60, cv = 0.5 }
[[stations]]
id = "till"
servers = 6
service = { law = "lognormal", mean_s = 40, cv = 0.5 }
[[journey]]
station = "desk"
[[journey]]
station = "till"
[[targets]]
id = "desk-soon"
station = "desk"
share = 0.8
within_s = 120
per_min = 15
[[targets]]
id = "till-soon"
station = "till"
share = 0.8
within_s = 60
per_min = 15
"""

Plans = dict[str, Levels]


@dataclass
class Table:
    """A tandem with what a search of it needs."""

    scenario: Scenario
    promises: tuple[Promise, ...]
    fresh: Fresh
    sweeps: Sweeps
    departures: Departures
    said: list[str]

    def certified(self, plan: Plans, sweeps: Sweeps | Script, *, rounds: int = 8):
        return certified(
            self.fresh,
            plan,
            desks={},
            sweeps=sweeps,  # pyright: ignore[reportArgumentType] - a script says what to try
            departures=self.departures,
            rounds=rounds,
            progress=self.said.append,
        )


@dataclass
class Script:
    """Says what to try next, whatever the days said."""

    plans: list[Plans]
    asked: list[Margin] = field(default_factory=list)

    def mended(self, plan: Plans, found: Sequence[Tally], margin: Margin) -> Plans:
        self.asked.append(margin)
        return self.plans.pop(0) if self.plans else plan

    thinned = mended


def all_at(level: int) -> Plans:
    return dict.fromkeys(("desk", "till"), (level,) * PERIODS)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    path = tmp_path_factory.mktemp("tandem") / "tandem.toml"
    path.write_text(TANDEM, encoding="utf-8")
    scenario = load_scenario(path)
    promises = promises_of(scenario)
    grid, cells = Grid(15 * US_PER_MIN, PERIODS), {each.id: PERIODS for each in promises}
    said: list[str] = []
    days = Days(scenario, seed=1, replications=range(60))
    caps = all_at(CAP)
    sweeps = Sweeps(
        days=days, grid=grid, cells=cells, promises=promises, caps=caps, fixed={},
        others=("desk", "till"), progress=said.append,
    )  # fmt: skip
    departures = Departures(
        days=days, grid=grid, cells=cells, promises=promises, caps=caps, progress=said.append
    )
    fresh = Fresh(
        scenario, grid, promises, cells, seed=1, jobs=1, confidence=0.95, days=120, first=1_000
    )
    return Table(scenario, promises, fresh, sweeps, departures, said)


def test_a_smaller_plan_that_fails_leaves_the_certified_one(table: Table) -> None:
    """The certificate returned is that of the plan returned, on the days of its own attempt."""
    outcome, trial, says = table.certified(all_at(CAP), Script([all_at(1), all_at(CAP)]))

    assert outcome is PlanOutcome.CERTIFIED
    assert (trial.plan, says) == (all_at(CAP), [])
    assert trial.certificate.attempts == 1
    assert trial.certificate.first_replication == 1_000


def test_a_smaller_plan_that_holds_is_taken(table: Table) -> None:
    """It is certified on days of its own, with half the error of the attempt before."""
    script = Script([all_at(CAP - 1)])
    outcome, trial, _ = table.certified(all_at(CAP), script)

    assert outcome is PlanOutcome.CERTIFIED
    assert trial.plan == all_at(CAP - 1)
    assert trial.certificate.first_replication == 2_000
    assert trial.certificate.doubt == script.asked[0].doubt
    assert trial.certificate.doubt == pytest.approx(0.05 / 4 / (2 * PERIODS))


def test_what_no_attempt_certifies_is_said(table: Table) -> None:
    """Stations and periods by name; the errors of all attempts sum to less than is allowed."""
    script = Script([all_at(1), all_at(2), all_at(1)])
    outcome, trial, says = table.certified(all_at(1), script, rounds=3)
    doubts = [table.fresh.margin(1).doubt, *(each.doubt for each in script.asked)]

    assert outcome is PlanOutcome.NOT_CERTIFIED
    assert trial.certificate.attempts == 3
    assert any("desk, promise desk-soon, period from 00:15" in text for text in says)
    assert sum(doubts) * 2 * PERIODS < 0.05


def test_one_server_short_is_found_and_mended(table: Table) -> None:
    """A plan short in one period is refused, mended there or nearby, and certified."""
    plan = table.sweeps.search(table.fresh.margin(1))
    short = {**plan, "desk": (*plan["desk"][:2], plan["desk"][2] - 1, plan["desk"][3])}
    outcome, trial, _ = table.certified(short, table.sweeps)

    assert outcome is PlanOutcome.CERTIFIED
    assert trial.server_periods <= sum(map(sum, plan.values())) + 1
    assert any("uncertain" in text for text in table.said)


def test_search_keeps_promises_in_the_whole_model_and_spares_none(table: Table) -> None:
    """On the days searched nothing is broken; one server less anywhere breaks something."""
    plan = table.sweeps.search(table.fresh.margin(1))
    margin = table.fresh.margin(1).of(60)

    def least(plan: Plans) -> float:
        found = table.sweeps._tallies(plan)
        rooms = [each.estimate - margin * each.spread - each.promise.asked for each in found]
        return float(np.concatenate(rooms).min())

    assert least(plan) >= 0
    for name, levels in plan.items():
        for period, level in enumerate(levels):
            fewer = (*levels[:period], level - 1, *levels[period + 1 :])
            assert level == 1 or least({**plan, name: fewer}) < 0


def test_servers_that_change_nothing_are_not_added_up_to_the_cap(table: Table) -> None:
    """Spent days say a period lacks what the days searched on cannot show: fresh days decide."""
    plan = table.sweeps.search(table.fresh.margin(1))
    ample = {"desk": plan["desk"], "till": (4, 4, 4, 4)}
    seen = table.sweeps._tallies(ample)
    lacking = [
        replace(each, kept=each.kept - (each.promise.station == "till") * 0.5 * each.came)
        for each in seen
    ]
    mended = table.sweeps.mended(ample, lacking, table.fresh.margin(2))

    assert max(mended["till"]) > 4
    assert max(mended["till"]) < CAP
