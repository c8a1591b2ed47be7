"""Every visit's events brought together, across blocks: what waits and visits are made of.

A *visit* is a customer's stay at a station, from joining the queue to its end, or a balk.
It is known by passenger, visit number and station; a request sent to another station (a
call) has the passenger and visit of its caller. Several visits may have the same name one
after the other (a call for each attempt), seldom at once; see `overlaps`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock, concat_blocks
from sim.projections.ordering import stable_order, starts_of_runs
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


@dataclass(frozen=True, slots=True, eq=False)
class ThreadBatch:
    """Visits, each with its events next to each other and in order.

    Attributes
    ----------
    events : EventBlock
        Events visit by visit; the first of each is ``queue_joined`` or ``balked``.
    first : ndarray of intp, shape (visits + 1,)
        Where each visit's events begin, and where the last one's end.
    is_call : ndarray of bool, shape (visits,)
        Whether the visit is a request sent during the passenger's own service elsewhere.
    strays : EventBlock
        Events of a visit that was never joined or is over already.
    """

    events: EventBlock
    first: NDArray[np.intp]
    is_call: NDArray[np.bool_]
    strays: EventBlock

    def __len__(self) -> int:
        return len(self.is_call)

    @property
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

    @property
    def open(self) -> ThreadBatch:
        """The visits that have not ended yet."""
        return self._open

    def update(self, block: EventBlock) -> ThreadBatch:
        """Take the next events; returns the visits that ended in them."""
        is_named = (block.passenger >= 0) & (block.station >= 0) & (block.visit >= 0)
        fresh = block[self._wanted[block.kind] & is_named]
        known = np.full(len(self._open.events) + len(fresh), NOT_KNOWN, dtype=np.int8)
        known[self._open.first[:-1]] = self._open.is_call
        events, known, strays = _threaded(concat_blocks([self._open.events, fresh]), known)
        heads = np.flatnonzero(IS_HEAD[events.kind])
        is_call = _calls(events[heads], known[heads])
        has_ended = _ends_by_visit(events, heads) > 0
        of_ended = np.repeat(has_ended, np.diff(np.append(heads, len(events))))
        self._open = _batch(events[~of_ended], is_call[~has_ended], concat_blocks([]))
        return _batch(events[of_ended], is_call[has_ended], strays)

    def result(self) -> ThreadBatch:
        """The visits that have not ended."""
        return self._open


def _batch(events: EventBlock, is_call: NDArray[np.bool_], strays: EventBlock) -> ThreadBatch:
    first = np.append(np.flatnonzero(IS_HEAD[events.kind]), len(events))
    return ThreadBatch(events, first, is_call, strays)


def _threaded(
    events: EventBlock, known: NDArray[np.int8]
) -> tuple[EventBlock, NDArray[np.int8], EventBlock]:
    """Events visit by visit, `known` in the same order, and the strays."""
    order = stable_order(events.passenger, events.visit, events.station)
    events, known = events[order], known[order]
    has_head = _has_head(events)
    headless = events[~has_head]
    if len(headless):
        events, known = events[has_head], known[has_head]
    heads = np.flatnonzero(IS_HEAD[events.kind])
    owner = _owners(events, heads)
    if (owner < 0).any() or _is_falling(owner):
        order = stable_order(owner)[np.count_nonzero(owner < 0) :]
        strays = concat_blocks([headless, events[owner < 0]])
        return events[order], known[order], strays
    return events, known, headless


def _has_head(events: EventBlock) -> NDArray[np.bool_]:
    """Whether some visit of the same name began before an event or with it."""
    if not len(events):
        return np.zeros(0, dtype=bool)
    begins = starts_of_runs(events.passenger, events.visit, events.station)
    heads = np.cumsum(IS_HEAD[events.kind])
    first = np.flatnonzero(begins)
    before = np.repeat((heads - IS_HEAD[events.kind])[first], np.diff(np.append(first, len(heads))))
    return heads > before


def _is_falling(owner: NDArray[np.intp]) -> bool:
    return bool((owner[1:] < owner[:-1]).any())


def _owners(events: EventBlock, heads: NDArray[np.intp]) -> NDArray[np.intp]:
    """Number of the visit of each event, or -1 for one that comes after its visit's end."""
    ends = _ends(events)
    owner = np.cumsum(IS_HEAD[events.kind]) - 1
    before = np.cumsum(ends) - ends
    owner_or_late = np.where(before > before[heads][owner], -1, owner) if len(heads) else owner
    if len(heads) < 2:
        return owner_or_late
    is_open = np.add.reduceat(ends.astype(np.intp), heads) == 0
    begins = starts_of_runs(events.passenger, events.visit, events.station)
    is_tangled = is_open[:-1] & ~begins[heads[1:]]
    if is_tangled.any():
        name = np.cumsum(begins, dtype=np.intp)
        rows = np.flatnonzero(np.isin(name, name[heads[:-1][is_tangled]]))
        rows = rows[stable_order(name[rows], events.seq[rows])]
        owner_or_late[rows] = owners_of_overlapping(events[rows], name[rows], heads=owner[rows])
    return owner_or_late


def _ends(events: EventBlock) -> NDArray[np.bool_]:
    waits = np.zeros(len(events), dtype=bool)
    waits[1:] = IS_WAITING_AFTER[events.kind[:-1]]
    return ALWAYS_ENDS[events.kind] | (ENDS_A_WAIT[events.kind] & waits)


def _ends_by_visit(events: EventBlock, heads: NDArray[np.intp]) -> NDArray[np.intp]:
    if not len(heads):
        return np.zeros(0, dtype=np.intp)
    return np.add.reduceat(_ends(events).astype(np.intp), heads)


def _calls(heads: EventBlock, known: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Whether each visit is a call: another station than the first of the same visit number."""
    is_first = starts_of_runs(heads.passenger, heads.visit)
    if is_first.all():
        return known == 1
    group = np.cumsum(is_first) - 1
    earliest = np.minimum.reduceat(heads.seq, np.flatnonzero(is_first))
    own = heads.station[heads.seq == earliest[group]]
    return np.where(known == NOT_KNOWN, heads.station != own[group], known == 1)
