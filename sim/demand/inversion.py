"""Durations from uniforms: the quantile function of every law, rounded once at the end."""

from __future__ import annotations

import math
from functools import cache
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from sim.demand.normal import normal_quantile
from sim.errors import Fault, ScenarioError
from sim.scenario.clock import US_PER_S
from sim.scenario.laws import (
    Deterministic,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Law,
    Lognormal,
    Triangular,
    Uniform,
    Weibull,
)

LONGEST_US = 10**15
"""No draw is longer than this, about 31 years, so that sums of durations never overflow."""

# Below this cv the Cornish-Fisher expansion is within 1e-11 of the mean, while SciPy 1.17's
# gammaincinv is off by up to a fifth of a standard deviation in the lower tail.
_NEARLY_NORMAL = 2e-3
_WILDEST = 1e6  # a cv beyond this does as this one: nearly every draw is zero


def quantile_s(  # noqa: PLR0911 - one return for each law
    law: Law, u: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Durations that a law exceeds with probability ``1 - u``.

    Parameters
    ----------
    law : Law
        Any law a scenario may name.
    u : ndarray of float64
        Probabilities in the open interval (0, 1).

    Returns
    -------
    ndarray of float64, shape of `u`
        Seconds; rises with `u`, so that common uniforms give positively coupled durations.

    Examples
    --------
    >>> from sim.scenario.laws import Uniform
    >>> quantile_s(Uniform(law="uniform", low_s=10, high_s=20), np.array([0.25])).tolist()
    [12.5]
    """
    match law:
        case Deterministic():
            return np.full(u.shape, law.mean_s.value)
        case Exponential():
            return -law.mean_s.value * np.log1p(-u)
        case Erlang():
            return _gamma(law.mean_s.value, law.phases**-0.5, u)
        case Lognormal():
            return lognormal(law.mean_s.value, law.cv.value, u)
        case Gamma():
            return _gamma(law.mean_s.value, law.cv.value, u)
        case Weibull():
            shape = weibull_shape(law.cv.value)
            scale = law.mean_s.value * math.exp(-math.lgamma(1 + 1 / shape))
            return scale * (-np.log1p(-u)) ** (1 / shape)
        case Triangular():
            return _triangular(law.low_s.value, law.mode_s.value, law.high_s.value, u)
        case Uniform():
            return law.low_s.value + (law.high_s.value - law.low_s.value) * u
        case Empirical():
            return _empirical(law, u)
        case _:
            assert_never(law)


def whole_us(seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Whole microseconds nearest to durations in seconds, `LONGEST_US` at most."""
    return np.rint(np.minimum(seconds * US_PER_S, LONGEST_US)).astype(np.int64)


def lognormal(mean: float, cv: float, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles of the lognormal law with a mean and a coefficient of variation.

    Notes
    -----
    ``σ² = ln(1 + cv²)``, ``μ = ln(mean) - σ²/2``.
    """
    variance = float(np.logaddexp(0.0, 2 * math.log(cv)))
    with np.errstate(over="ignore"):
        return np.exp(math.log(mean) - variance / 2 + math.sqrt(variance) * normal_quantile(u))


def poisson_quantile(means: NDArray[np.float64], u: NDArray[np.float64]) -> NDArray[np.int64]:
    """Least numbers whose cumulative Poisson probability reaches the uniforms.

    Parameters
    ----------
    means : ndarray of float64, shape (n,)
        Not negative.
    u : ndarray of float64, shape (n,)
        Probabilities in the open interval (0, 1).

    Notes
    -----
    Probabilities are summed over 12 standard deviations either way, where all but 1e-30 lies.

    Examples
    --------
    >>> poisson_quantile(np.array([0.0, 2.0, 2.0]), np.array([0.9, 0.1, 0.9])).tolist()
    [0, 0, 4]
    """
    numbers = np.zeros(len(means), dtype=np.int64)
    for mean in np.unique(means[means > 0]).tolist():
        reach = 12 * math.sqrt(mean) + 40
        k = np.arange(max(0, math.floor(mean - reach)), math.ceil(mean + reach) + 1)
        first = k[0] * math.log(mean) - mean - math.lgamma(k[0] + 1)
        logs = first + np.concatenate(([0.0], np.cumsum(math.log(mean) - np.log(k[1:]))))
        mine = means == mean
        numbers[mine] = k[np.searchsorted(np.cumsum(np.exp(logs)), u[mine], side="left")]
    return numbers


@cache
def weibull_shape(cv: float) -> float:
    """Shape of the Weibull law with a coefficient of variation.

    Raises
    ------
    ScenarioError
        If `cv` is outside 0.02 to 20, where the shape is no longer well determined.

    Notes
    -----
    Solves ``Γ(1 + 2/k) / Γ(1 + 1/k)² = 1 + cv²`` by bisection of ``ln k``.

    Examples
    --------
    >>> round(weibull_shape(1.0), 12)
    1.0
    """
    if not 0.02 <= cv <= 20:
        raise ScenarioError([Fault(f"a weibull law takes a cv of 0.02 to 20, got {cv:g}")])
    low, high = math.log(0.1), math.log(200.0)
    while True:
        middle = (low + high) / 2
        if middle in {low, high}:
            return math.exp(middle)
        k = math.exp(middle)
        if math.expm1(math.lgamma(1 + 2 / k) - 2 * math.lgamma(1 + 1 / k)) > cv * cv:
            low = middle
        else:
            high = middle


def _gamma(mean: float, cv: float, u: NDArray[np.float64]) -> NDArray[np.float64]:
    if cv < _NEARLY_NORMAL:
        z = normal_quantile(u)
        return mean * (1 + cv * z + cv**2 * (z * z - 1) / 3 + cv**3 * (z**3 - 7 * z) / 36)
    from scipy.special import gammaincinv  # only where a scenario needs it: 0.2 s to import

    shape = min(cv, _WILDEST) ** -2
    return mean / shape * gammaincinv(shape, u)


def _triangular(
    low: float, mode: float, high: float, u: NDArray[np.float64]
) -> NDArray[np.float64]:
    width = high - low
    if width == 0:
        return np.full(u.shape, low)
    rising = low + np.sqrt(u * width * (mode - low))
    falling = high - np.sqrt((1 - u) * width * (high - mode))
    return np.where(u * width < mode - low, rising, falling)


def _empirical(law: Empirical, u: NDArray[np.float64]) -> NDArray[np.float64]:
    values = np.array(law.values_s)
    order = np.argsort(values, kind="stable")
    weights = np.ones(len(values)) if law.weights is None else np.array(law.weights)
    heights = np.cumsum(weights[order] / weights.max())
    return values[order][np.searchsorted(heights / heights[-1], u, side="left")]
