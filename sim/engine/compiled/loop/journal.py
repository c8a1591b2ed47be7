"""Writing events, a row of the log's columns at a time."""

from __future__ import annotations

from sim.engine.compiled.loop.access import (
    World,
    compiled,
    customer,
    put_at_us,
    put_detail,
    put_kind,
    put_passenger,
    put_ref,
    put_server,
    put_station,
    put_visit,
    request,
)
from sim.events.kinds import CODE, Kind

ARRIVED = CODE[Kind.ARRIVED]
CHANNEL_CHOSEN = CODE[Kind.CHANNEL_CHOSEN]
QUEUE_JOINED = CODE[Kind.QUEUE_JOINED]
BALKED = CODE[Kind.BALKED]
RENEGED = CODE[Kind.RENEGED]
SERVICE_STARTED = CODE[Kind.SERVICE_STARTED]
SERVICE_PAUSED = CODE[Kind.SERVICE_PAUSED]
SERVICE_RESUMED = CODE[Kind.SERVICE_RESUMED]
SERVICE_INTERRUPTED = CODE[Kind.SERVICE_INTERRUPTED]
SERVICE_COMPLETED = CODE[Kind.SERVICE_COMPLETED]
MATCH_REQUESTED = CODE[Kind.MATCH_REQUESTED]
MATCH_ACCEPTED = CODE[Kind.MATCH_ACCEPTED]
MATCH_REJECTED = CODE[Kind.MATCH_REJECTED]
REFERRED = CODE[Kind.REFERRED]
ENROLLED = CODE[Kind.ENROLLED]
CHECKED_IN = CODE[Kind.CHECKED_IN]
BOARDED = CODE[Kind.BOARDED]
MISSED_DEPARTURE = CODE[Kind.MISSED_DEPARTURE]
EXITED = CODE[Kind.EXITED]
SERVERS_CHANGED = CODE[Kind.SERVERS_CHANGED]
OUTAGE_STARTED = CODE[Kind.OUTAGE_STARTED]
OUTAGE_ENDED = CODE[Kind.OUTAGE_ENDED]
DEGRADED_STARTED = CODE[Kind.DEGRADED_STARTED]
DEGRADED_ENDED = CODE[Kind.DEGRADED_ENDED]
BOARDING_OPENED = CODE[Kind.BOARDING_OPENED]
BOARDING_CLOSED = CODE[Kind.BOARDING_CLOSED]
DEPARTURE_LEFT = CODE[Kind.DEPARTURE_LEFT]
POLICY_EFFECTIVE = CODE[Kind.POLICY_EFFECTIVE]
CALL_TIMED_OUT = CODE[Kind.CALL_TIMED_OUT]


@compiled
def emit(
    w: World,
    at_us: int,
    kind: int,
    passenger: int,
    station: int,
    visit: int,
    server: int,
    ref: int,
    detail: int,
) -> None:
    """Append one event."""
    row = w.rows
    w.rows = row + 1
    put_at_us(w, row, at_us)
    put_kind(w, row, kind)
    put_passenger(w, row, passenger)
    put_station(w, row, station)
    put_visit(w, row, visit)
    put_server(w, row, server)
    put_ref(w, row, ref)
    put_detail(w, row, detail)


@compiled
def passenger_of(w: World, c: int) -> int:
    """The passenger a customer is, or asks for."""
    return c if c < w.people else request(w, c - w.people).of_stay


@compiled
def emit_for(w: World, now: int, kind: int, c: int, server: int, ref: int) -> None:
    """Append an event about a customer at their station."""
    it = customer(w, c)
    emit(w, now, kind, passenger_of(w, c), it.station, it.at_visit, server, ref, it.persons)
