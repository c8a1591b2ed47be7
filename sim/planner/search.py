"""The search of one station: repair what is broken, take away what is not needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.planner.grid import Levels

REACH = 3
"""Periods before a broken one whose staff may mend it."""


class Oracle(Protocol):
    """Says by how much a plan keeps each promise in each period."""

    def slacks(self, levels: Levels) -> NDArray[np.float64]:
        """Share kept less share wanted; at least 0 where the promise is kept."""
        ...


Progress = Callable[[str], None]


def repaired(
    oracle: Oracle, levels: Levels, *, cap: Levels, periods_of: Callable[[int], range]
) -> Levels:
    """Add servers one by one, each where it mends most, until every promise is kept.

    Parameters
    ----------
    oracle : Oracle
    levels, cap : tuple of int
        Where to begin, and the most there can be.
    periods_of : callable
        Periods whose staff a slack depends on, by its number.

    Returns
    -------
    tuple of int
        Promises that no server more can mend are left broken.
    """
    slacks = oracle.slacks(levels)
    hopeless: set[int] = set()
    while True:
        broken = [int(n) for n in np.argsort(slacks) if slacks[n] < 0 and int(n) not in hopeless]
        if not broken:
            return levels
        worst = broken[0]
        best: tuple[float, Levels, NDArray[np.float64]] | None = None
        for period in periods_of(worst):
            if levels[period] >= cap[period]:
                continue
            tried = changed(levels, {period: +1})
            found = oracle.slacks(tried)
            lack = -float(np.minimum(found, 0.0).sum()) - 1e-6 * float(found[worst])
            if best is None or lack < best[0]:
                best = (lack, tried, found)
        if best is None:
            hopeless.add(worst)
        else:
            _, levels, slacks = best


def descended(oracle: Oracle, levels: Levels, *, floor: Levels, progress: Progress) -> Levels:
    """Take servers away one by one while no promise is broken: after it none can be spared."""
    allowed = np.minimum(oracle.slacks(levels), 0.0)
    barred: set[int] = set()  # what cannot be spared now cannot later, when others have gone
    while True:
        options = []
        for period in range(len(levels)):
            if levels[period] <= floor[period] or period in barred:
                continue
            room = oracle.slacks(changed(levels, {period: -1})) - allowed
            if room.min() >= 0:
                options.append((float(room.min()), period))
            else:
                barred.add(period)
        if not options:
            return levels
        for _, period in sorted(options, reverse=True):  # the one that leaves most room first
            tried = changed(levels, {period: -1})
            if (oracle.slacks(tried) >= allowed).all():
                levels = tried
            else:
                barred.add(period)
        progress(f"{sum(levels)} server-periods")


def changed(levels: Levels, changes: dict[int, int]) -> Levels:
    """Levels with some periods changed by so many servers."""
    found = list(levels)
    for period, change in changes.items():
        found[period] += change
    return tuple(found)
