"""Families of laws by their mean and one number for their spread.

The spread θ is what each family's likelihood is simplest in: the variance of the logarithm
for the lognormal, the shape for gamma, Erlang and Weibull. `cv` says it as scenarios do.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.calibration.sample import Sample

Floats = NDArray[np.float64]
_FLOOR = 1e-300
_BLUR = 1e-12  # second differences are no more exact than this


@dataclass(frozen=True, slots=True)
class Moments:
    """All that the likelihood of the exact part needs, but for the Weibull law."""

    n: float
    total: float
    log_total: float
    log_squares: float
    exact: Floats

    @classmethod
    def of(cls, exact: Floats) -> Moments:
        """The sums over exact durations."""
        logs = np.log(exact)
        return cls(
            float(len(exact)),
            float(exact.sum()),
            float(logs.sum()),
            float((logs * logs).sum()),
            exact,
        )


class Family(ABC):
    """A law with a mean and, but for the exponential, a spread."""

    name: ClassVar[str]
    parameters: ClassVar[int] = 2

    @abstractmethod
    def log_density(self, seen: Moments, mean: float, theta: float) -> float:
        """Log-likelihood of exact durations."""

    @abstractmethod
    def cdf(self, x: Floats, mean: Floats | float, theta: Floats | float) -> Floats:
        """Probability of at most `x`; arrays of rows broadcast."""

    @abstractmethod
    def partial_mean(self, x: Floats, mean: float, theta: float) -> Floats:
        """Mean of the durations up to `x`, times their share."""

    def rounded(self, x: Floats, mean: float, theta: float, *, unit: float) -> Floats:
        """Probability that two instants rounded to a unit are `x` apart.

        Notes
        -----
        A duration *d* shows as *x* with probability ``1 - |d - x| / unit`` where that is
        positive. With *G* the integral of the distribution function, the mean of this is
        ``(G(x + unit) - 2 G(x) + G(x - unit)) / unit``, and ``G(x) = x F(x)`` less the
        partial mean.
        """
        edges = np.maximum(np.stack([x - unit, x, x + unit]), 1e-12 * unit)
        whole = edges * self.cdf(edges, mean, theta) - self.partial_mean(edges, mean, theta)
        return (whole[2] - 2 * whole[1] + whole[0]) / unit

    @abstractmethod
    def cv(self, theta: float) -> float:
        """Coefficient of variation, monotone in the spread."""

    @abstractmethod
    def theta(self, cv: float) -> float:
        """Spread of a coefficient of variation, near enough to start from."""

    def log_variance(self, theta: float) -> float:
        """Logarithm of the variance of the logarithm, but for a constant; what `fit` adjusts by."""
        return -math.log(theta)

    @abstractmethod
    def draw(self, u: Floats, mean: float, theta: float) -> Floats:
        """Durations from uniforms."""

    @abstractmethod
    def fit_rows(self, x: Floats) -> tuple[Floats, Floats]:
        """Maximum likelihood of each row of exact durations: means and spreads."""

    def likelihood(self, sample: Sample) -> Callable[[float, float], float]:
        """Minus log-likelihood of a sample as a function of ``ln mean`` and ``ln θ``."""
        seen = Moments.of(sample.exact)

        def minus_log(log_mean: float, log_theta: float) -> float:
            if not (abs(log_mean) < 60 and abs(log_theta) < 30):
                return math.inf
            mean, theta = math.exp(log_mean), math.exp(log_theta)
            found = self.log_density(seen, mean, theta) if seen.n else 0.0
            if len(sample.above):
                alive = np.maximum(1 - self.cdf(sample.above, mean, theta), _FLOOR)
                found += float(sample.above_counts @ np.log(alive))
            if len(sample.below):
                over = np.maximum(self.cdf(sample.below, mean, theta), _FLOOR)
                found += float(sample.below_counts @ np.log(over))
            if len(sample.rounded):
                shares = self.rounded(sample.rounded, mean, theta, unit=sample.unit)
                found += float(sample.rounded_counts @ np.log(np.maximum(shares, _BLUR)))
            return -found if math.isfinite(found) else math.inf

        return minus_log


class Lognormal(Family):
    """``ln x`` is normal with variance θ."""

    name = "lognormal"

    def log_density(self, seen: Moments, mean: float, theta: float) -> float:
        """From the sums of logarithms and of their squares."""
        mu = math.log(mean) - theta / 2
        squares = seen.log_squares - 2 * mu * seen.log_total + seen.n * mu * mu
        return -seen.log_total - seen.n / 2 * math.log(2 * math.pi * theta) - squares / (2 * theta)

    def cdf(self, x: Floats, mean: Floats | float, theta: Floats | float) -> Floats:
        """That of a normal logarithm."""
        with np.errstate(divide="ignore"):
            return special.ndtr((np.log(x) - np.log(mean) + theta / 2) / np.sqrt(theta))

    def partial_mean(self, x: Floats, mean: float, theta: float) -> Floats:
        """The mean times the distribution function a variance further on."""
        # E[X; X <= x] = mean Φ(z - σ), and ln mean goes up by σ²
        return mean * self.cdf(x, mean * math.exp(theta), theta)

    def cv(self, theta: float) -> float:
        """``cv² = exp(θ) - 1``."""
        return math.sqrt(math.expm1(theta))

    def theta(self, cv: float) -> float:
        """The inverse."""
        return math.log1p(cv * cv)

    def log_variance(self, theta: float) -> float:
        """The spread is that variance."""
        return math.log(theta)

    def draw(self, u: Floats, mean: float, theta: float) -> Floats:
        """Exponentials of normals."""
        return np.exp(math.log(mean) - theta / 2 + math.sqrt(theta) * special.ndtri(u))

    def fit_rows(self, x: Floats) -> tuple[Floats, Floats]:
        """Mean and variance of the logarithms."""
        logs = np.log(x)
        theta = logs.var(axis=-1)
        return np.exp(logs.mean(axis=-1) + theta / 2), theta


class Gamma(Family):
    """Shape θ."""

    name = "gamma"

    def log_density(self, seen: Moments, mean: float, theta: float) -> float:
        """From the sums of durations and of logarithms."""
        ends = seen.n * (theta * math.log(mean / theta) + math.lgamma(theta))
        return (theta - 1) * seen.log_total - seen.total * theta / mean - ends

    def cdf(self, x: Floats, mean: Floats | float, theta: Floats | float) -> Floats:
        """The regularised lower incomplete gamma function."""
        return special.gammainc(theta, x * theta / mean)

    def partial_mean(self, x: Floats, mean: float, theta: float) -> Floats:
        """The mean times that of one more in shape."""
        return mean * special.gammainc(theta + 1, x * theta / mean)

    def cv(self, theta: float) -> float:
        """``cv = θ^(-1/2)``."""
        return theta**-0.5

    def theta(self, cv: float) -> float:
        """The inverse."""
        return cv**-2

    def draw(self, u: Floats, mean: float, theta: float) -> Floats:
        """By inversion."""
        return special.gammaincinv(theta, u) * mean / theta

    def fit_rows(self, x: Floats) -> tuple[Floats, Floats]:
        """Newton's method on the shape from a close start (Minka 2002)."""
        mean = x.mean(axis=-1)
        s = np.maximum(np.log(mean) - np.log(x).mean(axis=-1), 1e-9)
        shape = (3 - s + np.sqrt((s - 3) ** 2 + 24 * s)) / (12 * s)
        for _ in range(4):
            slope = 1 / shape - special.polygamma(1, shape)
            step = (np.log(shape) - special.digamma(shape) - s) / slope
            shape = np.clip(shape - step, shape / 3, shape * 3)
        return mean, shape


