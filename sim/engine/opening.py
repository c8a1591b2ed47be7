"""Who is there already as a run begins in mid-day, and what is under way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sim.engine.network import NEVER


@dataclass(frozen=True, slots=True)
class Coming:
    """Someone on the way to a station, or held there until boarding opens.

    Attributes
    ----------
    passenger, persons : int
        Who, and how many move together.
    visit, slot, row : int
        How-many-th step, the program's slot, row of the draws.
    reaches_us : int
        When they reach the station, or `NEVER` for those held.
    """

    passenger: int
    persons: int
    visit: int
    slot: int
    row: int
    reaches_us: int


@dataclass(frozen=True, slots=True)
class Work:
    """A stretch of work at a server.

    Attributes
    ----------
    server : int
        Index within the station.
    since : int
        Position in the order in which such stretches began.
    done_us : int
        When the server's own part is done; while paused, how much of it remains.
    is_paused : bool
        Whether the server has stopped for now.
    """

    server: int
    since: int
    done_us: int
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Staying:
    """A person or party in a queue or with a server.

    Attributes
    ----------
    passenger, persons, visit, slot, row : int
        As of `Coming`.
    priority, place : int
        Class in the queue, and number in the order of joining the station.
    has_started : bool
        Whether service had begun before, or has now.
    gives_up_us : int
        When patience runs out, or `NEVER`.
    work : Work or None
        None for those who wait.
    attempt : int
        Attempt under way, from 1; 0 for those who wait.
    is_working : bool
        Whether the server's own part is still to be done.
    is_refused : bool
        Whether a call was given up that refers.
    is_asked : bool
        Whether the attempt's match was requested as its first call was sent.
    unsent : tuple of (int, int)
        Calls still to be sent, and when; while paused, in how long.
    """

    passenger: int
    persons: int
    visit: int
    slot: int
    row: int
    priority: int
    place: int
    has_started: bool
    gives_up_us: int
    work: Work | None
    attempt: int = 0
    is_working: bool = False
    is_refused: bool = False
    is_asked: bool = False
    unsent: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """A request that was sent to another station.

    Attributes
    ----------
    passenger, visit, slot, row : int
        Whose stay sent it.
    number, attempt : int
        Which call of the slot, and on which attempt.
    place : int
        Number in the order of joining the called station.
    is_heeded : bool
        Whether the sender waits for the answer.
    gives_up_us : int
        When a sender who waits gives up, or `NEVER`.
    has_started : bool
        Whether it was with a server before, or is now.
    is_batched : bool
        Whether it is in a batch being served.
    work : Work or None
        None where it waits, or is in a batch.
    """

    passenger: int
    visit: int
    slot: int
    row: int
    number: int
    attempt: int
    place: int
    is_heeded: bool
    gives_up_us: int
    has_started: bool
    is_batched: bool
    work: Work | None


@dataclass(frozen=True, slots=True)
class Together:
    """A batch being served.

    Attributes
    ----------
    station, server, number : int
        Where, and the number of the batch.
    done_us : int
        When it is done.
    members : tuple of int
        Requests by their row in `Opening.asking`, in the order of the batch.
    """

    station: int
    server: int
    number: int
    done_us: int
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """Everything an engine needs to begin in mid-day.

    What the facility does by the clock is not in it: levels, outages and boarding up to the
    instant follow from the network and the workload.

    Attributes
    ----------
    at_us : int
        The instant; nothing that is due then has happened.
    traits : tuple of (int, int)
        Passengers whose traits have changed since they came, and what they are now.
    coming : tuple of Coming
        On the way, then those held, in the order in which they came.
    staying : tuple of Staying
        In the order in which they joined.
    asking : tuple of Asking
        In the order in which they were sent.
    batches : tuple of Together
        Batches under way.
    joined, formed : tuple of int
        By station, the highest place given so far, and how many batches were formed.
    """

    at_us: int
    traits: tuple[tuple[int, int], ...] = ()
    coming: tuple[Coming, ...] = ()
    staying: tuple[Staying, ...] = ()
    asking: tuple[Asking, ...] = ()
    batches: tuple[Together, ...] = ()
    joined: tuple[int, ...] = ()
    formed: tuple[int, ...] = ()

    def pending(self) -> list[int]:
        """By stay, parts of its attempt that are not done: its own, calls to send, answers."""
        awaited = Counter((each.passenger, each.visit) for each in self.asking if each.is_heeded)
        return [
            each.is_working + len(each.unsent) + awaited[each.passenger, each.visit]
            for each in self.staying
        ]


__all__ = ["NEVER", "Asking", "Coming", "Opening", "Staying", "Together", "Work"]
