"""A lognormal law seen through a window: what lies beyond an edge counts as the edge.

Nobody shows up later than the scenario's latest or earlier than its earliest: the model
clips the margin, and in a real log those beyond are so few and so odd that they are better
counted than believed. Their number still says where the law lies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.calibration.families import FAMILIES
from sim.calibration.goodness import BOOTSTRAPS, anderson_darling
from sim.calibration.profile import Bounds, exponentials, least, profile_interval
from sim.calibration.sample import Sample

Floats = NDArray[np.float64]

_STEPS = 60
_LOGNORMAL = FAMILIES["lognormal"]


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Observations with the edges each was seen through.

    Attributes
    ----------
    x : ndarray of float64
        Values, clipped to the edges.
    low, high : ndarray of float64
        Edges of each; a value within `slack` of one is beyond it.
    slack : float
        Rounding of the values.
    """

    x: Floats
    low: Floats
    high: Floats
    slack: float

    @property
    def is_below(self) -> NDArray[np.bool_]:
        """Who is known only to be at most the lower edge."""
        return self.x <= self.low + self.slack

    @property
    def is_above(self) -> NDArray[np.bool_]:
        """Who is known only to be at least the upper edge."""
        return self.x >= self.high - self.slack

    @property
    def is_inside(self) -> NDArray[np.bool_]:
        """Who was seen as they were."""
        return ~(self.is_below | self.is_above)

    def sample(self) -> Sample:
        """The same as a censored sample."""
        above, above_counts = np.unique(self.high[self.is_above], return_counts=True)
        below, below_counts = np.unique(self.low[self.is_below], return_counts=True)
        return Sample(
            exact=self.x[self.is_inside],
            above=above,
            above_counts=above_counts.astype(np.float64),
            below=below,
            below_counts=below_counts.astype(np.float64),
        )


@dataclass(frozen=True, slots=True)
class ClippedFit:
    """Mean and standard deviation before clipping, with 95 % profile-likelihood intervals."""

    mean: float
    sd: float
    mean_bounds: Bounds
    sd_bounds: Bounds
    n: int
    clipped: int
    p_value: float | None


def fit_clipped(window: Window, *, test: bool = True, seed: int = 0) -> ClippedFit:
    """Maximum likelihood of the lognormal law behind a window (Tobin 1958, on logarithms)."""
    sample = window.sample()
    plain = _LOGNORMAL.likelihood(sample)

    def minus_log(log_mean: float, log_sd: float) -> float:
        cv = math.exp(min(log_sd - log_mean, 40.0))
        return plain(log_mean, math.log(_LOGNORMAL.theta(cv)))

    middle = float(window.x.mean())
    start = math.log(middle), math.log(max(float(window.x.std()), 1e-3 * middle))
    best = least(minus_log, start=start)
    mean, sd = math.exp(best[0]), math.exp(best[1])
    return ClippedFit(
        mean=mean,
        sd=sd,
        mean_bounds=exponentials(profile_interval(minus_log, best=best, which=0)),
        sd_bounds=exponentials(profile_interval(minus_log, best=best, which=1)),
        n=sample.n,
        clipped=sample.censored,
        p_value=_p_value(window, mean=mean, sd=sd, seed=seed) if test else None,
    )


def _p_value(window: Window, *, mean: float, sd: float, seed: int) -> float | None:
    """Anderson-Darling of those inside, given that they are, by parametric bootstrap."""
    if np.count_nonzero(window.is_inside) < 8:
        return None
    variance = math.log1p((sd / mean) ** 2)
    mu = math.log(mean) - variance / 2
    low, high = np.log(window.low), np.log(window.high)
    rng = np.random.default_rng(seed)
    seen = _distance(np.log(window.x), window.is_inside, (mu, variance), low=low, high=high)
    worse = 0
    for _ in range(BOOTSTRAPS):
        logs = rng.normal(mu, variance**0.5, len(window.x))
        inside = (logs > low) & (logs < high)
        again = _moments(logs, inside, low, high, start=(mu, variance))
        worse += _distance(logs, inside, again, low=low, high=high) >= seen
    return (1 + worse) / (BOOTSTRAPS + 1)


def _distance(
    logs: Floats,
    inside: NDArray[np.bool_],
    moments: tuple[float, float],
    *,
    low: Floats,
    high: Floats,
) -> float:
    mu, sigma = moments[0], moments[1] ** 0.5
    at, floor, ceiling = (special.ndtr((edge[inside] - mu) / sigma) for edge in (logs, low, high))
    u = (at - floor) / np.maximum(ceiling - floor, 1e-300)
    return float(anderson_darling(u)) if len(u) else math.inf


def _moments(
    logs: Floats,
    inside: NDArray[np.bool_],
    low: Floats,
    high: Floats,
    *,
    start: tuple[float, float],
) -> tuple[float, float]:
    """Mean and variance of clipped normals by expectation and maximisation."""
    seen = logs[inside]
    total, squares, n = float(seen.sum()), float((seen * seen).sum()), len(logs)
    edges, counts, signs = _edges(logs, low, high)
    mu, variance = start
    for _ in range(_STEPS):
        sigma = variance**0.5
        z = signs * (edges - mu) / sigma
        hazard = np.exp(-z * z / 2 - special.log_ndtr(-z)) / math.sqrt(2 * math.pi)
        first = mu + signs * sigma * hazard
        second = mu * mu + variance + signs * sigma * hazard * (edges + mu)
        before = mu, variance
        mu = (total + float(counts @ first)) / n
        variance = max((squares + float(counts @ second)) / n - mu * mu, 1e-12)
        if abs(mu - before[0]) + abs(variance - before[1]) < 1e-7:
            break
    return mu, variance


def _edges(logs: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats, Floats]:
    """Edges that hide somebody, how many each, and on which side those are."""
    below, below_counts = np.unique(low[logs <= low], return_counts=True)
    above, above_counts = np.unique(high[logs >= high], return_counts=True)
    return (
        np.concatenate([below, above]),
        np.concatenate([below_counts, above_counts]).astype(np.float64),
        np.concatenate([-np.ones(len(below)), np.ones(len(above))]),
    )
