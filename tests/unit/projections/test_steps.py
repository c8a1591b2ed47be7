"""Step functions against counting instant by instant."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.projections.steps import FAR_US, Steps, larger

SPELLS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 12) | st.just(None)).map(
        lambda pair: (pair[0], FAR_US if pair[1] is None else pair[0] + pair[1])
    ),
    max_size=15,
)
END = 60


def steps_of(spells: list[tuple[int, int]]) -> Steps:
    columns = np.array(spells, dtype=np.int64).reshape(-1, 2).T
    return Steps.of_spells(*columns)


def counted(spells: list[tuple[int, int]]) -> list[int]:
    """How many spells hold in each unit of time, one by one."""
    return [sum(a <= t < b for a, b in spells) for t in range(END)]


@given(SPELLS)
def test_value_is_the_number_of_spells(spells: list[tuple[int, int]]) -> None:
    """At every instant as many as have begun and not ended; nothing before the first."""
    values = steps_of(spells).at(np.arange(-1, END))

    assert values.tolist() == [0, *counted(spells)]


@given(SPELLS, st.integers(0, END - 1), st.integers(1, END))
def test_integral_and_maximum_of_a_window(
    spells: list[tuple[int, int]], start: int, length: int
) -> None:
    """Both look at the window alone."""
    until = min(start + length, END)
    steps, expected = steps_of(spells), counted(spells)[start:until]

    assert steps.integral(start, until) == sum(expected)
    assert steps.maximum(start, until) == max(expected)


@given(SPELLS, st.integers(1, 20))
def test_integrals_and_maxima_by_period(spells: list[tuple[int, int]], period: int) -> None:
    """Periods of a grid are windows next to each other."""
    steps, expected = steps_of(spells), counted(spells)
    grid = np.arange(0, END + 1, period)
    parts = [expected[low : low + period] for low in grid[:-1]]

    assert steps.integrals(grid).tolist() == [sum(part) for part in parts]
    assert steps.maxima(grid).tolist() == [max(part) for part in parts]


@given(SPELLS, SPELLS)
def test_larger_of_two(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    """At every instant the larger value of the two."""
    both = larger(steps_of(one), steps_of(other)).at(np.arange(END))

    assert both.tolist() == [max(pair) for pair in zip(counted(one), counted(other), strict=True)]


def test_spell_of_no_length_never_holds() -> None:
    """Who joins and starts at one instant was not in the queue."""
    steps = steps_of([(5, 5)])

    assert steps.maximum(0, 10) == 0
    assert steps.integral(0, 10) == 0


def test_last_change_of_an_instant_holds() -> None:
    """Of several values at one instant only the last one ever held."""
    steps = Steps.of_changes(np.array([0, 0, 4]), np.array([9, 2, 3]))

    assert steps.at(np.array([0, 3, 4])).tolist() == [2, 2, 3]
    assert steps.maximum(0, 4) == 2
