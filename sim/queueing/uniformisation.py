"""Uniformisation: a chain in continuous time as a chain of Poisson many steps."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc, gammaln, xlogy


def steps_for(mean: float) -> int:
    """So many steps that a Poisson number with this mean exceeds them once in 1e16."""
    return math.ceil(mean + 8.5 * math.sqrt(mean) + 25)


def poisson_weights(mean: ArrayLike, steps: int) -> NDArray[np.float64]:
    """Chances of 0 … `steps` of Poisson numbers, each row summing to 1.

    Parameters
    ----------
    mean : array_like of float, shape (k,)
    steps : int

    Returns
    -------
    ndarray of float64, shape (k, steps + 1)

    Examples
    --------
    >>> poisson_weights([0.0], 2).tolist()
    [[1.0, 0.0, 0.0]]
    """
    means = np.atleast_1d(np.asarray(mean, dtype=np.float64))[:, None]
    count = np.arange(steps + 1)
    weights = np.exp(xlogy(count, means) - means - gammaln(count + 1.0))
    return weights / weights.sum(axis=1, keepdims=True)


def sojourn_weights(mean: float, steps: int) -> NDArray[np.float64]:
    """Expected time at 0 … `steps`, in mean times between steps, until `mean` of them are over."""
    return gammainc(np.arange(1, steps + 2), mean)
