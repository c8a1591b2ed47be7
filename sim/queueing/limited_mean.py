"""Limited means E[min(S, x)] of service laws: how much of a service lies in its first x."""

from __future__ import annotations

import math
from typing import assert_never

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc, gammaincc, ndtr

from sim.queueing.root import root
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


def limited_mean(law: Law, time_s: ArrayLike) -> NDArray[np.float64]:  # noqa: PLR0911 - by law
    """Mean of a service time cut off at `time_s`.

    Parameters
    ----------
    law : Law
        Any law a scenario may name, in seconds.
    time_s : array_like of float
        From 0 on; infinity gives the mean.

    Notes
    -----
    ``∫_0^x P(S > u) du`` in closed form.

    Examples
    --------
    >>> from sim.scenario.laws import Uniform
    >>> float(limited_mean(Uniform(law="uniform", low_s=0, high_s=2), 1.0))
    0.75
    """
    x = np.asarray(time_s, dtype=np.float64)
    match law:
        case Deterministic():
            return np.minimum(x, law.mean_s.value)
        case Exponential():
            return -law.mean_s.value * np.expm1(-x / law.mean_s.value)
        case Erlang():
            return _gamma(law.mean_s.value, float(law.phases), x)
        case Gamma():
            return _gamma(law.mean_s.value, law.cv.value**-2, x)
        case Lognormal():
            return _lognormal(law.mean_s.value, law.cv.value, x)
        case Weibull():
            return _weibull(law.mean_s.value, law.cv.value, x)
        case Uniform():
            return _uniform(law.low_s.value, law.high_s.value, x)
        case Triangular():
            return _triangular(law.low_s.value, law.mode_s.value, law.high_s.value, x)
        case Empirical():
            values = np.array(law.values_s)
            weights = np.ones(len(values)) if law.weights is None else np.array(law.weights)
            return np.minimum(x[..., None], values) @ (weights / weights.sum())
        case _:
            assert_never(law)


def mean_and_scv(law: Law) -> tuple[float, float]:  # noqa: PLR0911 - by law
    """Mean in seconds, and squared coefficient of variation.

    Examples
    --------
    >>> from sim.scenario.laws import Erlang
    >>> mean_and_scv(Erlang(law="erlang", mean_s=90, phases=2))
    (90.0, 0.5)
    """
    match law:
        case Deterministic():
            return float(law.mean_s.value), 0.0
        case Exponential():
            return float(law.mean_s.value), 1.0
        case Erlang():
            return float(law.mean_s.value), 1.0 / law.phases
        case Gamma() | Lognormal() | Weibull():
            return float(law.mean_s.value), float(law.cv.value) ** 2
        case Uniform():
            low, high = law.low_s.value, law.high_s.value
            return _moments((low + high) / 2, (high - low) ** 2 / 12)
        case Triangular():
            a, b, c = law.low_s.value, law.mode_s.value, law.high_s.value
            variance = (a * a + b * b + c * c - a * b - a * c - b * c) / 18
            return _moments((a + b + c) / 3, variance)
        case Empirical():
            values = np.array(law.values_s)
            weights = np.ones(len(values)) if law.weights is None else np.array(law.weights)
            mean = float(np.average(values, weights=weights))
            return _moments(mean, float(np.average((values - mean) ** 2, weights=weights)))
        case _:
            assert_never(law)


def _moments(mean: float, variance: float) -> tuple[float, float]:
    return float(mean), float(variance / mean**2) if mean else 0.0


def _gamma(mean: float, shape: float, x: NDArray[np.float64]) -> NDArray[np.float64]:
    scale = mean / shape
    with np.errstate(invalid="ignore"):
        beyond = np.where(np.isinf(x), 0.0, x * gammaincc(shape, x / scale))
    return mean * gammainc(shape + 1, x / scale) + beyond


def _lognormal(mean: float, cv: float, x: NDArray[np.float64]) -> NDArray[np.float64]:
    sigma = math.sqrt(math.log1p(cv * cv))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (np.log(x) - math.log(mean) + sigma * sigma / 2) / sigma
        beyond = np.where(np.isinf(x), 0.0, x * ndtr(-z))
    return mean * ndtr(z - sigma) + beyond


def _weibull(mean: float, cv: float, x: NDArray[np.float64]) -> NDArray[np.float64]:
    def excess(log_shape: float) -> float:
        k = math.exp(log_shape)
        return math.expm1(math.lgamma(1 + 2 / k) - 2 * math.lgamma(1 + 1 / k)) - cv * cv

    shape = math.exp(root(excess, math.log(0.1), math.log(200.0)))
    scale = mean / math.gamma(1 + 1 / shape)
    with np.errstate(invalid="ignore"):
        power = (x / scale) ** shape
        beyond = np.where(np.isinf(x), 0.0, x * np.exp(-power))
    return mean * gammainc(1 + 1 / shape, power) + beyond


def _uniform(low: float, high: float, x: NDArray[np.float64]) -> NDArray[np.float64]:
    if low == high:
        return np.minimum(x, low)
    y = np.clip(x, low, high)
    return np.minimum(x, low) + (y - low) - (y - low) ** 2 / (2 * (high - low))


def _triangular(
    low: float, mode: float, high: float, x: NDArray[np.float64]
) -> NDArray[np.float64]:
    if low == high:
        return np.minimum(x, low)
    rising, falling = np.clip(x, low, mode), np.clip(x, mode, high)
    total = np.minimum(x, low) + (rising - low)
    if mode > low:
        total = total - (rising - low) ** 3 / (3 * (high - low) * (mode - low))
    if high > mode:
        tail = (high - mode) ** 3 - (high - falling) ** 3
        total = total + tail / (3 * (high - low) * (high - mode))
    return total
