"""M/PH/1: the law of the wait at one server with phase-type services."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import expm

from sim.queueing.mg1 import mg1
from sim.queueing.phase_type import PhaseType
from sim.queueing.soundness import non_negative, refuse


@dataclass(frozen=True, slots=True, eq=False)
class MPH1:
    """Steady state of an M/PH/1 queue; the wait is of phase type itself."""

    share_waiting: float
    mean_wait: float
    initial: NDArray[np.float64]
    generator: NDArray[np.float64]

    def share_beyond(self, time: ArrayLike) -> NDArray[np.float64]:
        """P(W > time)."""
        refuse(non_negative(time=time))
        times = np.asarray(time, dtype=np.float64)
        tails = [float((self.initial @ expm(self.generator * x)).sum()) for x in times.flat]
        return np.reshape(tails, times.shape)

    def share_within(self, time: ArrayLike) -> NDArray[np.float64]:
        """P(W <= time)."""
        return 1 - self.share_beyond(time)


def mph1(*, arrival_rate: float, service: PhaseType) -> MPH1:
    """Wait at one server, first come, first served; exact.

    Parameters
    ----------
    arrival_rate : float
        Above 0.
    service : PhaseType

    Raises
    ------
    UnstableSystemError
        If arrivals bring more work than the server can do.

    Notes
    -----
    A wait is a geometric number of residual services (Pollaczek-Khinchine): phases start in
    ``ρ π`` and go on with rates ``T + ρ t π``, π being the stationary phase of a renewal.

    References
    ----------
    Neuts, M. F. (1981), Matrix-Geometric Solutions in Stochastic Models, section 5.1.

    Examples
    --------
    >>> from sim.queueing.phase_type import erlang
    >>> queue = mph1(arrival_rate=0.8, service=erlang(phases=2, mean=1.0))
    >>> round(float(queue.share_beyond(1.0)), 9)
    0.624302572
    """
    steady = mg1(arrival_rate=arrival_rate, mean_service=service.mean, scv=service.scv)
    load = steady.share_waiting
    residual = service.initial @ np.linalg.inv(-service.generator) / service.mean
    return MPH1(
        share_waiting=load,
        mean_wait=steady.mean_wait,
        initial=load * residual,
        generator=service.generator + load * np.outer(service.ending, residual),
    )
