"""The facility minute by minute, against the state at each instant and the steps of everyone."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings

from sim.experiments.day import run_day
from sim.projections.day import fold_day
from sim.projections.flows import PRESENT, flows
from sim.projections.minutes import Minutes, minutes_of
from sim.projections.state_at import state_at
from sim.scenario.load import load_scenario
from tests.unit.projections.logs import Story, spec_of
from tests.unit.projections.worlds import SEEDS, SPEC, hall, log_of


def at_row(found: Minutes, row: int) -> tuple[list[tuple[int, int, int]], int, int]:
    columns = found.open[:, row], found.busy[:, row], found.persons[:, row]
    stations = list(zip(*(each.tolist() for each in columns), strict=True))
    return stations, int(found.arrived[row]), int(found.left[row])


def at_instant(log, at_us: int) -> tuple[list[tuple[int, int, int]], int, int]:
    state = state_at(log, at_us)
    stations = [
        (
            each.open,
            len({one.server for one in each.in_service if not one.is_paused}),
            sum(one.persons for one in each.waiting),
        )
        for each in state.stations
    ]
    return stations, state.arrived, state.left


def test_minutes_of_a_story() -> None:
    """What happens at a whole minute has happened; a minute counts who came since the last."""
    story = Story("desk", unit_us=60_000_000).open(0, "desk", 2).arrived(0.5, 0, 1)
    story.joined(1, 0, "desk").started(1, 0, "desk", 0).joined(1.5, 1, "desk")
    story.completed(2, 0, "desk", 0).started(2, 1, "desk", 1).exited(2.5, 0)

    found = minutes_of(fold_day(story.log(), spec_of("desk")))

    assert found.at_us.tolist() == [0, 60_000_000, 120_000_000, 180_000_000]
    assert found.open.tolist() == [[2, 2, 2, 2]]
    assert found.busy.tolist() == [[0, 1, 1, 1]]
    assert found.persons.tolist() == [[0, 0, 0, 0]]
    assert (found.arrived.tolist(), found.left.tolist()) == ([0, 2, 2, 2], [0, 0, 0, 1])
    assert {(each.source, each.target): each.persons.tolist() for each in found.links} == {
        ("in", "desk"): [0, 1, 1, 0],
        ("desk", "exited"): [0, 0, 0, 1],
    }


@given(SEEDS)
@settings(max_examples=15)
def test_minutes_of_a_random_world_are_its_states(seed: int) -> None:
    """Every seventh unit of time, everywhere; the links add up to the flows of the day."""
    log = log_of(hall(seed))
    day = fold_day(log, SPEC)

    found = minutes_of(day, every_us=7)

    for row, at_us in enumerate(found.at_us.tolist()):
        assert at_row(found, row) == at_instant(log, at_us)
    went = {(each.source, each.target): int(each.persons.sum()) for each in found.links}
    assert went == {
        (each.source, each.target): each.persons
        for each in flows(day.visits, day.people, day.parties, stations=day.stations)
        if each.target != PRESENT
    }


@pytest.mark.parametrize("name", ["vca", "sgn-t3-tet"])
def test_minutes_of_a_day_are_its_states(name: str) -> None:
    """At a few instants of a facility's day; and as many came in as had arrived."""
    done = run_day(load_scenario(name))

    found = minutes_of(done.folded)

    for row in np.linspace(0, len(found.at_us) - 1, 6).astype(int).tolist():
        assert at_row(found, row) == at_instant(done.log, int(found.at_us[row]))
    came: Counter[str] = Counter()
    for each in found.links:
        came[each.source] += int(each.persons.sum())
    assert came["in"] == done.summary["passengers"] == found.arrived[-1]
