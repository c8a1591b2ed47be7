"""Platoons: a train empties at once onto gates that nobody else uses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc

from sim.queueing.soundness import non_negative, positive, refuse, whole


@dataclass(frozen=True, slots=True)
class Platoon:
    """What a platoon of `size` goes through at `servers` gates.

    Attributes
    ----------
    mean_wait : float
        Over all of the platoon.
    last_wait : float
        Of the last to start, its mean where services vary.
    mean_clearing : float
        Until the last has passed.
    """

    size: int
    servers: int
    mean_service: float
    is_even: bool
    mean_wait: float
    last_wait: float
    mean_clearing: float

    def waits(self) -> NDArray[np.float64]:
        """Mean wait of the first, second, … of the platoon."""
        place = np.arange(self.size)
        if self.is_even:
            return np.asarray(self.mean_service * (place // self.servers), dtype=np.float64)
        return self.mean_service / self.servers * np.maximum(place - self.servers + 1, 0)

    def last_within(self, time: ArrayLike) -> NDArray[np.float64]:
        """Probability that nobody waits longer than `time`."""
        refuse(non_negative(time=time))
        times = np.asarray(time, dtype=np.float64)
        if self.is_even or self.size <= self.servers:
            return np.asarray(times >= self.last_wait).astype(np.float64)
        return gammainc(self.size - self.servers, times * self.servers / self.mean_service)


def even_platoon(*, size: int, servers: int, service: float) -> Platoon:
    """A platoon at gates that take equally long for everyone.

    Parameters
    ----------
    size, servers : int
        At least 1.
    service : float
        Above 0.

    Raises
    ------
    TheoryError
        If a number is out of its range.

    Notes
    -----
    The k-th waits ``s ⌊(k - 1) / c⌋``.

    Examples
    --------
    >>> even_platoon(size=240, servers=8, service=2.0).last_wait
    58.0
    """
    refuse(whole(size=size, servers=servers, least=1), positive(service=service))
    rounds, rest = divmod(size, servers)
    total = service * (servers * rounds * (rounds - 1) / 2 + rest * rounds)
    last = float(service * ((size - 1) // servers))
    return Platoon(size, servers, service, True, total / size, last, last + service)


def exponential_platoon(*, size: int, servers: int, mean_service: float) -> Platoon:
    """A platoon at gates with exponential times.

    Parameters
    ----------
    size, servers : int
        At least 1.
    mean_service : float
        Above 0.

    Raises
    ------
    TheoryError
        If a number is out of its range.

    Notes
    -----
    The k-th waits an Erlang time of ``k - c`` phases of ``E[S] / c``; the last c leave like the
    maximum of c exponential times.

    Examples
    --------
    >>> round(exponential_platoon(size=240, servers=8, mean_service=2.0).mean_wait, 9)
    28.154166667
    """
    refuse(whole(size=size, servers=servers, least=1), positive(mean_service=mean_service))
    behind = max(size - servers, 0)
    phase = mean_service / servers
    together = min(size, servers)
    clearing = behind * phase + mean_service * sum(1 / k for k in range(1, together + 1))
    mean_wait = behind * (behind + 1) / (2 * size) * phase
    return Platoon(size, servers, mean_service, False, mean_wait, behind * phase, clearing)
