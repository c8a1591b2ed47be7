"""The order of one instant: SimPy's heap, with ranks instead of order of creation.

Events of the same microsecond take their turns by class (a fork's change, completion,
facility change, patience running out, arrival), then station, passenger and visit. An event
created during the instant joins what remains of it. What an event sets off by itself (SimPy's
urgent and normal events) happens before the next rank is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import simpy
from simpy.core import EmptySchedule
from simpy.events import EventPriority

from sim.engine.turn import Turn

__all__ = ["FIRST_RANK", "Calendar", "Due", "Turn"]

FIRST_RANK = 2
"""Ranks start above SimPy's own urgent (0) and normal (1) priorities."""


class Due(simpy.Event):
    """Happens at an instant, in its turn.

    Like `simpy.Timeout`, but ordered within the instant by a rank.
    """

    def __init__(self, env: simpy.Environment, at_us: int, rank: int) -> None:
        self.env = env
        self.callbacks = []
        self._value = None
        self._ok = True
        env.schedule(self, cast("EventPriority", rank), at_us - int(env.now))


class Calendar:
    """Makes dues; knows how many stations, passengers and visits a rank has to tell apart."""

    def __init__(self, *, start_us: int, stations: int, passengers: int, visits: int) -> None:
        self.env = simpy.Environment(initial_time=start_us)
        self.start_us = start_us
        self._visits = visits
        self._passengers = (passengers + 1) * visits
        self._stations = (stations + 1) * self._passengers

    def rank(self, turn: int, station: int, passenger: int, visit: int) -> int:
        """Turn, station, passenger and visit as one number in that order of weight."""
        return (
            FIRST_RANK
            + turn * self._stations
            + (station + 1) * self._passengers
            + (passenger + 1) * self._visits
            + visit
        )

    def due(self, at_us: int, rank: int) -> Due:
        """An event to wait for."""
        return Due(self.env, at_us, rank)

    def call(self, at_us: int, rank: int, action: Callable[[Any], None]) -> Due:
        """An event that does something by itself."""
        due = Due(self.env, at_us, rank)
        due.callbacks.append(action)
        return due

    def advance(self, until_us: int) -> bool:
        """Process the next event before `until_us` (-1: any); False when there is none."""
        if until_us >= 0 and self.env.peek() >= until_us:
            return False
        try:
            self.env.step()
        except EmptySchedule:
            return False
        return True
