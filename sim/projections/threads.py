"""Every visit's events brought together, across blocks: what waits and visits are made of.

A *visit* is a customer's stay at a station, from joining the queue to its end, or a balk.
It is known by passenger, visit number and station; a request sent to another station (a
call) has the passenger and visit of its caller. Several visits may have the same name one
after the other (a call for each attempt), seldom at once; see `overlaps`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock, concat_blocks
from sim.projections.ordering import order_and_runs, stable_order, starts_of_runs
from sim.projections.overlaps import owners_of_overlapping


def kind_table(kinds: Iterable[Kind]) -> NDArray[np.bool_]:
    """Whether each code is one of `kinds`, to be indexed by a column of codes."""
    table = np.zeros(256, dtype=bool)
    table[[CODE[kind] for kind in kinds]] = True
    return table


VISIT_KINDS = (
    Kind.QUEUE_JOINED,
    Kind.BALKED,
    Kind.RENEGED,
    Kind.SERVICE_STARTED,
    Kind.SERVICE_PAUSED,
    Kind.SERVICE_RESUMED,
    Kind.SERVICE_INTERRUPTED,
    Kind.SERVICE_COMPLETED,
    Kind.MISSED_DEPARTURE,
    Kind.CALL_TIMED_OUT,
)
"""Kinds that make up a visit."""

MATCH_KINDS = (Kind.MATCH_REQUESTED, Kind.MATCH_ACCEPTED, Kind.MATCH_REJECTED)
"""Kinds that tell of biometric attempts during a visit."""

IS_HEAD = kind_table([Kind.QUEUE_JOINED, Kind.BALKED])
ALWAYS_ENDS = kind_table([Kind.BALKED, Kind.RENEGED, Kind.SERVICE_COMPLETED])
ENDS_A_WAIT = kind_table([Kind.MISSED_DEPARTURE, Kind.CALL_TIMED_OUT])
"""Kinds that end a visit still waiting, and mean nothing to one in service."""
IS_WAITING_AFTER = kind_table([Kind.QUEUE_JOINED, Kind.SERVICE_INTERRUPTED])

NOT_KNOWN = -1


@dataclass(frozen=True, eq=False)
class ThreadBatch:
    """Visits, each with its events next to each other and in order.

    Attributes
    ----------
    source : EventBlock
        Where the events are, among others.
    rows : ndarray of intp, shape (events,)
        Rows of the events in `source`, visit by visit; the first of each visit is
        ``queue_joined`` or ``balked``.
    kind : ndarray of uint8, shape (events,)
        Their kinds.
    first : ndarray of intp, shape (visits + 1,)
        Where each visit's events begin, and where the last one's end.
    is_call : ndarray of bool, shape (visits,)
        Whether the visit is a request sent during the passenger's own service elsewhere.
    strays : EventBlock
        Events of a visit that was never joined or is over already.
    """

    source: EventBlock
    rows: NDArray[np.intp]
    kind: NDArray[np.uint8]
    first: NDArray[np.intp]
    is_call: NDArray[np.bool_]
    strays: EventBlock

    def __len__(self) -> int:
        return len(self.is_call)

    @cached_property
    def events(self) -> EventBlock:
        """The events visit by visit, with all their columns."""
        return self.source[self.rows]

    @cached_property
    def owner(self) -> NDArray[np.intp]:
        """Visit of each event."""
        return np.repeat(np.arange(len(self)), np.diff(self.first))


class Threads:
    """A fold that gives out each visit once, with all its events, when it has ended.

    Parameters
    ----------
    with_matches : bool
        Whether biometric attempts belong to the visit's events.
    """

    def __init__(self, *, with_matches: bool = False) -> None:
        self._wanted = kind_table((*VISIT_KINDS, *(MATCH_KINDS if with_matches else ())))
        self._open = _batch(concat_blocks([]), np.zeros(0, dtype=bool), concat_blocks([]))

    @classmethod
    def going_on(cls, events: EventBlock, is_call: NDArray[np.bool_]) -> Threads:
        """The fold as it stood when these were the events of its open visits."""
        threads = cls()
        threads._open = _batch(events, is_call, concat_blocks([]))
        return threads

    @property
    def open(self) -> ThreadBatch:
        """The visits that have not ended yet."""
        return self._open

    def update(self, block: EventBlock) -> ThreadBatch:
        """Take the next events; returns the visits that ended in them."""
        is_named = (block.passenger >= 0) & (block.station >= 0) & (block.visit >= 0)
        fresh = np.flatnonzero(self._wanted[block.kind] & is_named)
        held = len(self._open.rows)
        events = concat_blocks([self._open.source, block])
        known = np.full(held + len(fresh), NOT_KNOWN, dtype=np.int8)
        known[self._open.first[:-1]] = self._open.is_call
        rows = np.concatenate([np.arange(held), fresh + held])
        threads, strays = _threaded(events, rows, known)
        heads = np.flatnonzero(threads.is_head)
        is_call = _calls(events, threads.rows[heads], threads.known[heads])
        has_ended = threads.have_ended(heads)
        of_ended = np.repeat(has_ended, np.diff(np.append(heads, len(threads))))
        still_open = events[threads.rows[np.flatnonzero(~of_ended)]]
        self._open = _batch(still_open, is_call[~has_ended], concat_blocks([]))
        ended = np.flatnonzero(of_ended)
        return _batch(events, is_call[has_ended], strays, rows=threads.rows[ended])

    def result(self) -> ThreadBatch:
        """The visits that have not ended."""
        return self._open


def _batch(
    source: EventBlock,
    is_call: NDArray[np.bool_],
    strays: EventBlock,
    *,
    rows: NDArray[np.intp] | None = None,
) -> ThreadBatch:
    rows = np.arange(len(source)) if rows is None else rows
    kind = source.kind[rows]
    first = np.append(np.flatnonzero(IS_HEAD[kind]), len(rows))
    return ThreadBatch(source, rows, kind, first, is_call, strays)


@dataclass(frozen=True, slots=True, eq=False)
class _Threads:
    """Events by name, and where their kinds say that visits begin and end.

    Attributes
    ----------
    rows : ndarray of intp
        Where the events are.
    known : ndarray of int8
        At the first event of a visit, whether it is a call, or `NOT_KNOWN`.
    begins : ndarray of bool
        Whether the name is another than that of the event before.
    is_head, ends : ndarray of bool
        Whether a visit begins, or ends, with the event.
    """

    rows: NDArray[np.intp]
    known: NDArray[np.int8]
    begins: NDArray[np.bool_]
    is_head: NDArray[np.bool_]
    ends: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        events: EventBlock,
        rows: NDArray[np.intp],
        known: NDArray[np.int8],
        begins: NDArray[np.bool_] | None = None,
    ) -> _Threads:
        if begins is None:
            names = events.passenger[rows], events.visit[rows], events.station[rows]
            begins = starts_of_runs(*names)
        kind = events.kind[rows]
        return cls(rows, known, begins, IS_HEAD[kind], _ends(kind))

    def from_their_heads(self, has_head: NDArray[np.bool_]) -> _Threads:
        """Without the events of each name that come before its first visit begins."""
        kept = np.flatnonzero(has_head)
        names = np.cumsum(self.begins)[kept]
        return _Threads(
            self.rows[kept],
            self.known[kept],
            starts_of_runs(names),
            self.is_head[kept],
            self.ends[kept],
        )

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def goes_on_after_an_end(self) -> bool:
        """Whether anything but the beginning of a visit follows the end of one."""
        return bool((self.ends[:-1] & ~self.is_head[1:]).any())

    def have_ended(self, heads: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Whether each visit has ended."""
        if not len(heads):
            return np.zeros(0, dtype=bool)
        if self.goes_on_after_an_end:
            return np.logical_or.reduceat(self.ends, heads)
        return self.ends[np.append(heads[1:], len(self)) - 1]


