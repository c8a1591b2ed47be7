"""A desk's day by dense matrices: slow, small, and nothing in common with `sim.queueing`.

States are (busy, waiting). Arrivals are weighed by Simpson's rule over instants; each follows those
ahead of it, a chain that only empties, by matrix exponentials. Desks close idle first: while more
are busy than open, nobody starts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

LONGEST = 60
"""People waiting at most."""

INSTANTS = 24
"""Intervals of Simpson's rule between changes; even."""

_Array = NDArray[np.float64]


def dense_shares(
    *,
    rates_per_s: Sequence[float],
    servers: Sequence[int],
    period: float,
    mean_service: float,
    within: float,
    longest: int = LONGEST,
) -> _Array:
    """Share of each period's arrivals who start in time, shape (periods,).

    Parameters
    ----------
    rates_per_s : sequence of float
        Arrivals by period; nobody comes after the last.
    servers : sequence of int
        Desks open by period; the last level stays.
    period, mean_service, within : float
        Seconds.
    longest : int
        Queue that is hardly ever exceeded.

    Notes
    -----
    The wait promised is shorter than a period, so that an arrival sees one change at most, and
    that only from the last part of its period: the rule is used on both parts by itself.
    """
    assert within < period
    most = max(servers)
    law = np.zeros((most + 1, longest + 1))
    law[0, 0] = 1.0
    found = []
    for number, (rate, level) in enumerate(zip(rates_per_s, servers, strict=True)):
        begin, end = number * period, (number + 1) * period
        law = _opened(law, level)
        kept = 0.0
        then = servers[min(number + 1, len(servers) - 1)]
        for left, right, sees_change in (
            (begin, end - within, False),
            (end - within, end, True),
        ):
            step = (right - left) / INSTANTS
            move = expm(_generator(level, rate, 1 / mean_service, most, longest) * step)
            values = []
            for instant in range(INSTANTS + 1):
                if instant:
                    law = (law.ravel() @ move).reshape(law.shape)
                before = end - (left + instant * step) if sees_change else within
                chances = _chances(
                    level, then if sees_change else level, before, within - before,
                    service=1 / mean_service, most=most, longest=longest,
                )  # fmt: skip
                values.append(float((law * chances).sum()))
            weights = np.array([1, *[4, 2] * (INSTANTS // 2 - 1), 4, 1]) * step / 3
            kept += float(weights @ np.array(values))
        found.append(kept / period)
    return np.array(found)


def _opened(law: _Array, level: int) -> _Array:
    """Those who wait go to desks that are free."""
    found = np.zeros_like(law)
    for (busy, waiting), chance in np.ndenumerate(law):
        goes = min(max(level - busy, 0), waiting)
        found[busy + goes, waiting - goes] += chance
    return found


def _generator(level: int, rate: float, service: float, most: int, longest: int) -> _Array:
    """Rates between states, those of arrivals left out with `rate` 0."""
    width = longest + 1
    matrix = np.zeros(((most + 1) * width, (most + 1) * width))
    for busy in range(most + 1):
        for waiting in range(width):
            here = busy * width + waiting
            if rate and busy < level and not waiting:
                matrix[here, here + width] += rate
            elif rate and waiting < longest:
                matrix[here, here + 1] += rate
            if busy and busy <= level and waiting:
                matrix[here, here - 1] += busy * service
            elif busy:
                matrix[here, here - width] += busy * service
    np.fill_diagonal(matrix, matrix.diagonal() - matrix.sum(axis=1))
    return matrix


def _chances(
    level: int, then: int, before: float, after: float, *, service: float, most: int, longest: int
) -> _Array:
    """Chance of who comes now to start in time, by what they find, with one change ahead.

    The arrival is one of those who wait: with its place among them it is followed until the
    place is 0. Column w of the chain is "w wait up to and with the arrival"; 0 has started.
    """
    width = longest + 2
    last = np.zeros((most + 1, width))
    last[:, 0] = 1.0
    last = (expm(_held(then, service, most, longest) * after) @ last.ravel()).reshape(last.shape)
    opened = np.empty_like(last)
    for busy in range(most + 1):
        for waiting in range(width):
            goes = min(max(then - busy, 0), waiting)
            opened[busy, waiting] = last[busy + goes, waiting - goes]
    ahead = expm(_held(level, service, most, longest) * before)
    found = (ahead @ opened.ravel()).reshape(opened.shape)
    chances = found[:, 1 : longest + 2].copy()
    chances[:level, 0] = 1.0  # a desk is free
    return chances


def _held(level: int, service: float, most: int, longest: int) -> _Array:
    """The chain of those ahead, which rests once the arrival has started."""
    matrix = _generator(level, 0.0, service, most, longest + 1)
    width = longest + 2
    for busy in range(most + 1):
        matrix[busy * width] = 0.0
    return matrix
