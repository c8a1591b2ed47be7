"""A passenger's way: which step, which option, there, in, and out at the end."""

from __future__ import annotations

from sim.demand.workload import SKIPS, UNIFORM_BITS
from sim.engine.compiled.layout import BY_SHARE, NEVER, SHORTEST
from sim.engine.compiled.loop.access import (
    World,
    compiled,
    customer,
    departure_at,
    get_choice,
    get_first,
    get_party_size,
    get_patience_us,
    get_route,
    get_second_choice,
    get_service_us,
    get_switch_us,
    get_walk_us,
    prefetch_patience_us,
    prefetch_service_us,
    rule_at,
    slot_at,
    station,
    step_at,
)
from sim.engine.compiled.loop.calendar import ARRIVAL, WALKED, push, turn_key
from sim.engine.compiled.loop.facility import emit_missed
from sim.engine.compiled.loop.guards import holds
from sim.engine.compiled.loop.journal import (
    ARRIVED,
    BALKED,
    CHANNEL_CHOSEN,
    EXITED,
    emit,
)
from sim.engine.compiled.loop.lines import estimated_wait_us
from sim.engine.compiled.loop.options import OFFERED, OUT, has_alternative, mark_options
from sim.engine.compiled.loop.stays import (
    ADMITTED,
    GAVE_UP,
    HAS_BOARDED,
    MISSED,
    REDIRECTED,
    REJECTED,
    SERVED,
    TURNED_BACK,
    go_on,
    join,
)
from sim.events.kinds import GOES_ON, LEAVES
from sim.scenario.program import GO_LEAVE, GO_NEXT

# -- choosing ------------------------------------------------------------------------------


@compiled
def by_share(w: World, step: int, least: int, uniform: int) -> int:
    """The slot whose share of the summed weights holds a uniform integer."""
    it = step_at(w, step)
    total, last = 0, -1
    for number in range(it.first_slot, it.first_slot + it.slots):
        if slot_at(w, number).mark >= least:
            total += slot_at(w, number).weight
    ticket = (uniform * total) >> UNIFORM_BITS
    for number in range(it.first_slot, it.first_slot + it.slots):
        slot = slot_at(w, number)
        if slot.mark >= least:
            last = number
            if ticket < slot.weight:
                break
            ticket -= slot.weight
    return last


@compiled
def least_wait(w: World, step: int, least: int) -> int:
    """The slot whose station has the least estimated wait; the first of equals."""
    it = step_at(w, step)
    best, best_us = -1, 0
    for number in range(it.first_slot, it.first_slot + it.slots):
        slot = slot_at(w, number)
        if slot.mark >= least:
            wait_us = estimated_wait_us(w, slot.station)
            if best < 0 or wait_us < best_us:
                best, best_us = number, wait_us
    return best


@compiled
def choose(w: World, p: int, step: int, now: int) -> int:
    """The slot a passenger takes at a step; -1 to skip it."""
    it, me = step_at(w, step), customer(w, p)
    if not holds(w, it.guard, me.traits):
        return -1
    first = it.first_slot
    if it.slots == 1:
        if not holds(w, slot_at(w, first).guard, me.traits):
            return -1
        return -1 if get_service_us(w, get_first(w, p) + first) == SKIPS else first
    least = mark_options(w, p, step)
    if least == OUT:
        return -1
    if it.way == BY_SHARE:
        column = p * w.choices + step - me.first_step
        slot = by_share(w, step, OFFERED, get_choice(w, column))
        if slot_at(w, slot).mark < least:
            slot = by_share(w, step, least, get_second_choice(w, column))
    elif it.way == SHORTEST:
        slot = least_wait(w, step, least)
    else:
        slot = first
        while slot_at(w, slot).mark < least:
            slot += 1
        threshold = get_switch_us(w, p * w.switches + step - me.first_step)
        if estimated_wait_us(w, slot_at(w, slot).station) > threshold:
            slot = least_wait(w, step, least)
    emit(w, now, CHANNEL_CHOSEN, p, slot_at(w, slot).station, me.visit, -1, -1, slot - first)
    return slot


# -- the end -------------------------------------------------------------------------------


@compiled
def end_journey(w: World, p: int, outcome: int, now: int) -> None:
    """Log the last event of a group, unless it is there already."""
    if outcome in (HAS_BOARDED, MISSED):
        return
    me = customer(w, p)
    is_scheduled = me.departure >= 0
    if is_scheduled and (outcome != SERVED or w.has_boarding):
        emit_missed(w, p, -1, -1, now)
    elif outcome in (REJECTED, SERVED):
        for person in range(p, p + me.group):
            emit(w, now, EXITED, person, -1, -1, -1, -1, 0)


@compiled
def emit_giving_up(w: World, p: int, kind: int, now: int) -> None:
    """A customer balks or reneges; without another step to try, for good."""
    me = customer(w, p)
    step = step_at(w, slot_at(w, me.slot).step)
    target = step.on_balk if kind == BALKED else step.on_renege
    is_final = target == GO_LEAVE and me.departure < 0
    for person in range(p, p + (me.persons if is_final else 1)):
        visit = me.visit if person == p else -1
        emit(w, now, kind, person, me.station, visit, -1, -1, LEAVES if is_final else GOES_ON)


# -- the way -------------------------------------------------------------------------------


