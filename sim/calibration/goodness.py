"""Whether a fitted law could have brought what was seen: a parametric bootstrap."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.calibration.families import Family

Floats = NDArray[np.float64]

BOOTSTRAPS = 199
"""Samples drawn from the fitted law; the smallest p-value is 1 in 200."""

MOST = 2_000
"""Durations tested; more would find fault with any law there is."""


def anderson_darling(u: Floats) -> Floats:
    """Distance of probabilities from uniform, with weight on both tails, row by row.

    Notes
    -----
    ``A² = -n - Σ (2i - 1) (ln u₍ᵢ₎ + ln(1 - u₍ₙ₊₁₋ᵢ₎)) / n`` (Anderson and Darling 1954).
    """
    u = np.clip(np.sort(u, axis=-1), 1e-12, 1 - 1e-12)
    n = u.shape[-1]
    weights = 2 * np.arange(1, n + 1) - 1
    return -n - ((np.log(u) + np.log1p(-u[..., ::-1])) @ weights) / n


def kolmogorov_smirnov(u: Floats) -> float:
    """Largest distance between the observed and the fitted distribution function."""
    u = np.sort(u)
    n = len(u)
    return float(np.maximum(np.arange(1, n + 1) / n - u, u - np.arange(n) / n).max())


def fit_p_value(
    x: Floats, family: Family, *, mean: float, theta: float, rng: np.random.Generator
) -> float:
    """Share of samples from the fitted law that look worse than the one seen.

    Parameters
    ----------
    x : ndarray of float64
        Exact durations; of more than `MOST`, that many are taken at random.
    family, mean, theta
        The law fitted to them.
    rng : Generator
        Chance of the bootstrap.

    Notes
    -----
    Every sample is fitted anew, since a law fits the data it was fitted to better than
    those it was not (Stute, Manteiga and Quindimil 1993).
    """
    if len(x) > MOST:
        x = rng.choice(x, MOST, replace=False)
        means, thetas = family.fit_rows(x[None])
        mean, theta = float(means[0]), float(thetas[0])
    seen = float(anderson_darling(family.cdf(x, mean, theta)))
    drawn = family.draw(rng.random((BOOTSTRAPS, len(x))), mean, theta)
    drawn = np.maximum(drawn, 1e-12 * mean)
    means, thetas = family.fit_rows(drawn)
    others = anderson_darling(family.cdf(drawn, means[:, None], thetas[:, None]))
    return float((1 + np.count_nonzero(others >= seen)) / (BOOTSTRAPS + 1))
