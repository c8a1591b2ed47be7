"""What passengers decide: which option to take, and with what priority they wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.demand.workload import SKIPS, UNIFORM_BITS
from sim.engine.bank import Bank
from sim.engine.network import NEVER
from sim.events.kinds import Kind
from sim.scenario.guards import holds
from sim.scenario.program import Slot, Step

if TYPE_CHECKING:
    from sim.engine.reference import World


def choose(world: World, passenger: int, step: Step, visit: int) -> Slot | None:
    """The option a passenger takes at a step; None to skip it."""
    traits = world.traits[passenger]
    if not holds(step.guard, traits):
        return None
    if not step.is_choice:
        slot = step.slots[0]
        if not holds(slot.guard, traits):
            return None
        skips = world.service_us[world.first[passenger] + slot.index] == SKIPS
        return None if skips else slot
    offered = [slot for slot in step.slots if holds(slot.guard, traits)]
    if not offered:
        return None
    allowed = _allowed(world, offered, traits) or offered
    place = step.index - world.way[passenger].first_step
    match step.choose:
        case "share":
            slot = _by_share(offered, world.choice[passenger][place])
            if slot not in allowed:
                slot = _by_share(allowed, world.second_choice[passenger][place])
        case "shortest":
            slot = _least_wait(world, allowed)
        case "prefer":
            slot = allowed[0]
            threshold = world.switch_us[passenger][place]
            if world.banks[slot.station].estimated_wait_us() > threshold:
                slot = _least_wait(world, allowed)
    world.journal.record(
        int(world.env.now),
        Kind.CHANNEL_CHOSEN,
        passenger=passenger,
        station=slot.station,
        visit=visit,
        detail=slot.index - step.slots[0].index,
    )
    return slot


def has_alternative(world: World, passenger: int, step: Step) -> bool:
    """Whether someone whose station has closed may go to another one of the step."""
    traits = world.traits[passenger]
    offered = [slot for slot in step.slots if holds(slot.guard, traits)]
    return world.route is None and step.is_choice and bool(_allowed(world, offered, traits))


def _allowed(world: World, offered: list[Slot], traits: int) -> list[Slot]:
    """Options that the policies admit, at stations that no degraded mode has closed."""
    return [
        slot
        for slot in offered
        if holds(slot.permit, traits) and not world.banks[slot.station].is_closed
    ]


def _least_wait(world: World, slots: list[Slot]) -> Slot:
    return min(slots, key=lambda slot: world.banks[slot.station].estimated_wait_us())


def priority_of(world: World, passenger: int, bank: Bank, now: int) -> int:
    """Number of the first priority rule that holds; the lower goes first."""
    departure = world.departure[passenger]
    for number, (guard, late_us) in enumerate(bank.plan.rules):
        if holds(guard, world.traits[passenger]) and (
            late_us == NEVER or (departure >= 0 and world.departure_us[departure] - now <= late_us)
        ):
            return number
    return len(bank.plan.rules)


def _by_share(slots: list[Slot], uniform: int) -> Slot:
    """The slot whose share of the summed weights holds a uniform integer."""
    total = sum(slot.weight for slot in slots)
    ticket = (uniform * total) >> UNIFORM_BITS
    for slot in slots:
        if ticket < slot.weight:
            return slot
        ticket -= slot.weight
    return slots[-1]
