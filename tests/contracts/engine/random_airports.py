"""Random terminals on a busy day: departures, families, and queues that grow.

Where `random_cases` has every odd combination in small, these days have the shape of a real
one: check in at a kiosk or a counter, a gate that asks a matcher in batches, security, boarding.
Durations are tens of seconds, so that many things still happen at one instant.
"""

from __future__ import annotations

from typing import Any

from tests.contracts.engine.cases import Case, Person
from tests.contracts.engine.dice import Dice, Roll

CLOSINGS = ("idle_first", "named", "pause")
STEP_S = 10
"""What instants and most durations are multiples of."""


def random_airport(roll: Roll, passengers: int = 300) -> Case:
    """A day at a terminal with about so many passengers."""
    return _Terminal(roll, passengers).case()


class _Terminal(Dice):
    """One day in the making: halls in the order in which passengers come to them."""

    def __init__(self, roll: Roll, most: int) -> None:
        super().__init__(roll)
        self.most = most
        self.start = self.pick((0, 3600))
        self.is_by_departure = self.rarely(1)
        self.gates = self.roll(2, 5)
        self.case_ = Case()

    def case(self) -> Case:
        """The whole case."""
        traits = [{"id": name} for name in ("bag", "face", "family", "checked", "verified")]
        self.case_.says(day_starts=self.start, traits=traits)
        self.check_in()
        self.identity()
        self.security()
        self.boarding()
        self.policy()
        self.outages()
        self.people()
        if self.rarely():
            self.case_.says(end_of_run="cut", horizon_s=self.start + self.roll(1_500, 5_000))
        return self.case_

    # -- the halls -------------------------------------------------------------------------

    def check_in(self) -> None:
        """Kiosks or counters for a party as one, then the bag."""
        late: dict[str, Any] = {"priority": [{"late_within": 1_200}, {"when": "family"}]}
        more: dict[str, Any] = late if self.rarely(1) else {}
        if self.rarely():
            more["queue_limit"] = self.roll(3, 12)
        self.case_.station("kiosk", self.roll(1, 4), mean=40, per="party", closing="named")
        self.bank("counter", 4, mean=90, per="party", **more)
        done = {"sets": {"checked": True}, "checks_in": True, "closes_before": 300}
        options = [
            {"station": "kiosk", "when": self.pick(("", "not bag")), **done},
            {"station": "counter", **done},
        ]
        choose: dict[str, Any] = {"choose": self.pick(("share", "shortest", "prefer"))}
        if choose["choose"] == "prefer":
            choose["switch_after"] = {"law": "deterministic", "mean_s": 1}
        ways = {"on_renege": "second", "on_balk": self.pick(("second", "leave"))}
        self.case_.step(id="check-in", options=options, **choose, **ways)
        self.case_.step("counter", id="second", when="not checked or bag and family", **done)

    def identity(self) -> None:
        """A gate that asks a matcher in batches, and an officer for those it refuses."""
        times = [self.roll(0, 3) + size // 2 for size in range(self.roll(2, 8))]
        self.case_.batches("matcher", self.levels(2), times=times, closing="named")
        gallery = self.pick(("departure", "chip"))
        self.bank("eye", 5, mean=15, attempts=self.roll(1, 3), gallery=gallery)
        self.bank("officer", 3, mean=40, priority=[{"when": "family"}])
        calls = [{"station": "matcher", "after_share": self.pick((0.5, 1.0))}]
        if self.rarely(1):
            refers = self.pick(("continue", "refer"))
            calls[0] |= {"timeout_s": float(self.roll(1, 6)), "on_timeout": refers}
        if self.rarely():
            calls.append({"station": "officer", "after_share": 0.0})
        visit = {"sets": {"verified": True}, "calls": calls}
        self.case_.step("eye", id="identity", when="face", on_reject="desk", **visit)
        self.case_.step("officer", id="desk", when="not verified", sets={"verified": True})

    def security(self) -> None:
        """Two halls of lanes, the shorter queue or by share."""
        names = ("north", "south")
        for name in names:
            self.bank(name, 2, mean=20)
        options = [{"station": name, "closes_before": 60} for name in names]
        choose = self.pick(("shortest", "share"))
        self.case_.step(id="security", options=options, choose=choose)

    def boarding(self) -> None:
        """Gates, each with its own lane or all alike."""
        more: dict[str, Any] = {"closing": self.pick(CLOSINGS)}
        if self.is_by_departure:
            more |= {"lanes": "by_departure", "installed": self.gates}
        if self.rarely():
            more["queue_limit"] = self.roll(5, 40)
        self.case_.station("gate", self.levels(self.gates), mean=5, **more)
        window = {"boards": True, "opens_before": 1_200, "closes_before": 120}
        self.case_.step("gate", id="boarding", **window)

    def bank(self, name: str, servers: int, *, mean: int, **more: Any) -> None:
        """A station staffed by levels, with faces compared where it says attempts."""
        add = self.case_.gates if "attempts" in more else self.case_.station
        add(name, self.levels(servers), mean=mean, closing=self.pick(CLOSINGS), **more)

    def levels(self, most: int) -> dict[int, int]:
        """Levels that change a few times in the first hour."""
        levels, at = {0: self.roll(1, most)}, self.start
        for _ in range(self.roll(0, 4)):
            at += STEP_S * self.roll(10, 120)
            levels[at] = self.roll(1, most)
        return levels

    # -- the day ---------------------------------------------------------------------------

    def policy(self) -> None:
        """Faces only at the kiosks, now and then."""
        if self.rarely():
            restrict = [{"station": "kiosk", "to": "face"}]
            rule = {"id": "faces", "effective": "2025-12-01", "restrict": restrict}
            self.case_.says(date="2026-01-01", policy=[rule])

    def outages(self) -> None:
        """A bank or a server down now and then."""
        for station in ("kiosk", "counter", "matcher", "eye", "north", "gate"):
            for server in (-1, 0):
                if self.rarely(3):
                    at = self.start + STEP_S * self.roll(30, 300)
                    self.case_.outage(station, at, at + STEP_S * self.roll(1, 60), server=server)

    def people(self) -> None:
        """Departures every few minutes, and the parties that come for them."""
        count, at = self.roll(4, 8), self.start + 1_800
        for _ in range(count):
            at += STEP_S * self.roll(6, 60)
            self.case_.departure(at, gate=self.roll(0, self.gates - 1))
        slots, left = self.case_.slots, self.most
        parties: list[tuple[int, int, tuple[Person, ...]]] = []
        while left > 0:
            size = min(left, self.pick((1, 1, 2, 2, 3, 5)))
            departure = self.roll(0, count - 1)
            early = STEP_S * self.roll(30, 240)
            arrival = max(self.start, int(self.case_.departures[departure][0]) - early)
            persons = tuple(self.person(slots, is_family=size > 2) for _ in range(size))
            parties.append((arrival, departure, persons))
            left -= size
        self.case_.parties += sorted(parties, key=lambda party: party[0])

    def person(self, slots: int, *, is_family: bool) -> Person:
        """Someone with every draw; the slots are in the order of the halls."""
        kiosk, counter, again, eye, desk, *lanes, gate = range(slots)
        serve = [0.0] * slots
        for slot, low, high in [(kiosk, 2, 6), (counter, 4, 15), (again, 2, 8), (desk, 2, 6)]:
            serve[slot] = STEP_S * self.roll(low, high)
        for slot, low, high in [(eye, 4, 15), (gate, 2, 8), *((lane, 10, 30) for lane in lanes)]:
            serve[slot] = self.roll(low, high)
        patience: list[float | None] = [None] * slots
        if self.rarely(3):
            patience[counter] = STEP_S * self.roll(6, 90)
        traits = [name for name in ("bag", "face") if not self.rarely()]
        return Person(
            traits=(*traits, *(["family"] if is_family else [])),
            serve=serve,
            walk=[STEP_S * self.roll(0, 3) for _ in range(slots)],
            patience=patience,
            accept=self.pick((1, 1, 1, 2, 3, 0)),
            retry=[self.roll(2, 6) for _ in range(2)],
            answer=[self.roll(0, 20) for _ in range(6)],
            choose=self.rows(6, 0, 7, scale=0.125),
            again=self.rows(6, 0, 7, scale=0.125),
            switch=self.rows(6, 0, 9, scale=60),
        )
