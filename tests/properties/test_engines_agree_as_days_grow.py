"""The engines agree on a day at every moment of its making, and what is past stays as it was."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sim.engine.network import NEVER
from sim.scenario.clock import US_PER_S
from tests.contracts.engine.agreement import tell_day
from tests.contracts.engine.cases import Case, Person

STATIONS = ("together", "desk", "eye", "officer", "gate")
"""Where servers come, go, fail and are repaired; each has `INSTALLED`."""

INSTALLED = 3
CLOSINGS = st.sampled_from(("idle_first", "named", "pause"))
OPENS_S, CLOSES_S = 8, 2
"""How long before a departure its boarding opens, and closes."""

SLOTS = 5
DAY_S = 100_000
NOT_YET = DAY_S
"""When a failure ends that has not been repaired."""


class GrowingDay(RuleBasedStateMachine):
    """A day to which things are added as time passes; what comes next is never behind `now`."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.closings = ["idle_first"] * len(STATIONS)
        self.limit: int | None = None
        self.levels = {name: {0: 1} for name in (*STATIONS, "matcher")}
        self.parties: list[tuple[int, int, tuple[Person, ...]]] = []
        self.departures: list[tuple[int, int]] = []
        self.failures: list[tuple[str, int, int, int]] = []
        self.past: list[list[int]] = []

    # -- what may happen -------------------------------------------------------------------

    @initialize(
        closings=st.lists(CLOSINGS, min_size=len(STATIONS), max_size=len(STATIONS)),
        limit=st.none() | st.integers(0, 2),
        at_s=st.integers(10, 30),
    )
    def the_facility_is_built(self, closings: list[str], limit: int | None, at_s: int) -> None:
        self.closings, self.limit = closings, limit
        self.departures.append((at_s, 0))

    @rule(seconds=st.integers(1, 6))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule(data=st.data(), later_s=st.integers(0, 4), size=st.sampled_from((1, 1, 1, 2, 3)))
    def a_party_arrives(self, data: st.DataObject, later_s: int, size: int) -> None:
        departure = data.draw(st.integers(0, len(self.departures) - 1))
        persons = tuple(data.draw(_persons()) for _ in range(size))
        self.parties.append((self.now + later_s, departure, persons))
        self.parties.sort(key=lambda party: party[0])

    @rule(name=st.sampled_from((*STATIONS, "matcher")), level=st.integers(0, INSTALLED))
    def a_level_changes(self, name: str, level: int) -> None:
        self.levels[name][self.now] = level

    @rule(name=st.sampled_from((*STATIONS, "matcher")), server=st.integers(-1, INSTALLED - 1))
    def something_fails(self, name: str, server: int) -> None:
        busy_until = [end for n, _, end, s in self.failures if (n, s) == (name, server)]
        if all(end < self.now for end in busy_until):
            self.failures.append((name, self.now, NOT_YET, server))

    @precondition(lambda self: any(end == NOT_YET for *_, end, _ in self.failures))
    @rule(data=st.data())
    def something_is_repaired(self, data: st.DataObject) -> None:
        number = data.draw(
            st.sampled_from([n for n, failure in enumerate(self.failures) if failure[2] == NOT_YET])
        )
        name, start, _, server = self.failures[number]
        if start < self.now:
            self.failures[number] = (name, start, self.now, server)

    @rule(in_s=st.integers(0, 20), gate=st.integers(0, INSTALLED - 1))
    def a_departure_is_announced(self, in_s: int, gate: int) -> None:
        self.departures.append((self.now + OPENS_S + in_s, gate))

    # -- what always holds -----------------------------------------------------------------

    @invariant()
    def engines_agree_on_the_past(self) -> None:
        """Up to now both have one log, which begins with all that was ever the past."""
        case = self.case()
        told = tell_day(case.network(), case.workload(), cut_us=self.now * US_PER_S)

        assert told.difference == ""
        events = told.events
        log = [events.at_us, events.kind, events.passenger, events.station, events.detail]
        rows = [list(row) for row in zip(*(column.tolist() for column in log), strict=True)]
        assert rows[: len(self.past)] == self.past
        self.past = rows

    def teardown(self) -> None:
        """Nothing more is added, and the day goes on to its end."""
        case = self.case()

        assert tell_day(case.network(), case.workload(), cut_us=NEVER).difference == ""

    # -- the day so far --------------------------------------------------------------------

    def case(self) -> Case:
        """Check-in per party, a desk or a face for each, an officer, and the gate."""
        limit: dict[str, Any] = {} if self.limit is None else {"queue_limit": self.limit}
        case = Case().says(traits=[{"id": "seen"}, {"id": "vip"}])
        case.station("together", per="party", **self.bank("together"))
        case.station("desk", **limit, **self.bank("desk"))
        match = {"attempts": 2, "gallery": "departure", "priority": [{"when": "vip"}]}
        case.gates("eye", **match, **self.bank("eye"))
        case.station("officer", **self.bank("officer"))
        lanes: dict[str, Any] = {"lanes": "by_departure", "priority": [{"late_within": 5}]}
        case.station("gate", **lanes, **self.bank("gate"))
        case.batches("matcher", self.levels["matcher"], times=(2, 3, 3), installed=INSTALLED)
        law = {"law": "deterministic", "mean_s": 1}
        asks = [
            {"station": "matcher", "after_share": 0.5, "timeout_s": 2.0, "on_timeout": "refer"},
            {"station": "officer", "after_share": 0.0, "timeout_s": 3.0},
        ]
        eye = {"station": "eye", "calls": asks, "sets": {"seen": True}}
        case.step("together", checks_in=True)
        case.step(options=[eye, {"station": "desk"}], choose="prefer", switch_after=law)
        case.step("officer", when="not seen", closes_before=1)
        case.step("gate", boards=True, opens_before=OPENS_S, closes_before=CLOSES_S)
        case.departures += self.departures
        case.outages += self.failures
        case.parties += self.parties
        return case

    def bank(self, name: str) -> dict[str, Any]:
        """Levels, servers and closing rule of a station that is not the matcher."""
        closing = self.closings[STATIONS.index(name)]
        return {"servers": self.levels[name], "installed": INSTALLED, "closing": closing}


def _persons() -> st.SearchStrategy[Person]:
    seconds = st.integers(0, 4)

    def each(values: st.SearchStrategy[Any], count: int) -> st.SearchStrategy[list[Any]]:
        return st.lists(values, min_size=count, max_size=count)

    return st.builds(
        Person,
        traits=st.sampled_from(((), ("vip",))),
        serve=each(seconds, SLOTS),
        walk=each(seconds, SLOTS),
        patience=each(st.none() | st.integers(0, 6), SLOTS),
        accept=st.integers(0, 2),
        retry=each(seconds, 1),
        answer=each(seconds, 4),
        switch=st.integers(0, 4),
    )


TestGrowingDay = GrowingDay.TestCase
TestGrowingDay.settings = settings(max_examples=45, stateful_step_count=30)
