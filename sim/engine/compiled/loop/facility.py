"""What the facility does: staffing levels, outages, pauses, boarding."""

from __future__ import annotations

from sim.engine.compiled.layout import (
    CLOSE_BOARDING,
    DEGRADE,
    EFFECT,
    FAIL,
    INSTALL,
    NEVER,
    OPEN_BOARDING,
    PAUSE,
    RECOVER,
    REOPEN,
    REPAIR,
    TO_LEVEL,
)
from sim.engine.compiled.loop.access import (
    World,
    amendment_at,
    change_at,
    compiled,
    customer,
    departure_at,
    get_unsent,
    line_at,
    put_unsent,
    server_at,
    slot_at,
    station,
)
from sim.engine.compiled.loop.journal import (
    BOARDING_CLOSED,
    BOARDING_OPENED,
    DEPARTURE_LEFT,
    MISSED_DEPARTURE,
    OUTAGE_ENDED,
    OUTAGE_STARTED,
    POLICY_EFFECTIVE,
    SERVERS_CHANGED,
    SERVICE_INTERRUPTED,
    SERVICE_PAUSED,
    SERVICE_RESUMED,
    emit,
    emit_for,
)
from sim.engine.compiled.loop.lines import (
    dequeue,
    enqueue,
    open_servers,
    put_back,
    release,
    take_out,
)
from sim.engine.compiled.loop.modes import degrade, recover
from sim.engine.compiled.loop.service import call_later, hand_on, work
from sim.engine.compiled.loop.stays import ADMITTED, MISSED, go_on

# -- what a fork may change ----------------------------------------------------------------


@compiled
def install(w: World, b: int, servers: int) -> None:
    """Have that many servers from now on, the new ones idle."""
    at = station(w, b)
    for server in range(at.installed, servers):
        put_back(w, b, server)
    at.installed = servers


@compiled
def reopen(w: World, number: int) -> None:
    """Let a slot have another weight and other policies from now on."""
    it = amendment_at(w, number)
    slot = slot_at(w, it.slot)
    slot.permit = it.permit
    slot.weight = it.weight


# -- staffing ------------------------------------------------------------------------------


@compiled
def pause(w: World, c: int, now: int) -> None:
    """Stop in mid-service; where only answers are awaited, an own part of no length remains."""
    me = customer(w, c)
    if c < w.people:
        if not me.is_working:
            me.is_working = 1
            me.pending += 1
            me.done_at = now
        for place in range(c * w.unsent_columns, (c + 1) * w.unsent_columns):
            at_us = get_unsent(w, place)
            if at_us != NEVER:
                put_unsent(w, place, at_us - now)
    me.spell += 1
    me.done_at -= now


@compiled
def resume(w: World, c: int, now: int) -> None:
    """Go on with what remained."""
    if c < w.people:
        for number in range(w.unsent_columns):
            rest_us = get_unsent(w, c * w.unsent_columns + number)
            if rest_us != NEVER:
                call_later(w, c, number, now + rest_us)
    work(w, c, now, customer(w, c).done_at)


@compiled
def set_level(w: World, b: int, level: int, now: int) -> None:
    """Staff `level` servers from now on."""
    at = station(w, b)
    at.level = level
    if at.closing == PAUSE:
        for server in range(at.installed):
            it = server_at(w, at.first_server + server)
            c = it.serving
            if c < 0:
                continue
            if server >= level and not it.is_paused:
                it.is_paused = 1
                at.busy -= 1
                emit_for(w, now, SERVICE_PAUSED, c, server, -1)
                pause(w, c, now)
            elif server < level and it.is_paused:
                it.is_paused = 0
                at.busy += 1
                emit_for(w, now, SERVICE_RESUMED, c, server, -1)
                resume(w, c, now)
    emit(w, now, SERVERS_CHANGED, -1, b, -1, -1, -1, open_servers(w, b))
    hand_on(w, b, now)


# -- outages -------------------------------------------------------------------------------


@compiled
def emit_missed(w: World, p: int, station: int, visit: int, now: int) -> None:
    """Append that each of a group has missed the departure."""
    for person in range(p, p + customer(w, p).group):
        own = visit if person == p else -1
        ref = customer(w, person).departure
        emit(w, now, MISSED_DEPARTURE, person, station, own, -1, ref, 0)


@compiled
def turn_away(w: World, p: int, now: int) -> None:
    """The departure left while this passenger waited to board."""
    me = customer(w, p)
    dequeue(w, p)
    emit_missed(w, p, me.station, me.visit, now)
    go_on(w, p, MISSED)


