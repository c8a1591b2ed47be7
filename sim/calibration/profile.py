"""Intervals from the likelihood itself: where a parameter costs too much to move."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy import optimize

CRITICAL = 3.841458820694124
"""95 % point of chi-square with one degree of freedom."""

WIDEST = 12.0
"""Farthest a parameter is followed, in units of its logarithm: e¹² up and down."""

Two = Callable[[float, float], float]
"""Minus log-likelihood of two logarithms."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A 95 % interval."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def least(minus_log: Two, *, start: tuple[float, float]) -> tuple[float, float]:
    """Where a function of two variables is least.

    Notes
    -----
    Nelder and Mead's simplex, taken up again once from where it stopped; the functions are
    smooth with one minimum, but flat to the point of underflow far from it.
    """
    at, step = start, 0.3
    for _ in range(2):
        simplex = [at, (at[0] + step, at[1]), (at[0], at[1] + step)]
        found = optimize.minimize(
            lambda x: minus_log(float(x[0]), float(x[1])),
            at,
            method="Nelder-Mead",
            options={"initial_simplex": simplex, "xatol": 1e-7, "fatol": 1e-7, "maxiter": 400},
        )
        at, step = (float(found.x[0]), float(found.x[1])), 0.02
    return at


def least_first(minus_log: Two, *, start: float, second: float) -> float:
    """Where it is least in the first variable alone."""
    found = optimize.minimize_scalar(
        lambda x: minus_log(float(x), second), bracket=(start - 0.1, start + 0.1), tol=1e-9
    )
    return float(found.x)


def profile_interval(
    minus_log: Two, *, best: tuple[float, float], which: int, has_other: bool = True
) -> Bounds:
    """95 % interval of one of two parameters by profile likelihood, as logarithms.

    Parameters
    ----------
    minus_log : callable
        Minus log-likelihood of both.
    best : tuple of float
        Where it is least.
    which : int
        0 or 1: the parameter asked about.
    has_other : bool
        Whether the other one is free to follow.

    Notes
    -----
    The bounds are where twice the drop of the log-likelihood, the other parameter at its
    best, reaches `CRITICAL` (Wilks 1938). An end that is not reached is left `WIDEST` away.
    """
    floor = minus_log(*best)
    other = best[1 - which]
    memory = {best[which]: other}

    def drop(value: float) -> float:
        def along(x: float) -> float:
            return minus_log(value, x) if which == 0 else minus_log(x, value)

        if not has_other:
            return 2 * (along(other) - floor) - CRITICAL
        nearest = memory[min(memory, key=lambda known: abs(known - value))]
        found = optimize.minimize_scalar(
            along, bounds=(nearest - 1.5, nearest + 1.5), method="bounded", options={"xatol": 1e-6}
        )
        memory[value] = float(found.x)  # pyright: ignore[reportAttributeAccessIssue]
        return 2 * (float(found.fun) - floor) - CRITICAL  # pyright: ignore[reportAttributeAccessIssue]

    return Bounds(*(_crossing(drop, best[which], direction) for direction in (-1.0, 1.0)))


def _crossing(drop: Callable[[float], float], best: float, direction: float) -> float:
    near, step = 0.0, 1e-3
    while step < WIDEST:
        if drop(best + direction * step) > 0:
            break
        near, step = step, step * 2
    else:
        return best + direction * WIDEST
    root = optimize.brentq(
        lambda far: min(drop(best + direction * far), 1e6), near, step, xtol=1e-7
    )
    assert isinstance(root, float)
    return best + direction * root


def exponentials(bounds: Bounds) -> Bounds:
    """The interval of a parameter from that of its logarithm."""
    return Bounds(math.exp(bounds.low), math.exp(bounds.high))
