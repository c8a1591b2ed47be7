"""One first-come-first-served station by itself: start and end of each visit in one pass.

Customers come in the order in which they join. Each starts when a server first may take
them, which depends on those before them only, so no calendar is needed: Kiefer and
Wolfowitz's recursion, here with the reference engine's choice of server and its order within
an instant. `handed_on_by` says whose turn began the service: `OWN_TURN`, the passenger whose
completion freed the server, or change *n* of staffing as ``FIRST_CHANGE - n``.
"""

from __future__ import annotations

from sim.engine.compiled.layout import FIRST_CHANGE, NEVER, OWN_TURN
from sim.engine.compiled.loop.access import (
    World,
    compiled,
    get_busy_server,
    get_busy_until_us,
    get_busy_with,
    get_given_patience_us,
    get_given_service_us,
    get_idle_server,
    get_joined_us,
    get_levels,
    get_levels_us,
    get_who,
    put_busy_server,
    put_busy_until_us,
    put_busy_with,
    put_completed_us,
    put_handed_on_by,
    put_idle_server,
    put_on_server,
    put_started_us,
)

FEW = 12
"""Servers up to which looking at each is faster than keeping them in a heap."""

FOREVER = 1 << 62
"""Later than anything."""


@compiled
def time_by_one(w: World) -> None:
    """A single server: Lindley's recursion."""
    free_us = -1
    for n in range(w.visits):
        start_us = max(free_us, get_joined_us(w, n))
        free_us = start_us + get_given_service_us(w, n)
        put_started_us(w, n, start_us)
        put_completed_us(w, n, free_us)


@compiled
def time_by_two(w: World) -> None:
    """Two servers: whichever is free first."""
    first_us, second_us = -1, -1
    for n in range(w.visits):
        start_us = max(first_us, get_joined_us(w, n))
        done_us = start_us + get_given_service_us(w, n)
        first_us, second_us = min(second_us, done_us), max(second_us, done_us)
        put_started_us(w, n, start_us)
        put_completed_us(w, n, done_us)


@compiled
def time_by_few(w: World, servers: int) -> None:
    """As `serve_by_few`, but times only: those do not depend on which of the servers it is."""
    for server in range(servers):
        put_busy_until_us(w, server, -1)
    for n in range(w.visits):
        best, best_us = 0, get_busy_until_us(w, 0)
        for server in range(1, servers):
            until_us = get_busy_until_us(w, server)
            if until_us < best_us:
                best, best_us = server, until_us
        start_us = max(best_us, get_joined_us(w, n))
        done_us = start_us + get_given_service_us(w, n)
        put_busy_until_us(w, best, done_us)
        put_started_us(w, n, start_us)
        put_completed_us(w, n, done_us)


@compiled
def serve_by_few(w: World, servers: int) -> None:
    """Constant staff, endless patience: the idle server of lowest number, else the next done."""
    for server in range(servers):
        put_busy_until_us(w, server, -1)
        put_busy_with(w, server, NEVER)
    for n in range(w.visits):
        joined_us = get_joined_us(w, n)
        best, best_us = 0, max(get_busy_until_us(w, 0), joined_us)
        for server in range(1, servers):
            until_us = max(get_busy_until_us(w, server), joined_us)
            if until_us == best_us and until_us > joined_us:
                if get_busy_with(w, server) < get_busy_with(w, best):
                    best = server
            elif until_us < best_us:
                best, best_us = server, until_us
        by = get_busy_with(w, best) if best_us > joined_us else OWN_TURN
        done_us = best_us + get_given_service_us(w, n)
        put_busy_until_us(w, best, done_us)
        put_busy_with(w, best, get_who(w, n))
        put_started_us(w, n, best_us)
        put_completed_us(w, n, done_us)
        put_on_server(w, n, best)
        put_handed_on_by(w, n, by)


# -- busy servers by the end of their work, idle ones by number -------------------------------


@compiled
def ends_first(w: World, one: int, other: int) -> bool:
    """Whether the one place of the heap is done before the other."""
    one_us, other_us = get_busy_until_us(w, one), get_busy_until_us(w, other)
    return one_us < other_us or (
        one_us == other_us and get_busy_with(w, one) < get_busy_with(w, other)
    )


@compiled
def swap_busy(w: World, one: int, other: int) -> None:
    """Exchange two places of the heap."""
    until_us, who, server = (
        get_busy_until_us(w, one),
        get_busy_with(w, one),
        get_busy_server(w, one),
    )
    put_busy_until_us(w, one, get_busy_until_us(w, other))
    put_busy_with(w, one, get_busy_with(w, other))
    put_busy_server(w, one, get_busy_server(w, other))
    put_busy_until_us(w, other, until_us)
    put_busy_with(w, other, who)
    put_busy_server(w, other, server)


