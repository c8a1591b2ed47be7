"""Lower bounds that hold: what a few periods need even if every other has all servers open.

First come, first served with passengers who bring their own services and wait as long as it
takes, a server more never makes anybody start later. So what breaks a promise with the rest of the
day fully staffed breaks it under every plan. With patience, priorities or several stations
that is not so, and no bound is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from sim.planner.grid import Levels
from sim.planner.search import Oracle

MOST_SPLITS = 400
"""Ways to divide servers over a window that are tried at most."""


def single_bounds(oracle: Oracle, cap: Levels) -> Levels:
    """Fewest servers of each period with all others fully staffed; `cap` keeps the promise."""
    found = []
    for period in range(len(cap)):
        low, high = -1, cap[period]
        step = 1
        guess = found[-1] if found else 0
        while low < guess < high and high - low > 1:  # neighbours need alike
            tried = (*cap[:period], guess, *cap[period + 1 :])
            if oracle.slacks(tried).min() >= 0:
                high, guess = guess, guess - step
            else:
                low, guess = guess, guess + step
            step *= 2
        while high - low > 1:
            middle = (low + high) // 2
            tried = (*cap[:period], middle, *cap[period + 1 :])
            if oracle.slacks(tried).min() >= 0:
                high = middle
            else:
                low = middle
        found.append(high)
    return tuple(found)


def window_bounds(
    oracle: Oracle,
    cap: Levels,
    single: Levels,
    *,
    width: int,
    most: Levels,
    keep_going: Callable[[], bool] = lambda: True,
) -> list[tuple[int, int, int]]:
    """Fewest servers of each run of periods together, the others fully staffed.

    Parameters
    ----------
    width : int
        Periods of a window.
    most : tuple of int
        A plan that keeps the promise; no window needs more.

    Returns
    -------
    list of (int, int, int)
        First period, period after the last, and servers at least.
    """
    found = []
    for first in range(len(cap) - width + 1):
        if not keep_going():
            break
        inside = slice(first, first + width)
        lows, highs = single[inside], cap[inside]
        total, ceiling, tries = sum(lows), sum(most[inside]), 0
        while total < ceiling:
            splits = list(_splits(total, lows, highs))
            tries += len(splits)
            if tries > MOST_SPLITS or not keep_going():
                break
            if any(
                oracle.slacks((*cap[:first], *split, *cap[first + width :])).min() >= 0
                for split in splits
            ):
                break
            total += 1
        found.append((first, first + width, total))
    return found


def least_total(single: Levels, windows: list[tuple[int, int, int]]) -> int:
    """Fewest servers of all periods together that respect every bound on a window.

    Notes
    -----
    Each window is a run of periods: the matrix has consecutive ones, so the linear programme has a
    whole solution. By HiGHS, rounded up against a hair of tolerance.
    """
    from scipy.optimize import linprog

    if not windows:
        return sum(single)
    rows = np.zeros((len(windows), len(single)))
    for number, (first, end, _) in enumerate(windows):
        rows[number, first:end] = -1
    found = linprog(
        np.ones(len(single)),
        A_ub=rows,
        b_ub=[-servers for *_, servers in windows],
        bounds=[(low, None) for low in single],
        method="highs",
    )
    assert found.status == 0, found.message
    return int(np.ceil(found.fun - 1e-6))


def _splits(total: int, lows: Levels, highs: Levels) -> Iterator[Levels]:
    """Ways to divide a total over periods within their limits."""
    if len(lows) == 1:
        if lows[0] <= total <= highs[0]:
            yield (total,)
        return
    rest = sum(lows[1:])
    for first in range(lows[0], min(highs[0], total - rest) + 1):
        for others in _splits(total - first, lows[1:], highs[1:]):
            yield (first, *others)
