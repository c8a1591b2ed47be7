"""Birth and death: the long-run law of a count that moves by one at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import TheoryError


def stationary(*, births: ArrayLike, deaths: ArrayLike) -> NDArray[np.float64]:
    """Long-run shares of time with 0, 1, …, n present.

    Parameters
    ----------
    births : array_like of float, shape (n,)
        Rate from k to k + 1; zero ends the chain there.
    deaths : array_like of float, shape (n,)
        Rate from k + 1 to k, above 0.

    Returns
    -------
    ndarray of float64, shape (n + 1,)

    Notes
    -----
    ``π(k) ∝ Π births / deaths`` in logarithms, so that a million states neither overflow nor
    vanish; O(n).

    Examples
    --------
    >>> stationary(births=[1.0, 1.0], deaths=[1.0, 2.0]).round(6).tolist()
    [0.4, 0.4, 0.2]
    """
    up, down = np.asarray(births, dtype=np.float64), np.asarray(deaths, dtype=np.float64)
    if up.shape != down.shape or (up < 0).any() or (down <= 0).any():
        message = (
            f"{up.size} birth and {down.size} death rates do not make a chain; give as many of "
            "each, births from 0 on and deaths above 0"
        )
        raise TheoryError(message)
    with np.errstate(divide="ignore"):
        logs = np.concatenate([[0.0], np.cumsum(np.log(up) - np.log(down))])
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()
