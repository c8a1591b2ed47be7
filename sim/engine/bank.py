"""A station at work: its queue, its servers, and who is served next.

Reads in the order of a customer's stay: join, wait, start, complete; then what the
facility does to servers: staffing levels, outages. Every decision is taken, and logged,
at the instant it is due; nothing here draws chance.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from sim.engine.background import Degradation
from sim.engine.calendar import Calendar, Turn
from sim.engine.customer import Customer
from sim.engine.journal import Journal
from sim.engine.network import Station
from sim.events.kinds import CODE, Kind
from sim.scenario.clock import US_PER_S

JOINED = CODE[Kind.QUEUE_JOINED]
STARTED = CODE[Kind.SERVICE_STARTED]
COMPLETED = CODE[Kind.SERVICE_COMPLETED]
CLOSED_US = 1 << 62
"""Estimated wait at a station without an open server: longer than any other."""

WHOLE_BANK = -1
"""Server index of an outage that takes every server."""


class Bank:
    """One station's queue and servers."""

    def __init__(self, plan: Station, *, calendar: Calendar, journal: Journal) -> None:
        self.plan = plan
        self.calendar = calendar
        self.rows = journal.rows
        self.journal = journal
        self.level = 0
        self.installed = plan.installed
        self.is_down = False
        self.down: set[int] = set()
        self.lanes: list[list[tuple[tuple[int, int], Customer]]] = [
            [] for _ in range(max(plan.installed, 1) if plan.by_departure else 1)
        ]
        self.shares_staff = plan.by_departure and plan.closing == "idle_first"
        self.waiting = [0] * len(self.lanes)
        self.serving: list[Customer | None] = [None] * plan.places
        self.free = list(range(plan.installed))
        self.paused: set[int] = set()
        self.busy = 0
        self.joined = 0
        self.mode: Degradation | None = None
        """The degraded mode in force."""
        self.delays: list[int] = []
        """What background traffic adds to a service, by the second in which it starts."""
        self.changes: list[int] = []
        """Instants of facility changes still to come, the next one last."""

    # -- the customer's stay -------------------------------------------------------------

    def join(self, customer: Customer, *, now: int, priority: int, patience_us: int) -> bool:
        """Take a customer into the queue; False where it is full and the customer balks."""
        plan, lane = self.plan, customer.lane
        is_first = not self.waiting[lane] and not self._is_changing(now)
        server = self._server_for(lane) if is_first else -1
        if server < 0 and 0 <= plan.queue_limit <= self.waiting[lane]:
            return False
        self.rows.append(
            (now, JOINED, customer.passenger, plan.index, customer.visit, -1, -1, customer.persons)
        )
        self.joined += 1
        customer.place = (priority, self.joined)
        if server >= 0:
            self._start(customer, server, now)
            return True
        self._queue(customer)
        if patience_us >= 0:
            self.give_up_at(customer, now + patience_us)
        return True

    def give_up_at(self, customer: Customer, at_us: int) -> None:
        """Let the patience of a waiting customer run out at an instant."""
        rank = self.calendar.rank(
            Turn.PATIENCE, self.plan.index, customer.passenger, customer.visit
        )
        self.calendar.call(at_us, rank, lambda _: self._patience_ends(customer))

    def place(self, customer: Customer, *, server: int = -1, is_paused: bool = False) -> None:
        """Have a customer from before the run began: in the queue, or with a server."""
        if server < 0:
            self._queue(customer)
            return
        self._occupy(customer, server)
        if is_paused:
            self.paused.add(server)
            self.busy -= 1

    def complete(self, customer: Customer, now: int) -> None:
        """Log the end of a service and free its server; the caller then hands it on."""
        server = customer.server
        self.rows.append(
            (
                now,
                COMPLETED,
                customer.passenger,
                self.plan.index,
                customer.visit,
                server,
                -1,
                customer.persons,
            )
        )
        customer.server = -1
        self._release(server)

    def hand_on(self, now: int) -> None:
        """Start waiting customers on idle servers, unless the bank changes at this instant."""
        if self._is_changing(now):
            return
        for lane in range(len(self.lanes)):
            self._serve_lane(lane, now)

    def hand_on_lane(self, lane: int, now: int) -> None:
        """As `hand_on`, after a completion: its lane first, another where staff is short."""
        if self.waiting[lane] and not self._is_changing(now):
            self._serve_lane(lane, now)
        if self.shares_staff and self.level < self.installed:
            self.hand_on(now)

    def leave(self, customer: Customer) -> None:
        """Take a waiting customer out of the queue."""
        customer.is_waiting = False
        self.waiting[customer.lane] -= 1

    def waiting_in(self, lane: int) -> list[Customer]:
        """Customers waiting in a lane, in the order they would be served."""
        return [
            customer for _, customer in sorted(self.lanes[lane], key=_place) if customer.is_waiting
        ]

    def estimated_wait_us(self) -> int:
        """The wait a newcomer reckons with: everyone there, over the servers open.

        Nobody reckons with a station that is closed: its wait is `CLOSED_US`.
        """
        if not self.open_servers:
            return CLOSED_US
        present = sum(self.waiting) + self.busy
        return present * self.plan.mean_service_us // self.open_servers

    def delay_us(self, now: int) -> int:
        """What background traffic adds to a service that starts now."""
        if not self.delays:
            return 0
        second = (now - self.calendar.start_us) // US_PER_S
        return self.delays[min(second, len(self.delays) - 1)]

    @property
    def is_closed(self) -> bool:
        """Whether a degraded mode has closed it: who can choose goes elsewhere."""
        return self.mode is not None and self.mode.closes

    @property
    def open_servers(self) -> int:
        """Servers staffed and working; by name the first ones are staffed, else any."""
        if self.is_down:
            return 0
        if self.plan.closing == "idle_first":
            return min(self.level, self.installed - len(self.down))
        return self.level - sum(server < self.level for server in self.down)

    # -- what the facility does ----------------------------------------------------------

    def install(self, servers: int) -> None:
        """Have that many servers from now on, the new ones idle."""
        for server in range(self.installed, servers):
            heappush(self.free, server)
        self.installed = servers

    def set_level(self, level: int, now: int) -> None:
        """Staff `level` servers from now on."""
        self.level = level
        if self.plan.closing == "pause":
            self._pause_and_resume(now)
        self.journal.record(
            now, Kind.SERVERS_CHANGED, station=self.plan.index, detail=self.open_servers
        )
        self.hand_on(now)

    def fail(self, server: int, now: int) -> None:
        """Take a server, or the whole bank, out; interrupted customers go back in line."""
        if server == WHOLE_BANK:
            self.is_down = True
            hit = range(self.installed)
        else:
            self.down.add(server)
            hit = range(server, server + 1)
        self.journal.record(
            now,
            Kind.OUTAGE_STARTED,
            station=self.plan.index,
            server=server,
            detail=self.open_servers,
        )
        for index in hit:
            self._interrupt(index, now)
        if server != WHOLE_BANK and server in self.free:
            self.free.remove(server)
            heapify(self.free)
        self.hand_on(now)

    def repair(self, server: int, now: int) -> None:
        """Bring a server, or the whole bank, back."""
        if server == WHOLE_BANK:
            self.is_down = False
        else:
            self.down.discard(server)
            heappush(self.free, server)
        self.journal.record(
            now, Kind.OUTAGE_ENDED, station=self.plan.index, server=server, detail=self.open_servers
        )
        self.hand_on(now)

    # -- below the counter ---------------------------------------------------------------

    def _is_changing(self, now: int) -> bool:
        """Whether servers still change at this instant; until then nobody is started."""
        return bool(self.changes) and self.changes[-1] == now

    def _server_for(self, lane: int) -> int:
        """The idle server that may start a customer of `lane`, or -1."""
        if self.is_down:
            return -1
        plan = self.plan
        if plan.by_departure:
            if self.serving[lane] is not None or lane in self.down:
                return -1
            server = lane
        elif self.free:
            server = self.free[0]
        else:
            return -1
        if plan.closing == "idle_first":
            return server if self.busy < self.open_servers else -1
        return server if server < self.level else -1

    def _serve_lane(self, lane: int, now: int) -> None:
        while self.waiting[lane]:
            server = self._server_for(lane)
            if server < 0:
                return
            customer = self._next_waiting(lane)
            self.leave(customer)
            self._start(customer, server, now)

    def _next_waiting(self, lane: int) -> Customer:
        queue = self.lanes[lane]
        while True:
            _, customer = heappop(queue)
            if customer.is_waiting:
                return customer

    def _queue(self, customer: Customer) -> None:
        customer.is_waiting = True
        self.waiting[customer.lane] += 1
        heappush(self.lanes[customer.lane], (customer.place, customer))

    def _start(self, customer: Customer, server: int, now: int) -> None:
        self._occupy(customer, server)
        self.rows.append(
            (
                now,
                STARTED,
                customer.passenger,
                self.plan.index,
                customer.visit,
                server,
                -1,
                customer.persons,
            )
        )
        customer.begin(now)

    def _occupy(self, customer: Customer, server: int) -> None:
        if self.free and self.free[0] == server:
            heappop(self.free)
        else:
            self.free.remove(server)
            heapify(self.free)
        self.serving[server] = customer
        self.busy += 1
        customer.server = server
        customer.has_started = True

    def _release(self, server: int) -> None:
        self.serving[server] = None
        if server in self.paused:
            self.paused.remove(server)
        else:
            self.busy -= 1
        if server not in self.down:
            heappush(self.free, server)

    def _interrupt(self, server: int, now: int) -> None:
        customer = self.serving[server]
        if customer is None:
            return
        customer.abandon()
        self.journal.record(
            now,
            Kind.SERVICE_INTERRUPTED,
            passenger=customer.passenger,
            station=self.plan.index,
            visit=customer.visit,
            server=server,
            detail=customer.persons,
        )
        customer.server = -1
        self._release(server)
        self._queue(customer)
        customer.sent_back(now)

    def _pause_and_resume(self, now: int) -> None:
        for server, customer in enumerate(self.serving):
            if customer is None:
                continue
            if server >= self.level and server not in self.paused:
                self.paused.add(server)
                self.busy -= 1
                self._log_pause(Kind.SERVICE_PAUSED, customer, now)
                customer.pause(now)
            elif server < self.level and server in self.paused:
                self.paused.remove(server)
                self.busy += 1
                self._log_pause(Kind.SERVICE_RESUMED, customer, now)
                customer.resume(now)

    def _log_pause(self, kind: Kind, customer: Customer, now: int) -> None:
        self.journal.record(
            now,
            kind,
            passenger=customer.passenger,
            station=self.plan.index,
            visit=customer.visit,
            server=customer.server,
            detail=customer.persons,
        )

    def _patience_ends(self, customer: Customer) -> None:
        if customer.is_waiting and not customer.has_started:
            self.leave(customer)
            customer.give_up(int(self.calendar.env.now))


def _place(entry: tuple[tuple[int, int], Customer]) -> tuple[int, int]:
    return entry[0]
