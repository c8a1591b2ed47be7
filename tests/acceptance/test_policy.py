"""The rule of 1 December 2025: the same passengers, and only the excluded change."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock, concat_blocks
from sim.experiments.day import Day, run_day
from sim.scenario.guards import holds_for
from sim.scenario.load import load_scenario

BEFORE, AFTER = date(2025, 11, 30), date(2025, 12, 1)


@pytest.fixture(scope="module", params=["vca"])
def days(request: pytest.FixtureRequest) -> tuple[Day, Day]:
    """The same day under both rules."""
    scenario = load_scenario(request.param)
    return run_day(scenario, on=BEFORE), run_day(scenario, on=AFTER)


def test_same_passengers(days: tuple[Day, Day]) -> None:
    """`--on` changes no passenger, trait or arrival."""
    before, after = (day.log.tables.passengers for day in days)

    assert before.columns.keys() == after.columns.keys()
    for name, column in before.columns.items():
        assert np.array_equal(column, after[name]), name


def test_nobody_lost_or_created(days: tuple[Day, Day]) -> None:
    """Each person arrives once and has one outcome, before and after."""
    for day in days:
        outcomes = ("boarded", "missed", "exited", "reneged", "balked", "present")

        assert sum(day.summary[name] for name in outcomes) == day.summary["passengers"]
        assert day.summary["passengers"] == len(day.log.tables.passengers)


def test_only_the_excluded_leave_the_counters(days: tuple[Day, Day]) -> None:
    """Who chose a counter before still does, except exactly those the rule excludes."""
    before, after = days
    permitted = _permitted_at(after, "counter")
    at_counter_before = _first_choices(before)
    at_counter_after = _first_choices(after)
    chosen = [p for p, station in at_counter_before.items() if station == "counter"]
    excluded = {p for p in chosen if not permitted[p]}

    assert excluded, "the rule excludes nobody: the scenario tests nothing"
    assert {p for p in chosen if at_counter_after[p] != "counter"} == excluded
    newcomers = [p for p, s in at_counter_after.items() if s == "counter"]
    assert set(newcomers) <= set(chosen)


def test_nobody_else_changes_channel(days: tuple[Day, Day]) -> None:
    """Every passenger the rule does not exclude takes the same channel as before."""
    before, after = (_first_choices(day) for day in days)
    changed = {p for p in before if before[p] != after.get(p)}

    assert all(before[p] == "counter" for p in changed)


def test_the_rule_is_in_the_log(days: tuple[Day, Day]) -> None:
    """The rule is an event of the day after, and not of the day before."""
    counts = [int(np.sum(_all(day).kind == CODE[Kind.POLICY_EFFECTIVE])) for day in days]

    assert counts == [0, 1]


def _all(day: Day) -> EventBlock:
    return concat_blocks(day.log.blocks())


def _first_choices(day: Day) -> dict[int, str]:
    """Station of each lead's first choice of channel."""
    log = _all(day)
    rows = np.flatnonzero((log.kind == CODE[Kind.CHANNEL_CHOSEN]) & (log.visit == 0))
    names = day.log.stations
    return {int(log.passenger[row]): names[log.station[row]] for row in rows}


def _permitted_at(day: Day, station: str) -> np.ndarray:
    program = day.scenario.program(AFTER)
    slot = next(s for s in program.slots if program.stations[s.station] == station)
    return holds_for(slot.permit, day.log.tables.passengers["traits"].astype(np.int64))
