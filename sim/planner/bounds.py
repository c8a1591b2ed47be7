"""Lower bounds that hold: what a period needs even if every other has all servers open.

First come, first served with passengers who bring their own services and wait as long as it
takes, a server more never makes anybody start later. So what breaks a promise with the rest of the
day fully staffed breaks it under every plan. With patience, priorities or several stations
that is not so, and no bound is given.
"""

from __future__ import annotations

from sim.planner.grid import Levels
from sim.planner.search import Oracle


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
