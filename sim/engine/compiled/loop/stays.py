"""A stay at a station: joining, calls and their answers, the result."""

from __future__ import annotations

from sim.engine.compiled.layout import NEVER
from sim.engine.compiled.loop.access import (
    World,
    call_at,
    compiled,
    customer,
    get_accepted_on,
    get_call_us,
    going_at,
    lane_at,
    put_unsent,
    request,
    server_at,
    slot_at,
    station,
)
from sim.engine.compiled.loop.calendar import GIVES_UP, PATIENCE, TIMES_OUT, push, turn_key
from sim.engine.compiled.loop.guards import holds
from sim.engine.compiled.loop.journal import (
    BALKED,
    BOARDED,
    CALL_TIMED_OUT,
    CHECKED_IN,
    ENROLLED,
    MATCH_ACCEPTED,
    MATCH_REJECTED,
    MATCH_REQUESTED,
    QUEUE_JOINED,
    REFERRED,
    SERVICE_COMPLETED,
    emit,
    emit_for,
    passenger_of,
)
from sim.engine.compiled.loop.lines import dequeue, enqueue, is_changing, release, server_for
from sim.engine.compiled.loop.service import begin_attempt, hand_on_lane, start

SERVED, REJECTED, TURNED_BACK, GAVE_UP, MISSED, HAS_BOARDED, ADMITTED, REDIRECTED = range(8)
"""How a stay ended (`TURNED_BACK` balked, `GAVE_UP` reneged, `REDIRECTED` from a station that
closed), or that boarding opened."""


@compiled
def go_on(w: World, p: int, outcome: int) -> None:
    """Let a passenger go on before the next turn."""
    place = w.to_go_on
    w.to_go_on = place + 1
    it = going_at(w, place)
    it.who = p
    it.outcome = outcome


@compiled
def join(w: World, c: int, now: int, priority: int, patience_us: int) -> bool:
    """Take a customer into the queue; False where it is full."""
    me = customer(w, c)
    b = me.station
    at = station(w, b)
    waiting = lane_at(w, at.first_lane + me.lane).waiting
    server = -1
    if waiting == 0 and not is_changing(w, b, now):
        server = server_for(w, b, me.lane)
    if server < 0 and 0 <= at.queue_limit <= waiting:
        return False
    emit_for(w, now, QUEUE_JOINED, c, -1, -1)
    at.joins += 1
    me.joined = at.joins
    me.line = at.first_line + me.lane * at.classes + priority
    if server >= 0:
        start(w, c, server, now)
        return True
    enqueue(w, c)
    if patience_us >= 0:
        key = turn_key(PATIENCE, b, passenger_of(w, c), me.at_visit)
        push(w, now + patience_us, key, GIVES_UP, c, me.trial)
    return True


# -- the result ----------------------------------------------------------------------------


@compiled
def emit_match(w: World, kind: int, p: int, now: int) -> None:
    """Append a biometric request or its result."""
    me = customer(w, p)
    slot = slot_at(w, me.slot)
    gallery = slot.gallery
    if slot.gallery_per_departure:
        gallery = gallery + me.departure if me.departure >= 0 else -1
    emit(w, now, kind, p, me.station, me.visit, me.server, gallery, me.attempt)


@compiled
def emit_achievements(w: World, p: int, server: int, now: int) -> None:
    """What a completed service changes for everyone served."""
    me = customer(w, p)
    slot = slot_at(w, me.slot)
    end = p + me.persons
    if slot.turns_on != 0 or slot.turns_off != 0:
        for person in range(p, end):
            it = customer(w, person)
            old = it.traits
            if holds(w, slot.sets_guard, old):
                new = (old | slot.turns_on) & ~slot.turns_off
                if new != old:
                    it.traits = new
                    emit(w, now, ENROLLED, person, me.station, me.visit, server, -1, new ^ old)
    if slot.checks_in or slot.boards:
        kind = CHECKED_IN if slot.checks_in else BOARDED
        for person in range(p, end):
            ref = customer(w, person).departure
            emit(w, now, kind, person, me.station, me.visit, server, ref, 0)
    if slot.checks_in and slot.boards:
        for person in range(p, end):
            ref = customer(w, person).departure
            emit(w, now, BOARDED, person, me.station, me.visit, server, ref, 0)


@compiled
def complete(w: World, c: int, now: int) -> None:
    """Log the end of a service and free its server."""
    me = customer(w, c)
    server = me.server
    emit_for(w, now, SERVICE_COMPLETED, c, server, -1)
    me.server = -1
    release(w, me.station, server)


@compiled
def complete_stay(w: World, p: int, outcome: int, now: int) -> None:
    """End a stay: what it changes, then the next customer, then the passenger."""
    me = customer(w, p)
    server = me.server
    complete(w, p, now)
    if outcome == REJECTED:
        emit(w, now, REFERRED, p, me.station, me.visit, -1, -1, me.attempt)
    else:
        emit_achievements(w, p, server, now)
    boards = outcome == SERVED and slot_at(w, me.slot).boards != 0
    hand_on_lane(w, me.station, me.lane, now)
    go_on(w, p, HAS_BOARDED if boards else outcome)


