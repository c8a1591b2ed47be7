"""Points at which factors are tried together: a grid, a Latin hypercube, a Sobol sequence."""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Sequence
from typing import Literal

from sim.errors import UsageError
from sim.experiments.factors import Factor

Design = Literal["grid", "lhs", "sobol"]
Point = tuple[str, ...]
"""What each factor is set to, in their order."""

MOST_POINTS = 100_000
DEFAULT_POINTS = {"grid": 3, "lhs": 32, "sobol": 32}


def design_points(
    factors: Sequence[Factor], design: Design, *, points: int | None = None, seed: int = 1
) -> list[Point]:
    """Settings of all factors, point by point.

    Parameters
    ----------
    factors : sequence of Factor
    design : {"grid", "lhs", "sobol"}
    points : int or None
        Of a grid: levels of each factor that has a range, 2 at least. Else: points in all.
    seed : int
        Of the sampled designs; the same seed, the same points.

    Returns
    -------
    list of Point
        Without repetitions, in order.

    Raises
    ------
    UsageError
        If it would be too many points, or too few.

    Notes
    -----
    The Latin hypercube has each factor's range divided in as many equal parts as there are
    points and tries each part once. Sobol's sequence is scrambled; its first *n* points are
    those of a longer one, so a sweep can be extended, and it is balanced where their number is
    a power of two.

    References
    ----------
    McKay, Beckman and Conover (1979), Technometrics 21, 239-245. Owen (1998), ACM TOMACS 8,
    71-102.

    Examples
    --------
    >>> two = [Factor("a", low=0, high=1), Factor("b", values=("x", "y"))]
    >>> design_points(two, "grid", points=2)
    [('0.0', 'x'), ('0.0', 'y'), ('1.0', 'x'), ('1.0', 'y')]
    """
    count = DEFAULT_POINTS[design] if points is None else points
    if count < 2:
        raise UsageError(f"points = {count}; give 2 at least")
    if design == "grid":
        levels = [factor.levels(count) for factor in factors]
        _refuse_too_many(math.prod(len(each) for each in levels))
        return list(itertools.product(*levels))
    _refuse_too_many(count)
    from scipy.stats import qmc

    dimensions = len(factors)
    if design == "lhs":
        places = qmc.LatinHypercube(dimensions, rng=seed).random(count)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # balance is told of in the notes
            places = qmc.Sobol(dimensions, scramble=True, rng=seed).random(count)
    found = (
        tuple(factor.at(u) for factor, u in zip(factors, row, strict=True))
        for row in places.tolist()
    )
    return list(dict.fromkeys(found))


def _refuse_too_many(count: int) -> None:
    if count > MOST_POINTS:
        raise UsageError(
            f"{count} points are more than {MOST_POINTS}; take fewer factors or levels, or "
            "--design sobol with --points"
        )
