"""A small world that logs as the engines do, with every feature that folds must follow.

Parties check in at ``desk`` (full queue: balk), then everyone for themselves passes ``gate``
(impatient; asks ``matcher``, which serves batches; several attempts; may time out), then
``control`` (pauses when it closes). Servers of each fail and are repaired. Times are small
whole numbers, so that many things happen at once. The world keeps its own truth besides.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from sim.events.kinds import CODE, GOES_ON, LEAVES, Kind
from sim.events.log import EventBlock, block_from_rows
from tests.unit.projections.logs import Row, spec_of

STATIONS = ("desk", "gate", "matcher", "control")
DESK, GATE, MATCHER, CONTROL = range(4)
CAP = 3
COMPLETION, FACILITY, PATIENCE, ARRIVAL = range(4)

SPEC = spec_of(
    {"id": "desk", "per": "party", "queue_limit": 3, "servers": 2},
    {"id": "gate", "closing": "named", "servers": 3},
    {
        "id": "matcher",
        "servers": 2,
        "batch": {"cap": CAP, "buckets": [{"size": CAP, "service_s": 1}]},
    },
    {"id": "control", "closing": "pause", "servers": 3},
    journey=[
        {"station": "desk"},
        {"station": "gate", "calls": [{"station": "matcher", "after_share": 0.5}]},
        {"station": "control"},
    ],
)


@dataclass(eq=False)
class Guest:
    """A customer of one station, and what truly happened to them."""

    station: int
    passenger: int
    visit: int
    persons: int
    work: Callable[[Guest, int], None]
    joined: int = -1
    started: int = -1
    ended: int = -1
    outcome: str = "present"
    server: int = -1
    batch: int = -1
    spell: int = 0
    caller: Guest | None = None
    trial: int = 0
    is_open: bool = True
    attempt: int = 0
    remaining: int = 0
    since: int = -1
    is_paused: bool = False
    waits: list[list[int]] = field(default_factory=list)
    """Start and end of each."""
    works: list[list[int]] = field(default_factory=list)
    """Start, end and batch of each."""


class Hall:
    def __init__(self, seed: int, *, parties: int = 12) -> None:
        self.dice = random.Random(seed)
        self.rows: list[Row] = []
        self.due: list[tuple[int, int, int, Callable[[int], None]]] = []
        self.tick = count()
        self.level = [0] * len(STATIONS)
        self.installed = [2, 3, 2, 3]
        self.down: list[set[int]] = [set() for _ in STATIONS]
        self.queue: list[list[Guest]] = [[] for _ in STATIONS]
        self.serving: list[dict[int, list[Guest]]] = [{} for _ in STATIONS]
        self.batches = count()
        self.guests: list[Guest] = []
        self.open_at: list[list[tuple[int, int]]] = [[] for _ in STATIONS]
        self.party_of: list[int] = []
        self.final: dict[int, str] = {}
        self.arrived: dict[int, int] = {}
        self.ended: dict[int, int] = {}
        self._plan(parties)
        while self.due:
            now, _, _, act = heappop(self.due)
            act(now)

    def block(self) -> EventBlock:
        return block_from_rows(self.rows, first_seq=0)

    @property
    def last(self) -> int:
        return self.rows[-1][0]

    # -- what is to come

    def _plan(self, parties: int) -> None:
        dice = self.dice
        for station, servers in enumerate(self.installed):
            self.later(0, FACILITY, self._levelling(station, servers))
            for _ in range(dice.randrange(4)):
                level = dice.randint(0, servers)
                self.later(dice.randrange(60), FACILITY, self._levelling(station, level))
            for _ in range(dice.randrange(3)):
                server, at = dice.randrange(servers), dice.randrange(60)
                self.later(at, FACILITY, self._failing(station, server))
                self.later(at + dice.randint(1, 9), FACILITY, self._repairing(station, server))
            self.later(90, FACILITY, self._levelling(station, servers))
        for party in range(parties):
            size = dice.choice([1, 1, 2, 3])
            lead = len(self.party_of)
            self.party_of += [party] * size
            self.later(dice.randrange(40), ARRIVAL, self._arriving(lead, size))

    def later(self, at: int, turn: int, act: Callable[[int], None]) -> None:
        heappush(self.due, (at, turn, next(self.tick), act))

    def log(self, now: int, kind: Kind, guest: Guest, *, detail: int = 0, server: int = -1) -> None:
        ref = guest.batch if server >= 0 else -1
        who = (guest.passenger, guest.station, guest.visit)
        self.rows.append((now, CODE[kind], *who, server, ref, detail))

    def end(self, now: int, passenger: int, outcome: str) -> None:
        self.final[passenger], self.ended[passenger] = outcome, now

    # -- passengers

    def _arriving(self, lead: int, size: int) -> Callable[[int], None]:
        def arrive(now: int) -> None:
            for person in range(lead, lead + size):
                self.rows.append((now, CODE[Kind.ARRIVED], person, -1, -1, -1, -1, 0))
                self.arrived[person] = now
            self.join(now, Guest(DESK, lead, 0, size, self._plain))

        return arrive

    def join(self, now: int, guest: Guest) -> None:
        here = guest.station
        self.guests.append(guest)
        guest.joined = now
        is_full = here == DESK and len(self.queue[here]) >= 3
        if is_full and (self.queue[here] or self._free(here) < 0):
            guest.outcome, guest.ended = "balked", now
            leaves = self.dice.random() < 0.5
            self.log(now, Kind.BALKED, guest, detail=LEAVES if leaves else GOES_ON)
            for other in range(guest.passenger + 1, guest.passenger + guest.persons):
                if leaves:
                    self.rows.append((now, CODE[Kind.BALKED], other, here, -1, -1, -1, LEAVES))
            for person in range(guest.passenger, guest.passenger + guest.persons):
                if leaves:
                    self.end(now, person, "balked")
                else:
                    self.join(now, Guest(GATE, person, 1, 1, self._attempt))
            return
        self.log(now, Kind.QUEUE_JOINED, guest, detail=guest.persons)
        guest.waits.append([now, -1])
        self.queue[here].append(guest)
        if here == GATE:
            patience = self.dice.randint(5, 30)
            self.later(now + patience, PATIENCE, lambda at: self._lose_patience(at, guest))
        self.serve(now, here)

    def _lose_patience(self, now: int, guest: Guest) -> None:
        if guest in self.queue[guest.station] and guest.started < 0:
            self._leave_queue(now, guest, "reneged")
            self.log(now, Kind.RENEGED, guest, detail=LEAVES)
            self.end(now, guest.passenger, "reneged")

    def _leave_queue(self, now: int, guest: Guest, outcome: str) -> None:
        self.queue[guest.station].remove(guest)
        guest.waits[-1][1] = guest.ended = now
        guest.outcome = outcome

    # -- servers

    def _free(self, here: int) -> int:
        closing = "idle" if here in (DESK, MATCHER) else "named"
        busy = sum(not any(g.is_paused for g in held) for held in self.serving[here].values())
        idle = [
            server
            for server in range(self.installed[here])
            if server not in self.serving[here] and server not in self.down[here]
        ]
        if closing == "named":
            idle = [server for server in idle if server < self.level[here]]
        elif busy >= self.open(here):
            return -1
        return idle[0] if idle else -1

    def open(self, here: int) -> int:
        return min(self.level[here], self.installed[here] - len(self.down[here]))

    def serve(self, now: int, here: int) -> None:
        while self.queue[here] and (server := self._free(here)) >= 0:
            size = CAP if here == MATCHER else 1
            batch = self.queue[here][:size]
            del self.queue[here][:size]
            number = next(self.batches) if here == MATCHER else -1
            self.serving[here][server] = batch
            for guest in batch:
                guest.server, guest.batch = server, number
                guest.started = now if guest.started < 0 else guest.started
                guest.waits[-1][1] = now
                guest.works.append([now, -1, number])
                self.log(now, Kind.SERVICE_STARTED, guest, detail=guest.persons, server=server)
            if here == MATCHER:
                self._answer_later(batch, now + self.dice.randint(1, 9))
            else:
                batch[0].work(batch[0], now)

    def work_for(self, guest: Guest, now: int, duration: int) -> None:
        guest.since, guest.remaining, spell = now, duration, guest.spell

        def done(at: int) -> None:
            if spell == guest.spell:
                self._part_done(guest, at)

        self.later(now + duration, COMPLETION, done)

    def release(self, now: int, guest: Guest) -> None:
        self.log(now, Kind.SERVICE_COMPLETED, guest, detail=guest.persons, server=guest.server)
        self.serving[guest.station].pop(guest.server, None)
        guest.works[-1][1] = guest.ended = now
        guest.outcome = "served"

    # -- services

    def _plain(self, guest: Guest, now: int) -> None:
        guest.attempt = 0
        self.work_for(guest, now, self.dice.randint(0, 6))

    def _attempt(self, guest: Guest, now: int) -> None:
        guest.attempt = 1
        self._try(guest, now)

    def _try(self, guest: Guest, now: int) -> None:
        trial, attempt = guest.trial, guest.attempt
        self.work_for(guest, now, 10**9)  # the answer ends it

        def ask(at: int) -> None:
            if trial != guest.trial or guest.outcome != "present":
                return
            self.log(at, Kind.MATCH_REQUESTED, guest, detail=attempt, server=guest.server)
            request = Guest(MATCHER, guest.passenger, guest.visit, 1, self._plain, caller=guest)
            request.trial = trial
            self.join(at, request)
            if self.dice.random() < 0.5:
                self.later(at + self.dice.randint(1, 6), PATIENCE, lambda t: expire(t, request))

        def expire(at: int, request: Guest) -> None:
            if not request.is_open or request.trial != guest.trial:
                return
            if request in self.queue[MATCHER]:
                self._leave_queue(at, request, "timed out")
            self.log(at, Kind.CALL_TIMED_OUT, request)
            request.is_open = False
            self._answered(guest, at)

        self.later(now + 1, ARRIVAL, ask)

    def _answer_later(self, batch: list[Guest], at: int) -> None:
        spells = [guest.spell for guest in batch]

        def answer(now: int) -> None:
            if spells != [guest.spell for guest in batch]:
                return
            for request in batch:
                self.release(now, request)
            self.serve(now, MATCHER)
            for request in batch:
                caller = request.caller
                if caller and request.is_open and request.trial == caller.trial:
                    request.is_open = False
                    self._answered(caller, now)

        self.later(at, COMPLETION, answer)

    def _answered(self, guest: Guest, now: int) -> None:
        is_good = self.dice.random() < 0.6
        kind = Kind.MATCH_ACCEPTED if is_good else Kind.MATCH_REJECTED
        self.log(now, kind, guest, detail=guest.attempt, server=guest.server)
        guest.spell += 1
        if is_good or guest.attempt == 3:
            self._part_done(guest, now)
        else:
            guest.attempt += 1
            self._try(guest, now)

    def _part_done(self, guest: Guest, now: int) -> None:
        self.release(now, guest)
        here = guest.station
        self.serve(now, here)
        if here == DESK:
            for person in range(guest.passenger, guest.passenger + guest.persons):
                self.join(now, Guest(GATE, person, 1, 1, self._attempt))
        elif here == GATE:
            self.join(now, Guest(CONTROL, guest.passenger, 2, 1, self._plain))
        else:
            self.rows.append((now, CODE[Kind.EXITED], guest.passenger, -1, -1, -1, -1, 0))
            self.end(now, guest.passenger, "exited")

    # -- the facility

    def _announce(self, now: int, kind: Kind, here: int, server: int = -1) -> None:
        self.rows.append((now, CODE[kind], -1, here, -1, server, -1, self.open(here)))
        self.open_at[here].append((now, self.open(here)))

    def _levelling(self, here: int, level: int) -> Callable[[int], None]:
        def change(now: int) -> None:
            self.level[here] = level
            if here == CONTROL:
                self._pause_and_resume(now)
            self._announce(now, Kind.SERVERS_CHANGED, here)
            self.serve(now, here)

        return change

    def _pause_and_resume(self, now: int) -> None:
        for server, (guest,) in sorted(self.serving[CONTROL].items()):
            if server >= self.level[CONTROL] and not guest.is_paused:
                guest.is_paused = True
                guest.spell += 1
                guest.remaining -= now - guest.since
                guest.works[-1][1] = now
                self.log(now, Kind.SERVICE_PAUSED, guest, server=server, detail=1)
            elif server < self.level[CONTROL] and guest.is_paused:
                guest.is_paused = False
                guest.works.append([now, -1, -1])
                self.log(now, Kind.SERVICE_RESUMED, guest, server=server, detail=1)
                self.work_for(guest, now, guest.remaining)

    def _failing(self, here: int, server: int) -> Callable[[int], None]:
        def fail(now: int) -> None:
            self.down[here].add(server)
            self._announce(now, Kind.OUTAGE_STARTED, here, server)
            for guest in self.serving[here].pop(server, []):
                self.log(now, Kind.SERVICE_INTERRUPTED, guest, server=server, detail=guest.persons)
                guest.spell += 1
                guest.trial += 1 if here == GATE else 0
                if guest.is_paused:
                    guest.is_paused = False
                else:
                    guest.works[-1][1] = now
                guest.waits.append([now, -1])
                self.queue[here].append(guest)
            self.queue[here].sort(key=self.guests.index)
            self.serve(now, here)

        return fail

    def _repairing(self, here: int, server: int) -> Callable[[int], None]:
        def repair(now: int) -> None:
            self.down[here].discard(server)
            self._announce(now, Kind.OUTAGE_ENDED, here, server)
            self.serve(now, here)

        return repair
