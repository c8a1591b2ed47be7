"""The event log of vidigi, which animates queues."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock
from sim.export.places import Places
from sim.export.source import Source
from sim.export.target import Write
from sim.projections.outcomes import is_final

HEADER = ("entity_id", "event_type", "event", "time", "resource_id", "pathway", "run_number")
"""Column names, in order."""

US_PER_MIN = 60_000_000

_IN_STATION = {
    CODE[Kind.QUEUE_JOINED]: (("queue", "wait_begins"),),
    CODE[Kind.SERVICE_STARTED]: (("resource_use", "begins"),),
    CODE[Kind.SERVICE_COMPLETED]: (("resource_use_end", "ends"),),
    CODE[Kind.SERVICE_INTERRUPTED]: (("resource_use_end", "ends"), ("queue", "wait_begins")),
}
"""Type and name of the rows that an event in a passenger's own station becomes."""

_ARRIVED = CODE[Kind.ARRIVED]


def write_vidigi(source: Source, write: Write) -> None:
    """Arrivals, queues, service and departures of passengers, in minutes since midnight.

    Parameters
    ----------
    source : Source
        What is exported.
    write : Write
        Takes the text.

    Notes
    -----
    vidigi asks that a resource serve one entity at a time and that an entity be in one place.
    So the lead stands for a party served as one, and requests to match servers are left out.
    """
    write(",".join(HEADER) + "\n")
    places = Places(len(source.tables.passengers))
    tail = f",{source.scenario},{source.replication}\n"
    for block in source.pieces():
        write("".join(_lines(block, places.is_own(block), source.stations, tail)))


def _lines(
    block: EventBlock, is_own: NDArray[np.bool_], stations: tuple[str, ...], tail: str
) -> Iterator[str]:
    ends = is_final(block)
    shown = np.flatnonzero((block.kind == _ARRIVED) | ends | is_own)
    some = block[shown]
    minutes = (some.at_us / US_PER_MIN).tolist()
    rows = zip(
        some.passenger.tolist(),
        some.kind.tolist(),
        minutes,
        some.station.tolist(),
        some.server.tolist(),
        ends[shown].tolist(),
        strict=True,
    )
    for passenger, kind, minute, station, server, is_end in rows:
        if kind == _ARRIVED:
            yield f"{passenger},arrival_departure,arrival,{minute},{tail}"
        elif is_end:
            yield f"{passenger},arrival_departure,depart,{minute},{tail}"
        else:
            for what, name in _IN_STATION.get(kind, ()):
                resource = "" if what == "queue" else server + 1
                yield f"{passenger},{what},{stations[station]}_{name},{minute},{resource}{tail}"
