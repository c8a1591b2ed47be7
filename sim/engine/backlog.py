"""Background traffic as a fluid: what it leaves undone, and how long that takes, by the second.

Time is cut into seconds from the start of the day. In second *n* the traffic asks for
``work_us[n]`` microseconds of a server's time and the servers open can give
``capacity_us[n]``, so what is left undone at its start, the backlog, is

    B(0) = 0,   B(n + 1) = min(most_us, max(0, B(n) + work_us[n] - capacity_us[n])).

While B(n) would take today's servers longer than `retry_after_us`, people ask again:
``work_us[n]`` is then multiplied. Whoever asks in second *n* is served after all who asked
before, so the delay is the least time in which the servers open from then on can do B(n).
All whole numbers: both engines, and every machine, have the same table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.clock import LONGEST_S, US_PER_S

LONGEST_US = LONGEST_S * US_PER_S
"""Delay behind a backlog that nobody will ever work off."""

MILLION = 1_000_000

FOREVER_US = 1 << 62
"""A backlog that nothing limits."""


@dataclass(frozen=True, slots=True)
class Retries:
    """People who wait too long ask again.

    Attributes
    ----------
    after_us : int
        Beyond this delay, at the servers open now.
    factor_ppm : int
        So many times the requests come, in millionths.
    """

    after_us: int
    factor_ppm: int


def backlog(
    work_us: NDArray[np.int64],
    capacity_us: NDArray[np.int64],
    *,
    retries: Retries | None = None,
    most_us: int = FOREVER_US,
) -> NDArray[np.int64]:
    """Server time left undone at the start of each second.

    Parameters
    ----------
    work_us, capacity_us : ndarray of int64, shape (seconds,)
        Server time asked for, and given at most, in each second.
    retries : Retries or None
        Who asks again.
    most_us : int
        Longest backlog that is taken on; what comes on top is refused.

    Notes
    -----
    Between changes of work, capacity and retrying the backlog is a straight line or zero, so
    each such stretch is filled at once.

    Examples
    --------
    >>> backlog(np.array([3, 3, 0, 0, 0]), np.array([1, 1, 1, 1, 5])).tolist()
    [0, 2, 4, 3, 2]
    """
    seconds = len(work_us)
    left = np.zeros(seconds, dtype=np.int64)
    is_new = (np.diff(work_us) != 0) | (np.diff(capacity_us) != 0)
    ends = [*(np.flatnonzero(is_new) + 1).tolist(), seconds]
    now, second = 0, 0
    for end in ends:
        while second < end:
            asked, given = int(work_us[second]), int(capacity_us[second])
            limit = -1 if retries is None else retries.after_us * given // US_PER_S
            is_storm = retries is not None and now > limit
            if is_storm:
                assert retries is not None
                asked = asked * retries.factor_ppm // MILLION
            step, stretch = asked - given, end - second
            if retries is not None and step > 0 and not is_storm:
                stretch = min(stretch, (limit - now) // step + 1)
            elif is_storm and step < 0:
                stretch = min(stretch, -((now - limit) // step))
            line = now + step * np.arange(stretch + 1, dtype=np.int64)
            np.clip(line, 0, most_us, out=line)
            left[second : second + stretch] = line[:-1]
            now = int(line[-1])
            second += stretch
    return left


def delays(backlog_us: NDArray[np.int64], capacity_us: NDArray[np.int64]) -> NDArray[np.int64]:
    """How long the backlog at the start of each second takes the servers open from then on.

    Parameters
    ----------
    backlog_us, capacity_us : ndarray of int64, shape (seconds,)
        As in `backlog`; after the last second the capacity stays as it is.

    Returns
    -------
    ndarray of int64, shape (seconds,)
        Microseconds, rounded up; at most `LONGEST_US`.

    Examples
    --------
    >>> second = 1_000_000
    >>> capacity = np.array([1, 0, 2, 2]) * second
    >>> (delays(np.array([0, 1, 3, 6]) * second, capacity) / second).tolist()
    [0.0, 1.5, 1.5, 3.0]
    """
    seconds = len(capacity_us)
    done = np.concatenate([[0], np.cumsum(capacity_us)])
    wanted = done[:-1] + backlog_us
    after = np.searchsorted(done, wanted, side="left")
    within = np.minimum(after, seconds)
    last = np.maximum(within - 1, 0)
    rate = np.maximum(capacity_us[last], 1)
    at_us = last * US_PER_S + _time_for(wanted - done[last], rate)
    beyond = after > seconds
    if capacity_us[-1] > 0:
        rest = _time_for(wanted - done[-1], capacity_us[-1])
        at_us = np.where(beyond, seconds * US_PER_S + rest, at_us)
    else:
        at_us = np.where(beyond, LONGEST_US + seconds * US_PER_S, at_us)
    took = at_us - np.arange(seconds) * US_PER_S
    return np.where(backlog_us > 0, np.minimum(took, LONGEST_US), 0).astype(np.int64)


def _time_for(work: NDArray[np.int64], rate: NDArray[np.int64] | np.int64) -> NDArray[np.int64]:
    """Microseconds for so much work at so much a second, rounded up."""
    whole, rest = np.divmod(work, rate)
    return whole * US_PER_S - (-rest * US_PER_S // rate)