@compiled
def resolve(w: World, p: int, now: int) -> None:
    """Accept, reject, try again, or just complete."""
    me = customer(w, p)
    slot = slot_at(w, me.slot)
    outcome = SERVED
    if slot.attempts == 0:
        if me.is_refused:
            outcome = REJECTED
        complete_stay(w, p, outcome, now)
        return
    if not me.is_asked:
        emit_match(w, MATCH_REQUESTED, p, now)
    if me.is_refused:
        outcome = REJECTED
    elif get_accepted_on(w, me.row) == me.attempt:
        emit_match(w, MATCH_ACCEPTED, p, now)
    else:
        emit_match(w, MATCH_REJECTED, p, now)
        if me.attempt < slot.attempts:
            me.attempt += 1
            begin_attempt(w, p, now)
            return
        outcome = REJECTED
    complete_stay(w, p, outcome, now)


@compiled
def one_part_done(w: World, p: int, now: int) -> None:
    """Own part or answer: when all are there, the attempt has a result."""
    me = customer(w, p)
    me.pending -= 1
    if me.pending == 0:
        resolve(w, p, now)


# -- calls ---------------------------------------------------------------------------------


@compiled
def forget(w: World, r: int) -> None:
    """A request is over; its number is free."""
    it = request(w, r)
    it.issue += 1
    it.next_free = w.free_request
    w.free_request = r


@compiled
def answer(w: World, r: int, now: int) -> None:
    """Tell the stay, if it still waits for this request."""
    it = request(w, r)
    if it.is_open and it.of_trial == customer(w, it.of_stay).trial:
        it.is_open = 0
        one_part_done(w, it.of_stay, now)


@compiled
def give_up_call(w: World, r: int, kind: int, now: int) -> None:
    """Log that no answer is waited for, and go on without."""
    it = request(w, r)
    call = call_at(w, it.of_call)
    emit(w, now, kind, it.of_stay, call.station, customer(w, w.people + r).at_visit, -1, -1, 0)
    if call.refers:
        customer(w, it.of_stay).is_refused = 1
    answer(w, r, now)


@compiled
def send(w: World, p: int, number: int, now: int) -> None:
    """Queue a request at the called station."""
    caller = customer(w, p)
    slot = slot_at(w, caller.slot)
    put_unsent(w, p * w.unsent_columns + number, NEVER)
    r = w.free_request
    it = request(w, r)
    w.free_request = it.next_free
    it.issue += 1
    it.of_stay = p
    it.of_call = slot.first_call + number
    it.of_trial = caller.trial
    it.is_open = 1
    column = (caller.attempt - 1) * slot.calls + number
    it.takes_us = get_call_us(w, caller.row * w.call_columns + column)
    call = call_at(w, it.of_call)
    c = w.people + r
    me = customer(w, c)
    me.station = call.station
    me.at_visit = caller.visit
    me.lane = 0
    me.persons = 1
    me.server = -1
    me.spell += 1
    me.waits = 0
    me.has_started = 0
    if number == 0 and slot.attempts > 0:
        caller.is_asked = 1
        emit_match(w, MATCH_REQUESTED, p, now)
    if not join(w, c, now, 0, NEVER):
        give_up_call(w, r, BALKED, now)
        forget(w, r)
    elif call.timeout_us >= 0:
        key = turn_key(PATIENCE, call.station, p, caller.visit)
        push(w, now + call.timeout_us, key, TIMES_OUT, c, it.issue)


@compiled
def time_out(w: World, r: int, now: int) -> None:
    """The caller gives up on a request."""
    it = request(w, r)
    if not it.is_open or it.of_trial != customer(w, it.of_stay).trial:
        return
    was_waiting = customer(w, w.people + r).waits
    if was_waiting:
        dequeue(w, w.people + r)
    give_up_call(w, r, CALL_TIMED_OUT, now)
    if was_waiting:
        forget(w, r)


@compiled
def request_done(w: World, r: int, now: int) -> None:
    """A request was served at a plain station."""
    c = w.people + r
    me = customer(w, c)
    complete(w, c, now)
    hand_on_lane(w, me.station, me.lane, now)
    answer(w, r, now)
    forget(w, r)


@compiled
def batch_done(w: World, place: int, now: int) -> None:
    """Everyone in a batch is answered at once."""
    it = server_at(w, place)
    number, first = it.batch, it.serving
    it.batch = NEVER
    b = customer(w, first).station
    server = place - station(w, b).first_server
    member = first
    while member >= 0:
        one = customer(w, member)
        one.server = -1
        emit_for(w, now, SERVICE_COMPLETED, member, server, number)
        member = one.in_batch
    release(w, b, server)
    hand_on_lane(w, b, 0, now)
    member = first
    while member >= 0:
        following = customer(w, member).in_batch
        answer(w, member - w.people, now)
        forget(w, member - w.people)
        member = following
