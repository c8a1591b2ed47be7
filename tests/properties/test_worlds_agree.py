"""Worlds of random facilities: engines agree, and nobody notices the others."""

import random
from dataclasses import replace

import numpy as np

from sim.events.log import COLUMNS, concat_blocks
from tests.contracts.engine.agreement import tell_day
from tests.contracts.engine.cases import Case
from tests.contracts.engine.random_airports import random_airport
from tests.contracts.engine.random_cases import random_case
from tests.contracts.engine.worlds import world_of
from tests.engines import ENGINES

WORLDS = 80
AIRPORTS = 4


def small_case(seed: int) -> Case:
    """A case without drawn routes, which a world does not have."""
    roll = random.Random(seed).randint
    while True:
        case = random_case(roll, 12)
        if case.workload().route is None:
            return case


def test_random_worlds_are_told_alike() -> None:
    """No event differs between the engines on worlds of two to four facilities."""
    for seed in range(WORLDS):
        cases = [small_case(4 * seed + number) for number in range(2 + seed % 3)]
        world = world_of(*cases, cut_s=20 if seed % 5 == 0 else None)

        told = tell_day(world.network, world.workload)

        assert told.difference == "", f"world of seed {seed}: {told.difference}"


def test_nobody_notices_facilities_that_share_nothing() -> None:
    """The people of each facility have the very events that they have there alone."""
    compared = 0
    for seed in range(WORLDS):
        cases = [small_case(3 * seed + number) for number in range(3)]
        world = world_of(*cases)
        events = concat_blocks(ENGINES["compiled"](world.network, world.workload))
        for number, case in enumerate(cases):
            network = replace(case.network(), cut_us=-1)
            alone = concat_blocks(ENGINES["compiled"](network, case.workload()))
            theirs = alone[alone.passenger >= 0]

            own = world.own_events(events, number)

            for name in COLUMNS[1:]:
                if name == "ref":
                    continue  # batches and galleries are numbered through the world
                same = np.array_equal(getattr(own, name), getattr(theirs, name))
                assert same, f"world of seed {seed}, facility {number}: {name}"
            compared += len(theirs)

    assert compared > 5_000


def test_terminals_in_one_world_are_told_alike() -> None:
    """The same for days of the shape of an airport's, with 300 passengers each."""
    for seed in range(AIRPORTS):
        cases = [random_airport(random.Random(9 * seed + n).randint) for n in range(2)]
        world = world_of(*cases)

        told = tell_day(world.network, world.workload)

        assert told.difference == "", f"terminals of seed {seed}: {told.difference}"
