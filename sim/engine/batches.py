"""A bank whose idle server takes all that wait, up to a cap, and serves them as one."""

from __future__ import annotations

from sim.engine.bank import COMPLETED, STARTED, Bank
from sim.engine.calendar import Calendar, Turn
from sim.engine.customer import Customer
from sim.engine.journal import Journal
from sim.engine.network import Station
from sim.events.kinds import Kind


class BatchBank(Bank):
    """A station with the batch discipline, as match servers have.

    A server holds a batch; the first of it stands for the server in `serving`.
    """

    def __init__(self, plan: Station, *, calendar: Calendar, journal: Journal) -> None:
        super().__init__(plan, calendar=calendar, journal=journal)
        self.batches: dict[int, tuple[int, list[Customer]]] = {}
        self.formed = 0

    def place_batch(self, batch: list[Customer], *, server: int, number: int, at_us: int) -> None:
        """Have a batch from before the run began, which is done at an instant."""
        self._occupy(batch[0], server)
        self.batches[server] = (number, batch)
        for member in batch:
            member.server = server
            member.has_started = True
        self._finish_later(server, number, at_us)

    def _start(self, customer: Customer, server: int, now: int) -> None:
        """Form a batch of `customer` and all that wait, and start it."""
        batch = [customer]
        while self.waiting[0] and len(batch) < len(self.plan.batch_us):
            other = self._next_waiting(0)
            self.leave(other)
            batch.append(other)
        self._occupy(customer, server)
        number = self.formed
        self.formed += 1
        self.batches[server] = (number, batch)
        for member in batch:
            member.server = server
            member.has_started = True
            self.rows.append(
                (now, STARTED, member.passenger, self.plan.index, member.visit, server, number, 1)
            )
        takes_us = self.plan.batch_us[len(batch) - 1] + self.delay_us(now)
        self._finish_later(server, number, now + takes_us)

    def _finish_later(self, server: int, number: int, at_us: int) -> None:
        first = self.batches[server][1][0]
        rank = self.calendar.rank(Turn.COMPLETION, self.plan.index, first.passenger, first.visit)

        def done(_: object) -> None:
            if server in self.batches and self.batches[server][0] == number:
                self._finish(server, at_us)

        self.calendar.call(at_us, rank, done)

    def _finish(self, server: int, now: int) -> None:
        number, batch = self.batches.pop(server)
        for member in batch:
            member.server = -1
            self.rows.append(
                (now, COMPLETED, member.passenger, self.plan.index, member.visit, server, number, 1)
            )
        self._release(server)
        self.hand_on_lane(0, now)
        for member in batch:
            member.finish(now)

    def _interrupt(self, server: int, now: int) -> None:
        """A failed server's whole batch goes back in line."""
        if server not in self.batches:
            return
        number, batch = self.batches.pop(server)
        for member in batch:
            self.journal.record(
                now,
                Kind.SERVICE_INTERRUPTED,
                passenger=member.passenger,
                station=self.plan.index,
                visit=member.visit,
                server=server,
                ref=number,
                detail=1,
            )
            member.server = -1
        self._release(server)
        for member in batch:
            self._queue(member)
            member.sent_back(now)
