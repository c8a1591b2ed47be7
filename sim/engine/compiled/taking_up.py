"""The compiled engine begins in mid-day: everybody and everything in its place.

The loop itself knows nothing of it: it runs the facility's day without passengers, then
finds the tables as they would be had it let everybody in.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.engine.compiled.layout import DAY_OVER, NEEDS_ROOM
from sim.engine.compiled.machine import Loop
from sim.engine.compiled.world import World
from sim.engine.opening import NEVER, Asking, Opening, Staying
from sim.engine.turn import PASSENGER_BITS, STATION_BITS, VISIT_BITS, Turn

DONE, BATCH_DONE, GIVES_UP, WALKED, SENDS, TIMES_OUT = range(6)
"""What an entry of the calendar does, as in `loop.calendar`."""

WHO_BITS, DEED_BITS = 32, 3

FIRST = 1
"""Stamp of the first stretch of work, the first stay, the first use of a request's row."""

Entry = tuple[int, int, int, int, int]
"""``(at_us, key, deed, who, stamp)``."""


def take_up(loop: Loop, world: World, opening: Opening) -> None:
    """Let the facility's day go by without passengers, then put everybody in place.

    Parameters
    ----------
    loop : Loop
        The compiled loop.
    world : World
        A world that has not begun.
    opening : Opening
        Who is there, and what is under way.
    """
    _without_people(loop, world, opening.at_us)
    _Placing(world, opening).place()


def _without_people(loop: Loop, world: World, until_us: int) -> None:
    record, cut_us = world.record, int(world.record["cut_us"])
    record["lead"] = np.searchsorted(world.tables["arrival_us"], until_us)
    record["cut_us"] = until_us
    why = NEEDS_ROOM
    while why != DAY_OVER:
        why = loop.run(world.address)
        if why == NEEDS_ROOM:
            world.grow()
        record["rows"] = 0
    record["cut_us"] = cut_us
    assert record["entries"] == 0


