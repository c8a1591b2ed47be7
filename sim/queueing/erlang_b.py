"""Erlang's loss law: nobody waits, who finds every server busy is lost."""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.queueing.soundness import non_negative, refuse, whole

_CHUNK = 16_384
"""Loads worked on together: few enough to stay in the processor's cache."""


@overload
def erlang_b(  # pyright: ignore[reportOverlappingOverload] - a number gives a number
    *, servers: int, offered_load: float
) -> float: ...
@overload
def erlang_b(*, servers: ArrayLike, offered_load: ArrayLike) -> NDArray[np.float64]: ...
def erlang_b(*, servers: ArrayLike, offered_load: ArrayLike) -> float | NDArray[np.float64]:
    """Probability that an arrival to an M/G/c/c system is lost.

    Parameters
    ----------
    servers : int or array_like of int
        Number of parallel servers *c* (desks, parking spaces), 0 or more.
    offered_load : float or array_like of float
        Offered load *a = λ E[S]* in erlang, non-negative; broadcast with `servers`.

    Returns
    -------
    float, or ndarray of float64
        Share of arrivals lost, in [0, 1].

    Raises
    ------
    TheoryError
        If a number is out of its range.

    Notes
    -----
    ``B(k) = a B(k-1) / (k + a B(k-1))`` from ``B(0) = 1``: only positive terms, so no digits
    are lost at any size; c steps for each load. Exact for every service law with that mean.

    References
    ----------
    Erlang, A. K. (1917), The Post Office Electrical Engineers' Journal 10, 189-197.

    Examples
    --------
    >>> round(erlang_b(servers=5, offered_load=3.0), 9)
    0.110054348
    """
    refuse(whole(servers=servers, least=0), non_negative(offered_load=offered_load))
    if np.ndim(servers) == 0 and np.ndim(offered_load) == 0:
        return _scalar(int(np.asarray(servers)), float(np.asarray(offered_load)))
    counts, loads = np.broadcast_arrays(np.asarray(servers), np.asarray(offered_load, np.float64))
    flat_counts, flat_loads = counts.ravel(), loads.ravel()
    result = np.empty(flat_loads.shape)
    for begin in range(0, len(result), _CHUNK):
        part = slice(begin, begin + _CHUNK)
        result[part] = _chunk(flat_counts[part], flat_loads[part])
    return result.reshape(loads.shape)


def _scalar(servers: int, load: float) -> float:
    lost = 1.0
    for k in range(1, servers + 1):
        offered = load * lost
        lost = offered / (k + offered)
    return lost


def _chunk(servers: NDArray[np.int64], loads: NDArray[np.float64]) -> NDArray[np.float64]:
    lost = np.ones(loads.shape)
    offered = np.empty(loads.shape)
    fewest = int(servers.min(initial=np.iinfo(np.int64).max))
    for k in range(1, int(servers.max(initial=0)) + 1):
        np.multiply(loads, lost, out=offered)
        if k <= fewest:
            np.divide(offered, k + offered, out=lost)
        else:
            lost = np.where(k <= servers, offered / (k + offered), lost)
    return lost
