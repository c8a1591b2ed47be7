"""The loop: one turn after another, until a block is full or the day is over."""

from __future__ import annotations

from sim.engine.compiled.layout import BLOCK_FULL, BLOCK_ROWS, DAY_OVER, NEEDS_ROOM
from sim.engine.compiled.loop.access import (
    World,
    change_at,
    compiled,
    customer,
    entry_at,
    get_arrival_us,
    get_party_size,
    going_at,
    request,
    server_at,
    world_at,
)
from sim.engine.compiled.loop.calendar import (
    ARRIVAL,
    BATCH_DONE,
    DEED_BITS,
    DONE,
    GIVES_UP,
    SENDS,
    WALKED,
    WHO_BITS,
    pop,
    turn_key,
)
from sim.engine.compiled.loop.facility import change
from sim.engine.compiled.loop.journal import POLICY_EFFECTIVE, RENEGED, emit
from sim.engine.compiled.loop.journeys import arrive, come_in, continue_journey, emit_giving_up
from sim.engine.compiled.loop.lines import dequeue
from sim.engine.compiled.loop.recursion import serve
from sim.engine.compiled.loop.stays import (
    GAVE_UP,
    batch_done,
    go_on,
    one_part_done,
    request_done,
    send,
    time_out,
)

FROM_CALENDAR, FROM_FACILITY, FROM_DOORS = range(3)
"""Where the next thing comes from."""


@compiled
def happen(w: World, what: int, now: int) -> None:
    """Do what an entry of the calendar says, if it still holds."""
    deed = what & ((1 << DEED_BITS) - 1)
    who = (what >> DEED_BITS) & ((1 << WHO_BITS) - 1)
    stamp = what >> (DEED_BITS + WHO_BITS)
    if deed == WALKED:
        arrive(w, who, now)
        return
    if deed == BATCH_DONE:
        if server_at(w, who).batch == stamp:
            batch_done(w, who, now)
        return
    me = customer(w, who)
    if deed == DONE:
        if me.spell == stamp and me.server >= 0:
            if who < w.people:
                me.is_working = 0
                one_part_done(w, who, now)
            else:
                request_done(w, who - w.people, now)
    elif deed == GIVES_UP:
        if me.waits and not me.has_started and me.trial == stamp:
            dequeue(w, who)
            emit_giving_up(w, who, RENEGED, now)
            go_on(w, who, GAVE_UP)
    elif deed == SENDS:
        if me.spell == stamp // w.unsent_columns:
            send(w, who, stamp % w.unsent_columns, now)
    elif request(w, who - w.people).issue == stamp:
        time_out(w, who - w.people, now)


@compiled
def take_turn(w: World) -> bool:
    """Let the next thing happen, with all it sets off by itself; False at the day's end."""
    source, at_us, key = -1, 0, 0
    if w.entries > 0:
        first = entry_at(w, 0)
        source, at_us, key = FROM_CALENDAR, first.at_us, first.key
    if w.change < w.n_changes:
        it = change_at(w, w.change)
        if source < 0 or it.at_us <= at_us:
            change_key = turn_key(it.turn, it.station, it.ordinal, 0)
            if source < 0 or it.at_us < at_us or change_key < key:
                source, at_us, key = FROM_FACILITY, it.at_us, change_key
    lead = w.lead
    if lead < w.people:
        lead_us = get_arrival_us(w, lead)
        if source < 0 or lead_us <= at_us:
            lead_key = turn_key(ARRIVAL, -1, lead, 0)
            if source < 0 or lead_us < at_us or lead_key < key:
                source, at_us = FROM_DOORS, lead_us
    if source < 0 or 0 <= w.cut_us <= at_us:
        return False
    if source == FROM_CALENDAR:
        what = entry_at(w, 0).what
        pop(w)
        happen(w, what, at_us)
    elif source == FROM_FACILITY:
        number = w.change
        w.change = number + 1
        change(w, number, at_us)
    else:
        w.lead = lead + get_party_size(w, lead)
        come_in(w, lead, at_us)
    going = 0
    while going < w.to_go_on:
        it = going_at(w, going)
        continue_journey(w, it.who, it.outcome, at_us)
        going += 1
    w.to_go_on = 0
    return True


@compiled
def run(address: int) -> int:
    """Run until a block is full, the day is over, or a table is nearly full."""
    w = world_at(address)
    if w.is_recursion:
        serve(w)
        return DAY_OVER
    if not w.has_begun:
        w.has_begun = 1
        for policy in range(w.policies):
            emit(w, w.start_us, POLICY_EFFECTIVE, -1, -1, -1, -1, -1, policy)
    while w.rows < BLOCK_ROWS:
        if w.entries + w.room > w.entries_room or request(w, w.free_request).next_free < 0:
            return NEEDS_ROOM
        if not take_turn(w):
            return DAY_OVER
    return BLOCK_FULL
