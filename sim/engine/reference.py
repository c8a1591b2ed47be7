"""The readable engine: a SimPy process per passenger, the specification of the model.

Every duration, choice and failure was drawn before time started (`Workload`); the engine
only decides who meets whom when. It keeps no statistics: what happened is in the journal.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
import simpy

from sim.demand.workload import Workload
from sim.engine.bank import Bank
from sim.engine.batches import BatchBank
from sim.engine.calendar import Calendar, Turn
from sim.engine.choosing import choose, has_alternative, priority_of
from sim.engine.facility import Facility
from sim.engine.journal import Journal
from sim.engine.network import Network
from sim.engine.opening import Opening
from sim.engine.outlook import outlook_of
from sim.engine.stay import ENDS, Outcome, Stay
from sim.engine.taking_up import take_up
from sim.events.kinds import CODE, GOES_ON, LEAVES, Kind
from sim.events.log import NOBODY, EventBlock
from sim.scenario.guards import holds
from sim.scenario.program import GO_LEAVE, GO_NEXT, Slot, Step

ARRIVED = CODE[Kind.ARRIVED]
EXITED = CODE[Kind.EXITED]

Process = Generator[simpy.Event, Any, Any]


def simulate(
    network: Network, workload: Workload, *, opening: Opening | None = None
) -> Iterator[EventBlock]:
    """Run a day and yield its events, block by block.

    Parameters
    ----------
    network : Network
        The facility.
    workload : Workload
        The passengers and everything chance decided.
    opening : Opening or None
        Where to begin in mid-day: only what happens from then on is told.

    Yields
    ------
    EventBlock
        Full blocks, the last one with what is left; none for a day without events.
    """
    world = World(network, workload, opens_us=0 if opening is None else opening.at_us)
    if opening is not None:
        take_up(world, opening)
    while world.calendar.advance(network.cut_us):
        if world.journal.has_block:
            yield world.journal.take_block()
    while world.journal.rows:
        yield world.journal.take_block()


class World:
    """The facility and everybody in it."""

    def __init__(self, network: Network, workload: Workload, *, opens_us: int = 0) -> None:
        self.outlook = outlook_of(network, workload)
        self.network = network = self.outlook.network
        self.workload = workload
        self.steps = network.steps
        self.arrival_us = workload.arrival_us.tolist()
        self.party_size = workload.party_size.tolist()
        self.departure = workload.departure.tolist()
        self.traits = workload.traits.tolist()
        self.first = workload.first.tolist()
        self.way = [network.journeys[number] for number in _journeys_of(workload)]
        self.route = None if workload.route is None else workload.route.tolist()
        self.service_us = workload.service_us.tolist()
        self.walk_us = workload.walk_us.tolist()
        self.patience_us = workload.patience_us.tolist()
        self.accepted_on = workload.accepted_on.tolist()
        self.retry_us = workload.retry_us.tolist()
        self.call_us = workload.call_us.tolist()
        self.choice = workload.choice.tolist()
        self.second_choice = workload.second_choice.tolist()
        self.switch_us = workload.switch_us.tolist()
        self.departure_us = workload.departure_us.tolist()
        self.departure_gate = workload.departure_gate.tolist()
        self.calendar = Calendar(
            start_us=network.start_us,
            stations=len(network.stations),
            passengers=max(len(workload), 1 << 24),
            visits=1 << 15,
        )
        self.env = self.calendar.env
        self.journal = Journal()
        self.rows = self.journal.rows
        self.banks = [
            (BatchBank if plan.batch_us else Bank)(
                plan, calendar=self.calendar, journal=self.journal
            )
            for plan in network.stations
        ]
        for station, delay_us in self.outlook.delay_us.items():
            self.banks[station].delays = delay_us.tolist()
        self.facility = Facility(self)
        self.env.process(self.doors(int(np.searchsorted(workload.arrival_us, opens_us))))

    # -- arrivals --------------------------------------------------------------------------

    def doors(self, lead: int) -> Process:
        """Let every party in at its instant, from that of a passenger on."""
        calendar, sizes = self.calendar, self.party_size
        total = len(self.arrival_us)
        while lead < total:
            at_us = self.arrival_us[lead]
            yield calendar.due(at_us, calendar.rank(Turn.ARRIVAL, NOBODY, lead, 0))
            size = sizes[lead]
            for person in range(lead, lead + size):
                self.rows.append(
                    (
                        at_us,
                        ARRIVED,
                        person,
                        NOBODY,
                        NOBODY,
                        NOBODY,
                        self.departure[person],
                        self.traits[person],
                    )
                )
            self.env.process(self.journey(lead, range(lead, lead + size)))
            lead += size

    # -- a journey -------------------------------------------------------------------------

    def journey(
        self, passenger: int, persons: range, step: int | None = None, visit: int = 0
    ) -> Process:
        """One passenger's way through the steps; a lead's until the party parts.

        Parameters
        ----------
        passenger : int
            Whose draws and traits count.
        persons : range
            Who moves: the party, or the passenger alone.
        step, visit : int
            Where the journey (re)starts; None is its first step.
        """
        if self.route is not None:
            for member in persons[1:]:
                self.env.process(self.routed_journey(member, self.route))
            yield from self.routed_journey(passenger, self.route)
            return
        way = self.way[passenger]
        step = way.first_step if step is None else step
        while 0 <= step < way.end_step:
            here = self.steps[step]
            slot = choose(self, passenger, here, visit)
            if slot is None:
                step += 1
                continue
            if len(persons) > 1 and not self.banks[slot.station].plan.per_party:
                for member in persons[1:]:
                    self.env.process(self.journey(member, range(member, member + 1), step, visit))
                persons = range(passenger, passenger + 1)
            row = self.first[passenger] + slot.index
            outcome = yield from self.stay(persons, slot, row, visit)
            visit += 1
            step = self.after(here, outcome)
            if step == GO_LEAVE or outcome in ENDS:
                self.depart(persons, outcome)
                return
        self.depart(persons, Outcome.SERVED)

    def routed_journey(self, passenger: int, route: list[int], visit: int = 0) -> Process:
        """A journey whose route was drawn whole, from a visit on."""
        persons = range(passenger, passenger + 1)
        rows = range(self.first[passenger] + visit, self.first[passenger + 1])
        for row in rows:
            slot = self.network.slots[route[row]]
            outcome = yield from self.stay(persons, slot, row, row - self.first[passenger])
            target = self.after(self.network.steps[slot.step], outcome)
            if target == GO_LEAVE or outcome in ENDS:
                self.depart(persons, outcome)
                return
        self.depart(persons, Outcome.SERVED)

    def stay(self, persons: range, slot: Slot, row: int, visit: int) -> Process:
        """Walk to a station, queue there, be served; returns the `Outcome`."""
        passenger = persons[0]
        what = self.network.visits[slot.index]
        calendar = self.calendar
        turn = calendar.rank(Turn.ARRIVAL, what.station, passenger, visit)
        yield calendar.due(int(self.env.now) + self.walk_us[row], turn)
        departure = self.departure[passenger]
        if departure >= 0:
            is_open = yield from self.facility.admission(departure, what)
            if not is_open:
                self.log_missed(persons, what.station, visit)
                return Outcome.MISSED
        outcome = yield from self.enter(persons, slot, row, visit)
        return outcome

    def enter(self, persons: range, slot: Slot, row: int, visit: int) -> Process:
        """Queue at a station and be served; returns the `Outcome`."""
        passenger = persons[0]
        what = self.network.visits[slot.index]
        bank = self.banks[what.station]
        if bank.is_closed and has_alternative(self, passenger, self.steps[slot.step]):
            return Outcome.REDIRECTED
        stay = Stay(self, bank, what, slot=slot, row=row, persons=persons, visit=visit)
        now = int(self.env.now)
        priority = priority_of(self, passenger, bank, now) if bank.plan.rules else 0
        if not bank.join(stay, now=now, priority=priority, patience_us=self.patience_us[row]):
            self.log_giving_up(stay, Kind.BALKED, now)
            return Outcome.BALKED
        outcome = yield stay.over
        return outcome

    def after(self, step: Step, outcome: Outcome) -> int:
        """The step to go to after an outcome, or `GO_LEAVE`."""
        match outcome:
            case Outcome.SERVED | Outcome.BOARDED | Outcome.MISSED:
                target = GO_NEXT
            case Outcome.REJECTED:
                target = step.on_reject
            case Outcome.BALKED:
                target = step.on_balk
            case Outcome.RENEGED:
                target = step.on_renege
            case Outcome.REDIRECTED:
                target = step.index
        return step.index + 1 if target == GO_NEXT else target

    def gallery_of(self, slot: int, passenger: int) -> int:
        """Row of the gallery a probe is compared with, or -1."""
        base, departure = int(self.workload.gallery_of_slot[slot]), self.departure[passenger]
        if self.workload.gallery_per_departure[slot]:
            return base + departure if departure >= 0 else NOBODY
        return base

    # -- what becomes of people ------------------------------------------------------------

    def log_achievements(self, stay: Stay, now: int) -> None:
        """What a completed service changes: traits, check-in, boarding."""
        slot = self.network.slots[stay.slot.index]
        if slot.turns_on or slot.turns_off:
            self._set_traits(stay, slot, now)
        if stay.what.checks_in:
            self._log_each(stay, Kind.CHECKED_IN, now)
        if stay.what.boards:
            self._log_each(stay, Kind.BOARDED, now)

    def _set_traits(self, stay: Stay, slot: Slot, now: int) -> None:
        for person in stay.party:
            before = self.traits[person]
            if not holds(slot.sets_guard, before):
                continue
            after = (before | slot.turns_on) & ~slot.turns_off
            if after != before:
                self.traits[person] = after
                self.journal.record(
                    now,
                    Kind.ENROLLED,
                    passenger=person,
                    station=slot.station,
                    visit=stay.visit,
                    server=stay.served_by,
                    detail=after ^ before,
                )

    def _log_each(self, stay: Stay, kind: Kind, now: int) -> None:
        for person in stay.party:
            self.journal.record(
                now,
                kind,
                passenger=person,
                station=stay.bank.plan.index,
                visit=stay.visit,
                server=stay.served_by,
                ref=self.departure[person],
            )

    def log_giving_up(self, stay: Stay, kind: Kind, now: int) -> None:
        """A customer balks or reneges; without another step to try, for good."""
        step = self.network.steps[stay.slot.step]
        target = step.on_balk if kind is Kind.BALKED else step.on_renege
        is_final = target == GO_LEAVE and self.departure[stay.passenger] < 0
        for person in stay.party if is_final else stay.party[:1]:
            self.journal.record(
                now,
                kind,
                passenger=person,
                station=stay.bank.plan.index,
                visit=stay.visit if person == stay.passenger else NOBODY,
                detail=LEAVES if is_final else GOES_ON,
            )

    def log_missed(self, persons: range, station: int, visit: int) -> None:
        """Each of them has missed the departure, and knows it now."""
        now = int(self.env.now)
        for person in persons:
            self.journal.record(
                now,
                Kind.MISSED_DEPARTURE,
                passenger=person,
                station=station,
                visit=visit if person == persons[0] else NOBODY,
                ref=self.departure[person],
            )

    def depart(self, persons: range, outcome: Outcome) -> None:
        """End the journey of `persons`, unless its last event is logged already."""
        is_scheduled = self.departure[persons[0]] >= 0
        match outcome:
            case Outcome.BOARDED | Outcome.MISSED | Outcome.REDIRECTED:
                return
            case Outcome.BALKED | Outcome.RENEGED:
                if is_scheduled:
                    self.log_missed(persons, NOBODY, NOBODY)
                return
            case Outcome.REJECTED:
                if is_scheduled:
                    self.log_missed(persons, NOBODY, NOBODY)
                    return
            case Outcome.SERVED:
                if is_scheduled and self.network.boarding_slot >= 0:
                    self.log_missed(persons, NOBODY, NOBODY)
                    return
        now = int(self.env.now)
        for person in persons:
            self.rows.append((now, EXITED, person, NOBODY, NOBODY, NOBODY, NOBODY, 0))


def _journeys_of(workload: Workload) -> list[int]:
    """Number of the journey each passenger makes."""
    return [0] * len(workload) if workload.journey is None else workload.journey.tolist()
