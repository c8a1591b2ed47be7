"""Offered load by period: the levels that a search begins at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.planner.grid import Grid, Levels
from sim.planner.seen import Seen


def offered(days: Sequence[Seen], grid: Grid, floor: Levels, cap: Levels) -> Levels:
    """Servers busy in the mean of days when nobody waits, rounded up, between two limits."""
    width, load = grid.period_us, np.zeros(grid.periods)
    edges = width * np.arange(grid.periods + 1)
    for day in days:
        begin, end = day.joined_us, day.joined_us + day.service_us
        first, last = begin // width, end // width
        for shift in range(int((last - first).max(initial=0)) + 1):
            place = first + shift
            inside = (place <= last) & (place < grid.periods)
            where = place[inside]
            from_us = np.maximum(begin[inside], edges[where])
            until_us = np.minimum(end[inside], edges[where + 1])
            load += np.bincount(where, weights=until_us - from_us, minlength=grid.periods)
    mean = np.ceil(load / width / len(days) - 1e-9).astype(int)
    return tuple(
        int(min(max(level, low), most)) for level, low, most in zip(mean, floor, cap, strict=True)
    )
