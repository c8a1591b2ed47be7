"""Degraded modes: what a station does while a service it calls is down or slow."""

from __future__ import annotations

from sim.engine.compiled.loop.access import (
    World,
    compiled,
    customer,
    degradation_at,
    line_at,
    station,
)
from sim.engine.compiled.loop.journal import DEGRADED_ENDED, DEGRADED_STARTED, RENEGED, emit
from sim.engine.compiled.loop.lines import dequeue
from sim.engine.compiled.loop.options import has_alternative
from sim.engine.compiled.loop.stays import REDIRECTED, go_on
from sim.events.kinds import CHOOSES_AGAIN


@compiled
def redirect(w: World, p: int, now: int) -> None:
    """The station has closed: leave the queue and choose again, where there is a choice."""
    me = customer(w, p)
    if has_alternative(w, p):
        dequeue(w, p)
        emit(w, now, RENEGED, p, me.station, me.visit, -1, -1, CHOOSES_AGAIN)
        go_on(w, p, REDIRECTED)


@compiled
def degrade(w: World, b: int, number: int, now: int) -> None:
    """A degraded mode comes into force; who waits where it closes may choose again."""
    at, mode = station(w, b), degradation_at(w, number)
    at.is_closed = mode.closes
    at.skips = mode.skips
    at.stretch_ppm = mode.stretch_ppm
    emit(w, now, DEGRADED_STARTED, -1, b, -1, -1, -1, number)
    if not mode.closes:
        return
    for line in range(at.first_line, at.first_line + at.lanes * at.classes):
        c = line_at(w, line).head
        while c >= 0:
            later = customer(w, c).after
            if c < w.people:
                redirect(w, c, now)
            c = later


@compiled
def recover(w: World, b: int, number: int, now: int) -> None:
    """A degraded mode is over."""
    at = station(w, b)
    at.is_closed = 0
    at.skips = -1
    emit(w, now, DEGRADED_ENDED, -1, b, -1, -1, -1, number)
