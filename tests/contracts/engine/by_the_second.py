"""One station, worked out second by second with counters that run down.

It has no calendar, no heap and no draws in advance: each second it asks over and over what
comes first among what is due. It shares no code with the engines, only their rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from tests.contracts.engine.cases import Case

Closing = Literal["idle_first", "named", "pause"]


@dataclass(slots=True)
class Passenger:
    """Someone with whole seconds to walk, to wait and to be served; urgent ones go first."""

    at: int
    walk: int
    serve: int
    patience: int | None
    is_urgent: bool
    state: str = "away"
    left: int = 0
    patience_left: int = -1
    place: tuple[int, int] = (0, 0)
    server: int = -1


@dataclass(slots=True)
class Station:
    """A bank with levels ``{second: servers}`` and outages ``(start, end, server)``, -1 for all."""

    levels: dict[int, int]
    closing: Closing
    installed: int
    queue_limit: int | None
    outages: Sequence[tuple[int, int, int]]


@dataclass(slots=True)
class Day:
    """The station and its passengers, one second after the other."""

    station: Station
    people: list[Passenger]
    lines: list[str] = field(default_factory=list)
    level: int = 0
    bank_is_down: bool = False
    down: set[int] = field(default_factory=set)
    joined: int = 0
    second: int = 0
    to_change: list[tuple[int, str, int]] = field(default_factory=list)

    def log(self, *, until: int) -> list[str]:
        """Every event as text, as `cases.lines_of` writes them."""
        for self.second in range(until):
            self._tick()
            self.to_change = self._changes_now()
            while self._do_next():
                pass
        return self.lines

    def _tick(self) -> None:
        for passenger in self.people:
            if passenger.state in {"walking", "served"}:
                passenger.left -= 1
            if passenger.state == "waiting" and passenger.patience_left > 0:
                passenger.patience_left -= 1

    def _changes_now(self) -> list[tuple[int, str, int]]:
        now, station = self.second, self.station
        changes = [(0, "staff", station.levels[now])] if now in station.levels else []
        changes += [(1, "repair", server) for _, end, server in station.outages if end == now]
        changes += [(2, "fail", server) for start, _, server in station.outages if start == now]
        return sorted(changes)

    def _do_next(self) -> bool:
        """Do what comes first of this second; False when nothing is left."""
        everybody = list(enumerate(self.people))
        for number, passenger in everybody:
            if passenger.state == "served" and passenger.left == 0:
                self._complete(number, passenger)
                return True
        if self.to_change:
            _, what, value = self.to_change.pop(0)
            getattr(self, f"_{what}")(value)
            return True
        for number, passenger in everybody:
            if passenger.state == "waiting" and passenger.patience_left == 0:
                passenger.state = "gone"
                self._say("reneged", number, "v0 =1")
                return True
        for number, passenger in everybody:
            if passenger.state == "away" and passenger.at == self.second:
                passenger.state, passenger.left = "walking", passenger.walk
                self.lines.append(
                    f"{self.second} arrived p{number}" + (" =1" if passenger.is_urgent else "")
                )
                return True
        for number, passenger in everybody:
            if passenger.state == "walking" and passenger.left == 0:
                self._join(number, passenger)
                return True
        return False

    def _join(self, number: int, passenger: Passenger) -> None:
        in_line = sum(each.state == "waiting" for each in self.people)
        limit = self.station.queue_limit
        if limit is not None and in_line >= limit and not self._idle():
            passenger.state = "gone"
            self._say("balked", number, "v0 =1")
            return
        self._say("queue_joined", number, "v0 =1")
        self.joined += 1
        passenger.place = (0 if passenger.is_urgent else 1, self.joined)
        passenger.state = "waiting"
        passenger.patience_left = -1 if passenger.patience is None else passenger.patience
        self._hand_on()

    def _complete(self, number: int, passenger: Passenger) -> None:
        self._say("service_completed", number, f"v0 s{passenger.server} =1")
        passenger.state = "gone"
        self._hand_on()
        self.lines.append(f"{self.second} exited p{number}")

    def _staff(self, level: int) -> None:
        self.level = level
        if self.station.closing == "pause":
            for number, passenger in sorted(enumerate(self.people), key=lambda e: e[1].server):
                is_closed = passenger.server >= level
                if passenger.state == "served" and is_closed:
                    passenger.state = "paused"
                    self._say("service_paused", number, f"v0 s{passenger.server} =1")
                elif passenger.state == "paused" and not is_closed:
                    passenger.state = "served"
                    self._say("service_resumed", number, f"v0 s{passenger.server} =1")
        self._say_change("servers_changed", "")
        self._hand_on()

    def _fail(self, server: int) -> None:
        self._set_down(server, True)
        self._say_change("outage_started", f"s{server}" if server >= 0 else "")
        for number, passenger in sorted(enumerate(self.people), key=lambda e: e[1].server):
            is_hit = server in (-1, passenger.server)
            if passenger.state in {"served", "paused"} and is_hit:
                passenger.state, passenger.patience_left = "waiting", -1
                self._say("service_interrupted", number, f"v0 s{passenger.server} =1")
        self._hand_on()

    def _repair(self, server: int) -> None:
        self._set_down(server, False)
        self._say_change("outage_ended", f"s{server}" if server >= 0 else "")
        self._hand_on()

    def _set_down(self, server: int, is_down: bool) -> None:
        if server < 0:
            self.bank_is_down = is_down
        else:
            self.down = self.down | {server} if is_down else self.down - {server}

    def _hand_on(self) -> None:
        """Start who waits while a server is idle, unless servers still change this second."""
        if any(what in {"staff", "repair", "fail"} for _, what, _ in self.to_change):
            return
        while idle := self._idle():
            in_line = [each for each in enumerate(self.people) if each[1].state == "waiting"]
            if not in_line:
                return
            number, passenger = min(in_line, key=lambda each: each[1].place)
            passenger.state, passenger.left = "served", passenger.serve
            passenger.server, passenger.patience_left = idle[0], -1
            self._say("service_started", number, f"v0 s{idle[0]} =1")

    def _idle(self) -> list[int]:
        """Servers that may start somebody, the first one first."""
        taken = {each.server for each in self.people if each.state in {"served", "paused"}}
        working = [n for n in range(self.station.installed) if n not in self.down]
        idle = [] if self.bank_is_down else [n for n in working if n not in taken]
        if self.station.closing != "idle_first":
            return [n for n in idle if n < self.level]
        return idle if len(taken) < min(self.level, len(working)) else []

    def _open(self) -> int:
        if self.bank_is_down:
            return 0
        working = [n for n in range(self.station.installed) if n not in self.down]
        if self.station.closing == "idle_first":
            return min(self.level, len(working))
        return sum(n < self.level for n in working)

    def _say(self, kind: str, number: int, rest: str) -> None:
        self.lines.append(f"{self.second} {kind} p{number} desk {rest}")

    def _say_change(self, kind: str, server: str) -> None:
        detail = f"={self._open()}" if self._open() else ""
        parts = (str(self.second), kind, "desk", server, detail)
        self.lines.append(" ".join(part for part in parts if part))


def case_of(station: Station, people: Sequence[Passenger]) -> Case:
    """The same day for an engine."""
    case = Case().says(traits=[{"id": "urgent"}])
    more = {} if station.queue_limit is None else {"queue_limit": station.queue_limit}
    case.station(
        "desk",
        station.levels,
        installed=station.installed,
        closing=station.closing,
        priority=[{"when": "urgent"}],
        **more,
    ).step("desk")
    for start, end, server in station.outages:
        case.outage("desk", start, end, server=server)
    for each in people:
        traits = ("urgent",) if each.is_urgent else ()
        case.passenger(
            each.at, walk=each.walk, serve=each.serve, patience=each.patience, traits=traits
        )
    return case