def _threaded(
    events: EventBlock, rows: NDArray[np.intp], known: NDArray[np.int8]
) -> tuple[_Threads, EventBlock]:
    """The events visit by visit, and the strays."""
    names = events.passenger[rows], events.visit[rows], events.station[rows]
    order, begins = order_and_runs(*names)
    threads = _Threads.of(events, rows[order], known[order], begins)
    has_head = _has_head(threads)
    headless = threads.rows[~has_head]
    if len(headless):
        threads = threads.from_their_heads(has_head)
    owner = _owners(events, threads)
    is_stray = owner < 0
    if is_stray.any() or _is_falling(owner):
        order = stable_order(owner)[np.count_nonzero(is_stray) :]
        headless = np.concatenate([headless, threads.rows[is_stray]])
        threads = _Threads.of(events, threads.rows[order], threads.known[order])
    return threads, events[headless]


def _has_head(threads: _Threads) -> NDArray[np.bool_]:
    """Whether some visit of the same name began before an event or with it."""
    first = np.flatnonzero(threads.begins)
    if threads.is_head[first].all():
        return np.ones(len(threads), dtype=bool)
    heads = np.cumsum(threads.is_head)
    before = (heads - threads.is_head)[first]
    return heads > np.repeat(before, np.diff(np.append(first, len(heads))))


def _is_falling(owner: NDArray[np.intp]) -> bool:
    return bool((owner[1:] < owner[:-1]).any())


def _owners(events: EventBlock, threads: _Threads) -> NDArray[np.intp]:
    """Number of the visit of each event, or -1 for one that comes after its visit's end."""
    heads = np.flatnonzero(threads.is_head)
    visit = np.cumsum(threads.is_head) - 1
    owner = visit.copy()
    if threads.goes_on_after_an_end and len(heads):
        before = np.cumsum(threads.ends) - threads.ends
        owner[before > before[heads][visit]] = -1
    if len(heads) < 2:
        return owner
    is_tangled = ~threads.have_ended(heads)[:-1] & ~threads.begins[heads[1:]]
    if is_tangled.any():
        name = np.cumsum(threads.begins, dtype=np.intp)
        some = np.flatnonzero(np.isin(name, name[heads[:-1][is_tangled]]))
        some = some[stable_order(name[some], events.seq[threads.rows[some]])]
        owner[some] = owners_of_overlapping(
            events[threads.rows[some]], name[some], heads=visit[some]
        )
    return owner


def _ends(kind: NDArray[np.uint8]) -> NDArray[np.bool_]:
    waits = np.zeros(len(kind), dtype=bool)
    waits[1:] = IS_WAITING_AFTER[kind[:-1]]
    return ALWAYS_ENDS[kind] | (ENDS_A_WAIT[kind] & waits)


def _calls(
    events: EventBlock, heads: NDArray[np.intp], known: NDArray[np.int8]
) -> NDArray[np.bool_]:
    """Whether each visit is a call: another station than the first of the same visit number."""
    is_first = starts_of_runs(events.passenger[heads], events.visit[heads])
    if is_first.all():
        return known == 1
    group = np.cumsum(is_first) - 1
    seq, station = events.seq[heads], events.station[heads]
    earliest = np.minimum.reduceat(seq, np.flatnonzero(is_first))
    own = station[seq == earliest[group]]
    return np.where(known == NOT_KNOWN, station != own[group], known == 1)
