"""Erlang's delay law: whoever finds every server busy waits."""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.queueing.erlang_b import erlang_b
from sim.queueing.soundness import non_negative, refuse, refuse_overload, whole


@overload
def erlang_c(  # pyright: ignore[reportOverlappingOverload] - a number gives a number
    *, servers: int, offered_load: float
) -> float: ...
@overload
def erlang_c(*, servers: ArrayLike, offered_load: ArrayLike) -> NDArray[np.float64]: ...
def erlang_c(*, servers: ArrayLike, offered_load: ArrayLike) -> float | NDArray[np.float64]:
    """Probability that an arrival to an M/M/c queue has to wait.

    Parameters
    ----------
    servers : int or array_like of int
        Number of parallel servers *c*, at least 1.
    offered_load : float or array_like of float
        Offered load *a = λ / μ* in erlang, non-negative and below `servers`.

    Returns
    -------
    float, or ndarray of float64
        P(W > 0), in [0, 1).

    Raises
    ------
    UnstableSystemError
        If ``offered_load >= servers``.
    TheoryError
        If a number is out of its range.

    Notes
    -----
    ``C = B / (1 - ρ (1 - B))`` with Erlang's loss probability B and ``ρ = a / c``.

    References
    ----------
    Erlang, A. K. (1917), The Post Office Electrical Engineers' Journal 10, 189-197.

    Examples
    --------
    >>> round(erlang_c(servers=1, offered_load=0.8), 12)
    0.8
    """
    refuse(whole(servers=servers, least=1), non_negative(offered_load=offered_load))
    refuse_overload(servers=servers, offered_load=offered_load)
    lost = erlang_b(servers=servers, offered_load=offered_load)
    load = np.asarray(offered_load, dtype=np.float64) / np.asarray(servers)
    waiting = lost / (1 - load * (1 - lost))
    return float(waiting) if np.ndim(waiting) == 0 else waiting
