"""Random small days over every behaviour, with whole seconds so that ties abound.

Scenarios are coherent: only what a file may say, so that two engines differ on nothing that
cannot happen. A case is made by rolling whole numbers, by Hypothesis (which shrinks towards
the lowest) or by any generator of whole numbers, for thousands of them.
"""

from __future__ import annotations

from hypothesis import strategies as st

from tests.contracts.engine.cases import Case, Person
from tests.contracts.engine.dice import Roll
from tests.contracts.engine.random_facility import CONDITIONS, TRAITS, Facility


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


class _Maker(Facility):
    """One case in the making: the facility, then who comes and what goes wrong."""

    def __init__(self, roll: Roll, *, most: int, alive: bool | None) -> None:
        super().__init__(roll, alive=alive)
        self.most = most

    def case(self) -> Case:
        """The whole case."""
        kind = self.roll(0, 3)
        self.has_departures, self.is_routed = kind >= 2, kind == 1
        self.is_together = not self.is_routed and self.rarely(5)
        self.start = self.pick((0, 0, 5))
        self.case_.says(traits=[{"id": name} for name in TRAITS], day_starts=self.start)
        self.stations_and_steps()
        self.policy()
        self.outages()
        self.people()
        if not self.alive and self.rarely():
            self.case_.says(end_of_run="cut", horizon_s=self.start + self.roll(3, 25))
        return self.case_

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
                at = self.start + self.pick((0, 0, 15, 30))
                while self.rarely(1 if "batch" in station else 3):
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
        at, left = self.start, self.most
        for _ in range(self.roll(1, self.most)):
            at += self.roll(0, 3)
            size = min(self.pick((1, 1, 2, 1, 3)), left)
            departure = self.roll(0, departures - 1) if departures else -1
            persons = [self.person(self.case_.slots) for _ in range(size)]
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
        slowest = self.pick((4, 4, 4, 12))
        return Person(
            traits=tuple(name for name in TRAITS if self.rarely(1)),
            serve=self.rows(rows, 0, slowest, is_blank=self.may_skip),
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
