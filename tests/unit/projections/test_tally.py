"""Sums over days: exact, whatever the order."""

import json
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.projections.tally import Histogram, Tally, summed, tally_of
from sim.projections.visit_table import Outcome, VisitRows
from sim.projections.waits import PERCENTS, nearest_rank

HALF_HOUR_US = 1_800_000_000
VISIT = st.tuples(
    st.integers(0, 4 * HALF_HOUR_US),  # joined
    st.one_of(st.none(), st.integers(0, 5_000_000), st.integers(0, 20_000_000_000)),  # waited
    st.integers(1, 4),  # persons
)
DAY = st.lists(VISIT, max_size=40)
Visit = tuple[int, int | None, int]
"""Joined, waited (None: gave up), persons."""


def rows_of(day: list[Visit]) -> VisitRows:
    """Visits at one station."""
    visits = sorted(day, key=lambda visit: visit[0])
    count = len(visits)
    joined = np.array([joined for joined, _, _ in visits], dtype=np.int64)
    waited = np.array([-1 if w is None else w for _, w, _ in visits], dtype=np.int64)
    has_started = waited >= 0
    none = np.full(count, -1, dtype=np.int64)
    return VisitRows(
        passenger=np.arange(count, dtype=np.int32),
        station=np.zeros(count, dtype=np.int16),
        visit=np.zeros(count, dtype=np.int16),
        persons=np.array([persons for _, _, persons in visits], dtype=np.int32),
        is_call=np.zeros(count, dtype=bool),
        outcome=np.where(has_started, Outcome.SERVED, Outcome.RENEGED).astype(np.uint8),
        joined_us=joined,
        started_us=np.where(has_started, joined + waited, -1),
        ended_us=joined + np.maximum(waited, 0),
        worked_us=none,
        server=none.astype(np.int16),
        batch=none.astype(np.int32),
        joined_seq=np.arange(count),
        started_seq=none,
        ended_seq=none,
        is_served_before=np.zeros(count, dtype=bool),
    )


def tallies(days: list[list[Visit]]) -> list[Tally]:
    return [tally_of(rows_of(day), since_us=0) for day in days]


@given(st.lists(DAY, min_size=1, max_size=5))
def test_merged_is_what_all_waits_together_give(
    days: list[list[Visit]],
) -> None:
    """Sums and percentiles of merged days are those of their visits in one list."""
    merged = summed(tallies(days))
    visits = [visit for day in days for visit in day]
    waits = np.sort([waited for _, waited, _ in visits if waited is not None]).astype(np.int64)

    assert merged.customers == len(visits)
    assert merged.persons == sum(persons for _, _, persons in visits)
    assert merged.waits == len(waits)
    assert merged.wait_us == int(waits.sum())
    assert merged.longest_us == (int(waits[-1]) if len(waits) else -1)
    for percent in PERCENTS:
        exact = nearest_rank(waits, percent) if len(waits) else None
        second = None if exact is None else math.floor(exact / 1_000_000)
        assert merged.percentile_s(percent) == second


@given(st.lists(DAY, min_size=1, max_size=5))
def test_half_hours_merge(days: list[list[Visit]]) -> None:
    """Customers and waits of each half hour add up over days."""
    half_hours = summed(tallies(days)).half_hours
    expected: dict[int, list[int]] = {}
    for joined, waited, _ in [visit for day in days for visit in day]:
        cell = expected.setdefault(joined // HALF_HOUR_US, [0, 0, 0])
        cell[0] += 1
        cell[1] += waited is not None
        cell[2] += waited or 0

    found = dict(zip(half_hours.at.tolist(), half_hours.sums.tolist(), strict=True))
    assert found == expected


@given(st.lists(DAY, min_size=3, max_size=3))
def test_order_does_not_matter(days: list[list[Visit]]) -> None:
    """Merging is associative and commutes, through JSON too."""
    a, b, c = tallies(days)
    kept = Tally.from_json(json.loads(json.dumps(c.as_json())))

    assert a.plus(b).plus(c).as_json() == kept.plus(b.plus(a)).as_json()


def test_worst_half_hour_is_over_all_days() -> None:
    """The half hour with the longest mean wait, not the one with the longest wait."""
    s = 1_000_000
    day: list[Visit] = [(0, 90 * s, 1), (0, 0, 1), (HALF_HOUR_US, 60 * s, 1)]
    found = summed(tallies([day, day])).figures()["worst_half_hour"]

    assert found == {"start_s": 1800, "arrivals": 2, "mean_s": 60.0}


def test_nobody_is_none() -> None:
    """A day without customers has no percentiles, and adds nothing."""
    empty, one = tallies([[], [(0, 5_000_000, 2)]])

    assert empty.figures()["wait_s"] == dict.fromkeys(["mean", "p50", "p90", "p95", "p99", "max"])
    assert empty.figures()["worst_half_hour"] is None
    assert empty.plus(one).as_json() == one.as_json()


def test_numbers_may_repeat() -> None:
    """Rows of one number are summed, in whatever order they come."""
    found = Histogram.of(np.array([5, 2, 5]), np.array([[1, 10], [2, 20], [3, 30]]))

    assert found.at.tolist() == [2, 5]
    assert found.sums.tolist() == [[2, 20], [4, 40]]
