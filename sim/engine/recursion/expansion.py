"""The log that start and end columns stand for, event for event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand.workload import Workload
from sim.engine.compiled.layout import FIRST_CHANGE, OWN_TURN
from sim.engine.network import NEVER, Network, Station
from sim.engine.recursion.times import NotExactError, StationTimes
from sim.engine.turn import PASSENGER_BITS, STATION_BITS, VISIT_BITS, Turn
from sim.events.kinds import CODE, GOES_ON, LEAVES, Kind
from sim.events.log import BLOCK_ROWS, COLUMNS, DTYPES, EventBlock
from sim.scenario.program import GO_LEAVE

AFTERWARDS = 1 << 62
"""Place within a turn of what a passenger does once the station is done with them."""

Column = NDArray[np.int64]


def expand(
    network: Network, workload: Workload, times: tuple[StationTimes, ...]
) -> Iterator[EventBlock]:
    """Events of a day in the order of the log, in blocks.

    Parameters
    ----------
    network, workload
        What `times` was worked out from.
    times : tuple of StationTimes
        Visits as `visit_times` gives them with ``whole=True``.

    Raises
    ------
    NotExactError
        If a service or a patience has no length: it ends in the middle of another's instant.
    """
    for visits in times:
        has_no_length = (visits.completed_us == visits.started_us) & (visits.completed_us >= 0)
        if visits.reneged_us is not None:
            has_no_length |= visits.reneged_us == visits.joined_us
        if has_no_length.any():
            name = network.stations[visits.station].id
            msg = f"a service or a patience at {name} has no length; only the event loop is exact"
            raise NotExactError(msg)
    pages = _Pages()
    for number in range(network.policies):
        pages.add(network.start_us, -1, number, Kind.POLICY_EFFECTIVE, detail=number)
    ordinal = 0
    first_change = {}
    for station in network.stations:
        first_change[station.index] = ordinal
        for at_us, level in station.levels:
            detail = min(level, station.installed) if station.closing == "idle_first" else level
            key = turn_key(Turn.FACILITY, station.index, ordinal, 0)
            pages.add(at_us, key, 0, Kind.SERVERS_CHANGED, station=station.index, detail=detail)
            ordinal += 1
    everyone = np.arange(len(workload))
    ready_us, ready_key = workload.arrival_us.copy(), turn_key(Turn.ARRIVAL, -1, everyone, 0)
    pages.add(
        ready_us, ready_key, 0, Kind.ARRIVED, passenger=everyone, ref=NEVER, detail=workload.traits
    )
    is_here = np.ones(len(workload), dtype=bool)
    for visits in times:
        who = visits.passenger
        _add_choices(pages, visits, ready_us[who], ready_key[who])
        _add_services(pages, network.stations[visits.station], visits, first_change)
        after_us, after_key, leaves = _afterwards(network, workload, visits)
        if visits.reneged_us is not None:
            gave_up = visits.reneged_us >= 0
            pages.add(
                visits.reneged_us,
                after_key,
                0,
                Kind.RENEGED,
                passenger=who,
                station=visits.station,
                visit=visits.visit,
                detail=np.where(leaves, LEAVES, GOES_ON),
                only=gave_up,
            )
        ready_us[who], ready_key[who] = after_us, after_key
        is_here[who[(after_us < 0) | leaves]] = False
    pages.add(ready_us, ready_key, AFTERWARDS, Kind.EXITED, passenger=everyone, only=is_here)
    yield from pages.blocks(network.cut_us)


def turn_key(
    turn: Turn, station: int, passenger: int | NDArray, visit: int | NDArray
) -> NDArray[np.int64]:
    """Turn, station, passenger and visit as one number in that order of weight."""
    key = (turn << STATION_BITS) | (station + 1)
    key = (key << PASSENGER_BITS) | (np.asarray(passenger, dtype=np.int64) + 1)
    return (key << VISIT_BITS) | visit


def _add_choices(pages: _Pages, visits: StationTimes, at_us: Column, key: Column) -> None:
    has_chosen = np.broadcast_to(np.asarray(visits.option >= 0), len(visits))
    pages.add(
        at_us,
        key,
        AFTERWARDS,
        Kind.CHANNEL_CHOSEN,
        passenger=visits.passenger,
        station=visits.station,
        visit=visits.visit,
        detail=visits.option,
        only=has_chosen,
    )


def _add_services(
    pages: _Pages, station: Station, visits: StationTimes, first_change: dict[int, int]
) -> None:
    who, by = visits.passenger, visits.handed_on_by
    place: dict[str, Any] = {"passenger": who, "station": station.index, "visit": visits.visit}
    own = turn_key(Turn.ARRIVAL, station.index, who, visits.visit)
    pages.add(visits.joined_us, own, 0, Kind.QUEUE_JOINED, detail=1, **place)
    visit_of = np.zeros(int(max(who.max(initial=0), by.max(initial=0))) + 1, dtype=np.int64)
    visit_of[who] = visits.visit
    freed = turn_key(Turn.COMPLETION, station.index, by, visit_of[np.maximum(by, 0)])
    change = first_change[station.index] + FIRST_CHANGE - by.astype(np.int64)
    key = np.where(by >= 0, freed, turn_key(Turn.FACILITY, station.index, change, 0))
    key = np.where(by == OWN_TURN, own, key)
    pages.add(
        visits.started_us,
        key,
        1 + np.arange(len(visits)),
        Kind.SERVICE_STARTED,
        detail=1,
        server=visits.server,
        only=visits.started_us >= 0,
        **place,
    )
    pages.add(
        visits.completed_us,
        turn_key(Turn.COMPLETION, station.index, who, visits.visit),
        0,
        Kind.SERVICE_COMPLETED,
        detail=1,
        server=visits.server,
        only=visits.completed_us >= 0,
        **place,
    )


def _afterwards(
    network: Network, workload: Workload, visits: StationTimes
) -> tuple[Column, Column, NDArray[np.bool_]]:
    """When and in whose turn each goes on after a visit (-1: never), and whether they leave."""
    who, station = visits.passenger, visits.station
    served = turn_key(Turn.COMPLETION, station, who, visits.visit)
    if visits.reneged_us is None:
        return visits.completed_us, served, np.zeros(len(visits), dtype=bool)
    gave_up = visits.reneged_us >= 0
    after_us = np.where(gave_up, visits.reneged_us, visits.completed_us)
    key = np.where(gave_up, turn_key(Turn.PATIENCE, station, who, visits.visit), served)
    leaving = [network.steps[slot.step].on_renege == GO_LEAVE for slot in network.slots]
    if workload.route is None:
        slots = [slot.index for slot in network.slots if slot.station == station]
        leaves = np.full(len(visits), leaving[slots[0]])
    else:
        row = workload.first[who] + visits.visit
        leaves = np.array(leaving)[workload.route[row]]
    return after_us, key, leaves & gave_up


class _Pages:
    """Events in no order yet, with what orders them: instant, turn, place within the turn."""

    def __init__(self) -> None:
        self._parts: list[dict[str, NDArray]] = []

    def add(
        self,
        at_us: Column | int,
        key: Column | int,
        place: Column | int,
        kind: Kind,
        *,
        only: NDArray[np.bool_] | None = None,
        **values: NDArray | int,
    ) -> None:
        """Add events of a kind; columns of one length or single values."""
        columns: dict[str, NDArray | int] = {
            "at_us": at_us, "key": key, "place": place, "kind": CODE[kind],
            "passenger": -1, "station": -1, "visit": -1, "server": -1, "ref": -1, "detail": 0,
            **values,
        }  # fmt: skip
        length = max(np.size(column) for column in columns.values())
        is_empty = any(isinstance(c, np.ndarray) and c.shape == (0,) for c in columns.values())
        full = {
            name: np.broadcast_to(column, 0 if is_empty else length).astype(
                DTYPES.get(name, np.dtype(np.int64))
            )
            for name, column in columns.items()
        }
        if only is not None:
            full = {name: column[only] for name, column in full.items()}
        self._parts.append(full)

    def blocks(self, cut_us: int) -> Iterator[EventBlock]:
        """Everything before the cut, in order."""
        columns = {
            name: np.concatenate([part[name] for part in self._parts]) for name in self._parts[0]
        }
        order = np.lexsort((columns["place"], columns["key"], columns["at_us"]))
        if cut_us != NEVER:
            order = order[columns["at_us"][order] < cut_us]
        for first in range(0, len(order), BLOCK_ROWS):
            rows = order[first : first + BLOCK_ROWS]
            seq = np.arange(first, first + len(rows), dtype=np.int64)
            yield EventBlock(seq, *(columns[name][rows] for name in COLUMNS[1:]))
