"""Someone or something at a station: waits in line, holds a server, is done."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from sim.engine.calendar import Turn

if TYPE_CHECKING:
    from sim.engine.bank import Bank


class Customer(ABC):
    """A person, a party or a request at a station.

    Attributes
    ----------
    bank : Bank
        The station.
    passenger, visit, persons : int
        Who, on which step of their journey, and how many are served at once.
    lane : int
        Queue within the station: the gate where each has its own, else 0.
    place : tuple of (int, int)
        Priority, then order of joining; an interrupted customer keeps it.
    server : int
        Server index, or -1.
    spell : int
        Number of the present stretch of work; what an earlier stretch set off is stale.
    """

    __slots__ = (
        "bank",
        "done_at",
        "has_started",
        "is_waiting",
        "lane",
        "passenger",
        "persons",
        "place",
        "server",
        "spell",
        "visit",
    )

    def __init__(
        self, bank: Bank, *, passenger: int, visit: int, persons: int = 1, lane: int = 0
    ) -> None:
        self.bank = bank
        self.passenger = passenger
        self.visit = visit
        self.persons = persons
        self.lane = lane
        self.place: tuple[int, int] = (0, 0)
        self.server = -1
        self.spell = 0
        self.done_at = 0
        self.is_waiting = False
        self.has_started = False

    @abstractmethod
    def begin(self, now: int) -> None:
        """A server is assigned: start working."""

    @abstractmethod
    def finish(self, now: int) -> None:
        """The work set by `work` is done."""

    def give_up(self, now: int) -> None:  # noqa: B027 - only those with patience answer
        """Patience ran out while waiting."""

    def sent_back(self, now: int) -> None:  # noqa: B027 - only those with a deadline answer
        """The server failed and the customer is in the queue again."""

    def work(self, now: int, duration_us: int) -> None:
        """Keep the server for a while, then `finish`."""
        self.done_at = now + duration_us
        spell = self.spell
        calendar = self.bank.calendar
        rank = calendar.rank(Turn.COMPLETION, self.bank.plan.index, self.passenger, self.visit)

        def done(_: object) -> None:
            if spell == self.spell:
                self.finish(self.done_at)

        calendar.call(self.done_at, rank, done)

    def pause(self, now: int) -> None:
        """Stop in mid-service; `resume` goes on with the remaining time."""
        self.spell += 1
        self.done_at -= now

    def resume(self, now: int) -> None:
        """Go on after a pause."""
        self.work(now, self.done_at)

    def abandon(self) -> None:
        """The server failed: what was done is lost."""
        self.spell += 1
