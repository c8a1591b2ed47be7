"""Random small days over every behaviour, with whole seconds so that ties abound.

Scenarios are coherent: only what a file may say, so that two engines differ on nothing that
cannot happen. A case is made by rolling whole numbers, by Hypothesis (which shrinks towards
the lowest) or by any generator of whole numbers, for thousands of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.contracts.engine.cases import Case, Person

Roll = Callable[[int, int], int]
"""A whole number from the first to the second, both included; the lowest is the simplest."""

T = TypeVar("T")

TRAITS = ("x", "y", "z")
CONDITIONS = ("x", "not x", "x or y", "y and not x", "z")
NOBODY_LEFT_AT = 60
"""When a day that stays alive opens everything for good."""


@st.composite
def cases(draw: st.DrawFn, *, passengers: int = 7, alive: bool | None = None) -> Case:
    """Days small enough to read once shrunk."""
    return random_case(lambda low, high: draw(st.integers(low, high)), passengers, alive=alive)


def random_case(roll: Roll, passengers: int = 7, *, alive: bool | None = None) -> Case:
    """A day.

    Parameters
    ----------
    roll : Roll
        Chance, such as ``random.Random(seed).randint``.
    passengers : int
        Most passengers there are.
    alive : bool or None
        Whether every station opens in the end, so that everybody gets away; None leaves it
        to chance. Such a day is never cut.
    """
    return _Maker(roll, most=passengers, alive=alive).case()


@dataclass(frozen=True, slots=True)
class _Bank:
    """A station as later choices need to know it."""

    name: str
    is_for_parties: bool = False
    attempts: int = 0


class _Maker:
    """One case in the making, read from the top: stations, journey, departures, people."""

    def __init__(self, roll: Roll, *, most: int, alive: bool | None) -> None:
        self.roll = roll
        self.most = most
        self.alive = self.rarely(1) if alive is None else alive
        self.case_ = Case()
        self.has_departures = False
        self.is_routed = False
        self.called: list[str] = []
        self.start = 0

    def case(self) -> Case:
        """The whole case."""
        kind = self.roll(0, 3)
        self.has_departures, self.is_routed = kind >= 2, kind == 1
        self.start = self.pick((0, 0, 5))
        self.case_.says(traits=[{"id": name} for name in TRAITS], day_starts=self.start)
        self.stations_and_steps()
        self.policy()
        self.outages()
        self.people()
        if not self.alive and self.rarely():
            self.case_.says(end_of_run="cut", horizon_s=self.start + self.roll(3, 25))
        return self.case_

    # -- chance ----------------------------------------------------------------------------

    def rarely(self, odds: int = 2) -> bool:
        """Once in ``odds + 1``."""
        return self.roll(0, odds) == odds

    def pick(self, items: Sequence[T]) -> T:
        """One of some; the first is the simplest."""
        return items[self.roll(0, len(items) - 1)]

    # -- stations --------------------------------------------------------------------------

    def stations_and_steps(self) -> None:
        """Banks of several kinds, then steps that visit and call them."""
        parties = [self.bank("p", is_for_parties=True)] if self.rarely() else []
        if self.rarely():
            self.called.append(self.matcher("m"))
        singles = [self.bank(name) for name in "abc"[: self.roll(1, 3)]]
        if self.rarely():
            self.called.append(self.officer("o"))
            singles.append(_Bank("o"))
        gates = self.gates() if self.has_departures else []
        steps: list[list[_Bank]] = []
        if parties:
            steps += [parties] * self.roll(1, 2)
        for _ in range(self.roll(1, 3)):
            steps.append([singles[self.roll(0, len(singles) - 1)] for _ in range(self.width())])
        last = len(steps) + bool(gates) - 1
        for number, banks in enumerate(steps):
            self.step(number, banks, last=last)
        if gates:
            self.boarding(last, gates)

    def width(self) -> int:
        """How many options a step has."""
        return 1 if self.is_routed else self.pick((1, 1, 2, 3))

    def bank(self, name: str, *, is_for_parties: bool = False) -> _Bank:
        """A station that passengers visit."""
        attempts = 0 if self.is_routed else self.pick((0, 0, 1, 3))
        more = self.queue()
        if is_for_parties:
            more["per"] = "party"
        closing = self.pick(("idle_first", "named", "pause"))
        servers = self.servers(most=3)
        if attempts:
            gallery = "departure" if self.has_departures and self.rarely() else "chip"
            more |= {"attempts": attempts, "gallery": gallery}
            self.case_.gates(name, servers, mean=self.roll(0, 3), closing=closing, **more)
        else:
            self.case_.station(name, servers, mean=self.roll(0, 3), closing=closing, **more)
        return _Bank(name, is_for_parties, attempts)

    def queue(self) -> dict[str, Any]:
        """A limit and rules of priority, or neither."""
        more: dict[str, Any] = {}
        if self.rarely():
            more["queue_limit"] = self.roll(0, 2)
        if self.rarely():
            rules: list[dict[str, Any]] = [{"when": self.pick(CONDITIONS)}]
            if self.has_departures and self.rarely(1):
                rules.append({"late_within": self.roll(1, 20)})
            more["priority"] = rules
        if self.rarely():
            more["installed"] = 4
        return more

    def servers(self, *, most: int) -> dict[int, int]:
        """Levels in time, for good at their highest in the end where the day stays alive."""
        levels = {0: self.roll(1, most)}
        at = self.start
        for _ in range(self.roll(0, 3)):
            at += self.roll(1, 6)
            levels[at] = self.roll(0, most)
        if self.alive:
            levels[NOBODY_LEFT_AT] = most
        return levels

    def matcher(self, name: str) -> str:
        """A station that only answers calls, one by one or in batches."""
        closing = self.pick(("idle_first", "named"))
        if self.rarely(1):
            self.case_.station(name, self.servers(most=2), closing=closing)
        else:
            times = [self.roll(0, 4) for _ in range(self.roll(1, 3))]
            self.case_.batches(name, self.servers(most=2), times=times, closing=closing)
        return name

    def officer(self, name: str) -> str:
        """A station that passengers visit and others call."""
        more: dict[str, Any] = {}
        if self.rarely():
            more["priority"] = [{"when": self.pick(CONDITIONS)}]
        closing = self.pick(("idle_first", "named", "pause"))
        self.case_.station(name, self.servers(most=2), closing=closing, **more)
        return name

    def gates(self) -> list[_Bank]:
        """One or two stations that board, with lanes by departure or shared."""
        banks = []
        for name in ("g", "h")[: self.pick((1, 1, 2))]:
            more = self.queue()
            if self.rarely(1):
                more |= {"lanes": "by_departure", "installed": 4}
            attempts = self.pick((0, 0, 2))
            closing = self.pick(("idle_first", "named", "pause"))
            if attempts:
                more["attempts"] = attempts
                self.case_.gates(name, self.servers(most=3), closing=closing, **more)
            else:
                self.case_.station(name, self.servers(most=3), closing=closing, **more)
            banks.append(_Bank(name, attempts=attempts))
        return banks

    # -- the journey -----------------------------------------------------------------------

    def step(self, number: int, banks: list[_Bank], *, last: int) -> None:
        """A step at one station, or a choice."""
        more = self.ways_out(number, last=last)
        if len(banks) == 1:
            when = "" if self.is_routed else self.condition()
            self.case_.step(
                banks[0].name, id=f"step-{number}", when=when, **more, **self.visit(banks[0])
            )
            return
        options = [
            {"station": bank.name, "when": self.condition(), **self.visit(bank)} for bank in banks
        ]
        more |= self.choosing(options)
        self.case_.step(id=f"step-{number}", when=self.condition(), options=options, **more)

    def boarding(self, number: int, gates: list[_Bank]) -> None:
        """The last step of those with a departure."""
        more = self.ways_out(number, last=number)
        closes = self.roll(0, 4)
        opens = closes + self.roll(1, 12)
        window = {"boards": True, "closes_before": closes, "opens_before": opens}
        if len(gates) == 1:
            visit = self.visit(gates[0]) | window
            self.case_.step(gates[0].name, id=f"step-{number}", **more, **visit)
            return
        options = [{"station": gate.name, **(self.visit(gate) | window)} for gate in gates]
        more |= self.choosing(options)
        self.case_.step(id=f"step-{number}", options=options, **more)

    def ways_out(self, number: int, *, last: int) -> dict[str, Any]:
        """Where balking, reneging and rejection lead: onward only."""
        later = [] if self.is_routed else [f"step-{n}" for n in range(number + 1, last + 1)]
        targets = ["", "leave", *later]
        return {
            key: self.pick(targets)
            for key in ("on_reject", "on_balk", "on_renege")
            if key != "on_reject" or not self.is_routed
        }

    def condition(self) -> str:
        """Who it is for; mostly everybody."""
        return self.pick(("", "", "", *CONDITIONS))

    def visit(self, bank: _Bank) -> dict[str, Any]:
        """What a visit changes and whom it calls."""
        more: dict[str, Any] = {}
        if self.rarely():
            more["sets"] = {self.pick(TRAITS): self.rarely(1)}
            more["sets_when"] = self.condition()
        if self.rarely():
            more["checks_in"] = True
        callable_ = [name for name in self.called if bank.name not in (name, "o")]
        if callable_ and self.rarely(1):
            more["calls"] = self.calls(callable_)
        if self.has_departures and self.rarely(3):
            more["closes_before"] = self.roll(0, 10)
        return more

    def calls(self, stations: list[str]) -> list[dict[str, Any]]:
        """One request, or one to each of two stations in either order.

        Two to one station could not be told apart in the log; `test_same_instant` has a case.
        """
        first = self.pick(stations)
        others = [name for name in stations if name != first] if self.rarely(1) else []
        return [self.call(name) for name in (first, *others)]

    def call(self, station: str) -> dict[str, Any]:
        """A request to another station."""
        call: dict[str, Any] = {"station": station, "after_share": self.pick((0.0, 1.0, 0.5, 0.3))}
        if self.rarely(1):
            call["timeout_s"] = float(self.roll(1, 4))
            call["on_timeout"] = self.pick(("continue", "refer"))
        return call

    def choosing(self, options: list[dict[str, Any]]) -> dict[str, Any]:
        """How a step's option is chosen."""
        choose = self.pick(("share", "shortest", "prefer"))
        if choose == "prefer":
            law = {"law": "deterministic", "mean_s": 1}
            return {"choose": choose, "switch_after": law}
        if choose == "share" and self.rarely(1):
            for number, option in enumerate(options):
                option["share"] = self.pick((0.25, 0.0, 1.0)) if number else 0.5
        return {"choose": choose}

    # -- the day ---------------------------------------------------------------------------

    def policy(self) -> None:
        """A rule in force that restricts a station, or none."""
        if self.rarely():
            station = self.pick([each["id"] for each in self.case_.stations])
            restrict = [{"station": station, "to": self.pick(CONDITIONS)}]
            rule = {"id": "rule", "effective": "2025-12-01", "restrict": restrict}
            self.case_.says(date="2026-01-01", policy=[rule])

    def outages(self) -> None:
        """Some servers and banks down for a while, one after the other."""
        for station in self.case_.stations:
            highest = max(station["servers"]["open"])
            servers = max(highest, station.get("installed", 0))
            for server in [] if self.roll(0, 2) == 0 else [-1, *range(servers)]:
                at = self.start
                while self.rarely(3):
                    at += self.roll(0, 8)
                    end = at + self.roll(1, 6)
                    self.case_.outage(station["id"], at, end, server=server)
                    at = end + 1

    def people(self) -> None:
        """Departures to catch, and parties that come."""
        departures = self.roll(1, 3) if self.has_departures else 0
        for _ in range(departures):
            self.case_.departure(self.start + self.roll(10, 50), gate=self.roll(0, 3))
        self.case_.departures.sort()
        slots = sum(len(step.get("options", "1")) for step in self.case_.steps)
        at, left = self.start, self.most
        for _ in range(self.roll(1, self.most)):
            at += self.roll(0, 3)
            size = min(self.pick((1, 1, 1, 2, 3)), left)
            departure = self.roll(0, departures - 1) if departures else -1
            persons = [self.person(slots) for _ in range(size)]
            self.case_.party(at, *persons, departure=departure)
            left -= size
            if left == 0:
                break

    def person(self, slots: int) -> Person:
        """Someone with every draw."""
        route = None
        if self.is_routed:
            route = [self.roll(0, slots - 1) for _ in range(self.roll(0, 4))]
        rows = slots if route is None else len(route)
        return Person(
            traits=tuple(name for name in TRAITS if self.rarely(1)),
            serve=self.rows(rows, 0, 4, is_blank=self.may_skip),
            walk=self.rows(rows, 0, 3),
            patience=self.rows(rows, 0, 6, is_blank=lambda _: self.rarely(1)),
            accept=self.rows(rows, 0, 3),
            retry=[self.roll(0, 2) for _ in range(2)],
            answer=[self.roll(0, 4) for _ in range(6)] if self.called else (),
            choose=self.rows(len(self.case_.steps), 0, 7, scale=0.125),
            again=self.rows(len(self.case_.steps), 0, 7, scale=0.125),
            switch=self.rows(len(self.case_.steps), 0, 6),
            route=route,
        )

    def may_skip(self, row: int) -> bool:
        """Whether a row is a blank in a trace: with neither options nor routes, now and then."""
        is_plain = len(self.case_.steps) > row and not self.is_routed
        has_options = any("options" in step for step in self.case_.steps)
        return is_plain and not has_options and self.rarely(5)

    def rows(
        self,
        count: int,
        low: int,
        high: int,
        *,
        scale: float = 1,
        is_blank: Callable[[int], bool] = lambda _: False,
    ) -> list[float | None]:
        """A draw for each of some rows."""
        return [None if is_blank(row) else scale * self.roll(low, high) for row in range(count)]
