"""Which options of a step are open to a passenger, and which are allowed."""

from __future__ import annotations

from sim.engine.compiled.loop.access import (
    World,
    compiled,
    customer,
    slot_at,
    station,
    step_at,
)
from sim.engine.compiled.loop.guards import holds

OUT, OFFERED, ALLOWED = range(3)
"""How far an option is open to a passenger: ``mark`` of its slot while choosing."""


@compiled
def mark_options(w: World, p: int, step: int) -> int:
    """Mark the step's slots for a passenger; returns the least mark to choose from."""
    it, traits = step_at(w, step), customer(w, p).traits
    best = OUT
    for number in range(it.first_slot, it.first_slot + it.slots):
        slot = slot_at(w, number)
        slot.mark = OUT
        if holds(w, slot.guard, traits):
            slot.mark = OFFERED
            if not station(w, slot.station).is_closed and holds(w, slot.permit, traits):
                slot.mark = ALLOWED
            best = max(best, slot.mark)
    return best


@compiled
def has_alternative(w: World, p: int) -> bool:
    """Whether someone whose station has closed may go to another one of the step."""
    step = slot_at(w, customer(w, p).slot).step
    if w.has_routes or step_at(w, step).slots < 2:
        return False
    return mark_options(w, p, step) == ALLOWED
