"""Who held which server from when to when, and who was back in the queue: by position."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, Kind
from sim.projections.steps import FAR_US
from sim.projections.threads import ThreadBatch, kind_table
from sim.projections.visit_table import Columns

FAR_SEQ = FAR_US
"""A position after every log: the end of what had not ended."""

STARTED = CODE[Kind.SERVICE_STARTED]
INTERRUPTED = CODE[Kind.SERVICE_INTERRUPTED]
TIMED_OUT = CODE[Kind.CALL_TIMED_OUT]
BOUNDS = kind_table([Kind.SERVICE_STARTED, Kind.SERVICE_INTERRUPTED, Kind.SERVICE_COMPLETED])


@dataclass(frozen=True, slots=True, eq=False)
class Holds(Columns):
    """Stretches in which a visit held a server, or was back in the queue after an outage.

    Attributes
    ----------
    passenger, station, server, batch : ndarray of int32, int16, int16, int32
        Who, where; with which server, in which batch, or -1.
    is_back : ndarray of bool
        Whether the customer was back in the queue.
    joined_seq : ndarray of int64
        The visit's first event.
    from_seq, until_seq : ndarray of int64
        Events that bound the stretch; `FAR_SEQ` where it had not ended.
    until_us : ndarray of int64
        Instant of its end; `FAR_US` where it had not ended.
    """

    passenger: NDArray[np.int32]
    station: NDArray[np.int16]
    server: NDArray[np.int16]
    batch: NDArray[np.int32]
    is_back: NDArray[np.bool_]
    joined_seq: NDArray[np.int64]
    from_seq: NDArray[np.int64]
    until_seq: NDArray[np.int64]
    until_us: NDArray[np.int64]


def holds_of(batch: ThreadBatch, *, has_ended: bool) -> Holds:
    """The stretches of visits, all of which have ended, or none."""
    events, owner = batch.events, batch.owner
    is_bound = BOUNDS[events.kind]
    if has_ended:
        is_bound[batch.first[1:] - 1] = True
    rows = np.flatnonzero(is_bound)
    whose = owner[rows]
    goes_on = np.append(whose[1:] == whose[:-1], np.zeros(min(len(rows), 1), dtype=bool))
    until_seq = np.where(goes_on, np.roll(events.seq[rows], -1), FAR_SEQ)
    until_us = np.where(goes_on, np.roll(events.at_us[rows], -1), FAR_US)
    kind = events.kind[rows]
    kept = (kind == STARTED) | (kind == INTERRUPTED)
    rows = rows[kept]
    return Holds(
        passenger=events.passenger[rows],
        station=events.station[rows],
        server=events.server[rows],
        batch=events.ref[rows],
        is_back=kind[kept] == INTERRUPTED,
        joined_seq=events.seq[batch.first[:-1][whose[kept]]],
        from_seq=events.seq[rows],
        until_seq=until_seq[kept],
        until_us=until_us[kept],
    )


def given_up_of(batch: ThreadBatch) -> NDArray[np.int64]:
    """Position at which the caller of each visit gave up, or `FAR_SEQ`."""
    gave_up = np.flatnonzero(batch.events.kind == TIMED_OUT)
    result = np.full(len(batch), FAR_SEQ)
    np.minimum.at(result, batch.owner[gave_up], batch.events.seq[gave_up])
    return result
