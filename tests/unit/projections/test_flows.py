"""Persons moved from place to place."""

import itertools
from collections import Counter

from hypothesis import given, settings

from sim.projections.day import fold_day
from sim.projections.flows import Flow, flows
from tests.unit.projections.hall import Hall
from tests.unit.projections.logs import Story, spec_of
from tests.unit.projections.worlds import SEEDS, SPEC, STATIONS, hall, log_of


def flows_of(story: Story, parties: list[int] | None = None) -> set[Flow]:
    day = fold_day(story.log(parties=parties), spec_of(*story.stations))
    return set(flows(day.visits, day.people, day.parties, stations=day.stations))


def test_everyone_goes_from_the_door_to_an_outcome() -> None:
    """Two pass both stations, one of them still there at the end; one goes nowhere."""
    story = Story("desk", "gate").arrived(0, 0, 1, 2).exited(0, 2)
    for passenger in (0, 1):
        story.served(passenger, "desk", joins=1, starts=1, ends=2)
        story.joined(3, passenger, "gate", visit=1)
    story.started(4, 0, "gate", 0, visit=1).completed(5, 0, "gate", 0, visit=1).exited(5, 0)

    assert flows_of(story) == {
        Flow("in", "desk", 2),
        Flow("in", "exited", 1),
        Flow("desk", "gate", 2),
        Flow("gate", "exited", 1),
        Flow("gate", "present", 1),
    }


def test_members_move_with_their_lead() -> None:
    """A party of two at the desk is two persons, who then pass the gate on their own."""
    story = Story("desk", "gate").arrived(0, 0, 1).joined(1, 0, "desk", persons=2)
    story.started(1, 0, "desk", 0).completed(2, 0, "desk", 0)
    for person in (0, 1):
        story.served(person, "gate", joins=3, starts=3, ends=4, visit=1)
        story.exited(4, person)

    assert flows_of(story, [0, 0]) == {
        Flow("in", "desk", 2),
        Flow("desk", "gate", 2),
        Flow("gate", "exited", 2),
    }


def test_calls_move_nobody() -> None:
    """A request at the matcher is no step of a person."""
    story = Story("gate", "matcher").arrived(0, 0).joined(0, 0, "gate").started(0, 0, "gate", 0)
    story.served(0, "matcher", joins=1, starts=1, ends=2)
    story.completed(3, 0, "gate", 0).exited(3, 0)

    assert flows_of(story) == {Flow("in", "gate", 1), Flow("gate", "exited", 1)}


def footsteps(world: Hall) -> Counter[tuple[str, str]]:
    """Every step of everyone in the world, one by one."""
    steps: Counter[tuple[str, str]] = Counter()
    for person in range(len(world.party_of)):
        way = ["in"]
        for guest in world.guests:
            covers = guest.passenger <= person < guest.passenger + guest.persons
            if covers and guest.caller is None:
                way.append(STATIONS[guest.station])
        way.append(world.final[person])
        steps.update(itertools.pairwise(way))
    return steps


@given(SEEDS)
@settings(max_examples=40)
def test_flows_of_a_random_world(seed: int) -> None:
    """Persons by origin and destination as they really went, balks included."""
    world = hall(seed)
    day = fold_day(log_of(world), SPEC)

    found = flows(day.visits, day.people, day.parties, stations=day.stations)

    assert {(flow.source, flow.target): flow.persons for flow in found} == dict(footsteps(world))


@given(SEEDS)
@settings(max_examples=20)
def test_as_many_leave_a_station_as_come(seed: int) -> None:
    """Nobody is lost or made on the way."""
    day = fold_day(log_of(hall(seed)), SPEC)
    found = flows(day.visits, day.people, day.parties, stations=day.stations)

    for station in STATIONS:
        came = sum(flow.persons for flow in found if flow.target == station)
        left = sum(flow.persons for flow in found if flow.source == station)
        assert came == left
    assert sum(flow.persons for flow in found if flow.source == "in") == day.people.passengers
