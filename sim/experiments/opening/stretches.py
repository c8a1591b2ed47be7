"""A visit that goes on: its events, and what is due when, through pauses."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.events.kinds import CODE, Kind
from sim.experiments.opening.attempts import Happening

TIMED_OUT = CODE[Kind.CALL_TIMED_OUT]


@dataclass(slots=True)
class Stretch:
    """An attempt, or a service: the server's own part and the calls to be sent.

    Attributes
    ----------
    since : int
        Position of the event that began the present stretch.
    due_us : int
        When the own part is done; while paused, what remains of it.
    sends : dict of int to int
        When each call is sent; while paused, in how long.
    """

    since: int = -1
    due_us: int = 0
    is_paused: bool = False
    sends: dict[int, int] = field(default_factory=dict)

    def pause(self, now: int) -> None:
        """Stop; what is due earlier has happened."""
        self.is_paused = True
        self.due_us = max(self.due_us - now, 0)
        self.sends = {number: max(at_us - now, 0) for number, at_us in self.sends.items()}

    def resume(self, now: int, since: int) -> None:
        """Go on with what remains."""
        self.is_paused, self.since = False, since
        self.due_us += now
        self.sends = {number: rest + now for number, rest in self.sends.items()}


@dataclass(slots=True)
class Thread:
    """A visit that has not ended: its events, and its number in the order of joining."""

    events: list[Happening]
    place: int = 0

    @property
    def head(self) -> Happening:
        """Joining the queue."""
        return self.events[0]


def has_timed_out(events: list[Happening], head: Happening, limit_us: int, at_us: int) -> bool:
    """Whether a request was given up at its limit: it says so at that instant."""
    return limit_us < at_us and any(
        event.kind == TIMED_OUT and event.station == head.station and event.at_us == limit_us
        for event in events
    )
