"""What became of everyone."""

import numpy as np
from hypothesis import given, settings

from sim.events.kinds import Kind
from sim.projections.fold import run_fold
from sim.projections.outcomes import Outcomes
from tests.unit.projections.logs import Story
from tests.unit.projections.worlds import CUTS, SEEDS, hall, pieces


def test_outcomes_are_exclusive_and_sum_to_those_who_came() -> None:
    """One of each, and one who is still there."""
    story = Story("desk").arrived(0, *range(6)).boarded(5, 0, "desk", 0).missed(6, 1)
    story.exited(7, 2).reneged(8, 3, "desk").balked(9, 4, "desk")

    people = run_fold(Outcomes(), [story.block()])

    assert people.passengers == 6
    assert people.counts() == dict.fromkeys(
        ["boarded", "missed", "exited", "reneged", "balked", "present"], 1
    )


def test_giving_up_is_final_only_where_the_passenger_leaves() -> None:
    """Whoever balks or reneges and tries another step is still there."""
    story = Story("desk").arrived(0, 0, 1)
    story.balked(1, 0, "desk", leaves=False).reneged(2, 1, "desk", leaves=False)

    assert run_fold(Outcomes(), [story.block()]).counts()["present"] == 2


def test_journeys_are_of_those_who_boarded_or_left_served() -> None:
    """From arrival to the final event; a missed departure is no completed journey."""
    story = Story("desk").arrived(0, 0).arrived(1, 1, 2)
    story.exited(4, 0).missed(5, 1).boarded(7, 2, "desk", 0)

    people = run_fold(Outcomes(), [story.block()])

    assert sorted(people.journeys_us().tolist()) == [4_000_000, 6_000_000]


@given(SEEDS, CUTS)
@settings(max_examples=40)
def test_outcomes_of_a_random_world_in_blocks_of_any_size(seed: int, places: list[int]) -> None:
    """Everyone's arrival, end and outcome as they really were."""
    world = hall(seed)

    people = run_fold(Outcomes(), pieces(world, places))

    everyone = range(len(world.party_of))
    assert people.arrived_us.tolist() == [world.arrived[person] for person in everyone]
    assert people.final_us.tolist() == [world.ended[person] for person in everyone]
    counts = people.counts()
    assert {name: count for name, count in counts.items() if count} == {
        name: list(world.final.values()).count(name) for name in set(world.final.values())
    }


def test_events_of_nobody_change_nothing() -> None:
    """The facility's own events concern no passenger."""
    people = run_fold(Outcomes(), [Story("desk").open(0, "desk", 1).block()])

    assert people.passengers == 0
    assert np.array_equal(people.journeys_us(), [])


def test_members_leave_with_events_of_their_own() -> None:
    """A party that balks is several persons who balked."""
    story = Story("desk").arrived(0, 0, 1).balked(1, 0, "desk")
    story.add(1, Kind.BALKED, 1, "desk", detail=1)

    assert run_fold(Outcomes(), [story.block()]).counts()["balked"] == 2
