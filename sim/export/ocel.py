"""A run in the terms of OCEL 2.0: typed events, typed objects, qualified relations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import KINDS, Kind
from sim.events.log import EventBlock, SideTable
from sim.export.instants import texts
from sim.export.meaning import (
    COUNTS_PERSONS,
    DETAIL_NAMES,
    INSTANTS,
    REF_NAMES,
    REFERS_TO_DEPARTURE,
    party_numbers,
    told_to_each,
)
from sim.export.source import Source
from sim.projections.ordering import stable_order
from sim.projections.parties import parties_of

OBJECTS = ("passenger", "party", "departure", "server")
"""Types of objects, and the qualifiers with which events refer to them."""
PASSENGER, PARTY, DEPARTURE, SERVER = range(4)

MEMBER_OF, BOOKED_ON = "member of", "booked on"
"""Qualifiers from a passenger to the party, and to the departure."""

ROWS_AT_ONCE = 16_384
"""Objects made at a time."""

_RELATIONS = ("party", "departure")
"""Columns of the passenger table that become relations to objects."""

_SHIFT = 16
"""A server's number is its station's row and, in as many low bits, its index."""

Related = tuple[str, str]
"""Id of an object and the qualifier."""


class Entity(NamedTuple):
    """An event or an object.

    Attributes
    ----------
    id, type : str
        Unique among all events, or all objects; one of the types.
    time : str
        When it happened; "" for an object.
    values : tuple
        Of the attributes of the type, in their order; None where there is none.
    related : list of tuple of str
        Objects with their qualifiers.
    """

    id: str
    type: str
    time: str
    values: tuple[Any, ...]
    related: list[Related]


def event_types() -> dict[str, dict[str, str]]:
    """Attributes of every event type, which are our kinds, with their OCEL types."""
    return {kind.value: _attributes_of(code) for code, kind in enumerate(KINDS)}


def _attributes_of(code: int) -> dict[str, str]:
    """Attributes of a kind; values come in this order."""
    names = {"station": "string", "visit": "integer"}
    reference, detail = REF_NAMES[code], DETAIL_NAMES[code]
    if reference in ("batch", "gallery"):
        names[reference] = "integer"
    if detail is not None:
        names[detail] = "integer"
    return names


def object_types(source: Source) -> dict[str, dict[str, str]]:
    """Attributes of every object type with their OCEL types."""
    tables = source.tables
    return {
        "passenger": _column_types(tables.passengers),
        "party": {"persons": "integer"},
        "departure": _column_types(tables.departures),
        "server": {"station": "string", "number": "integer"},
    }


class Model:
    """The events of a run block by block, and then the objects that they met.

    Parameters
    ----------
    source : Source
        What is exported.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._parties = parties_of(source.tables)
        self._party = party_numbers(source.tables)
        self._departures = len(source.tables.departures)
        self._digits = len(str(max(len(source.log) - 1, 0)))
        self._servers: set[int] = set()

    def events(self) -> Iterator[Iterator[Entity]]:
        """Every event in order, block by block."""
        for block in self._source.pieces():
            yield self._events_of(block)

    def objects(self) -> Iterator[Iterator[Entity]]:
        """Every object, some at a time; the servers are those that events referred to."""
        passengers, departures = self._source.tables.passengers, self._source.tables.departures
        for make in (self._passengers, self._parties_in):
            for rows in _portions(len(passengers)):
                yield make(rows)
        for rows in _portions(len(departures)):
            values = self._values(departures, rows)
            yield (
                Entity(_id(DEPARTURE, row), "departure", "", value, [])
                for row, value in zip(rows, values, strict=True)
            )
        yield (self._server(number) for number in sorted(self._servers))

    def _events_of(self, block: EventBlock) -> Iterator[Entity]:
        rows = zip(
            block.seq.tolist(),
            block.kind.tolist(),
            texts(block.at_us, day=self._source.day),
            block.station.tolist(),
            block.visit.tolist(),
            block.ref.tolist(),
            block.detail.tolist(),
            self._related(block),
            strict=True,
        )
        names = (*self._source.stations, None)
        for seq, kind, time, station, visit, ref, detail, related in rows:
            values: tuple[Any, ...] = (names[station], visit if visit >= 0 else None)
            if REF_NAMES[kind] in ("batch", "gallery"):
                values += (ref if ref >= 0 else None,)
            if DETAIL_NAMES[kind] is not None:
                values += (detail,)
            yield Entity(f"event/{seq:0{self._digits}d}", _NAMES[kind], time, values, related)

    def _related(self, block: EventBlock) -> Iterator[list[Related]]:
        """Objects of each event."""
        row, kind, number = self._relations(block)
        ids = [
            (self._server_id(n) if k == SERVER else _id(k, n), OBJECTS[k])
            for k, n in zip(kind.tolist(), number.tolist(), strict=True)
        ]
        edges = np.searchsorted(row, np.arange(len(block) + 1)).tolist()
        return (ids[begin:end] for begin, end in pairwise(edges))

    def _relations(
        self, block: EventBlock
    ) -> tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.int64]]:
        """Row of the event, type and number of the object, ordered by the first two."""
        rows, passenger, _ = told_to_each(block, self._parties)
        parts: list[tuple[int, NDArray[np.intp], NDArray]] = [(PASSENGER, rows, passenger)]
        if self._party is not None:
            whole = self._is_whole_party(block)
            parts.append((PARTY, whole, self._party[block.passenger[whole]]))
        departing = REFERS_TO_DEPARTURE[block.kind] & (block.ref >= 0)
        departing = np.flatnonzero(departing & (block.ref < self._departures))
        parts.append((DEPARTURE, departing, block.ref[departing]))
        served = np.flatnonzero((block.server >= 0) & (block.station >= 0))
        servers = (block.station[served].astype(np.int64) << _SHIFT) | block.server[served]
        self._servers.update(np.unique(servers).tolist())
        parts.append((SERVER, served, servers))
        row = np.concatenate([part[1] for part in parts])
        kind = np.concatenate([np.full(len(part[1]), part[0]) for part in parts])
        number = np.concatenate([part[2] for part in parts])
        order = stable_order(row, kind)
        return row[order], kind[order], number[order]

    def _is_whole_party(self, block: EventBlock) -> NDArray[np.intp]:
        """Rows of the events of a customer who stands for all of a party."""
        rows = np.flatnonzero(COUNTS_PERSONS[block.kind] & (block.passenger >= 0))
        rows = rows[block.passenger[rows] < len(self._parties)]
        who = block.passenger[rows]
        is_lead = self._parties.lead[who] == who
        return rows[is_lead & (block.detail[rows] >= self._parties.size[who])]

    def _passengers(self, rows: range) -> Iterator[Entity]:
        table = self._source.tables.passengers
        values = self._values(table, rows)
        departure = table.columns.get("departure")
        for row, value in zip(rows, values, strict=True):
            related = []
            if self._party is not None:
                related.append((_id(PARTY, int(self._party[row])), MEMBER_OF))
            if departure is not None and 0 <= departure[row] < self._departures:
                related.append((_id(DEPARTURE, int(departure[row])), BOOKED_ON))
            yield Entity(_id(PASSENGER, row), "passenger", "", value, related)

    def _parties_in(self, rows: range) -> Iterator[Entity]:
        """Parties whose lead is among these rows of the passenger table."""
        if self._party is None:
            return
        some = slice(rows.start, rows.stop)
        leads = np.flatnonzero(self._parties.lead[some] == np.arange(rows.start, rows.stop))
        parties, persons = self._party[some][leads], self._parties.size[some][leads]
        for party, size in zip(parties.tolist(), persons.tolist(), strict=True):
            yield Entity(_id(PARTY, party), "party", "", (size,), [])

    def _server(self, number: int) -> Entity:
        station = self._source.stations[number >> _SHIFT]
        index = number & ((1 << _SHIFT) - 1)
        return Entity(self._server_id(number), "server", "", (station, index), [])

    def _server_id(self, number: int) -> str:
        station = self._source.stations[number >> _SHIFT]
        return f"server/{station}/{number & ((1 << _SHIFT) - 1)}"

    def _values(self, table: SideTable, rows: range) -> Iterator[tuple[Any, ...]]:
        columns = []
        for name, column in table.columns.items():
            part = column[rows.start : rows.stop]
            if name in INSTANTS:
                columns.append(texts(part, day=self._source.day))
            elif name not in _RELATIONS:
                columns.append([_plain(value) for value in part.tolist()])
        return zip(*columns, strict=True) if columns else iter([()] * len(rows))


_NAMES = tuple(kind.value for kind in Kind)


def _portions(rows: int) -> Iterator[range]:
    for first in range(0, rows, ROWS_AT_ONCE):
        yield range(first, min(first + ROWS_AT_ONCE, rows))


def _id(kind: int, number: int) -> str:
    return f"{OBJECTS[kind]}/{number}"


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _column_types(table: SideTable) -> dict[str, str]:
    return {
        INSTANTS.get(name, name): "time" if name in INSTANTS else _ocel_type(column)
        for name, column in table.columns.items()
        if name not in _RELATIONS
    }


def _ocel_type(column: NDArray) -> str:
    names = {"b": "boolean", "i": "integer", "u": "integer", "f": "float"}
    return names.get(column.dtype.kind, "string")
