"""Modified offered load: steady states sized for the load there really is at an instant, MOL."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import TheoryError
from sim.queueing.erlang_c import erlang_c
from sim.queueing.halfin_whitt import margin_for
from sim.queueing.soundness import positive, refuse


def delay_probability(*, load: ArrayLike, servers: ArrayLike) -> NDArray[np.float64]:
    """P(wait) at instants by Erlang C with the offered load of the instant.

    Parameters
    ----------
    load : array_like of float
        m(t) from `sim.queueing.offered_load`, in erlang.
    servers : array_like of int
        Servers open at the same instants.

    Returns
    -------
    ndarray of float64
        1 where the load is at or above the servers.

    Notes
    -----
    Right where staffing follows the load; after an overload it forgets the queue. At a desk with
    a peak load of 1.25 per server it said 0.03 where the exact probability was 0.78.

    References
    ----------
    Jennings, O. B., Mandelbaum, A., Massey, W. A. and Whitt, W. (1996), Management Science 42,
    1383-1394.

    Examples
    --------
    >>> delay_probability(load=[0.8, 1.5], servers=[1, 1]).round(9).tolist()
    [0.8, 1.0]
    """
    loads, counts = np.broadcast_arrays(
        np.asarray(load, dtype=np.float64), np.asarray(servers, dtype=np.int64)
    )
    result = np.ones(loads.shape)
    is_stable = loads < counts
    if is_stable.any():
        result[is_stable] = erlang_c(servers=counts[is_stable], offered_load=loads[is_stable])
    return result


def servers_by_margin(*, load: ArrayLike, margin: float) -> NDArray[np.int64]:
    """Square-root staffing: ``⌈m + β √m⌉`` at every instant."""
    loads = np.asarray(load, dtype=np.float64)
    if (loads < 0).any() or not np.isfinite(loads).all():
        message = f"load must be from 0 on everywhere, got {loads.min():g}"
        raise TheoryError(message)
    # a hair below, so that m + β √m = 30.000000000000004 means 30
    return np.ceil(loads + margin * np.sqrt(loads) - 1e-9).astype(np.int64)


def servers_for_delay(*, load: ArrayLike, share_of_waiting: float) -> NDArray[np.int64]:
    """Square-root staffing for a probability of waiting held through the day.

    Parameters
    ----------
    load : array_like of float
        m(t), in erlang; for a period its highest within the period is the safe choice.
    share_of_waiting : float
        P(wait) aimed at.

    Examples
    --------
    >>> servers_for_delay(load=[100.0, 120.0], share_of_waiting=0.2).tolist()
    [111, 132]
    """
    refuse(positive(share_of_waiting=share_of_waiting))
    return servers_by_margin(load=load, margin=margin_for(share_of_waiting=share_of_waiting))
