"""Visits as columns: who was where, from when to when, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.projections.steps import FAR_US

NONE = -1
"""An instant, position or server that there is not (yet)."""


class Outcome(IntEnum):
    """How a visit ended."""

    SERVED = 0
    RENEGED = 1
    BALKED = 2
    MISSED = 3
    TIMED_OUT = 4
    INTERRUPTED = 5
    PRESENT = 6


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Columns of one length, whatever they are."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))


Table = TypeVar("Table", bound=Columns)


def select(table: Table, rows: NDArray | slice) -> Table:
    """The rows of a table at some positions, in that order, or where a mask holds."""
    if isinstance(rows, np.ndarray) and rows.dtype == np.bool_:
        if rows.all():
            return table
        rows = np.flatnonzero(rows)
    return type(table)(*(getattr(table, field.name)[rows] for field in fields(table)))


def concat(tables: Sequence[Table]) -> Table:
    """The rows of all tables, one after the other; at least one table."""
    return type(tables[0])(
        *(
            np.concatenate([getattr(table, field.name) for table in tables])
            for field in fields(tables[0])
        )
    )


@dataclass(frozen=True, slots=True, eq=False)
class VisitRows(Columns):
    """One row per visit, calls and balks included.

    Attributes
    ----------
    passenger, station, visit : ndarray of int32, int16, int16
        Who, where, on which step of the journey.
    persons : ndarray of int32
        Persons served as one customer.
    is_call : ndarray of bool
        Whether it is a request sent during the passenger's service at another station.
    outcome : ndarray of uint8
        See `Outcome`.
    joined_us : ndarray of int64
        Joining the queue, or balking.
    started_us : ndarray of int64
        First start of service, or -1.
    ended_us : ndarray of int64
        Completion, or leaving the queue, or -1.
    worked_us : ndarray of int64
        Time a server worked on it: from the start of service to the end, or to the last event
        of the log, without pauses and without the wait after an outage.
    server, batch : ndarray of int16, int32
        Server and batch of the last start, or -1.
    joined_seq, started_seq, ended_seq : ndarray of int64
        Positions of those events in the log, or -1.
    is_served_before : ndarray of bool
        Whether service had begun before a log that opens in mid-day: no wait of its own.
    """

    passenger: NDArray[np.int32]
    station: NDArray[np.int16]
    visit: NDArray[np.int16]
    persons: NDArray[np.int32]
    is_call: NDArray[np.bool_]
    outcome: NDArray[np.uint8]
    joined_us: NDArray[np.int64]
    started_us: NDArray[np.int64]
    ended_us: NDArray[np.int64]
    worked_us: NDArray[np.int64]
    server: NDArray[np.int16]
    batch: NDArray[np.int32]
    joined_seq: NDArray[np.int64]
    started_seq: NDArray[np.int64]
    ended_seq: NDArray[np.int64]
    is_served_before: NDArray[np.bool_]

    @property
    def has_started(self) -> NDArray[np.bool_]:
        """Whether service began."""
        return self.started_us >= 0

    @property
    def has_balked(self) -> NDArray[np.bool_]:
        """Whether the customer never joined."""
        return self.outcome == Outcome.BALKED

    @property
    def wait_us(self) -> NDArray[np.int64]:
        """Joining to first start of service; -1 where service did not begin."""
        return np.where(self.has_started, self.started_us - self.joined_us, NONE)

    @property
    def left_queue_us(self) -> NDArray[np.int64]:
        """First start of service or leaving the queue; `FAR_US` for those still in it."""
        end = np.where(self.has_started, self.started_us, self.ended_us)
        return np.where(end < 0, FAR_US, end)


@dataclass(frozen=True, slots=True, eq=False)
class Pieces(Columns):
    """What visits with a pause or an outage consist of: stretches of work and of waiting again.

    Attributes
    ----------
    joined_seq : ndarray of int64
        The visit, by the position of its first event.
    station, batch : ndarray of int16, int32
        Where, and in which batch.
    from_us, until_us : ndarray of int64
        When; `FAR_US` where it had not ended.
    is_work : ndarray of bool
        Whether a server worked; otherwise the customer was in the queue again.
    """

    joined_seq: NDArray[np.int64]
    station: NDArray[np.int16]
    batch: NDArray[np.int32]
    from_us: NDArray[np.int64]
    until_us: NDArray[np.int64]
    is_work: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class VisitTable:
    """All visits of a log in the order in which they began.

    Attributes
    ----------
    rows : VisitRows
        The visits.
    pieces : Pieces
        Of those that were paused or interrupted, in more detail.
    """

    rows: VisitRows
    pieces: Pieces

    def __len__(self) -> int:
        return len(self.rows)

    def by_station(self, stations: int) -> tuple[VisitTable, ...]:
        """The visits at each station, in the order in which they began."""
        rows = split(self.rows, self.rows.station, stations)
        pieces = split(self.pieces, self.pieces.station, stations)
        return tuple(VisitTable(*pair) for pair in zip(rows, pieces, strict=True))


def split(table: Table, station: NDArray[np.int16], stations: int) -> list[Table]:
    """The rows of a table at each station, in their order."""
    order = np.argsort(station, kind="stable")
    ends = np.cumsum(np.bincount(station, minlength=stations))
    ordered = select(table, order)
    return [
        select(ordered, slice(end - count, end))
        for end, count in zip(ends, np.diff(ends, prepend=0), strict=True)
    ]
