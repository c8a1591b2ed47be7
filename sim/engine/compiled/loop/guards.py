"""Whether a passenger's traits satisfy a guard."""

from __future__ import annotations

from sim.engine.compiled.loop.access import World, compiled, guard_at, term_at


@compiled
def holds(w: World, guard: int, traits: int) -> bool:
    """Whether any term of a guard holds for a trait word."""
    it = guard_at(w, guard)
    for number in range(it.first_term, it.end):
        term = term_at(w, number)
        if traits & term.mask == term.want:
            return True
    return False
