"""One passenger's journey, event by event."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.events.kinds import KINDS, Kind
from sim.events.log import EventBlock, EventLog, concat_blocks
from sim.projections.parties import parties_of
from sim.projections.threads import Threads


@dataclass(frozen=True, slots=True)
class JourneyRow:
    """Something that happened to a passenger.

    Attributes
    ----------
    seq, at_us : int
        Position in the log, and when.
    kind : Kind
        What.
    station : str
        Where, or "".
    visit, server, ref, detail : int
        As in the log.
    with_lead : bool
        Whether it is in the log of the lead of the party, who queued for all.
    """

    seq: int
    at_us: int
    kind: Kind
    station: str
    visit: int
    server: int
    ref: int
    detail: int
    with_lead: bool


def journey_of(log: EventLog, passenger: int) -> tuple[JourneyRow, ...]:
    """A passenger's events in order, with those of the lead where the party was served as one.

    Parameters
    ----------
    log : EventLog
        The run.
    passenger : int
        Row in the passenger table.

    Returns
    -------
    tuple of JourneyRow
        Empty where nothing is known of such a passenger.
    """
    parties = parties_of(log.tables)
    lead = int(parties.lead[passenger]) if 0 <= passenger < len(parties) else passenger
    blocks = [block[np.isin(block.passenger, (passenger, lead))] for block in log.blocks()]
    events = concat_blocks(blocks)
    own = events[events.passenger == passenger]
    shared = concat_blocks([])
    if lead != passenger:
        shared = _served_together(events[events.passenger == lead], place=passenger - lead)
    rows = [
        *_rows(own, log.stations, with_lead=False),
        *_rows(shared, log.stations, with_lead=True),
    ]
    return tuple(sorted(rows, key=lambda row: row.seq))


def _served_together(events: EventBlock, *, place: int) -> EventBlock:
    """Events of the lead's visits that were for the member at some place of the party too."""
    threads = Threads()
    parts = []
    for batch in (threads.update(events), threads.open):
        is_shared = batch.events.detail[batch.first[:-1]] > place
        parts.append(batch.events[np.repeat(is_shared, np.diff(batch.first))])
    return concat_blocks(parts)


def _rows(events: EventBlock, stations: tuple[str, ...], *, with_lead: bool) -> list[JourneyRow]:
    columns = (
        events.seq,
        events.at_us,
        events.kind,
        events.station,
        events.visit,
        events.server,
        events.ref,
        events.detail,
    )
    return [
        JourneyRow(
            seq=seq,
            at_us=at_us,
            kind=KINDS[kind],
            station=stations[station] if station >= 0 else "",
            visit=visit,
            server=server,
            ref=ref,
            detail=detail,
            with_lead=with_lead,
        )
        for seq, at_us, kind, station, visit, server, ref, detail in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]