@compiled
def walk(w: World, p: int, slot: int, row: int, now: int) -> None:
    """Set out for a station."""
    me = customer(w, p)
    me.slot = slot
    me.row = row
    prefetch_patience_us(w, row)
    prefetch_service_us(w, row)
    key = turn_key(ARRIVAL, slot_at(w, slot).station, p, me.visit)
    push(w, now + get_walk_us(w, row), key, WALKED, p, 0)


@compiled
def proceed_alone(w: World, p: int, step: int, now: int) -> int:
    """Go to the next step a group takes; returns it if the party must part there, else -1."""
    me = customer(w, p)
    while 0 <= step < me.end_step:
        slot = choose(w, p, step, now)
        if slot >= 0:
            parts = me.group > 1 and not station(w, slot_at(w, slot).station).per_party
            walk(w, p, slot, get_first(w, p) + slot, now)
            return step if parts else -1
        step += 1
    end_journey(w, p, SERVED, now)
    return -1


@compiled
def proceed(w: World, p: int, step: int, now: int) -> None:
    """Go to the next step; where each is served alone, the members follow the lead."""
    parting = proceed_alone(w, p, step, now)
    if parting < 0:
        return
    me = customer(w, p)
    size = me.group
    me.group = 1
    for member in range(p + 1, p + size):
        customer(w, member).group = 1
        customer(w, member).visit = me.visit
        proceed_alone(w, member, parting, now)


@compiled
def proceed_on_route(w: World, p: int, now: int) -> None:
    """Go to the next place of a route that was drawn whole."""
    row = get_first(w, p) + customer(w, p).visit
    if row == get_first(w, p + 1):
        end_journey(w, p, SERVED, now)
    else:
        walk(w, p, get_route(w, row), row, now)


@compiled
def is_too_late(w: World, p: int, now: int) -> bool:
    """Whether nobody more is accepted; onto a departure that left, nobody ever is."""
    me = customer(w, p)
    slot = slot_at(w, me.slot)
    if not slot.boards and slot.closes_us == NEVER:
        return False
    return now >= departure_at(w, me.departure).at_us - max(slot.closes_us, 0)


@compiled
def priority_of(w: World, p: int, b: int, now: int) -> int:
    """Number of the first priority rule that holds; the lower goes first."""
    me, at = customer(w, p), station(w, b)
    for number in range(at.classes - 1):
        rule = rule_at(w, at.first_rule + number)
        if holds(w, rule.guard, me.traits) and (
            rule.late_us == NEVER
            or (me.departure >= 0 and departure_at(w, me.departure).at_us - now <= rule.late_us)
        ):
            return number
    return at.classes - 1


@compiled
def enter(w: World, p: int, now: int) -> int:
    """Join the queue of the station walked to; -1, or how the stay ended at once."""
    me = customer(w, p)
    b = slot_at(w, me.slot).station
    if station(w, b).is_closed and has_alternative(w, p):
        return REDIRECTED
    me.station = b
    me.at_visit = me.visit
    me.lane = departure_at(w, me.departure).gate if station(w, b).by_departure else 0
    me.persons = me.group
    me.server = -1
    me.has_started = 0
    me.spell += 1
    me.trial += 1
    if join(w, p, now, priority_of(w, p, b, now), get_patience_us(w, me.row)):
        return -1
    emit_giving_up(w, p, BALKED, now)
    return TURNED_BACK


@compiled
def arrive(w: World, p: int, now: int) -> None:
    """Be at the station walked to: too late, early for boarding, or in time."""
    me = customer(w, p)
    if me.departure >= 0:
        slot = slot_at(w, me.slot)
        if is_too_late(w, p, now):
            emit_missed(w, p, slot.station, me.visit, now)
            return
        departure = departure_at(w, me.departure)
        if slot.boards and not departure.is_boarding:
            me.held_after = -1
            if departure.held_first < 0:
                departure.held_first = p
            else:
                customer(w, departure.held_last).held_after = p
            departure.held_last = p
            return
    ended = enter(w, p, now)
    if ended >= 0:
        go_on(w, p, ended)


@compiled
def continue_journey(w: World, p: int, outcome: int, now: int) -> None:
    """What a passenger does after a stay, or once boarding has opened."""
    me = customer(w, p)
    if outcome == ADMITTED:
        if is_too_late(w, p, now):
            emit_missed(w, p, slot_at(w, me.slot).station, me.visit, now)
            return
        ended = enter(w, p, now)
        if ended < 0:
            return
        outcome = ended
    own = slot_at(w, me.slot).step
    step, target = step_at(w, own), GO_NEXT
    if outcome == REJECTED:
        target = step.on_reject
    elif outcome == TURNED_BACK:
        target = step.on_balk
    elif outcome == GAVE_UP:
        target = step.on_renege
    elif outcome == REDIRECTED:
        target = own
    if target == GO_NEXT:
        target = own + 1
    me.visit += 1
    if target == GO_LEAVE or outcome in (HAS_BOARDED, MISSED):
        end_journey(w, p, outcome, now)
    elif w.has_routes:
        proceed_on_route(w, p, now)
    else:
        proceed(w, p, target, now)


@compiled
def come_in(w: World, lead: int, now: int) -> None:
    """A party arrives."""
    size = get_party_size(w, lead)
    for person in range(lead, lead + size):
        it = customer(w, person)
        it.group = 1
        emit(w, now, ARRIVED, person, -1, -1, -1, it.departure, it.traits)
    if w.has_routes:
        for person in range(lead, lead + size):
            proceed_on_route(w, person, now)
    else:
        customer(w, lead).group = size
        proceed(w, lead, customer(w, lead).first_step, now)
