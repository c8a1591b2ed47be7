"""Random small facilities: banks of every kind, and a journey that visits and calls them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.contracts.engine.cases import Case
from tests.contracts.engine.dice import Dice, Roll

TRAITS = ("x", "y", "z")
CONDITIONS = ("x", "not x", "x or y", "y and not x", "z")
NOBODY_LEFT_AT = 60
"""When a day that stays alive opens everything for good."""


@dataclass(frozen=True, slots=True)
class Bank:
    """A station as later choices need to know it."""

    name: str
    is_for_parties: bool = False
    attempts: int = 0


class Facility(Dice):
    """Stations and steps in the making.

    Attributes
    ----------
    alive : bool
        Whether every station opens in the end.
    is_together : bool
        Whether parties stay together all the way.
    called : list of str
        Stations that others may call.
    """

    def __init__(self, roll: Roll, *, alive: bool | None) -> None:
        super().__init__(roll)
        self.alive = self.rarely(1) if alive is None else alive
        self.case_ = Case()
        self.has_departures = False
        self.is_routed = False
        self.is_together = False
        self.called: list[str] = []
        self.start = 0

    # -- stations --------------------------------------------------------------------------

    def stations_and_steps(self) -> None:
        """Banks of several kinds, then steps that visit and call them."""
        parties = [self.bank("p", is_for_parties=True)] if self.rarely() else []
        if self.rarely(1):
            self.called.append(self.matcher("m"))
        together = self.is_together
        singles = [self.bank(n, is_for_parties=together) for n in "abc"[: self.roll(1, 3)]]
        if self.rarely():
            self.called.append(self.officer("o"))
            singles += [] if together else [Bank("o")]
        gates = self.gates() if self.has_departures else []
        steps: list[list[Bank]] = []
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

    def bank(self, name: str, *, is_for_parties: bool = False) -> Bank:
        """A station that passengers visit."""
        attempts = 0 if self.is_routed else self.pick((0, 0, 1, 3))
        more = self.queue()
        if is_for_parties:
            more["per"] = "party"
        closing = self.pick(("idle_first", "named", "pause"))
        servers = self.servers(most=self.pick((3, 3, 3, 8)))
        if attempts:
            gallery = "departure" if self.has_departures and self.rarely() else "chip"
            more |= {"attempts": attempts, "gallery": gallery}
            self.case_.gates(name, servers, mean=self.roll(0, 3), closing=closing, **more)
        else:
            self.case_.station(name, servers, mean=self.roll(0, 3), closing=closing, **more)
        return Bank(name, is_for_parties, attempts)

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
            more["installed"] = 9
        return more

    def servers(self, *, most: int) -> dict[int, int]:
        """Levels in time, for good at their highest in the end where the day stays alive."""
        levels = {0: 0 if self.rarely(9) else self.roll(1, most)}
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
        if self.rarely():
            self.case_.station(name, self.servers(most=2), closing=closing)
        else:
            times = [self.roll(0, 6) for _ in range(self.roll(1, 3))]
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

    def gates(self) -> list[Bank]:
        """One or two stations that board, with lanes by departure or shared."""
        banks = []
        for name in ("g", "h")[: self.pick((1, 1, 2))]:
            more, most = self.queue(), 3
            if self.rarely(1):
                more |= {"lanes": "by_departure", "installed": 4}
                most = self.pick((3, 1))
            attempts = self.pick((0, 0, 2))
            closing = self.pick(("idle_first", "named", "pause"))
            if self.is_together:
                more["per"] = "party"
            if attempts:
                more["attempts"] = attempts
                self.case_.gates(name, self.servers(most=most), closing=closing, **more)
            else:
                self.case_.station(name, self.servers(most=most), closing=closing, **more)
            banks.append(Bank(name, self.is_together, attempts))
        return banks

    # -- the journey -----------------------------------------------------------------------

    def step(self, number: int, banks: list[Bank], *, last: int) -> None:
        """A step at one station, or a choice."""
        more = self.ways_out(number, last=last)
        if len(banks) == 1 and (self.is_routed or not self.rarely(5)):
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

    def boarding(self, number: int, gates: list[Bank]) -> None:
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

    def visit(self, bank: Bank) -> dict[str, Any]:
        """What a visit changes and whom it calls."""
        more: dict[str, Any] = {}
        if self.rarely():
            more["sets"] = {self.pick(TRAITS): self.rarely(1)}
            more["sets_when"] = self.condition()
        if self.rarely():
            more["checks_in"] = True
        callable_ = [name for name in self.called if bank.name not in (name, "o")]
        if callable_ and not self.rarely():
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
        ways = ("share", "shortest", "prefer") if len(options) > 1 else ("share", "shortest")
        choose = self.pick(ways)
        if choose == "prefer":
            law = {"law": "deterministic", "mean_s": 1}
            return {"choose": choose, "switch_after": law}
        if choose == "share" and self.rarely(1):
            for number, option in enumerate(options):
                option["share"] = self.pick((0.25, 0.0, 1.0)) if number else 0.5
        return {"choose": choose}
