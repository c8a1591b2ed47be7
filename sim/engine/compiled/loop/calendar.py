"""What is still to happen: a heap in the order of instants and turns."""

from __future__ import annotations

from sim.engine.compiled.loop.access import World, compiled, entry_at
from sim.engine.turn import PASSENGER_BITS, STATION_BITS, VISIT_BITS, Turn

PATCH, COMPLETION, FACILITY, PATIENCE, ARRIVAL = (int(turn) for turn in Turn)

DONE, BATCH_DONE, GIVES_UP, WALKED, SENDS, TIMES_OUT = range(6)
"""What an entry does."""

WHO_BITS, DEED_BITS = 32, 3


@compiled
def turn_key(turn: int, station: int, passenger: int, visit: int) -> int:
    """Turn, station, passenger and visit as one number in that order of weight."""
    key = (turn << STATION_BITS) | (station + 1)
    key = (key << PASSENGER_BITS) | (passenger + 1)
    return (key << VISIT_BITS) | visit


@compiled
def push(w: World, at_us: int, key: int, deed: int, who: int, stamp: int) -> None:
    """Enter something to happen; `stamp` tells later whether it still should."""
    place = w.entries
    w.entries = place + 1
    order = w.order
    w.order = order + 1
    while place > 0:
        parent = (place - 1) >> 2
        above = entry_at(w, parent)
        if above.at_us < at_us:
            break
        if above.at_us == at_us and (above.key < key or (above.key == key and above.order < order)):
            break
        here = entry_at(w, place)
        here.at_us = above.at_us
        here.key = above.key
        here.order = above.order
        here.what = above.what
        place = parent
    here = entry_at(w, place)
    here.at_us = at_us
    here.key = key
    here.order = order
    here.what = (((stamp << WHO_BITS) | who) << DEED_BITS) | deed


@compiled
def pop(w: World) -> None:
    """Remove the first entry (read it before)."""
    end = w.entries - 1
    w.entries = end
    last = entry_at(w, end)
    at_us, key, order, what = last.at_us, last.key, last.order, last.what
    place = 0
    while True:
        child = 4 * place + 1
        if child >= end:
            break
        best, first = child, entry_at(w, child)
        first_us = first.at_us
        for other in range(child + 1, min(child + 4, end)):
            it = entry_at(w, other)
            other_us = it.at_us
            if other_us > first_us:
                continue
            if other_us == first_us:
                first = entry_at(w, best)
                if first.key < it.key or (first.key == it.key and first.order < it.order):
                    continue
            best, first_us = other, other_us
        first = entry_at(w, best)
        if at_us < first_us or (
            at_us == first_us and (key < first.key or (key == first.key and order < first.order))
        ):
            break
        here = entry_at(w, place)
        here.at_us = first_us
        here.key = first.key
        here.order = first.order
        here.what = first.what
        place = best
    here = entry_at(w, place)
    here.at_us = at_us
    here.key = key
    here.order = order
    here.what = what
