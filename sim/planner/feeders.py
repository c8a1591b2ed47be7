"""Which departures the passengers of a queue are for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.workload import Workload

MOST = 5
"""Departures that are named."""

OFTEN = 0.5
"""Share of days on which a departure must be there to be named."""


@dataclass(frozen=True, slots=True)
class Feeder:
    """A departure, and how much of a queue is there for it.

    Attributes
    ----------
    departure : str
        Its id.
    at_us : int
        When it leaves, in the mean of days.
    late : float
        Those of its passengers a day who waited longer than promised.
    """

    departure: str
    at_us: int
    late: float


def departures_of(
    workloads: Sequence[Workload], passengers: Sequence[NDArray[np.int32]]
) -> tuple[int, int] | None:
    """Between which instants nine in ten of some passengers depart; None where nobody does."""
    found = []
    for workload, own in zip(workloads, passengers, strict=True):
        rows = workload.departure[own]
        found.append(workload.departure_us[rows[rows >= 0]])
    instants = np.concatenate(found)
    if not len(instants):
        return None
    low, high = np.quantile(instants, [0.05, 0.95])
    return int(low), int(high)


def feeders_of(
    workloads: Sequence[Workload], passengers: Sequence[NDArray[np.int32]]
) -> tuple[Feeder, ...]:
    """The departures that most of some passengers are for, the largest first.

    Departures are told by their id, so only those that most days have are named.
    """
    late, there, instants = Counter[str](), Counter[str](), Counter[str]()
    for workload, own in zip(workloads, passengers, strict=True):
        names = workload.tables.departures.columns.get("id")
        if names is None or not len(names):
            return ()
        for name, at_us in zip(names.tolist(), workload.departure_us.tolist(), strict=True):
            there[name] += 1
            instants[name] += at_us
        rows = workload.departure[own]
        counts = np.bincount(rows[rows >= 0], minlength=len(names))
        for row in np.flatnonzero(counts).tolist():
            late[names[row]] += int(counts[row])
    often = [name for name in late if there[name] >= OFTEN * len(workloads)]
    first = sorted(often, key=lambda name: (-late[name], instants[name] / there[name], name))
    return tuple(
        Feeder(str(name), round(instants[name] / there[name]), late[name] / len(workloads))
        for name in first[:MOST]
    )