class Erlang(Gamma):
    """A gamma law whose shape is a number of phases."""

    name = "erlang"

    def likelihood(self, sample: Sample) -> Callable[[float, float], float]:
        """That of the gamma law at the nearest whole shape."""
        plain = super().likelihood(sample)

        def minus_log(log_mean: float, log_theta: float) -> float:
            if not abs(log_theta) < 30:
                return math.inf
            return plain(log_mean, math.log(phases(math.exp(log_theta))))

        return minus_log

    def fit_rows(self, x: Floats) -> tuple[Floats, Floats]:
        """The gamma law's, rounded."""
        mean, shape = super().fit_rows(x)
        return mean, np.maximum(np.rint(shape), 1.0)


class Exponential(Family):
    """No spread of its own."""

    name = "exponential"
    parameters = 1

    def log_density(self, seen: Moments, mean: float, theta: float) -> float:
        """From the sum of durations."""
        return -seen.n * math.log(mean) - seen.total / mean

    def cdf(self, x: Floats, mean: Floats | float, theta: Floats | float) -> Floats:
        """``1 - exp(-x / mean)``."""
        return -np.expm1(-x / mean)

    def partial_mean(self, x: Floats, mean: float, theta: float) -> Floats:
        """That of a gamma law of shape one."""
        return mean * special.gammainc(2.0, x / mean)

    def cv(self, theta: float) -> float:
        """Always one."""
        return 1.0

    def theta(self, cv: float) -> float:
        """None that matters."""
        return 1.0

    def draw(self, u: Floats, mean: float, theta: float) -> Floats:
        """By inversion."""
        return -mean * np.log1p(-u)

    def fit_rows(self, x: Floats) -> tuple[Floats, Floats]:
        """Means."""
        mean = x.mean(axis=-1)
        return mean, np.ones_like(mean)


