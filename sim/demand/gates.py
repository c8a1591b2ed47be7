"""Gates for departures that have none: the lowest free one, else the one free soonest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand.departures import Departures
from sim.errors import Fault, ScenarioError
from sim.scenario.clock import US_PER_S, to_us
from sim.scenario.opening import installed_servers
from sim.scenario.program import Program, Slot

DEFAULT_OPENS_MIN = 40.0
"""How long a departure holds its gate where the boarding step does not say (assumed)."""


def gates_of(departures: Departures, program: Program, *, day_starts: int) -> NDArray[np.int32]:
    """Gate of each departure, -1 where no boarding station has lanes by departure.

    Raises
    ------
    ScenarioError
        If a departure names a gate that is not installed.
    """
    boarding = [
        slot for slot in program.slots if slot.visit.boards and slot.spec.lanes == "by_departure"
    ]
    if not boarding:
        return departures.gate
    gates = min(installed_servers(slot.spec, start_us=to_us(day_starts)) for slot in boarding)
    _check(departures, gates=gates, station=boarding[0].spec.id)
    return assign_gates(
        at_us=departures.at_us,
        given=departures.gate,
        gates=gates,
        opens_us=max(_opens_us(slot) for slot in boarding),
    )


def assign_gates(
    *, at_us: NDArray[np.int64], given: NDArray[np.int32], gates: int, opens_us: int
) -> NDArray[np.int32]:
    """Give each departure a gate from the opening of boarding until it leaves.

    Parameters
    ----------
    at_us : ndarray of int64
        Instants of departure, not decreasing.
    given : ndarray of int32
        Gates already decided, or -1; they are kept.
    gates : int
        Gates installed.
    opens_us : int
        How long before departure boarding opens.

    Returns
    -------
    ndarray of int32
        The lowest gate free at the opening; where none is, the one free soonest.

    Examples
    --------
    >>> at = np.array([40, 50, 90, 95]) * 60_000_000
    >>> nowhere = np.full(4, -1, dtype=np.int32)
    >>> assign_gates(at_us=at, given=nowhere, gates=9, opens_us=2_400_000_000).tolist()
    [0, 1, 0, 1]
    """
    assert gates > 0, "no gate is installed"
    held_until = np.full(gates, np.iinfo(np.int64).min)
    chosen = given.copy()
    for row, leaves_us in enumerate(at_us.tolist()):
        if chosen[row] < 0:
            is_free = held_until <= leaves_us - opens_us
            chosen[row] = is_free.argmax() if is_free.any() else held_until.argmin()
        held_until[chosen[row]] = leaves_us
    return chosen


def _check(departures: Departures, *, gates: int, station: str) -> None:
    faults = [
        Fault(
            f"departure {name} leaves from gate {gate}, but {station} has {gates} installed; "
            f"number them from 0 to {gates - 1}",
            key="demand.departures",
        )
        for name, gate in zip(departures.id, departures.gate.tolist(), strict=True)
        if gate >= gates
    ]
    if gates == 0 and len(departures):
        faults.append(Fault("no server is installed", key=f"stations.{station}.servers"))
    if faults:
        raise ScenarioError(faults)


def _opens_us(slot: Slot) -> int:
    opens = slot.visit.opens_before_min
    minutes = DEFAULT_OPENS_MIN if opens is None else opens.value
    return round(minutes * 60 * US_PER_S)
