"""The visit table as a fold: one row per visit, whatever the size of the blocks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock
from sim.projections.openings import OpeningMark, opening_in
from sim.projections.ordering import stable_order, starts_of_runs
from sim.projections.steps import FAR_US
from sim.projections.threads import ThreadBatch, Threads, kind_table
from sim.projections.visit_table import (
    NONE,
    Outcome,
    Pieces,
    VisitRows,
    VisitTable,
    concat,
    select,
)

STARTED = CODE[Kind.SERVICE_STARTED]
INTERRUPTED = CODE[Kind.SERVICE_INTERRUPTED]
BREAKS_WORK = kind_table([Kind.SERVICE_PAUSED, Kind.SERVICE_RESUMED, Kind.SERVICE_INTERRUPTED])
BEGINS_WORK = kind_table([Kind.SERVICE_STARTED, Kind.SERVICE_RESUMED])
SERVICE = kind_table(
    [
        Kind.SERVICE_STARTED,
        Kind.SERVICE_PAUSED,
        Kind.SERVICE_RESUMED,
        Kind.SERVICE_INTERRUPTED,
        Kind.SERVICE_COMPLETED,
    ]
)

OUTCOME_OF = np.full(256, Outcome.PRESENT, dtype=np.uint8)
"""Outcome of a visit by the code of its last event."""
OUTCOME_OF[CODE[Kind.SERVICE_COMPLETED]] = Outcome.SERVED
OUTCOME_OF[CODE[Kind.RENEGED]] = Outcome.RENEGED
OUTCOME_OF[CODE[Kind.BALKED]] = Outcome.BALKED
OUTCOME_OF[CODE[Kind.MISSED_DEPARTURE]] = Outcome.MISSED
OUTCOME_OF[CODE[Kind.CALL_TIMED_OUT]] = Outcome.TIMED_OUT


class Visits:
    """A fold from events to the visit table."""

    def __init__(self) -> None:
        self._threads = Threads()
        self._rows: list[VisitRows] = []
        self._pieces: list[Pieces] = []
        self._last_us = 0
        self._opening: OpeningMark | None = None

    def update(self, block: EventBlock) -> None:
        """Take the next events."""
        if not len(block):
            return
        self._last_us = int(block.at_us[-1])
        self._opening = self._opening or opening_in(block)
        rows, pieces = visits_of(self._threads.update(block), last_us=self._last_us, has_ended=True)
        self._rows.append(rows)
        self._pieces.append(pieces)

    def result(self) -> VisitTable:
        """Every visit so far, those that have not ended included."""
        rows, pieces = visits_of(self._threads.open, last_us=self._last_us, has_ended=False)
        all_rows, all_pieces = concat([*self._rows, rows]), concat([*self._pieces, pieces])
        table = VisitTable(
            rows=select(all_rows, stable_order(all_rows.joined_seq)),
            pieces=select(all_pieces, stable_order(all_pieces.joined_seq)),
        )
        return table if self._opening is None else _since(table, self._opening)


def _since(table: VisitTable, opening: OpeningMark) -> VisitTable:
    """Without visits that were over as the log opened; who was served already is marked."""
    rows = table.rows
    was_over = (rows.ended_seq >= 0) & (rows.ended_seq < opening.seq)
    is_gone = np.isin(table.pieces.joined_seq, rows.joined_seq[was_over])
    has_begun = (rows.started_seq >= 0) & (rows.started_seq < opening.seq)
    return VisitTable(
        rows=select(replace(rows, is_served_before=has_begun), ~was_over),
        pieces=select(table.pieces, ~is_gone),
    )


def visits_of(batch: ThreadBatch, *, last_us: int, has_ended: bool) -> tuple[VisitRows, Pieces]:
    """Rows of the visits in a batch.

    Parameters
    ----------
    batch : ThreadBatch
        Visits with their events.
    last_us : int
        Instant up to which unfinished visits are reckoned.
    has_ended : bool
        Whether the visits of the batch have ended.
    """
    events, owner = batch.source, batch.owner
    head, last = batch.rows[batch.first[:-1]], batch.rows[batch.first[1:] - 1]
    starts = np.flatnonzero(batch.kind == STARTED)
    is_first_start = starts_of_runs(owner[starts])
    first_start, last_start = starts[is_first_start], starts[np.roll(is_first_start, -1)]
    has_start = owner[first_start]
    first_start, last_start = batch.rows[first_start], batch.rows[last_start]
    pieces, piece_owner = _pieces(batch, has_ended=has_ended)
    unknown = np.full(len(batch), NONE, dtype=np.int64)
    ended_us = events.at_us[last] if has_ended else unknown
    last_kind = events.kind[last]
    outcome = OUTCOME_OF[last_kind] if has_ended else _outcome_of_open(last_kind)

    def of_starts(column: NDArray, start: NDArray[np.intp]) -> NDArray:
        values = np.full(len(batch), NONE, dtype=column.dtype)
        values[has_start] = column[start]
        return values

    started_us = of_starts(events.at_us, first_start)
    rows = VisitRows(
        passenger=events.passenger[head],
        station=events.station[head],
        visit=events.visit[head],
        persons=np.where(outcome == Outcome.BALKED, 1, events.detail[head]).astype(np.int32),
        is_call=batch.is_call,
        outcome=outcome,
        joined_us=events.at_us[head],
        started_us=started_us,
        ended_us=ended_us,
        worked_us=_worked_us(started_us, ended_us, pieces, piece_owner, last_us=last_us),
        server=of_starts(events.server, last_start),
        batch=of_starts(events.ref, last_start),
        joined_seq=events.seq[head],
        started_seq=of_starts(events.seq, first_start),
        ended_seq=events.seq[last] if has_ended else unknown,
        is_served_before=np.zeros(len(batch), dtype=bool),
    )
    return rows, pieces


def _outcome_of_open(last_kind: NDArray[np.uint8]) -> NDArray[np.uint8]:
    is_back = last_kind == INTERRUPTED
    return np.where(is_back, Outcome.INTERRUPTED, Outcome.PRESENT).astype(np.uint8)


def _pieces(batch: ThreadBatch, *, has_ended: bool) -> tuple[Pieces, NDArray[np.intp]]:
    """Stretches of work and of renewed waiting of the visits that were broken, and whose."""
    events, owner = batch.source, batch.owner
    is_broken = np.zeros(len(batch), dtype=bool)
    is_broken[owner[np.flatnonzero(BREAKS_WORK[batch.kind])]] = True
    some = np.zeros(0, dtype=np.intp)
    if is_broken.any():
        is_bound = SERVICE[batch.kind]
        if has_ended:
            is_bound[batch.first[1:] - 1] = True
        some = np.flatnonzero(is_bound & is_broken[owner])
    rows, kind, whose = batch.rows[some], batch.kind[some], owner[some]
    goes_on = np.append(whose[1:] == whose[:-1], np.zeros(min(len(rows), 1), dtype=bool))
    until_us = np.where(goes_on, np.roll(events.at_us[rows], -1), FAR_US)
    start = np.maximum.accumulate(np.where(kind == STARTED, np.arange(len(rows)), 0))
    is_work = BEGINS_WORK[kind]
    kept = is_work | (kind == INTERRUPTED)
    pieces = Pieces(
        joined_seq=events.seq[batch.rows[batch.first[:-1][whose]]],
        station=events.station[rows],
        batch=events.ref[rows][start],
        from_us=events.at_us[rows],
        until_us=until_us,
        is_work=is_work,
    )
    return select(pieces, kept), whose[kept]


def _worked_us(
    started_us: NDArray[np.int64],
    ended_us: NDArray[np.int64],
    pieces: Pieces,
    owner: NDArray[np.intp],
    *,
    last_us: int,
) -> NDArray[np.int64]:
    until_us = np.where(ended_us < 0, last_us, ended_us)
    worked_us = np.where(started_us < 0, 0, until_us - started_us)
    worked_us[owner] = 0
    work = np.flatnonzero(pieces.is_work)
    stretches = np.minimum(pieces.until_us[work], last_us) - pieces.from_us[work]
    np.add.at(worked_us, owner[work], stretches)
    return worked_us