@compiled
def make_busy(w: World, until_us: int, who: int, server: int) -> None:
    """Add a server to the busy ones."""
    place = w.busy
    w.busy = place + 1
    put_busy_until_us(w, place, until_us)
    put_busy_with(w, place, who)
    put_busy_server(w, place, server)
    while place > 0 and ends_first(w, place, (place - 1) >> 1):
        swap_busy(w, place, (place - 1) >> 1)
        place = (place - 1) >> 1


@compiled
def take_done(w: World) -> int:
    """Remove the busy server that is done first; returns its number."""
    server = get_busy_server(w, 0)
    end = w.busy - 1
    w.busy = end
    swap_busy(w, 0, end)
    place = 0
    while 2 * place + 1 < end:
        child = 2 * place + 1
        if child + 1 < end and ends_first(w, child + 1, child):
            child += 1
        if not ends_first(w, child, place):
            break
        swap_busy(w, child, place)
        place = child
    return server


@compiled
def make_idle(w: World, server: int) -> None:
    """Add a server to the idle ones."""
    place = w.idle
    w.idle = place + 1
    while place > 0 and get_idle_server(w, (place - 1) >> 1) > server:
        put_idle_server(w, place, get_idle_server(w, (place - 1) >> 1))
        place = (place - 1) >> 1
    put_idle_server(w, place, server)


@compiled
def take_idle(w: World) -> int:
    """Remove the idle server of lowest number."""
    server = get_idle_server(w, 0)
    end = w.idle - 1
    w.idle = end
    moved, place = get_idle_server(w, end), 0
    while 2 * place + 1 < end:
        child = 2 * place + 1
        if child + 1 < end and get_idle_server(w, child + 1) < get_idle_server(w, child):
            child += 1
        if get_idle_server(w, child) >= moved:
            break
        put_idle_server(w, place, get_idle_server(w, child))
        place = child
    put_idle_server(w, place, moved)
    return server


@compiled
def may_start(w: World) -> bool:
    """Whether an idle server may take someone: by name the first are staffed, else any."""
    if w.idle == 0:
        return False
    if w.by_name:
        return get_idle_server(w, 0) < w.level
    return w.busy < min(w.level, w.installed)


@compiled
def serve_by_schedule(w: World) -> None:
    """Any staffing, many servers, limited patience."""
    w.busy = 0
    w.idle = 0
    w.level = 0
    for server in range(w.installed):
        make_idle(w, server)
    change, now, by = 0, -FOREVER, OWN_TURN
    is_changing = False  # servers still change at this instant, so nobody starts
    for n in range(w.visits):
        joined_us = get_joined_us(w, n)
        patience_us = get_given_patience_us(w, n) if w.has_patience else NEVER
        while True:
            change_us = get_levels_us(w, change) if change < w.n_levels else FOREVER
            done_us = get_busy_until_us(w, 0) if w.busy > 0 else FOREVER
            next_us = min(change_us, done_us)
            if next_us > joined_us and (now <= joined_us or not is_changing) and may_start(w):
                break
            if next_us == FOREVER:
                break
            now = next_us
            if done_us <= change_us:
                by = get_busy_with(w, 0)
                make_idle(w, take_done(w))
                is_changing = done_us == change_us
            else:
                by = FIRST_CHANGE - change
                w.level = get_levels(w, change)
                change += 1
                is_changing = False
        start_us = max(now, joined_us)
        gives_up = 0 <= patience_us < start_us - joined_us
        if gives_up or not may_start(w):
            put_started_us(w, n, NEVER)
            put_completed_us(w, n, NEVER)
            if w.wants_servers:
                put_on_server(w, n, NEVER)
                put_handed_on_by(w, n, OWN_TURN)
            continue
        server = take_idle(w)
        end_us = start_us + get_given_service_us(w, n)
        make_busy(w, end_us, get_who(w, n), server)
        put_started_us(w, n, start_us)
        put_completed_us(w, n, end_us)
        if w.wants_servers:
            put_on_server(w, n, server)
            put_handed_on_by(w, n, by if now > joined_us else OWN_TURN)


@compiled
def serve(w: World) -> None:
    """Serve every visit of a station."""
    is_constant = w.n_levels == 1 and (w.visits == 0 or get_levels_us(w, 0) <= get_joined_us(w, 0))
    servers = min(get_levels(w, 0), w.installed) if is_constant else 0
    if servers <= 0 or servers > FEW or w.has_patience:
        serve_by_schedule(w)
    elif w.wants_servers:
        serve_by_few(w, servers)
    elif servers == 1:
        time_by_one(w)
    elif servers == 2:
        time_by_two(w)
    else:
        time_by_few(w, servers)
