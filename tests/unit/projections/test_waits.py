"""Distributions of durations."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.projections.waits import distribution_s, nearest_rank, ranks

DURATIONS = st.lists(st.integers(0, 10**10), min_size=1, max_size=60)


@given(DURATIONS, st.integers(1, 100))
def test_nearest_rank_is_the_smallest_value_that_reaches_the_share(
    durations: list[int], percent: int
) -> None:
    """At least `percent` % of the values are not above it, and less than that are below it."""
    value = nearest_rank(np.sort(durations), percent)

    assert value in durations
    assert 100 * sum(each <= value for each in durations) >= percent * len(durations)
    assert 100 * sum(each < value for each in durations) < percent * len(durations)


@given(DURATIONS)
def test_distribution_is_in_seconds_and_rounded_once(durations: list[int]) -> None:
    """Mean and maximum are exact quotients of whole microseconds."""
    found = distribution_s(np.array(durations))

    assert found["mean"] == sum(durations) / (len(durations) * 1_000_000)
    assert found["max"] == max(durations) / 1_000_000
    assert found["p50"] == sorted(durations)[math.ceil(len(durations) / 2) - 1] / 1_000_000


def test_nothing_observed_is_none() -> None:
    """No observation is None, never NaN."""
    found = distribution_s(np.zeros(0, dtype=np.int64))

    assert found == dict.fromkeys(["mean", "p50", "p90", "p95", "p99", "max"])


def test_ranks_of_many_are_those_of_each() -> None:
    """The ranks by period are the ranks of each period."""
    counts = np.array([1, 2, 19, 20, 21, 100])

    assert ranks(counts, 95).tolist() == [0, 1, 18, 18, 19, 94]
