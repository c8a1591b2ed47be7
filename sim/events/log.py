"""The log as columns: blocks of events, and the tables they refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

BLOCK_ROWS = 262_144
"""Rows of a full block, and of every sealed segment but the last."""

NOBODY = -1
"""``passenger``, ``visit``, ``server`` or ``ref`` of an event that has none."""

NOWHERE = -1
"""``station`` of an event that happens at no station."""


@dataclass(frozen=True, slots=True, eq=False)
class EventBlock:
    """Consecutive events as columns of one length, in the order of the log.

    Attributes
    ----------
    seq : ndarray of int64
        Position in the run, from 0, without gaps.
    at_us : ndarray of int64
        Microseconds since local midnight of the service day.
    kind : ndarray of uint8
        Code of the kind, see `sim.events.kinds.CODE`.
    passenger : ndarray of int32
        Row in the passenger table, or -1.
    station : ndarray of int16
        Row in the run's station list, or -1.
    visit : ndarray of int16
        The passenger's how-many-th step, or -1.
    server : ndarray of int16
        Server index within the station, or -1.
    ref : ndarray of int32
        Row in the side table of the kind, or -1.
    detail : ndarray of int64
        Specific to the kind, see ``docs/events.md``.
    """

    seq: NDArray[np.int64]
    at_us: NDArray[np.int64]
    kind: NDArray[np.uint8]
    passenger: NDArray[np.int32]
    station: NDArray[np.int16]
    visit: NDArray[np.int16]
    server: NDArray[np.int16]
    ref: NDArray[np.int32]
    detail: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.seq)

    def __getitem__(self, rows: slice | NDArray[np.bool_] | NDArray[np.intp]) -> EventBlock:
        return EventBlock(*(getattr(self, name)[rows] for name in COLUMNS))


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(EventBlock))
"""Column names in the frozen order."""

DTYPES: dict[str, np.dtype] = {
    "seq": np.dtype("<i8"),
    "at_us": np.dtype("<i8"),
    "kind": np.dtype("u1"),
    "passenger": np.dtype("<i4"),
    "station": np.dtype("<i2"),
    "visit": np.dtype("<i2"),
    "server": np.dtype("<i2"),
    "ref": np.dtype("<i4"),
    "detail": np.dtype("<i8"),
}
"""Little-endian type of each column, as hashed."""


def block_from_rows(rows: Sequence[tuple[int, ...]], *, first_seq: int) -> EventBlock:
    """Columns from rows of ``(at_us, kind, passenger, station, visit, server, ref, detail)``.

    Parameters
    ----------
    rows : sequence of tuple of int
        Events in order; ``kind`` and ``station`` as their codes.
    first_seq : int
        Position of the first row in the run.
    """
    table = np.array(rows, dtype=np.int64).reshape(len(rows), len(COLUMNS) - 1)
    columns = [
        np.ascontiguousarray(table[:, index], dtype=DTYPES[name])
        for index, name in enumerate(COLUMNS[1:])
    ]
    seq = np.arange(first_seq, first_seq + len(rows), dtype=np.int64)
    return EventBlock(seq, *columns)


def concat_blocks(blocks: Iterable[EventBlock]) -> EventBlock:
    """One block of all the events of `blocks`, in their order."""
    parts = list(blocks)
    if len(parts) == 1:
        return parts[0]
    return EventBlock(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            if parts
            else np.zeros(0, DTYPES[name])
            for name in COLUMNS
        )
    )


@dataclass(frozen=True, slots=True, eq=False)
class SideTable:
    """A table that events refer to by row: passengers, departures or galleries.

    Attributes
    ----------
    columns : dict of str to ndarray
        Columns of one length; integers, floats, booleans, or strings as object arrays.
    """

    columns: dict[str, NDArray]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def __getitem__(self, name: str) -> NDArray:
        return self.columns[name]


@dataclass(frozen=True, slots=True, eq=False)
class SideTables:
    """The tables of one run, fixed before its first event."""

    passengers: SideTable
    departures: SideTable
    galleries: SideTable

    def __iter__(self) -> Iterator[tuple[str, SideTable]]:
        for field in fields(self):
            yield field.name, getattr(self, field.name)


class EventLog(Protocol):
    """A finished or interrupted run, readable in order, again and again."""

    @property
    def stations(self) -> tuple[str, ...]:
        """Station ids by row."""
        ...

    @property
    def tables(self) -> SideTables:
        """The tables that events refer to."""
        ...

    def __len__(self) -> int: ...

    def blocks(self) -> Iterator[EventBlock]:
        """Blocks in order; every block but the last has `BLOCK_ROWS` rows."""
        ...


class EventSink(Protocol):
    """Where an engine's blocks go: sealed on disk, kept in memory, folded or dropped."""

    def write(self, block: EventBlock) -> None:
        """Take the next block; full unless it is the last."""
        ...
