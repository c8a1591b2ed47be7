"""D/M/c exactly: evenly spaced arrivals, exponential services."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import expm

from sim.queueing.root import root
from sim.queueing.soundness import non_negative, positive, refuse, refuse_overload, whole


@dataclass(frozen=True, slots=True)
class DMC:
    """Steady state of a D/M/c queue, seen by arrivals.

    Attributes
    ----------
    share_waiting, mean_wait, mean_queue : float
    decay : float
        σ: each customer more ahead is less likely by this factor.
    """

    servers: int
    mean_service: float
    share_waiting: float
    mean_wait: float
    mean_queue: float
    decay: float

    def share_beyond(self, time: ArrayLike) -> NDArray[np.float64]:
        """P(W > time): exponential for those who wait."""
        refuse(non_negative(time=time))
        rate = self.servers / self.mean_service * (1 - self.decay)
        return self.share_waiting * np.exp(-rate * np.asarray(time, dtype=np.float64))


def dmc(*, servers: int, interval: float, mean_service: float) -> DMC:
    """Waits where somebody comes every so often, exactly on time.

    Parameters
    ----------
    servers : int
        At least 1.
    interval, mean_service : float
        Time between arrivals and mean service, above 0.

    Raises
    ------
    UnstableSystemError
        If arrivals bring more work than the servers can do.
    TheoryError
        If a number is out of its range.

    Notes
    -----
    The number found by arrivals is a Markov chain, geometric from c - 1 on with the root of
    ``σ = exp(-c (1 - σ) T / E[S])``; the chain below c comes from the exponential of the death
    process over one interval.

    References
    ----------
    Kendall, D. G. (1953), Annals of Mathematical Statistics 24, 338-354.

    Examples
    --------
    >>> round(dmc(servers=2, interval=1 / 1.8, mean_service=1.0).mean_wait, 9)
    1.932988941
    """
    refuse(
        whole(servers=servers, least=1),
        positive(interval=interval, mean_service=mean_service),
    )
    load = mean_service / interval
    refuse_overload(servers=servers, offered_load=load)
    decay = _decay(servers / load)
    most = int(servers + servers / load + 12 * math.sqrt(servers / load) + 60)
    found = _found(servers, interval / mean_service, decay, most)
    waiting = float(found[servers - 1]) * decay / (1 - decay)
    mean_wait = waiting * mean_service / (servers * (1 - decay))
    return DMC(servers, mean_service, waiting, mean_wait, mean_wait / interval, decay)


def _decay(ratio: float) -> float:
    """Root below 1 of ``σ = exp(-ratio (1 - σ))``."""

    def excess(gap: float) -> float:  # in 1 - σ, which may be tiny
        return -math.expm1(-ratio * gap) - gap

    return 1 - (root(excess, 1e-15, 1.0) if excess(1e-15) > 0 else 0.0)


def _found(servers: int, interval: float, decay: float, most: int) -> NDArray[np.float64]:
    """Law of the number found by an arrival, 0 to servers - 1, geometric beyond."""
    deaths = np.minimum(np.arange(most + 1), servers).astype(np.float64)
    generator = np.diag(deaths[1:], -1) - np.diag(deaths)
    after = expm(generator * interval)[1:, :]  # row i: from i found, i + 1 with oneself
    states = servers
    # fold the geometric part into the column of servers - 1
    balance = np.zeros((states, states))
    balance[: states - 1] = after[: states - 1, :states]
    powers = decay ** np.arange(most - states + 1)
    balance[states - 1] = powers @ after[states - 1 :, :states]
    # balance equations of 0 … servers - 2, and all chances sum to 1
    system = (balance.T - np.eye(states)).copy()
    system[-1] = 1.0
    system[-1, -1] = 1 / (1 - decay)
    right = np.zeros(states)
    right[-1] = 1.0
    return np.asarray(np.linalg.solve(system, right), dtype=np.float64)
