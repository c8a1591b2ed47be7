"""Logs written by hand: one line per event, times in seconds."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock, SideTable, SideTables, block_from_rows
from sim.events.memory import MemoryLog, remember
from sim.scenario.spec import ScenarioSpec

Row = tuple[int, int, int, int, int, int, int, int]


class Story:
    """Events in order, with names for stations and seconds for instants."""

    def __init__(self, *stations: str, unit_us: int = 1_000_000) -> None:
        self.stations = stations
        self.unit_us = unit_us
        self.rows: list[Row] = []

    def add(
        self,
        at: float,
        kind: Kind,
        passenger: int = -1,
        station: str = "",
        *,
        visit: int = -1,
        server: int = -1,
        ref: int = -1,
        detail: int = 0,
    ) -> Story:
        place = self.stations.index(station) if station else -1
        at_us = round(at * self.unit_us)
        self.rows.append((at_us, CODE[kind], passenger, place, visit, server, ref, detail))
        return self

    # -- the facility

    def open(self, at: float, station: str, servers: int) -> Story:
        return self.add(at, Kind.SERVERS_CHANGED, station=station, detail=servers)

    def fails(self, at: float, station: str, server: int, up: int) -> Story:
        return self.add(at, Kind.OUTAGE_STARTED, station=station, server=server, detail=up)

    def repaired(self, at: float, station: str, server: int, up: int) -> Story:
        return self.add(at, Kind.OUTAGE_ENDED, station=station, server=server, detail=up)

    # -- passengers

    def arrived(self, at: float, *passengers: int, ref: int = -1) -> Story:
        for passenger in passengers:
            self.add(at, Kind.ARRIVED, passenger, ref=ref)
        return self

    def joined(
        self, at: float, passenger: int, station: str, visit: int = 0, persons: int = 1
    ) -> Story:
        return self.add(at, Kind.QUEUE_JOINED, passenger, station, visit=visit, detail=persons)

    def started(
        self, at: float, passenger: int, station: str, server: int, visit: int = 0, ref: int = -1
    ) -> Story:
        return self._service(at, Kind.SERVICE_STARTED, passenger, station, server, visit, ref)

    def paused(self, at: float, passenger: int, station: str, server: int, visit: int = 0) -> Story:
        return self._service(at, Kind.SERVICE_PAUSED, passenger, station, server, visit)

    def resumed(
        self, at: float, passenger: int, station: str, server: int, visit: int = 0
    ) -> Story:
        return self._service(at, Kind.SERVICE_RESUMED, passenger, station, server, visit)

    def interrupted(
        self, at: float, passenger: int, station: str, server: int, visit: int = 0, ref: int = -1
    ) -> Story:
        return self._service(at, Kind.SERVICE_INTERRUPTED, passenger, station, server, visit, ref)

    def completed(
        self, at: float, passenger: int, station: str, server: int, visit: int = 0, ref: int = -1
    ) -> Story:
        return self._service(at, Kind.SERVICE_COMPLETED, passenger, station, server, visit, ref)

    def balked(
        self, at: float, passenger: int, station: str, visit: int = 0, *, leaves: bool = True
    ) -> Story:
        detail = int(leaves)
        return self.add(at, Kind.BALKED, passenger, station, visit=visit, detail=detail)

    def reneged(
        self, at: float, passenger: int, station: str, visit: int = 0, *, leaves: bool = True
    ) -> Story:
        detail = int(leaves)
        return self.add(at, Kind.RENEGED, passenger, station, visit=visit, detail=detail)

    def timed_out(self, at: float, passenger: int, station: str, visit: int = 0) -> Story:
        return self.add(at, Kind.CALL_TIMED_OUT, passenger, station, visit=visit)

    def match(
        self, at: float, kind: Kind, passenger: int, station: str, server: int, attempt: int
    ) -> Story:
        return self.add(at, kind, passenger, station, visit=0, server=server, detail=attempt)

    def missed(
        self, at: float, passenger: int, station: str = "", visit: int = -1, ref: int = 0
    ) -> Story:
        return self.add(at, Kind.MISSED_DEPARTURE, passenger, station, visit=visit, ref=ref)

    def boarded(
        self, at: float, passenger: int, station: str, server: int, visit: int = 0, ref: int = 0
    ) -> Story:
        kind = Kind.BOARDED
        return self.add(at, kind, passenger, station, visit=visit, server=server, ref=ref)

    def exited(self, at: float, *passengers: int) -> Story:
        for passenger in passengers:
            self.add(at, Kind.EXITED, passenger)
        return self

    def served(
        self,
        passenger: int,
        station: str,
        *,
        joins: float,
        starts: float,
        ends: float,
        server: int = 0,
        visit: int = 0,
    ) -> Story:
        """A whole visit; only where its events need not mingle with others."""
        self.joined(joins, passenger, station, visit)
        self.started(starts, passenger, station, server, visit)
        return self.completed(ends, passenger, station, server, visit)

    # -- what becomes of them

    def block(self) -> EventBlock:
        return block_from_rows(self.rows, first_seq=0)

    def log(self, *, parties: Sequence[int] | None = None) -> MemoryLog:
        people = 1 + max((row[2] for row in self.rows), default=-1)
        tables = tables_of(parties if parties is not None else range(people))
        return remember([self.block()], stations=self.stations, tables=tables)

    def _service(
        self,
        at: float,
        kind: Kind,
        passenger: int,
        station: str,
        server: int,
        visit: int,
        ref: int = -1,
    ) -> Story:
        return self.add(at, kind, passenger, station, visit=visit, server=server, ref=ref, detail=1)


def in_order(story: Story) -> Story:
    """The same events by time; those of an instant keep their order."""
    story.rows.sort(key=lambda row: row[0])
    return story


def tables_of(parties: Iterable[int], departures: int = 9) -> SideTables:
    return SideTables(
        passengers=SideTable({"party": np.array(list(parties), dtype=np.int32)}),
        departures=SideTable({"at_us": np.zeros(departures, dtype=np.int64)}),
        galleries=SideTable({"size": np.zeros(0, dtype=np.int64)}),
    )


def cut(block: EventBlock, *places: int) -> Iterator[EventBlock]:
    """A block in pieces."""
    bounds = [0, *sorted(min(place, len(block)) for place in places), len(block)]
    for low, high in itertools.pairwise(bounds):
        yield block[low:high]


def spec_of(*stations: str | dict[str, Any], **more: Any) -> ScenarioSpec:
    """A scenario of such stations; a name alone is a plain station."""
    tables = [{"id": each} if isinstance(each, str) else each for each in stations]
    return ScenarioSpec.model_validate(
        {
            "id": "test",
            "kind": "generic",
            "demand": {"trace": "none.csv"},
            "stations": [{"servers": 1, **table} for table in tables],
            "journey": [{"station": tables[0]["id"]}],
            **more,
        }
    )