@compiled
def interrupt_batch(w: World, b: int, server: int, now: int) -> None:
    """A failed server's whole batch goes back in line."""
    it = server_at(w, station(w, b).first_server + server)
    if it.batch == NEVER:
        return
    number, first = it.batch, it.serving
    it.batch = NEVER
    member = first
    while member >= 0:
        one = customer(w, member)
        emit_for(w, now, SERVICE_INTERRUPTED, member, server, number)
        one.server = -1
        member = one.in_batch
    release(w, b, server)
    member = first
    while member >= 0:
        enqueue(w, member)
        member = customer(w, member).in_batch


@compiled
def interrupt(w: World, b: int, server: int, now: int) -> None:
    """Send a failed server's customer, or batch, back in line."""
    at = station(w, b)
    if at.batch_cap > 0:
        interrupt_batch(w, b, server, now)
        return
    c = server_at(w, at.first_server + server).serving
    if c < 0:
        return
    me = customer(w, c)
    me.spell += 1
    if c < w.people:
        me.trial += 1
    emit_for(w, now, SERVICE_INTERRUPTED, c, server, -1)
    me.server = -1
    release(w, b, server)
    enqueue(w, c)
    if c >= w.people or me.departure < 0 or not slot_at(w, me.slot).boards:
        return
    if now >= departure_at(w, me.departure).at_us:
        turn_away(w, c, now)


@compiled
def fail(w: World, b: int, server: int, now: int) -> None:
    """Take a server, or the whole station, out."""
    at = station(w, b)
    low, high = server, server + 1
    if server < 0:
        at.is_down = 1
        low, high = 0, at.installed
    else:
        it = server_at(w, at.first_server + server)
        if not it.is_down:
            at.down += 1
        it.is_down = 1
    emit(w, now, OUTAGE_STARTED, -1, b, -1, server, -1, open_servers(w, b))
    for index in range(low, high):
        interrupt(w, b, index, now)
    if server >= 0:
        take_out(w, b, server)
    hand_on(w, b, now)


@compiled
def repair(w: World, b: int, server: int, now: int) -> None:
    """Bring a server, or the whole station, back."""
    at = station(w, b)
    if server < 0:
        at.is_down = 0
    else:
        it = server_at(w, at.first_server + server)
        if it.is_down:
            at.down -= 1
        it.is_down = 0
        put_back(w, b, server)
    emit(w, now, OUTAGE_ENDED, -1, b, -1, server, -1, open_servers(w, b))
    hand_on(w, b, now)


# -- boarding ------------------------------------------------------------------------------


@compiled
def open_boarding(w: World, departure: int, now: int) -> None:
    """Let those in who waited for it, in the order in which they came."""
    emit(w, now, BOARDING_OPENED, -1, -1, -1, -1, departure, 0)
    it = departure_at(w, departure)
    it.is_boarding = 1
    p = it.held_first
    while p >= 0:
        go_on(w, p, ADMITTED)
        p = customer(w, p).held_after
    it.held_first = -1
    it.held_last = -1


@compiled
def leave_gate(w: World, departure: int, now: int) -> None:
    """Turn away who still waits to board."""
    emit(w, now, DEPARTURE_LEFT, -1, -1, -1, -1, departure, 0)
    for b in range(w.n_stations):
        at = station(w, b)
        if not at.boards or at.waiting == 0:
            continue
        lane = departure_at(w, departure).gate if at.by_departure else 0
        if lane >= at.lanes:
            continue  # of another facility, which has not so many gates
        first = at.first_line + lane * at.classes
        for line in range(first, first + at.classes):
            c = line_at(w, line).head
            while c >= 0:
                me = customer(w, c)
                later = me.after
                if c < w.people and me.departure == departure and slot_at(w, me.slot).boards:
                    turn_away(w, c, now)
                c = later


@compiled
def change(w: World, number: int, now: int) -> None:
    """Do the next thing of the facility's table."""
    it = change_at(w, number)
    what, b, value = it.what, it.station, it.value
    if what <= FAIL:
        station(w, b).alter += 1
    if what == TO_LEVEL:
        set_level(w, b, value, now)
    elif what == REPAIR:
        repair(w, b, value, now)
    elif what == FAIL:
        fail(w, b, value, now)
    elif what == OPEN_BOARDING:
        open_boarding(w, value, now)
    elif what == CLOSE_BOARDING:
        emit(w, now, BOARDING_CLOSED, -1, -1, -1, -1, value, 0)
    elif what == EFFECT:
        emit(w, now, POLICY_EFFECTIVE, -1, -1, -1, -1, -1, value)
    elif what == REOPEN:
        reopen(w, value)
    elif what == INSTALL:
        install(w, b, value)
    elif what == DEGRADE:
        degrade(w, b, value, now)
    elif what == RECOVER:
        recover(w, b, value, now)
    else:
        leave_gate(w, value, now)
