"""Bulk arrivals: coaches, families and trains bring several at once, M^[X]/M/c."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.errors import TheoryError
from sim.queueing.soundness import positive, refuse, refuse_overload, whole

_MOST = 5_000_000


@dataclass(frozen=True, slots=True)
class Bulk:
    """Steady state of an M^[X]/M/c queue.

    Attributes
    ----------
    mean_wait : float
        Of any customer, the last of a batch as well as the first.
    mean_queue, mean_present : float
    share_all_busy : float
        Share of time in which every server is busy; batches see it, single customers more.
    """

    mean_wait: float
    mean_queue: float
    mean_present: float
    share_all_busy: float


def bulk(
    *, servers: int, batch_rate: float, sizes: Mapping[int, float], mean_service: float
) -> Bulk:
    """Waits where batches arrive at random and their members are served one by one.

    Parameters
    ----------
    servers : int
        At least 1.
    batch_rate : float
        Batches per unit of time.
    sizes : mapping of int to float
        Probability of each batch size, 1 or more.
    mean_service : float
        Of one member, exponential.

    Raises
    ------
    UnstableSystemError
        If arrivals bring more work than the servers can do.
    TheoryError
        If a number is out of its range, or sizes and load are such that queues of millions matter.

    Notes
    -----
    Across each cut: ``min(n + 1, c) μ π(n+1) = λ Σ_i π(i) P(X > n - i)``; positive terms only.

    References
    ----------
    Cromie, M. V., Chaudhry, M. L. and Grassmann, W. K. (1979), Journal of the Operational
    Research Society 30, 755-763.

    Examples
    --------
    >>> round(bulk(servers=4, batch_rate=0.6, sizes={5: 1.0}, mean_service=1.0).mean_wait, 9)
    2.230769231
    """
    refuse(
        whole(servers=servers, least=1),
        positive(batch_rate=batch_rate, mean_service=mean_service),
        *(whole(size=size, least=1) for size in sizes),
    )
    if not sizes or min(sizes.values()) < 0 or abs(sum(sizes.values()) - 1) > 1e-9:
        message = f"sizes = {dict(sizes)}; give probabilities from 0 on that sum to 1"
        raise TheoryError(message)
    mean = sum(size * chance for size, chance in sizes.items())
    second = sum(size * size * chance for size, chance in sizes.items())
    load = batch_rate * mean * mean_service
    refuse_overload(servers=servers, offered_load=load)
    room = load / servers
    reach = servers + int(45 * second / mean / (1 - room)) + 50
    if reach * max(sizes) > 100 * _MOST or reach > _MOST:
        message = (
            f"batches of up to {max(sizes)} at a load of {room:.4f} make queues of {reach}; "
            "simulate, or use the fluid queue"
        )
        raise TheoryError(message)
    shares = _shares(servers, batch_rate * mean_service, sizes, reach)
    counts = np.arange(reach + 1)
    mean_queue = float(np.maximum(counts - servers, 0) @ shares)
    return Bulk(
        mean_wait=mean_queue / (batch_rate * mean),
        mean_queue=mean_queue,
        mean_present=mean_queue + load,
        share_all_busy=float(shares[servers:].sum()),
    )


def _shares(servers: int, rate: float, sizes: Mapping[int, float], reach: int) -> np.ndarray:
    longest = max(sizes)
    beyond = np.array([sum(p for x, p in sizes.items() if x > k) for k in range(longest)])
    backwards = beyond[::-1].copy()
    shares = np.zeros(reach + 1)
    shares[0] = 1.0
    for n in range(reach):
        first = max(0, n - longest + 1)
        crossing = rate * (shares[first : n + 1] @ backwards[longest - (n - first) - 1 :])
        shares[n + 1] = crossing / min(n + 1, servers)
        if shares[n + 1] > 1e250:  # only ratios matter
            shares[: n + 2] /= 1e250
    return shares / shares.sum()
