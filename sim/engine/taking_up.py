"""The reference engine begins in mid-day: everybody and everything in its place."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from sim.engine.batches import BatchBank
from sim.engine.calendar import Turn
from sim.engine.customer import Customer
from sim.engine.opening import NEVER, Asking, Coming, Opening, Staying
from sim.engine.stay import ENDS, Outcome, Request, Stay
from sim.scenario.program import GO_LEAVE, Slot

if TYPE_CHECKING:
    from sim.engine.reference import World

Process = Generator[simpy.Event, Any, Any]


def take_up(world: World, opening: Opening) -> None:
    """Let the facility's day go by without passengers, then put everybody in place.

    Parameters
    ----------
    world : World
        A world that has not begun, whose doors open at the instant.
    opening : Opening
        Who is there, and what is under way.
    """
    while world.calendar.advance(opening.at_us):
        pass
    world.rows.clear()
    for bank, joined, formed in zip(world.banks, opening.joined, opening.formed, strict=True):
        bank.joined = joined
        if isinstance(bank, BatchBank):
            bank.formed = formed
    for passenger, traits in opening.traits:
        world.traits[passenger] = traits
    for each in opening.coming:
        world.env.process(_journey(world, each, _arrival(world, each)))
    stays = {(each.passenger, each.visit): _stay(world, each) for each in opening.staying}
    for each, stay, pending in zip(opening.staying, stays.values(), opening.pending(), strict=True):
        stay.pending = pending
        world.env.process(_journey(world, each, _end_of(stay)))
    requests = [_request(world, each, stays) for each in opening.asking]
    for batch in opening.batches:
        bank = world.banks[batch.station]
        assert isinstance(bank, BatchBank)
        members: list[Customer] = [requests[row] for row in batch.members]
        bank.place_batch(members, server=batch.server, number=batch.number, at_us=batch.done_us)
    at_work = [
        *zip(opening.staying, stays.values(), strict=True),
        *zip(opening.asking, requests, strict=True),
    ]
    at_work = [(each.work, customer) for each, customer in at_work if each.work is not None]
    for work, customer in sorted(at_work, key=lambda pair: pair[0].since):
        if work.is_paused:
            customer.done_at = work.done_us
        elif not isinstance(customer, Stay) or customer.is_working:
            customer.work(work.done_us, 0)


def _journey(world: World, here: Coming | Staying, presence: Process) -> Process:
    """The rest of a journey, from the step it is at."""
    persons = range(here.passenger, here.passenger + here.persons)
    outcome = yield from presence
    step = world.network.steps[world.network.slots[here.slot].step]
    target = world.after(step, outcome)
    if target == GO_LEAVE or outcome in ENDS:
        world.depart(persons, outcome)
    elif world.route is not None:
        yield from world.routed_journey(here.passenger, world.route, here.visit + 1)
    else:
        yield from world.journey(here.passenger, persons, target, here.visit + 1)


def _arrival(world: World, here: Coming) -> Process:
    """Reach a station, or be let in where boarding opens."""
    persons = range(here.passenger, here.passenger + here.persons)
    slot = world.network.slots[here.slot]
    what, departure = world.network.visits[slot.index], world.departure[here.passenger]
    if here.reaches_us != NEVER:
        turn = world.calendar.rank(Turn.ARRIVAL, what.station, here.passenger, here.visit)
        yield world.calendar.due(here.reaches_us, turn)
        is_open = departure < 0 or (yield from world.facility.admission(departure, what))
    else:
        is_open = yield from world.facility.let_in(departure, what)
    if not is_open:
        world.log_missed(persons, what.station, here.visit)
        return Outcome.MISSED
    outcome = yield from world.enter(persons, slot, here.row, here.visit)
    return outcome


def _end_of(stay: Stay) -> Process:
    outcome = yield stay.over
    return outcome


def _stay(world: World, here: Staying) -> Stay:
    """Somebody in a queue or with a server."""
    stay = _bare_stay(world, here, range(here.passenger, here.passenger + here.persons))
    stay.place = (here.priority, here.place)
    stay.has_started = here.has_started
    stay.attempt, stay.is_refused = here.attempt, here.is_refused
    stay.is_working, stay.is_asked = here.is_working, here.is_asked
    if here.work is None:
        stay.bank.place(stay)
        if here.gives_up_us != NEVER:
            stay.bank.give_up_at(stay, here.gives_up_us)
        return stay
    stay.bank.place(stay, server=here.work.server, is_paused=here.work.is_paused)
    for number, at_us in here.unsent:
        if here.work.is_paused:
            stay.unsent[number] = at_us
        else:
            stay.call_later(number, at_us)
    return stay


def _request(world: World, here: Asking, stays: dict[tuple[int, int], Stay]) -> Request:
    """A request, of a stay that waits for it or of one that is forgotten."""
    if here.is_heeded:
        stay = stays[here.passenger, here.visit]
    else:
        stay = _bare_stay(world, here, range(here.passenger, here.passenger + 1))
        stay.attempt = here.attempt
    request = Request(stay, stay.what.calls[here.number], here.number)
    request.is_open = here.is_heeded
    request.place = (0, here.place)
    request.has_started = here.has_started
    if here.work is not None:
        request.bank.place(request, server=here.work.server, is_paused=here.work.is_paused)
    elif not here.is_batched:
        request.bank.place(request)
    if here.gives_up_us != NEVER:
        request.give_up_at(here.gives_up_us)
    return request


def _bare_stay(world: World, here: Staying | Asking, persons: range) -> Stay:
    slot: Slot = world.network.slots[here.slot]
    what = world.network.visits[slot.index]
    return Stay(
        world,
        world.banks[what.station],
        what,
        slot=slot,
        row=here.row,
        persons=persons,
        visit=here.visit,
    )
