"""Starting work: attempts, batches, and handing idle servers the next in line."""

from __future__ import annotations

from sim.demand.workload import NOT_SENT
from sim.engine.compiled.layout import IDLE_FIRST, NEVER, SECOND_US
from sim.engine.compiled.loop.access import (
    World,
    call_at,
    compiled,
    customer,
    get_batch_us,
    get_call_us,
    get_delay_us,
    get_retry_us,
    get_service_us,
    lane_at,
    prefetch_service_us,
    prefetch_walk_us,
    put_unsent,
    request,
    server_at,
    slot_at,
    station,
)
from sim.engine.compiled.loop.calendar import (
    ARRIVAL,
    BATCH_DONE,
    COMPLETION,
    DONE,
    SENDS,
    push,
    turn_key,
)
from sim.engine.compiled.loop.journal import SERVICE_STARTED, emit_for, passenger_of
from sim.engine.compiled.loop.lines import dequeue, is_changing, next_waiting, occupy, server_for


@compiled
def work(w: World, c: int, now: int, duration_us: int) -> None:
    """Keep the server for a while."""
    me = customer(w, c)
    me.done_at = now + duration_us
    key = turn_key(COMPLETION, me.station, passenger_of(w, c), me.at_visit)
    push(w, now + duration_us, key, DONE, c, me.spell)


@compiled
def call_later(w: World, p: int, number: int, at_us: int) -> None:
    """Enter the sending of a call."""
    me = customer(w, p)
    put_unsent(w, p * w.unsent_columns + number, at_us)
    called = call_at(w, slot_at(w, me.slot).first_call + number).station
    stamp = me.spell * w.unsent_columns + number
    push(w, at_us, turn_key(ARRIVAL, called, p, me.visit), SENDS, p, stamp)


@compiled
def delay_us(w: World, b: int, now: int) -> int:
    """What background traffic adds to a service that starts now."""
    first = station(w, b).first_delay
    if first < 0:
        return 0
    return get_delay_us(w, first + min((now - w.start_us) // SECOND_US, w.delay_seconds - 1))


@compiled
def is_to_be_sent(w: World, p: int, number: int) -> bool:
    """Whether a passenger makes a call, and the station does not do without it."""
    me = customer(w, p)
    slot = slot_at(w, me.slot)
    skipped = station(w, me.station).skips
    if skipped >= 0 and call_at(w, slot.first_call + number).station == skipped:
        return False
    column = (me.attempt - 1) * slot.calls + number
    return get_call_us(w, me.row * w.call_columns + column) != NOT_SENT


@compiled
def begin_attempt(w: World, p: int, now: int) -> None:
    """Start an attempt: the station's own part, and the calls."""
    me = customer(w, p)
    slot = slot_at(w, me.slot)
    at = station(w, me.station)
    prefetch_service_us(w, me.row + 1)  # the next visit's draws are most often there
    prefetch_walk_us(w, me.row + 1)
    if me.attempt == 1:
        duration = get_service_us(w, me.row)
    else:
        duration = get_retry_us(w, me.row * w.retries + me.attempt - 2)
    if at.skips >= 0:
        duration = duration * at.stretch_ppm // 1_000_000
    me.pending = 1
    me.is_working = 1
    me.is_asked = 0
    for number in range(w.unsent_columns):
        put_unsent(w, p * w.unsent_columns + number, NEVER)
    for number in range(slot.calls):
        if is_to_be_sent(w, p, number):
            me.pending += 1
            after_ppm = call_at(w, slot.first_call + number).after_ppm
            call_later(w, p, number, now + duration * after_ppm // 1_000_000)
    work(w, p, now, duration)


@compiled
def start_batch(w: World, c: int, server: int, now: int) -> None:
    """Form a batch of a customer and all that wait, up to the cap."""
    me = customer(w, c)
    b = me.station
    at = station(w, b)
    size, last = 1, c
    me.in_batch = -1
    while at.waiting > 0 and size < at.batch_cap:
        other = next_waiting(w, b, 0)
        dequeue(w, other)
        customer(w, last).in_batch = other
        customer(w, other).in_batch = -1
        last = other
        size += 1
    occupy(w, c, server)
    number = at.formed
    at.formed = number + 1
    server_at(w, at.first_server + server).batch = number
    member = c
    while member >= 0:
        one = customer(w, member)
        one.server = server
        one.has_started = 1
        emit_for(w, now, SERVICE_STARTED, member, server, number)
        member = one.in_batch
    key = turn_key(COMPLETION, b, passenger_of(w, c), me.at_visit)
    at_us = now + get_batch_us(w, at.first_batch_us + size - 1) + delay_us(w, b, now)
    push(w, at_us, key, BATCH_DONE, at.first_server + server, number)


@compiled
def start(w: World, c: int, server: int, now: int) -> None:
    """Begin the service of a customer, or of a batch."""
    me = customer(w, c)
    if station(w, me.station).batch_cap > 0:
        start_batch(w, c, server, now)
        return
    occupy(w, c, server)
    emit_for(w, now, SERVICE_STARTED, c, server, -1)
    if c < w.people:
        me.attempt = 1
        me.is_refused = 0
        begin_attempt(w, c, now)
    else:
        work(w, c, now, request(w, c - w.people).takes_us + delay_us(w, me.station, now))


@compiled
def serve_lane(w: World, b: int, lane: int, now: int) -> None:
    """Start waiting customers of a lane on idle servers."""
    waiting = lane_at(w, station(w, b).first_lane + lane)
    while waiting.waiting > 0:
        server = server_for(w, b, lane)
        if server < 0:
            return
        c = next_waiting(w, b, lane)
        dequeue(w, c)
        start(w, c, server, now)


@compiled
def hand_on(w: World, b: int, now: int) -> None:
    """Start waiting customers, unless the station changes at this instant."""
    if station(w, b).waiting == 0 or is_changing(w, b, now):
        return
    for lane in range(station(w, b).lanes):
        serve_lane(w, b, lane, now)


@compiled
def hand_on_lane(w: World, b: int, lane: int, now: int) -> None:
    """As `hand_on`, after a completion: its lane first, another where staff is short."""
    at = station(w, b)
    if lane_at(w, at.first_lane + lane).waiting > 0 and not is_changing(w, b, now):
        serve_lane(w, b, lane, now)
    if at.by_departure and at.closing == IDLE_FIRST and at.level < at.installed:
        hand_on(w, b, now)
