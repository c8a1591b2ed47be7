"""A station's lines and its servers: who waits where, and who is free."""

from __future__ import annotations

from sim.engine.compiled.layout import IDLE_FIRST
from sim.engine.compiled.loop.access import (
    World,
    compiled,
    customer,
    get_alters_us,
    lane_at,
    line_at,
    server_at,
    station,
)

CLOSED_US = 1 << 62
"""Estimated wait at a station without an open server: longer than any other."""


# -- lines ---------------------------------------------------------------------------------


@compiled
def enqueue(w: World, c: int) -> None:
    """Wait in line; who was interrupted gets the old place back."""
    me = customer(w, c)
    at, line = station(w, me.station), line_at(w, me.line)
    me.waits = 1
    at.waiting += 1
    lane_at(w, at.first_lane + me.lane).waiting += 1
    ahead = line.tail
    while ahead >= 0 and customer(w, ahead).joined > me.joined:
        ahead = customer(w, ahead).before
    me.before = ahead
    if ahead >= 0:
        follower = customer(w, ahead).after
        customer(w, ahead).after = c
    else:
        follower = line.head
        line.head = c
    me.after = follower
    if follower >= 0:
        customer(w, follower).before = c
    else:
        line.tail = c


@compiled
def dequeue(w: World, c: int) -> None:
    """Leave the line."""
    me = customer(w, c)
    at, line = station(w, me.station), line_at(w, me.line)
    me.waits = 0
    at.waiting -= 1
    lane_at(w, at.first_lane + me.lane).waiting -= 1
    earlier, later = me.before, me.after
    if earlier >= 0:
        customer(w, earlier).after = later
    else:
        line.head = later
    if later >= 0:
        customer(w, later).before = earlier
    else:
        line.tail = earlier


@compiled
def next_waiting(w: World, b: int, lane: int) -> int:
    """Who is served next in a lane where someone waits."""
    at = station(w, b)
    line = at.first_line + lane * at.classes
    while line_at(w, line).head < 0:
        line += 1
    return line_at(w, line).head


# -- free servers --------------------------------------------------------------------------


@compiled
def put_back(w: World, b: int, server: int) -> None:
    """Put a server among the free ones, a heap with the lowest index first."""
    at = station(w, b)
    first = at.first_server
    place = at.free
    at.free = place + 1
    while place > 0:
        parent = (place - 1) >> 1
        above = server_at(w, first + parent).idle
        if above <= server:
            break
        server_at(w, first + place).idle = above
        place = parent
    server_at(w, first + place).idle = server


@compiled
def take_out(w: World, b: int, server: int) -> None:
    """Take a server out of the free ones, if it is there."""
    at = station(w, b)
    first, count = at.first_server, at.free
    place = 0
    while place < count and server_at(w, first + place).idle != server:
        place += 1
    if place == count:
        return
    count -= 1
    at.free = count
    if place == count:
        return
    moved = server_at(w, first + count).idle
    while place > 0 and server_at(w, first + ((place - 1) >> 1)).idle > moved:
        server_at(w, first + place).idle = server_at(w, first + ((place - 1) >> 1)).idle
        place = (place - 1) >> 1
    while True:
        child = 2 * place + 1
        if child >= count:
            break
        below = server_at(w, first + child).idle
        if child + 1 < count and server_at(w, first + child + 1).idle < below:
            child += 1
            below = server_at(w, first + child).idle
        if below >= moved:
            break
        server_at(w, first + place).idle = below
        place = child
    server_at(w, first + place).idle = moved


@compiled
def occupy(w: World, c: int, server: int) -> None:
    """A server takes a customer."""
    me = customer(w, c)
    at = station(w, me.station)
    take_out(w, me.station, server)
    server_at(w, at.first_server + server).serving = c
    at.busy += 1
    me.server = server
    me.has_started = 1


@compiled
def release(w: World, b: int, server: int) -> None:
    """A server is idle again, unless it is broken."""
    at = station(w, b)
    it = server_at(w, at.first_server + server)
    it.serving = -1
    if it.is_paused:
        it.is_paused = 0
    else:
        at.busy -= 1
    if not it.is_down:
        put_back(w, b, server)


# -- who may start -------------------------------------------------------------------------


@compiled
def open_servers(w: World, b: int) -> int:
    """Servers staffed and working; by name the first ones are staffed, else any."""
    at = station(w, b)
    if at.is_down:
        return 0
    if at.closing == IDLE_FIRST:
        return min(at.level, at.installed - at.down)
    count = at.level
    if at.down > 0:
        for server in range(min(at.level, at.installed)):
            if server_at(w, at.first_server + server).is_down:
                count -= 1
    return count


@compiled
def is_changing(w: World, b: int, now: int) -> bool:
    """Whether servers still change at this instant; until then nobody is started."""
    at = station(w, b)
    return at.alter < at.alters_end and get_alters_us(w, at.alter) == now


@compiled
def server_for(w: World, b: int, lane: int) -> int:
    """The idle server that may start a customer of a lane, or -1."""
    at = station(w, b)
    if at.is_down:
        return -1
    if at.by_departure:
        if lane >= at.installed:
            return -1
        own = server_at(w, at.first_server + lane)
        if own.serving >= 0 or own.is_down:
            return -1
        server = lane
    elif at.free > 0:
        server = server_at(w, at.first_server).idle
    else:
        return -1
    if at.closing == IDLE_FIRST:
        return server if at.busy < open_servers(w, b) else -1
    return server if server < at.level else -1


@compiled
def estimated_wait_us(w: World, b: int) -> int:
    """The wait a newcomer reckons with: everyone there, over the servers open."""
    at = station(w, b)
    servers = open_servers(w, b)
    if servers <= 0:
        return CLOSED_US
    return (at.waiting + at.busy) * at.mean_service_us // servers
