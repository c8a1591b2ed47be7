"""Intervals of counts: shares and rates."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from sim.calibration.goodness import kolmogorov_smirnov
from sim.calibration.profile import Bounds

Z95 = 1.959963984540054
"""97.5 % point of the normal law."""


def wilson(successes: int, n: int) -> Bounds:
    """95 % interval of a share.

    References
    ----------
    Wilson, E. B. (1927), JASA 22, 209-212.

    Examples
    --------
    >>> low, high = (bound := wilson(8, 10)).low, bound.high
    >>> round(low, 4), round(high, 4)
    (0.4902, 0.9433)
    """
    share, z2 = successes / n, Z95 * Z95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return Bounds(max(min(middle - half, share), 0.0), min(max(middle + half, share), 1.0))


def poisson(count: int, exposure: float) -> Bounds:
    """Exact 95 % interval of the rate of a Poisson count.

    References
    ----------
    Garwood, F. (1936), Biometrika 28, 437-442.

    Examples
    --------
    >>> round(poisson(0, 1.0).high, 4), round(poisson(10, 2.0).low, 4)
    (3.6889, 2.3977)
    """
    low = float(special.gammaincinv(count, 0.025)) if count else 0.0
    return Bounds(low / exposure, float(special.gammaincinv(count + 1, 0.975)) / exposure)


def uniform_p_value(u: np.ndarray) -> float | None:
    """Kolmogorov's test that numbers in (0, 1) are uniform; None of fewer than eight."""
    if len(u) < 8:
        return None
    n = len(u)
    distance = kolmogorov_smirnov(u)
    return float(special.kolmogorov((math.sqrt(n) + 0.12 + 0.11 / math.sqrt(n)) * distance))
