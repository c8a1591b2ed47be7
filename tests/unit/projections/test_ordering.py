"""Sorting by several columns."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.projections.ordering import stable_order, starts_of_runs

NUMBERS = st.integers(-5, 5)
WIDE = st.integers(-(2**62), 2**62)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), max_size=40))
def test_order_is_that_of_sorting_tuples(rows: list[tuple[int, int, int]]) -> None:
    """The first key weighs most, and equal rows stay as they were."""
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T

    order = stable_order(*columns)

    assert order.tolist() == sorted(range(len(rows)), key=lambda row: rows[row])


@given(st.lists(st.tuples(WIDE, WIDE), max_size=20))
def test_order_holds_for_keys_too_wide_to_pack(rows: list[tuple[int, int]]) -> None:
    """Keys that fill 64 bits are sorted all the same."""
    columns = np.array(rows, dtype=np.int64).reshape(-1, 2).T

    order = stable_order(*columns)

    assert order.tolist() == sorted(range(len(rows)), key=lambda row: rows[row])


def test_runs_begin_where_any_key_changes() -> None:
    """A run ends as soon as one of the columns differs."""
    runs = starts_of_runs(np.array([1, 1, 2, 2]), np.array([7, 8, 8, 8]))

    assert runs.tolist() == [True, True, True, False]
