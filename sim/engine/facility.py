"""What the facility itself does: staffing levels, outages, boarding."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import simpy

from sim.engine.bank import Bank
from sim.engine.calendar import Turn
from sim.engine.choosing import has_alternative
from sim.engine.network import (
    NEVER,
    Patch,
    Visit,
    boarding_stations,
    boarding_windows,
    with_slots,
)
from sim.engine.stay import Stay
from sim.events.kinds import Kind
from sim.events.log import NOBODY

if TYPE_CHECKING:
    from sim.engine.reference import World


@dataclass(frozen=True, slots=True)
class Change:
    """Something the facility does to a station at an instant."""

    at_us: int
    station: int
    act: Callable[[int], None]
    alters_servers: bool = True
    turn: Turn = Turn.FACILITY


class Facility:
    """Everything that happens by the clock rather than by a passenger.

    Changes of one station at one instant happen in this order: degraded modes that end, those
    that begin, staffing level, repairs, failures, boarding opened, boarding closed, departure
    left; each in the order of its table. What a fork changes has a turn of its own before
    them. Nobody new is started before the last change of servers at that instant.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.openings: dict[int, simpy.Event] = {}
        for number in range(world.network.policies):
            world.journal.record(world.network.start_us, Kind.POLICY_EFFECTIVE, detail=number)
        changes = [
            *self._degrading(),
            *self._staffing(),
            *self._repairs_and_failures(),
            *self._boarding(),
            *self._patching(),
        ]
        for ordinal, change in enumerate(changes):
            rank = world.calendar.rank(change.turn, change.station, ordinal, 0)
            world.calendar.call(change.at_us, rank, self._doing(change))
        for bank in world.banks:
            bank.changes = sorted(
                (c.at_us for c in changes if c.station == bank.plan.index and c.alters_servers),
                reverse=True,
            )

    def gate_of(self, passenger: int) -> int:
        """The gate, and so the lane, of a passenger's departure."""
        return self.world.departure_gate[self.world.departure[passenger]]

    def admission(self, departure: int, what: Visit) -> Generator[simpy.Event, Any, bool]:
        """Wait until boarding opens where it has not yet; False if it is too late."""
        if self._is_too_late(departure, what):
            return False
        if what.boards and departure in self.openings:
            return (yield from self.let_in(departure, what))
        return True

    def let_in(self, departure: int, what: Visit) -> Generator[simpy.Event, Any, bool]:
        """Be held until boarding opens; False if it is too late by then."""
        yield self.openings[departure]
        return not self._is_too_late(departure, what)

    def _doing(self, change: Change) -> Callable[[object], None]:
        def do(_: object) -> None:
            if change.alters_servers:
                self.world.banks[change.station].changes.pop()
            change.act(change.at_us)

        return do

    def _degrading(self) -> Iterator[Change]:
        network = self.world.network
        for spell in self.world.outlook.spells:
            station = network.degradations[spell.mode].station
            if spell.until_us != NEVER:
                act = self._going_back(station, spell.mode)
                yield Change(spell.until_us, station, act, alters_servers=False)
        for spell in self.world.outlook.spells:
            station = network.degradations[spell.mode].station
            act = self._going_over(station, spell.mode)
            yield Change(spell.from_us, station, act, alters_servers=False)

    def _staffing(self) -> Iterator[Change]:
        for plan in self.world.network.stations:
            bank = self.world.banks[plan.index]
            for at_us, level in plan.levels:
                yield Change(at_us, plan.index, _setting(bank, level))

    def _repairs_and_failures(self) -> Iterator[Change]:
        work = self.world.workload
        table = list(
            zip(
                work.outage_at_us.tolist(),
                work.outage_station.tolist(),
                work.outage_server.tolist(),
                work.outage_is_end.tolist(),
                strict=True,
            )
        )
        for wanted in (True, False):
            for at_us, station, server, is_end in table:
                if is_end == wanted:
                    act = _repairing if is_end else _failing
                    yield Change(at_us, station, act(self.world.banks[station], server))

    def _boarding(self) -> Iterator[Change]:
        network, start_us = self.world.network, self.world.network.start_us
        windows = list(enumerate(boarding_windows(network, self.world.workload)))
        departures = [(number, what) for number, what in windows if what is not None]
        for departure, what in departures:
            self.openings[departure] = simpy.Event(self.world.env)
            opens_us = self.world.departure_us[departure] - what.opens_us
            opens_at = start_us if what.opens_us == NEVER else max(start_us, opens_us)
            yield Change(opens_at, what.station, self._opening(departure), alters_servers=False)
        for departure, what in departures:
            at_us = max(start_us, self._closes_at(departure, what))
            act = self._announcing(Kind.BOARDING_CLOSED, departure)
            yield Change(at_us, what.station, act, alters_servers=False)
        for departure, what in departures:
            at_us = max(start_us, self.world.departure_us[departure])
            act = self._leaving(departure)
            yield Change(at_us, what.station, act, alters_servers=False)

    def _patching(self) -> Iterator[Change]:
        world, turn = self.world, Turn.PATCH
        for patch in world.network.patches:
            at_us = patch.at_us
            for number in patch.policies:
                act = self._effecting(number)
                yield Change(at_us, NOBODY, act, alters_servers=False, turn=turn)
            if patch.slots:
                act = _reopening(world, patch)
                yield Change(at_us, NOBODY, act, alters_servers=False, turn=turn)
            for station, installed, level in patch.servers:
                act = _extending(world.banks[station], installed, level)
                yield Change(at_us, station, act, turn=turn)
            for station, server in patch.repairs:
                yield Change(at_us, station, _repairing(world.banks[station], server), turn=turn)
            for station, server in patch.failures:
                yield Change(at_us, station, _failing(world.banks[station], server), turn=turn)

    def _is_too_late(self, departure: int, what: Visit) -> bool:
        """Whether nobody more is accepted; onto a departure that left, nobody ever is."""
        now = int(self.world.env.now)
        closes = what.boards or what.closes_us != NEVER
        return closes and now >= self._closes_at(departure, what)

    def _closes_at(self, departure: int, what: Visit) -> int:
        return self.world.departure_us[departure] - max(what.closes_us, 0)

    def _announcing(self, kind: Kind, departure: int) -> Callable[[int], None]:
        def announce(now: int) -> None:
            self.world.journal.record(now, kind, ref=departure)

        return announce

    def _effecting(self, policy: int) -> Callable[[int], None]:
        return lambda now: self.world.journal.record(now, Kind.POLICY_EFFECTIVE, detail=policy)

    def _going_over(self, station: int, number: int) -> Callable[[int], None]:
        """A degraded mode comes into force; who waits where it closes may choose again."""
        world, bank = self.world, self.world.banks[station]

        def go_over(now: int) -> None:
            bank.mode = world.network.degradations[number]
            world.journal.record(now, Kind.DEGRADED_STARTED, station=station, detail=number)
            if not bank.is_closed:
                return
            for lane in range(len(bank.lanes)):
                for customer in bank.waiting_in(lane):
                    if isinstance(customer, Stay) and has_alternative(
                        world, customer.passenger, world.steps[customer.slot.step]
                    ):
                        customer.redirect(now)

        return go_over

    def _going_back(self, station: int, number: int) -> Callable[[int], None]:
        def go_back(now: int) -> None:
            self.world.banks[station].mode = None
            self.world.journal.record(now, Kind.DEGRADED_ENDED, station=station, detail=number)

        return go_back

    def _opening(self, departure: int) -> Callable[[int], None]:
        announce = self._announcing(Kind.BOARDING_OPENED, departure)

        def open_gate(now: int) -> None:
            announce(now)
            self.openings.pop(departure).succeed()

        return open_gate

    def _leaving(self, departure: int) -> Callable[[int], None]:
        announce = self._announcing(Kind.DEPARTURE_LEFT, departure)
        journeys = self.world.workload.departure_journey
        journey = 0 if journeys is None else int(journeys[departure])
        boarding = boarding_stations(self.world.network, journey)

        def leave(now: int) -> None:
            announce(now)
            for station in boarding:
                bank = self.world.banks[station]
                lane = self.world.departure_gate[departure] if bank.plan.by_departure else 0
                for customer in bank.waiting_in(lane):
                    if isinstance(customer, Stay) and customer.boards_on(departure):
                        customer.turn_away()

        return leave


def _setting(bank: Bank, level: int) -> Callable[[int], None]:
    return lambda now: bank.set_level(level, now)


def _extending(bank: Bank, installed: int, level: int) -> Callable[[int], None]:
    def extend(now: int) -> None:
        bank.install(installed)
        bank.set_level(level, now)

    return extend


def _reopening(world: World, patch: Patch) -> Callable[[int], None]:
    def reopen(_: int) -> None:
        world.steps = with_slots(world.steps, patch)

    return reopen


def _failing(bank: Bank, server: int) -> Callable[[int], None]:
    return lambda now: bank.fail(server, now)


def _repairing(bank: Bank, server: int) -> Callable[[int], None]:
    return lambda now: bank.repair(server, now)
