"""M/M/c//N: so many customers in all, each of whom comes back after a time away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.queueing.birth_death import stationary
from sim.queueing.soundness import positive, refuse, whole


@dataclass(frozen=True, slots=True, eq=False)
class MachineRepair:
    """Steady state with a finite population.

    Attributes
    ----------
    shares : ndarray of float64, shape (population + 1,)
        Share of time with so many present (seen from outside; an arrival sees one fewer in all).
    throughput : float
        Services per unit of time.
    mean_wait, mean_queue, mean_present : float
    """

    shares: NDArray[np.float64]
    throughput: float
    mean_wait: float
    mean_queue: float
    mean_present: float


def machine_repair(
    *, servers: int, population: int, call_rate: float, mean_service: float
) -> MachineRepair:
    """Waits where few customers keep coming back, such as gates that break down.

    Parameters
    ----------
    servers : int
        Repairers, at least 1.
    population : int
        Customers in all, at least 1.
    call_rate : float
        Rate at which one who is away comes back, above 0.
    mean_service : float
        Above 0, in the same unit of time.

    Raises
    ------
    TheoryError
        If a number is out of its range.

    Examples
    --------
    >>> found = machine_repair(servers=1, population=5, call_rate=0.1, mean_service=1.0)
    >>> round(float(found.shares[0]), 9), round(found.mean_wait, 9)
    (0.563952177, 0.466632178)
    """
    refuse(
        whole(servers=servers, population=population, least=1),
        positive(call_rate=call_rate, mean_service=mean_service),
    )
    counts = np.arange(population + 1)
    shares = stationary(
        births=(population - counts[:-1]) * call_rate,
        deaths=np.minimum(counts[1:], servers) / mean_service,
    )
    mean_queue = float(np.maximum(counts - servers, 0) @ shares)
    mean_present = float(counts @ shares)
    throughput = call_rate * (population - mean_present)
    return MachineRepair(
        shares=shares,
        throughput=throughput,
        mean_wait=mean_queue / throughput,
        mean_queue=mean_queue,
        mean_present=mean_present,
    )
