"""Engines against a station worked out second by second, event for event."""

import random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.engine.by_the_second import Closing, Day, Passenger, Station, case_of
from tests.contracts.engine.cases import Simulate
from tests.engines import ENGINES

ENGINE = pytest.mark.parametrize("simulate", ENGINES.values(), ids=ENGINES)

LONG_OVER = 400
"""Seconds after which nothing happens any more on days as made here."""


def station(roll: random.Random, closing: Closing) -> Station:
    """Levels that change now and then, and outages of servers and of the bank."""
    levels = {0: roll.randint(0, 3)}
    for _ in range(roll.randint(0, 6)):
        levels[max(levels) + roll.randint(1, 5)] = roll.randint(0, 3)
    levels = {
        at: level
        for (at, level), before in zip(levels.items(), [-1, *levels.values()], strict=False)
        if level != before
    }
    outages = []
    for server in range(-1, 4):
        start = roll.randint(0, 30)
        if roll.random() < 0.25:
            outages.append((start, start + roll.randint(1, 8), server))
    return Station(
        levels=levels,
        closing=closing,
        installed=roll.choice([max(1, *levels.values()), 4]) if not outages else 4,
        queue_limit=roll.choice([None, None, 0, 1, 3]),
        outages=outages,
    )


def people(roll: random.Random, most: int) -> list[Passenger]:
    """Passengers a second or two apart, in the order of arrival."""
    arrivals = sorted(roll.randint(0, most) for _ in range(roll.randint(1, most)))
    return [
        Passenger(
            at=at,
            walk=roll.randint(0, 3),
            serve=roll.randint(0, 5),
            patience=roll.choice([None, None, *range(8)]),
            is_urgent=roll.random() < 0.3,
        )
        for at in arrivals
    ]


@ENGINE
@pytest.mark.parametrize("closing", get_args(Closing))
@given(roll=st.randoms(use_true_random=False))
def test_small_days_agree_with_counting_seconds(
    simulate: Simulate, closing: Closing, roll: random.Random
) -> None:
    """Priorities, patience, limits, closing and outages, all at once, with ties everywhere."""
    desk, crowd = station(roll, closing), people(roll, 8)

    assert case_of(desk, crowd).log(simulate) == Day(desk, crowd).log(until=LONG_OVER)


@ENGINE
@pytest.mark.parametrize("closing", get_args(Closing))
def test_busier_days_agree_with_counting_seconds(simulate: Simulate, closing: Closing) -> None:
    """The same for fixed days with queues that grow."""
    for seed in range(60):
        roll = random.Random(seed)
        desk, crowd = station(roll, closing), people(roll, 40)

        assert case_of(desk, crowd).log(simulate) == Day(desk, crowd).log(until=LONG_OVER)
