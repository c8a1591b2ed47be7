"""A bank whose idle server takes all that wait, up to a cap, and serves them as one."""

from __future__ import annotations

from dataclasses import dataclass

from sim.engine.bank import COMPLETED, STARTED, Bank
from sim.engine.calendar import Calendar, Turn
from sim.engine.customer import Customer
from sim.engine.journal import Journal
from sim.engine.network import Station
from sim.events.kinds import Kind


@dataclass(slots=True)
class Batch:
    """Customers served as one.

    Attributes
    ----------
    number : int
        How many batches the station formed before.
    done_at : int
        Instant of completion; while paused, what remains.
    spell : int
        Number of the present stretch of work.
    """

    number: int
    members: list[Customer]
    done_at: int
    spell: int = 0


class BatchBank(Bank):
    """A station with the batch discipline, as match servers have.

    A server holds a batch; the first of it stands for the server in `serving`.
    """

    def __init__(self, plan: Station, *, calendar: Calendar, journal: Journal) -> None:
        super().__init__(plan, calendar=calendar, journal=journal)
        self.batches: dict[int, Batch] = {}
        self.formed = 0

    def _start(self, customer: Customer, server: int, now: int) -> None:
        """Form a batch of `customer` and all that wait, and start it."""
        members = [customer]
        while self.waiting[0] and len(members) < len(self.plan.batch_us):
            other = self._next_waiting(0)
            self.leave(other)
            members.append(other)
        self._occupy(customer, server)
        number = self.formed
        self.formed += 1
        self.batches[server] = Batch(number, members, now + self.plan.batch_us[len(members) - 1])
        for member in members:
            member.server = server
            member.has_started = True
            self.rows.append(
                (now, STARTED, member.passenger, self.plan.index, member.visit, server, number, 1)
            )
        self._finish_later(server)

    def _finish_later(self, server: int) -> None:
        batch = self.batches[server]
        spell, first = batch.spell, batch.members[0]
        rank = self.calendar.rank(Turn.COMPLETION, self.plan.index, first.passenger, first.visit)

        def done(_: object) -> None:
            if self.batches.get(server) is batch and batch.spell == spell:
                self._finish(server, batch.done_at)

        self.calendar.call(batch.done_at, rank, done)

    def _finish(self, server: int, now: int) -> None:
        batch = self.batches.pop(server)
        for member in batch.members:
            member.server = -1
            self.rows.append(
                (
                    now,
                    COMPLETED,
                    member.passenger,
                    self.plan.index,
                    member.visit,
                    server,
                    batch.number,
                    1,
                )
            )
        self._release(server)
        self.hand_on_lane(0, now)
        for member in batch.members:
            member.finish(now)

    def _pause(self, server: int, now: int) -> None:
        batch = self.batches[server]
        for member in batch.members:
            self._log_pause(Kind.SERVICE_PAUSED, member, now, ref=batch.number)
        batch.spell += 1
        batch.done_at -= now

    def _resume(self, server: int, now: int) -> None:
        batch = self.batches[server]
        for member in batch.members:
            self._log_pause(Kind.SERVICE_RESUMED, member, now, ref=batch.number)
        batch.done_at += now
        self._finish_later(server)

    def _interrupt(self, server: int, now: int) -> None:
        """A failed server's whole batch goes back in line."""
        if server not in self.batches:
            return
        batch = self.batches.pop(server)
        for member in batch.members:
            self.journal.record(
                now,
                Kind.SERVICE_INTERRUPTED,
                passenger=member.passenger,
                station=self.plan.index,
                visit=member.visit,
                server=server,
                ref=batch.number,
                detail=1,
            )
            member.server = -1
        self._release(server)
        for member in batch.members:
            self._queue(member)
            member.sent_back(now)
