"""A day in memory: the tables, their growth, and the log's block being filled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand.workload import Workload
from sim.engine.compiled import layout
from sim.engine.compiled.flatten import Array, flatten, lanes_of
from sim.engine.compiled.layout import BLOCK_ROWS, NEVER
from sim.engine.network import Network, boarding_stations
from sim.engine.outlook import outlook_of
from sim.engine.turn import STATION_BITS
from sim.errors import SimError
from sim.events.log import DTYPES, EventBlock

FIRST_REQUESTS = 256
"""Requests there is room for at first; doubled as needed."""

FIRST_ENTRIES = 4_096
"""Entries of the calendar there is room for at first, beyond those of one turn."""

MOST_STATIONS = 1 << STATION_BITS
"""Stations that the order of turns can tell apart; see `sim.engine.turn`."""

LOG_COLUMNS = tuple(name for name in DTYPES if name != "seq")


class World:
    """Everything the compiled loop reads and writes.

    Attributes
    ----------
    record : ndarray, shape ()
        The record `layout.WORLD`: scalars, and addresses of the arrays in `tables`.
    """

    def __init__(self, network: Network, workload: Workload) -> None:
        _refuse_what_does_not_fit(network, workload)
        self.record = np.zeros((), dtype=layout.WORLD)
        self.tables: dict[str, Array] = {}
        self._handed_on = 0
        outlook = outlook_of(network, workload)
        scalars, tables = flatten(outlook, workload)
        for name, value in scalars.items():
            self.record[name] = value
        room = _room(network, workload)
        tables |= _empty_tables(network, workload, room=room, calls=scalars["unsent_columns"])
        self.record["room"] = room
        self.record["entries_room"] = len(tables["calendar"])
        for name, table in tables.items():
            self._place(name, table)
        for name in LOG_COLUMNS:
            self._place(f"log_{name}", np.empty(BLOCK_ROWS + room, DTYPES[name]))

    @property
    def address(self) -> int:
        """Where the record is."""
        return self.record.ctypes.data

    @property
    def rows(self) -> int:
        """Events written and not yet handed on."""
        return int(self.record["rows"])

    def grow(self) -> None:
        """Make twice the room for requests and for entries of the calendar."""
        count = len(self.tables["requests"])
        requests = _longer(self.tables["requests"], count)
        requests["next_free"][count:] = np.arange(count + 1, 2 * count + 1)
        requests["next_free"][-1] = self.record["free_request"]
        self.record["free_request"] = count
        self._place("requests", requests)
        self._place("customers", _longer(self.tables["customers"], count))
        entries = self.tables["calendar"]
        self._place("calendar", _longer(entries, len(entries)))
        self.record["entries_room"] = 2 * len(entries)

    def block(self) -> EventBlock:
        """The first events as a block, in the world's own memory; see `next_block`."""
        taken = min(self.rows, BLOCK_ROWS)
        seq = np.arange(self._handed_on, self._handed_on + taken, dtype=np.int64)
        return EventBlock(seq, *(self.tables[f"log_{name}"][:taken] for name in LOG_COLUMNS))

    def next_block(self, *, reuse: bool) -> None:
        """Let the events beyond those of `block` begin the next one.

        Parameters
        ----------
        reuse : bool
            Whether the memory of the block before may be written over.
        """
        filled = self.rows
        taken = min(filled, BLOCK_ROWS)
        for name in LOG_COLUMNS:
            full = self.tables[f"log_{name}"]
            if reuse:
                full[: filled - taken] = full[taken:filled].copy()
            else:
                fresh = np.empty_like(full)
                fresh[: filled - taken] = full[taken:filled]
                self._place(f"log_{name}", fresh)
        self.record["rows"] = filled - taken
        self._handed_on += taken

    def _place(self, name: str, table: Array) -> None:
        self.tables[name] = table
        self.record[name] = table.ctypes.data


def _refuse_what_does_not_fit(network: Network, workload: Workload) -> None:
    """The loop checks no index: what it could not hold, it must not be given."""
    if len(network.stations) >= MOST_STATIONS:
        msg = f"{len(network.stations):,} stations; the compiled engine takes {MOST_STATIONS - 1:,}"
        raise SimError(msg)
    gates = workload.departure_gate
    journeys = workload.departure_journey
    for number in range(len(network.journeys)):
        own = gates if journeys is None else gates[journeys == number]
        gate = int(own.max(initial=NEVER))
        for station in (network.stations[each] for each in boarding_stations(network, number)):
            if station.by_departure and gate >= max(station.installed, 1):
                msg = f"gate {gate} of a departure is not a server of {station.id}"
                raise SimError(msg)


def _room(network: Network, workload: Workload) -> int:
    """More entries, events and continuations than one turn can add.

    A turn concerns at most everyone served, everyone booked on a departure and a party;
    each may be interrupted or served and begin again with calls.
    """
    served = sum(max(station.places, 1) for station in network.stations)
    batched = sum(station.places * len(station.batch_us) for station in network.stations)
    booked = np.bincount(workload.departure[workload.departure >= 0]).max(initial=0)
    party = int(workload.party_size.max(initial=1))
    calls = max((len(visit.calls) for visit in network.visits), default=0)
    closes = any(mode.closes for mode in network.degradations)
    redirected = 2 * len(workload) if closes else 0  # whoever waits may choose again, and walk
    return int((served + batched + booked + party + 16) * (8 + calls + 2 * party)) + redirected


def _empty_tables(
    network: Network, workload: Workload, *, room: int, calls: int
) -> dict[str, Array]:
    people, stations = len(workload), network.stations
    customers = np.zeros(people + FIRST_REQUESTS, dtype=layout.CUSTOMER)
    customers["traits"][:people] = workload.traits
    customers["departure"][:people] = workload.departure
    journey = 0 if workload.journey is None else workload.journey
    ways = np.array([(each.first_step, each.end_step) for each in network.journeys])
    customers["first_step"][:people], customers["end_step"][:people] = ways[journey].T
    requests = np.zeros(FIRST_REQUESTS, dtype=layout.REQUEST)
    requests["next_free"] = [*range(1, FIRST_REQUESTS), NEVER]
    lines = np.zeros(sum(lanes_of(s) * (len(s.rules) + 1) for s in stations), dtype=layout.LINE)
    lines["head"] = lines["tail"] = NEVER
    servers = np.zeros(sum(station.places for station in stations), dtype=layout.SERVER)
    servers["serving"] = servers["batch"] = NEVER
    servers["idle"] = np.concatenate([np.arange(s.places) for s in stations], dtype=np.int32)
    return {
        "customers": customers,
        "requests": requests,
        "lanes": np.zeros(sum(map(lanes_of, stations)), dtype=layout.LANE),
        "lines": lines,
        "servers": servers,
        "going": np.zeros(room, dtype=layout.GOING),
        "calendar": np.zeros(FIRST_ENTRIES + room, dtype=layout.ENTRY),
        "unsent": np.full(people * calls, NEVER, dtype=np.int64),
    }


def _longer(table: NDArray, rows: int) -> NDArray:
    longer = np.zeros(len(table) + rows, dtype=table.dtype)
    longer[: len(table)] = table
    return longer