class Weibull(Family):
    """Shape θ."""

    name = "weibull"

    def log_density(self, seen: Moments, mean: float, theta: float) -> float:
        """From the sum of powers: all durations are needed."""
        scale = mean / math.exp(math.lgamma(1 + 1 / theta))
        with np.errstate(over="ignore"):
            powers = float(((seen.exact / scale) ** theta).sum())
        head = seen.n * (math.log(theta) - theta * math.log(scale))
        return head + (theta - 1) * seen.log_total - powers

    def cdf(self, x: Floats, mean: Floats | float, theta: Floats | float) -> Floats:
        """``1 - exp(-(x / scale)^θ)``."""
        scale = mean / special.gamma(1 + 1 / np.asarray(theta))
        with np.errstate(over="ignore"):
            return -np.expm1(-((x / scale) ** theta))

    def partial_mean(self, x: Floats, mean: float, theta: float) -> Floats:
        """The mean times an incomplete gamma function."""
        scale = mean / math.exp(math.lgamma(1 + 1 / theta))
        with np.errstate(over="ignore"):
            return mean * special.gammainc(1 + 1 / theta, (x / scale) ** theta)

    def cv(self, theta: float) -> float:
        """From the gamma function at ``1 + 1/θ`` and ``1 + 2/θ``."""
        return math.sqrt(math.expm1(math.lgamma(1 + 2 / theta) - 2 * math.lgamma(1 + 1 / theta)))

    def log_variance(self, theta: float) -> float:
        """The logarithm has the standard deviation ``π / (θ √6)``."""
        return -2 * math.log(theta)

    def theta(self, cv: float) -> float:
        """Roughly, by Justus et al. 1978."""
        return min(max(cv, 0.02), 20.0) ** -1.086

    def draw(self, u: Floats, mean: float, theta: float) -> Floats:
        """By inversion."""
        return mean / math.exp(math.lgamma(1 + 1 / theta)) * (-np.log1p(-u)) ** (1 / theta)

    def fit_rows(self, x: Floats) -> tuple[Floats, Floats]:
        """Newton's method on the shape."""
        logs = np.log(x)
        largest = logs.max(axis=-1, keepdims=True)
        logs = logs - largest  # so that powers stay below one
        middle = logs.mean(axis=-1)
        shape = 1.2 / np.maximum(logs.std(axis=-1), 1e-9)
        for _ in range(12):
            powers = np.exp(shape[..., None] * logs)
            total, first = powers.sum(axis=-1), (powers * logs).sum(axis=-1)
            second = (powers * logs * logs).sum(axis=-1)
            slope = -1 / shape**2 - (second * total - first**2) / total**2
            step = (1 / shape + middle - first / total) / slope
            shape = np.clip(shape - step, shape / 2, shape * 2)
        scale = np.exp(shape[..., None] * logs).mean(axis=-1) ** (1 / shape)
        return np.exp(largest[..., 0]) * scale * special.gamma(1 + 1 / shape), shape


def phases(shape: float) -> int:
    """Whole number of phases nearest to a shape, 1 to 1000."""
    return min(max(round(shape), 1), 1000)


FAMILIES: dict[str, Family] = {
    family.name: family for family in (Exponential(), Lognormal(), Gamma(), Erlang(), Weibull())
}
"""Families by the name that scenarios give their law."""
