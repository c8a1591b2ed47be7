"""Distributions of durations, in seconds, exact to the microsecond."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.projections.visit_table import VisitRows
from sim.scenario.clock import US_PER_S

PERCENTS = (50, 90, 95, 99)


def nearest_rank(ascending: NDArray[np.int64], percent: int) -> int:
    """Nearest-rank percentile: the smallest value that `percent` % do not exceed.

    Parameters
    ----------
    ascending : ndarray of int64
        At least one value, in order.
    percent : int
        1 to 100.

    Examples
    --------
    >>> nearest_rank(np.array([10, 20, 30, 40]), 50)
    20
    """
    return int(ascending[-(-percent * len(ascending) // 100) - 1])


def ranks(counts: NDArray[np.int64], percent: int) -> NDArray[np.int64]:
    """Positions, from 0, of the nearest-rank percentile among so many ordered values each."""
    return -(-percent * counts // 100) - 1


def seconds(us: int | None) -> float | None:
    """Microseconds as seconds, rounded once."""
    return None if us is None else us / US_PER_S


def mean_s(total_us: int, count: int) -> float | None:
    """Mean in seconds of `count` durations that sum to `total_us`; None without any."""
    return total_us / (count * US_PER_S) if count else None


def distribution_s(us: NDArray[np.int64]) -> dict[str, float | None]:
    """Mean, nearest-rank percentiles and maximum in seconds; all None without observations.

    Parameters
    ----------
    us : ndarray of int64
        Durations in microseconds, in any order.
    """
    ascending = np.sort(us)
    count = len(ascending)
    return {
        "mean": mean_s(int(ascending.sum()), count),
        **{
            f"p{percent}": seconds(nearest_rank(ascending, percent) if count else None)
            for percent in PERCENTS
        },
        "max": seconds(int(ascending[-1]) if count else None),
    }


def counts_for_waits(rows: VisitRows, *, since_us: int) -> NDArray[np.bool_]:
    """Whose wait counts: service began, and they joined the queue at `since_us` or later.

    Where a log opens in mid-day, who was in service by then has no wait that counts.
    """
    return rows.has_started & (rows.joined_us >= since_us) & ~rows.is_served_before
