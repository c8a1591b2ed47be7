"""M/M/c: Poisson arrivals, exponential services, any number of servers, in the long run."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.queueing.erlang_c import erlang_c
from sim.queueing.soundness import long_run_load, non_negative, refuse, share


@dataclass(frozen=True, slots=True)
class MMC:
    """Steady state of an M/M/c queue.

    Attributes
    ----------
    servers : int
    arrival_rate, mean_service : float
        As asked.
    share_waiting : float
        P(W > 0).
    mean_wait : float
        Mean time in the queue, over all arrivals.
    mean_queue : float
        Mean number waiting.
    """

    servers: int
    arrival_rate: float
    mean_service: float
    share_waiting: float
    mean_wait: float
    mean_queue: float

    @property
    def utilisation(self) -> float:
        """Share of the servers' time that is busy."""
        return self.arrival_rate * self.mean_service / self.servers

    def share_beyond(self, time: ArrayLike) -> NDArray[np.float64]:
        """P(W > time): ``C exp(-(c μ - λ) time)``."""
        refuse(non_negative(time=time))
        return self.share_waiting * np.exp(-self._spare * np.asarray(time, dtype=np.float64))

    def share_within(self, time: ArrayLike) -> NDArray[np.float64]:
        """P(W <= time)."""
        return 1 - self.share_beyond(time)

    def quantile(self, share_of_all: float) -> float:
        """Wait that this share of all arrivals does not exceed; 0 where they do not wait."""
        refuse(share(share_of_all=share_of_all))
        if self.share_waiting <= 1 - share_of_all:
            return 0.0
        return math.log(self.share_waiting / (1 - share_of_all)) / self._spare

    @property
    def _spare(self) -> float:
        return self.servers / self.mean_service - self.arrival_rate


def mmc(*, servers: int, arrival_rate: float, mean_service: float) -> MMC:
    """Waits of an M/M/c queue in the long run, first come, first served.

    Parameters
    ----------
    servers : int
        At least 1.
    arrival_rate : float
        Arrivals per unit of time, above 0.
    mean_service : float
        Mean service time in that unit, above 0.

    Raises
    ------
    UnstableSystemError
        If arrivals bring more work than the servers can do.
    TheoryError
        If a number is out of its range.

    Notes
    -----
    Near saturation the steady state is reached only after some ``1 / (c μ (1 - √ρ)²)``; a peak
    shorter than that is a question for `sim.queueing.transient`.

    Examples
    --------
    >>> desk = mmc(servers=3, arrival_rate=2.0, mean_service=1.0)
    >>> round(desk.mean_wait, 9), round(desk.quantile(0.95), 6)
    (0.444444444, 2.184802)
    """
    load = long_run_load(servers=servers, arrival_rate=arrival_rate, mean_service=mean_service)
    waiting = erlang_c(servers=servers, offered_load=load)
    mean_wait = waiting / (servers / mean_service - arrival_rate)
    return MMC(
        servers=servers,
        arrival_rate=arrival_rate,
        mean_service=mean_service,
        share_waiting=waiting,
        mean_wait=mean_wait,
        mean_queue=arrival_rate * mean_wait,
    )
