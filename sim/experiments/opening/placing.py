"""Who stands where, given counts: the passengers who could most plausibly be there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.demand.streams import Streams
from sim.demand.workload import FOR_EVER
from sim.engine.network import NEVER
from sim.errors import Fault
from sim.events.state import StationState, SystemState
from sim.experiments.opening.counts import Count
from sim.experiments.opening.unhindered import Place, attempts_us, places_of
from sim.experiments.revision import Revised
from sim.scenario.clock import instant_text

POOL = 10
"""Candidates for each customer in service."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Somebody in place.

    Attributes
    ----------
    place : Place
        Where.
    joined_us : int
        When they joined the queue, or reached a gate whose boarding is not open.
    started_us : int
        When their service began, or `NEVER`.
    server : int
        With which server, or -1.
    is_held : bool
        Whether they wait for boarding to open.
    """

    place: Place
    joined_us: int
    started_us: int = NEVER
    server: int = -1
    is_held: bool = False


class Placing:
    """Puts passengers where they were counted, the stations last on the way first.

    Parameters
    ----------
    day : Revised
        The network and everybody who could come.
    state : SystemState
        The facility just before the instant, without people.
    at_us : int
        The instant.
    streams : Streams
        Whose draws decide who is in service and for how long.
    path : str
        The file of counts, for messages.
    """

    def __init__(
        self, day: Revised, state: SystemState, *, at_us: int, streams: Streams, path: str
    ) -> None:
        self._network, self._work = day.network, day.workload
        self._state = state
        self._at_us = at_us
        self._streams = streams
        self._path = path
        self._taken: set[int] = set()
        self._candidates = self._all_places()
        self.faults: list[Fault] = []

    def place(self, counts: Sequence[Count]) -> list[Placed]:
        """Everybody counted; what cannot be is added to `faults`."""
        furthest = {slot.station: slot.index for slot in self._network.slots}
        placed = list[Placed]()
        for count in sorted(counts, key=lambda each: -furthest[each.station]):
            placed += self._at_station(count)
        return placed

    def _all_places(self) -> dict[int, list[Place]]:
        """By station, who could have come there by now, the most plausible first."""
        found = defaultdict[int, list[Place]](list)
        leads = np.flatnonzero(self._work.is_lead & (self._work.arrival_us < self._at_us))
        for lead in leads.tolist():
            for place in places_of(self._network, self._work, lead, at_us=self._at_us):
                if self._is_in_time(place):
                    found[self._network.slots[place.slot].station].append(place)
        boarding = {visit.station for visit in self._network.visits if visit.boards}
        for station, places in found.items():
            # Nobody leaves a gate: who came first is there the most surely, in line if it boards.
            sign = 1 if station in boarding else -1
            places.sort(
                key=lambda each: (self._is_held(each), sign * each.joins_us, each.passenger)
            )
        return found

    def _is_in_time(self, place: Place) -> bool:
        """Whether the departure has not been closed at the station."""
        departure = int(self._work.departure[place.passenger])
        what = self._network.visits[place.slot]
        if departure < 0 or not (what.boards or what.closes_us != NEVER):
            return not what.boards
        return int(self._work.departure_us[departure]) - max(what.closes_us, 0) > self._at_us

    def _at_station(self, count: Count) -> list[Placed]:
        state = self._state.stations[count.station]
        waiting = self._waiting(count)
        servers = self._servers(state)
        if count.in_service > len(servers):
            self._fault(
                count,
                f"in_service is {count.in_service}, but {len(servers)} servers of "
                f"{state.station} are open just before {instant_text(self._at_us)}; correct the "
                "count, or the staffing in the scenario",
            )
            return waiting
        bound = min((each.joined_us for each in waiting if not each.is_held), default=self._at_us)
        serving = self._in_service(count, servers, bound)
        short = count.waiting + count.in_service - len(waiting) - len(serving)
        if short > 0:
            self._fault(
                count,
                f"{count.waiting} waiting and {count.in_service} in service at {state.station}, "
                f"but the scenario has {short} too few who could be there at "
                f"{instant_text(self._at_us)}; correct the count, or let more come",
            )
        self._check_limit(count, waiting)
        return [*serving, *self._with_idle_servers(count, waiting, serving, servers)]

    # -- waiting ---------------------------------------------------------------------------

    def _waiting(self, count: Count) -> list[Placed]:
        """Those who wait, the first in line first."""
        found = list[Placed]()
        for so_far_us in self._waits(count):
            since_us = self._at_us - so_far_us
            chosen = self._next(count.station, since_us)
            if chosen is None:
                break
            self._take(chosen)
            is_held = self._is_held(chosen)
            joined_us = chosen.joins_us if is_held else self._joined_us(chosen, since_us)
            found.append(Placed(chosen, joined_us, is_held=is_held))
        return sorted(found, key=lambda each: (each.joined_us, each.place.passenger))

    def _waits(self, count: Count) -> list[int]:
        """How long each has waited, evenly spread about the mean.

        Where nobody knows the mean, the first has waited as long as it takes to serve the line.
        """
        mean_us = count.mean_wait_us
        if mean_us is None:
            station, state = self._network.stations[count.station], self._state.stations
            servers = max(state[count.station].open, 1)
            mean_us = count.waiting * station.mean_service_us // (2 * servers)
        share, waiting = 2 * mean_us, count.waiting
        return [share * (2 * (waiting - number) - 1) // (2 * waiting) for number in range(waiting)]

    def _next(self, station: int, since_us: int) -> Place | None:
        """Who could have waited for so long, else who could be there at all."""
        places, other = self._candidates.get(station, []), -1
        for row, place in enumerate(places):
            if not self._stays(place, since_us):
                continue
            if place.joins_us <= since_us:
                return places.pop(row)
            other = row if other < 0 else other
        return places.pop(other) if other >= 0 else None

    def _stays(self, place: Place, since_us: int) -> bool:
        """Whether somebody is free, and patient enough to be waiting still."""
        if self._is_taken(place):
            return False
        patience_us = int(self._work.patience_us[place.row])
        joined_us = self._joined_us(place, since_us)
        return patience_us == FOR_EVER or joined_us + patience_us >= self._at_us

    def _joined_us(self, place: Place, since_us: int) -> int:
        """When somebody joined who is to have waited since then: not before coming, or boarding."""
        joined_us = max(place.joins_us, since_us)
        what, departure = (
            self._network.visits[place.slot],
            int(self._work.departure[place.passenger]),
        )
        if what.boards and what.opens_us != NEVER:
            joined_us = max(joined_us, int(self._work.departure_us[departure]) - what.opens_us)
        return joined_us

    def _check_limit(self, count: Count, waiting: Sequence[Placed]) -> None:
        station = self._network.stations[count.station]
        lanes = defaultdict[int, int](int)
        for each in waiting:
            lanes[self._lane(each.place)] += not each.is_held
        longest = max(lanes.values(), default=0)
        if 0 <= station.queue_limit < longest:
            self._fault(
                count,
                f"{longest} wait in one line of {station.id}, which holds {station.queue_limit}; "
                "correct the count, or the queue_limit in the scenario",
            )

    # -- in service ------------------------------------------------------------------------

    def _servers(self, state: StationState) -> list[int]:
        """The servers that may serve: as many working ones as are open, the first ones."""
        installed = next(each.places for each in self._network.stations if each.id == state.station)
        working = [server for server in range(installed) if server not in state.down]
        return working[: max(state.open, 0)]

    def _in_service(self, count: Count, servers: list[int], bound_us: int) -> list[Placed]:
        """Those in service: who takes long is met more often, at any point of the service.

        For each server a length is drawn in proportion to length, and of a pool of candidates
        the free one nearest to it is taken.
        """
        station, wanted = self._network.stations[count.station], count.in_service
        pool = self._pool(count, bound_us)
        if not wanted or not pool:
            return []
        lengths = np.cumsum([lasts_us for lasts_us, _ in pool])
        draws = self._streams.uniforms(f"opening/in-service/{station.id}", wanted)
        elapsed = self._streams.uniforms(f"opening/elapsed/{station.id}", wanted)
        down = set(self._state.stations[count.station].down)
        found, gates = list[Placed](), set[int]()
        for number in range(wanted):
            aim = int(np.searchsorted(lengths, draws[number] * lengths[-1]))
            aim_us = pool[min(aim, len(pool) - 1)][0]
            near = sorted(range(len(pool)), key=lambda row: abs(pool[row][0] - aim_us))
            for row in near:
                lasts_us, place = pool[row]
                gate = self._lane(place)
                is_shut = station.by_departure and (gate in gates or gate in down)
                if self._is_taken(place) or is_shut:
                    continue
                self._take(place)
                gates.add(gate)
                server = gate if station.by_departure else servers[len(found)]
                started_us = max(self._at_us - int(elapsed[number] * lasts_us), place.joins_us)
                found.append(Placed(place, min(started_us, bound_us), started_us, server))
                break
        return sorted(found, key=lambda each: (each.started_us, each.place.passenger))

    def _pool(self, count: Count, bound_us: int) -> list[tuple[int, Place]]:
        """Candidates for service with how long theirs takes, by that.

        First those who came so early that none of them could be too late for any point of a
        service: otherwise those with short ones would be preferred.
        """
        there = [
            (sum(attempts_us(self._network, self._work, place.slot, place.row)), place)
            for place in self._candidates.get(count.station, ())
            if not (self._is_taken(place) or self._is_held(place)) and place.joins_us <= bound_us
        ]
        there = [each for each in there if each[0] > 0]
        longest_us = max((lasts_us for lasts_us, _ in there), default=0)
        wanted = POOL * count.in_service
        early = [each for each in there if each[1].joins_us <= self._at_us - longest_us][:wanted]
        if len(early) < wanted:
            known = {id(place) for _, place in early}
            rest = [each for each in there if id(each[1]) not in known]
            early += rest[: wanted - len(early)]
        return sorted(early, key=lambda each: (each[0], each[1].passenger))

    def _with_idle_servers(
        self,
        count: Count,
        waiting: Sequence[Placed],
        serving: Sequence[Placed],
        servers: Sequence[int],
    ) -> list[Placed]:
        """Those who wait, the first of them taken where a server stands idle beside them."""
        station = self._network.stations[count.station]
        busy = {each.server for each in serving}
        found = list[Placed]()
        for each in waiting:
            idle = [server for server in servers if server not in busy]
            if station.by_departure:
                gate = self._lane(each.place)
                down = self._state.stations[count.station].down
                idle = [] if gate in busy or gate in down or len(busy) >= len(servers) else [gate]
            if each.is_held or not idle:
                found.append(each)
                continue
            busy.add(idle[0])
            found.append(Placed(each.place, each.joined_us, self._at_us, idle[0]))
        return found

    # -- passengers ------------------------------------------------------------------------

    def _lane(self, place: Place) -> int:
        station = self._network.slots[place.slot].station
        if not self._network.stations[station].by_departure:
            return 0
        return int(self._work.departure_gate[self._work.departure[place.passenger]])

    def _is_held(self, place: Place) -> bool:
        departure = int(self._work.departure[place.passenger])
        boards = self._network.visits[place.slot].boards
        return boards and departure >= 0 and departure not in self._state.boarding

    def _is_taken(self, place: Place) -> bool:
        return not self._taken.isdisjoint(_persons(place))

    def _take(self, place: Place) -> None:
        self._taken.update(_persons(place))

    def _fault(self, count: Count, text: str) -> None:
        self.faults.append(Fault(text, self._path, count.line))


def _persons(place: Place) -> range:
    return range(place.passenger, place.passenger + place.persons)
