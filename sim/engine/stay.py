"""A passenger's stay at a station: attempts, calls to other stations, the result."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

import simpy

from sim.demand.workload import NOT_SENT
from sim.engine.bank import Bank
from sim.engine.calendar import Turn
from sim.engine.customer import Customer
from sim.engine.network import Call, Visit
from sim.events.kinds import CHOOSES_AGAIN, Kind
from sim.scenario.program import Slot

if TYPE_CHECKING:
    from sim.engine.reference import World


class Outcome(Enum):
    """How a stay ended; after `BOARDED` and `MISSED` the journey is over and logged."""

    SERVED = auto()
    BOARDED = auto()
    REJECTED = auto()
    BALKED = auto()
    RENEGED = auto()
    MISSED = auto()
    REDIRECTED = auto()


ENDS = (Outcome.BOARDED, Outcome.MISSED)
"""Outcomes after which the journey is over whatever step comes next."""


class Stay(Customer):
    """A person or party at a station of their journey.

    Attributes
    ----------
    slot : Slot
        The program's slot.
    row : int
        Row of the draws.
    party : range
        Who is served: the whole party, or the passenger alone.
    served_by : int
        The server that completed the service.
    trial : int
        How many times the work was begun anew; answers to an earlier trial are ignored.
    pending : int
        Parts of the attempt not yet done: the station's own, and one for each call.
    is_working : bool
        Whether the station's own part is among them.
    is_asked : bool
        Whether the attempt's match was requested as its first call was sent.
    unsent : dict of int to int
        Calls of the attempt still to be sent, and when; while paused, in how long.
    over : simpy.Event
        Triggered with the `Outcome`.
    """

    __slots__ = (
        "attempt",
        "is_asked",
        "is_refused",
        "is_working",
        "over",
        "party",
        "pending",
        "row",
        "served_by",
        "slot",
        "trial",
        "unsent",
        "what",
        "world",
    )

    def __init__(
        self,
        world: World,
        bank: Bank,
        what: Visit,
        *,
        slot: Slot,
        row: int,
        persons: range,
        visit: int,
    ) -> None:
        passenger = persons[0]
        super().__init__(
            bank,
            passenger=passenger,
            visit=visit,
            persons=len(persons),
            lane=world.facility.gate_of(passenger) if bank.plan.by_departure else 0,
        )
        self.world = world
        self.what = what
        self.slot = slot
        self.row = row
        self.party = persons
        self.served_by = -1
        self.attempt = 0
        self.trial = 0
        self.pending = 0
        self.is_working = False
        self.is_asked = False
        self.unsent: dict[int, int] = {}
        self.is_refused = False
        self.over = simpy.Event(world.env)

    def begin(self, now: int) -> None:
        """Start the service, the first attempt where there are several."""
        self.attempt = 1
        self.is_refused = False
        self._begin_attempt(now)

    def finish(self, now: int) -> None:
        """The station's own part of the attempt is done."""
        self.is_working = False
        self._one_part_done(now)

    def answered(self, now: int) -> None:
        """A called station has answered, or is no longer waited for."""
        self._one_part_done(now)

    def pause(self, now: int) -> None:
        """Stop; where only answers are awaited, an own part of no length remains."""
        if not self.is_working:
            self.is_working = True
            self.pending += 1
            self.done_at = now
        super().pause(now)
        self.unsent = {number: at_us - now for number, at_us in self.unsent.items()}

    def resume(self, now: int) -> None:
        """Go on, with the calls not yet sent as much later as the pause was long."""
        for number, rest in list(self.unsent.items()):
            self.call_later(number, now + rest)
        super().resume(now)

    def abandon(self) -> None:
        """The server failed: begin anew later, and ignore answers still to come."""
        super().abandon()
        self.trial += 1

    def give_up(self, now: int) -> None:
        """Leave the queue for good, or for another step."""
        self.world.log_giving_up(self, Kind.RENEGED, now)
        self.over.succeed(Outcome.RENEGED)

    def sent_back(self, now: int) -> None:
        """Miss a departure that left while its gate was boarding this passenger."""
        departure = self.world.departure[self.passenger]
        if self.boards_on(departure) and now >= self.world.departure_us[departure]:
            self.turn_away()

    def redirect(self, now: int) -> None:
        """The station has closed: leave the queue and choose again."""
        self.bank.leave(self)
        self.world.journal.record(
            now,
            Kind.RENEGED,
            passenger=self.passenger,
            station=self.bank.plan.index,
            visit=self.visit,
            detail=CHOOSES_AGAIN,
        )
        self.over.succeed(Outcome.REDIRECTED)

    def boards_on(self, departure: int) -> bool:
        """Whether this stay is for boarding a departure."""
        return self.what.boards and self.world.departure[self.passenger] == departure >= 0

    def turn_away(self) -> None:
        """The departure left while this passenger waited to board."""
        self.bank.leave(self)
        self.world.log_missed(self.party, self.bank.plan.index, self.visit)
        self.over.succeed(Outcome.MISSED)

    def _begin_attempt(self, now: int) -> None:
        calls = self.what.calls
        if self.attempt == 1:
            duration = self.world.service_us[self.row]
        else:
            duration = self.world.retry_us[self.row][self.attempt - 2]
        mode = self.bank.mode
        if mode is not None and mode.skips:
            duration = duration * mode.stretch_ppm // 1_000_000
        sent = [number for number in range(len(calls)) if self._is_to_be_sent(number)]
        self.pending = 1 + len(sent)
        self.is_working = True
        self.is_asked = False
        if calls:
            self.unsent = {}
        for number in sent:
            self.call_later(number, now + duration * calls[number].after_ppm // 1_000_000)
        self.work(now, duration)

    def call_us(self, number: int) -> int:
        """How long an answer to a call of this attempt takes, or `NOT_SENT`."""
        column = (self.attempt - 1) * len(self.what.calls) + number
        return self.world.call_us[self.row][column]

    def _is_to_be_sent(self, number: int) -> bool:
        """Whether this passenger makes a call, and the station does not do without it."""
        mode = self.bank.mode
        if mode is not None and mode.skips and mode.service == self.what.calls[number].station:
            return False
        return self.call_us(number) != NOT_SENT

    def call_later(self, number: int, at_us: int) -> None:
        """Send a call of the attempt at an instant."""
        call, spell = self.what.calls[number], self.spell
        calendar = self.bank.calendar
        rank = calendar.rank(Turn.ARRIVAL, call.station, self.passenger, self.visit)
        self.unsent[number] = at_us

        def send(_: object) -> None:
            if spell == self.spell:
                del self.unsent[number]
                Request(self, call, number).send(at_us)

        calendar.call(at_us, rank, send)

    def _one_part_done(self, now: int) -> None:
        self.pending -= 1
        if self.pending == 0:
            self._resolve(now)

    def _resolve(self, now: int) -> None:
        if self.what.attempts == 0:
            self._complete(Outcome.REJECTED if self.is_refused else Outcome.SERVED, now)
            return
        if not self.is_asked:
            self.log_match(Kind.MATCH_REQUESTED, now)
        if self.is_refused:
            self._complete(Outcome.REJECTED, now)
        elif self.world.accepted_on[self.row] == self.attempt:
            self.log_match(Kind.MATCH_ACCEPTED, now)
            self._complete(Outcome.SERVED, now)
        else:
            self.log_match(Kind.MATCH_REJECTED, now)
            if self.attempt < self.what.attempts:
                self.attempt += 1
                self._begin_attempt(now)
            else:
                self._complete(Outcome.REJECTED, now)

    def _complete(self, outcome: Outcome, now: int) -> None:
        bank = self.bank
        self.served_by = self.server
        bank.complete(self, now)
        if outcome is Outcome.REJECTED:
            self.world.journal.record(
                now,
                Kind.REFERRED,
                passenger=self.passenger,
                station=bank.plan.index,
                visit=self.visit,
                detail=self.attempt,
            )
        else:
            self.world.log_achievements(self, now)
        bank.hand_on_lane(self.lane, now)
        has_boarded = outcome is Outcome.SERVED and self.what.boards
        self.over.succeed(Outcome.BOARDED if has_boarded else outcome)

    def log_match(self, kind: Kind, now: int) -> None:
        """Log a biometric request or its result."""
        self.world.journal.record(
            now,
            kind,
            passenger=self.passenger,
            station=self.bank.plan.index,
            visit=self.visit,
            server=self.server,
            ref=self.world.gallery_of(self.slot.index, self.passenger),
            detail=self.attempt,
        )


class Request(Customer):
    """A request that a stay sends to another station while it holds its server."""

    __slots__ = ("call", "is_open", "number", "service_us", "stay", "trial")

    def __init__(self, stay: Stay, call: Call, number: int) -> None:
        super().__init__(stay.world.banks[call.station], passenger=stay.passenger, visit=stay.visit)
        self.stay = stay
        self.call = call
        self.number = number
        self.trial = stay.trial
        self.is_open = True
        self.service_us = stay.call_us(number)

    def send(self, now: int) -> None:
        """Queue at the called station; the answer, or its absence, goes to the stay."""
        stay = self.stay
        if self.number == 0 and stay.what.attempts:
            stay.is_asked = True
            stay.log_match(Kind.MATCH_REQUESTED, now)
        if not self.bank.join(self, now=now, priority=0, patience_us=-1):
            self._give_up_waiting(now, Kind.BALKED)
            return
        if self.call.timeout_us >= 0:
            self.give_up_at(now + self.call.timeout_us)

    def give_up_at(self, at_us: int) -> None:
        """Wait for the answer until an instant and no longer."""
        calendar = self.bank.calendar
        rank = calendar.rank(Turn.PATIENCE, self.call.station, self.passenger, self.visit)
        calendar.call(at_us, rank, lambda _: self._time_out(at_us))

    def begin(self, now: int) -> None:
        """Be worked on (batch stations time the batch themselves)."""
        self.work(now, self.service_us + self.bank.delay_us(now))

    def finish(self, now: int) -> None:
        """The answer is there."""
        if self.server >= 0:
            self.bank.complete(self, now)
            self.bank.hand_on_lane(self.lane, now)
        self._answer(now)

    def _time_out(self, now: int) -> None:
        if self.is_open and self.trial == self.stay.trial:
            if self.is_waiting:
                self.bank.leave(self)
            self._give_up_waiting(now, Kind.CALL_TIMED_OUT)

    def _give_up_waiting(self, now: int, kind: Kind) -> None:
        self.stay.world.journal.record(
            now,
            kind,
            passenger=self.passenger,
            station=self.call.station,
            visit=self.visit,
        )
        if self.call.refers:
            self.stay.is_refused = True
        self._answer(now)

    def _answer(self, now: int) -> None:
        if self.is_open and self.trial == self.stay.trial:
            self.is_open = False
            self.stay.answered(now)
