"""A facility as its log tells of it: who waits where, who is served, which requests are out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sim.demand.workload import Workload
from sim.engine.network import NEVER, Network, Station
from sim.events.kinds import Kind
from sim.scenario.guards import holds
from sim.scenario.program import Step
from tests.contracts.engine.event import Event

Who = tuple[int, int]
"""Passenger and visit."""


@dataclass(slots=True)
class Place:
    """A station as the log tells of it."""

    plan: Station
    level: int = 0
    is_down: bool = False
    down: set[int] = field(default_factory=set)
    paused: set[int] = field(default_factory=set)
    line: list[tuple[Who, int]] = field(default_factory=list)
    serving: dict[int, list[Who]] = field(default_factory=dict)
    rested: dict[Who, int] = field(default_factory=dict)
    freed_at: dict[int, int] = field(default_factory=dict)
    joined_at: dict[Who, int] = field(default_factory=dict)
    changed_at: int = -1

    @property
    def is_closed(self) -> bool:
        return self.is_down or self.level == 0


class Hall:
    """Every station, and what has been noticed so far."""

    def __init__(self, network: Network, work: Workload) -> None:
        self.network, self.work = network, work
        self.found: set[str] = set()
        self.places = [Place(plan) for plan in network.stations]
        self.traits = work.traits.tolist()
        self.departure = work.departure.tolist()
        self.departure_us = work.departure_us.tolist()
        self.here: dict[Who, int] = {}
        self.orphans: set[tuple[int, Who]] = set()
        self.open_calls: dict[Who, set[int]] = defaultdict(set)
        self.over: dict[int, Kind] = {}
        self.opened_at: dict[int, int] = {}
        self.boards = {visit.station for visit in network.visits if visit.boards}
        self.callers = {visit.station for visit in network.visits if visit.calls}

    def _note(self, behaviour: str, *, if_: bool = True) -> None:
        if if_:
            self.found.add(behaviour)

    def _step_of(self, event: Event) -> Step | None:
        """The step of a choice, where only one can have led to that station."""
        steps = [
            step
            for step in self.network.steps
            if step.is_choice and any(slot.station == event.station for slot in step.slots)
        ]
        return steps[0] if len(steps) == 1 else None

    def _is_request(self, event: Event) -> bool:
        who = (event.passenger, event.visit)
        return who in self.here and self.here[who] != event.station

    def _unqueue(self, event: Event) -> None:
        who, line = (event.passenger, event.visit), self.places[event.station].line
        mine = [each for each in line if each[0] == who]
        for each in mine[:1]:
            line.remove(each)

    def _stop(self, event: Event) -> None:
        who, place = (event.passenger, event.visit), self.places[event.station]
        place.serving[event.server].remove(who)
        if not place.serving[event.server]:
            del place.serving[event.server]
            place.paused.discard(event.server)
            place.freed_at[event.server] = event.at_us

    def _priority(self, plan: Station, event: Event) -> int:
        departure = self.departure[event.passenger]
        for number, (guard, late_us) in enumerate(plan.rules):
            if not holds(guard, self.traits[event.passenger]):
                continue
            if late_us == NEVER:
                return number
            if departure >= 0 and self.departure_us[departure] - event.at_us <= late_us:
                self._note("priority to who is late")
                return number
        return len(plan.rules)