class _Placing:
    """One opening going into the tables of a world."""

    def __init__(self, world: World, opening: Opening) -> None:
        self.world = world
        self.opening = opening
        while len(world.tables["requests"]) <= len(opening.asking):
            world.grow()
        self.people = int(world.record["people"])
        self.customers = world.tables["customers"]
        self.stations = world.tables["stations"]
        self.servers = world.tables["servers"]
        self.slots = world.tables["slots"]
        self.calls = world.tables["calls"]
        self.rows: list[int] = []
        """Row of each request among the customers."""

    def place(self) -> None:
        """Put everything in place."""
        opening = self.opening
        for station, joined, formed in zip(
            self.stations, opening.joined, opening.formed, strict=True
        ):
            station["joins"], station["formed"] = joined, formed
        for passenger, traits in opening.traits:
            self.customers[passenger]["traits"] = traits
        for each in (*opening.coming, *opening.staying):
            me = self.customers[each.passenger]
            me["slot"], me["row"], me["visit"] = each.slot, each.row, each.visit
            self.customers["group"][each.passenger : each.passenger + each.persons] = 1
            me["group"] = each.persons
        self._hold()
        for stay, pending in zip(opening.staying, opening.pending(), strict=True):
            self._stay(stay, pending)
        for number, request in enumerate(opening.asking):
            self._ask(number, request)
        for batch in opening.batches:
            members = [self.rows[row] for row in batch.members]
            for member, following in zip(members, [*members[1:], NEVER], strict=True):
                me = self.customers[member]
                me["in_batch"], me["server"], me["has_started"] = following, batch.server, 1
            self._occupy(members[0], batch.server)
            place = self.stations[batch.station]["first_server"] + batch.server
            self.servers[place]["batch"] = batch.number
        self._queue()
        self._enter(list(self._entries()))

    def _hold(self) -> None:
        departures = self.world.tables["departures"]
        for each in self.opening.coming:
            if each.reaches_us != NEVER:
                continue
            me = self.customers[each.passenger]
            departure = departures[me["departure"]]
            me["held_after"] = NEVER
            if departure["held_first"] < 0:
                departure["held_first"] = each.passenger
            else:
                self.customers[departure["held_last"]]["held_after"] = each.passenger
            departure["held_last"] = each.passenger

    def _stay(self, stay: Staying, pending: int) -> None:
        me = self.customers[stay.passenger]
        station = int(self.slots[stay.slot]["station"])
        at = self.stations[station]
        me["station"], me["at_visit"], me["persons"] = station, stay.visit, stay.persons
        if at["by_departure"]:
            me["lane"] = self.world.tables["departures"][me["departure"]]["gate"]
        me["line"] = at["first_line"] + me["lane"] * at["classes"] + stay.priority
        me["joined"], me["server"] = stay.place, NEVER
        me["has_started"] = stay.has_started
        me["spell"] = me["trial"] = FIRST
        me["attempt"], me["is_refused"] = stay.attempt, stay.is_refused
        me["is_asked"] = stay.is_asked
        me["is_working"], me["pending"] = stay.is_working, pending
        columns = int(self.world.record["unsent_columns"])
        for number, at_us in stay.unsent:
            self.world.tables["unsent"][stay.passenger * columns + number] = at_us
        if stay.work is not None:
            me["done_at"] = stay.work.done_us
            self._occupy(stay.passenger, stay.work.server, is_paused=stay.work.is_paused)

    def _ask(self, number: int, request: Asking) -> None:
        record, requests = self.world.record, self.world.tables["requests"]
        free = int(record["free_request"])
        it = requests[free]
        record["free_request"] = it["next_free"]
        slot = self.slots[request.slot]
        it["of_stay"], it["of_call"] = request.passenger, slot["first_call"] + request.number
        it["of_trial"], it["is_open"], it["issue"] = FIRST, request.is_heeded, FIRST
        column = (request.attempt - 1) * int(slot["calls"]) + request.number
        width = int(record["call_columns"])
        it["takes_us"] = self.world.tables["call_us"].ravel()[request.row * width + column]
        row = self.people + free
        self.rows.append(row)
        me = self.customers[row]
        me["station"] = self.calls[it["of_call"]]["station"]
        me["at_visit"], me["persons"], me["spell"] = request.visit, 1, FIRST
        me["line"] = self.stations[me["station"]]["first_line"]
        me["joined"], me["server"] = request.place, NEVER
        me["has_started"] = request.has_started
        if request.work is not None:
            me["done_at"] = request.work.done_us
            self._occupy(row, request.work.server, is_paused=request.work.is_paused)

    def _occupy(self, customer: int, server: int, *, is_paused: bool = False) -> None:
        me = self.customers[customer]
        at = self.stations[me["station"]]
        first = int(at["first_server"])
        free = self.servers["idle"][first : first + at["free"]]
        free = np.sort(free[free != server])
        self.servers["idle"][first : first + len(free)] = free
        at["free"] = len(free)
        self.servers[first + server]["serving"] = customer
        self.servers[first + server]["is_paused"] = is_paused
        at["busy"] += not is_paused
        me["server"], me["has_started"] = server, 1

    def _queue(self) -> None:
        """Line up all who wait, in the order in which they joined."""
        pairs = [(each, each.passenger) for each in self.opening.staying if each.work is None]
        asking = zip(self.opening.asking, self.rows, strict=True)
        pairs += [(each, row) for each, row in asking if each.work is None and not each.is_batched]
        lines = self.world.tables["lines"]
        for _, row in sorted(pairs, key=lambda pair: pair[0].place):
            me = self.customers[row]
            at, line = self.stations[me["station"]], lines[me["line"]]
            me["waits"], me["before"], me["after"] = 1, line["tail"], NEVER
            if line["tail"] >= 0:
                self.customers[line["tail"]]["after"] = row
            else:
                line["head"] = row
            line["tail"] = row
            at["waiting"] += 1
            self.world.tables["lanes"][at["first_lane"] + me["lane"]]["waiting"] += 1

    # -- what is still to happen -----------------------------------------------------------

    def _entries(self) -> Iterator[Entry]:
        """Everything due, in the order in which it came to be."""
        for each in self.opening.coming:
            if each.reaches_us != NEVER:
                station = int(self.slots[each.slot]["station"])
                key = turn_key(Turn.ARRIVAL, station, each.passenger, each.visit)
                yield each.reaches_us, key, WALKED, each.passenger, 0
        columns = int(self.world.record["unsent_columns"])
        for stay in self.opening.staying:
            station, slot = int(self.slots[stay.slot]["station"]), self.slots[stay.slot]
            if stay.gives_up_us != NEVER:
                key = turn_key(Turn.PATIENCE, station, stay.passenger, stay.visit)
                yield stay.gives_up_us, key, GIVES_UP, stay.passenger, FIRST
            if stay.work is None or stay.work.is_paused:
                continue
            for number, at_us in stay.unsent:
                called = int(self.calls[slot["first_call"] + number]["station"])
                key = turn_key(Turn.ARRIVAL, called, stay.passenger, stay.visit)
                yield at_us, key, SENDS, stay.passenger, FIRST * columns + number
        for each, row in zip(self.opening.asking, self.rows, strict=True):
            if each.gives_up_us != NEVER:
                station = int(self.customers[row]["station"])
                key = turn_key(Turn.PATIENCE, station, each.passenger, each.visit)
                yield each.gives_up_us, key, TIMES_OUT, row, FIRST
        yield from self._work()

    def _work(self) -> Iterator[Entry]:
        at_work = [(each, each.passenger) for each in self.opening.staying]
        at_work += list(zip(self.opening.asking, self.rows, strict=True))
        due = [
            (each.work, each, row)
            for each, row in at_work
            if each.work is not None and not each.work.is_paused
        ]
        for work, each, row in sorted(due, key=lambda one: one[0].since):
            if isinstance(each, Staying) and not each.is_working:
                continue
            station = int(self.customers[row]["station"])
            key = turn_key(Turn.COMPLETION, station, each.passenger, each.visit)
            yield work.done_us, key, DONE, row, FIRST
        for batch in self.opening.batches:
            first = self.opening.asking[batch.members[0]]
            key = turn_key(Turn.COMPLETION, batch.station, first.passenger, first.visit)
            place = int(self.stations[batch.station]["first_server"]) + batch.server
            yield batch.done_us, key, BATCH_DONE, place, batch.number

    def _enter(self, entries: list[Entry]) -> None:
        """Make the calendar of entries; in order they are a heap."""
        world = self.world
        while len(entries) + int(world.record["room"]) > int(world.record["entries_room"]):
            world.grow()
        ordered = sorted(enumerate(entries), key=lambda pair: (pair[1][:2], pair[0]))
        calendar = world.tables["calendar"]
        for place, (order, (at_us, key, deed, who, stamp)) in enumerate(ordered):
            it = calendar[place]
            it["at_us"], it["key"], it["order"] = at_us, key, order
            it["what"] = (((stamp << WHO_BITS) | who) << DEED_BITS) | deed
        world.record["entries"] = world.record["order"] = len(ordered)


def turn_key(turn: int, station: int, passenger: int, visit: int) -> int:
    """Turn, station, passenger and visit as one number, as in `loop.calendar`."""
    key = (turn << STATION_BITS) | (station + 1)
    key = (key << PASSENGER_BITS) | (passenger + 1)
    return (key << VISIT_BITS) | visit
