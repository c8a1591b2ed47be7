"""Targets as the planner holds them: of waits, of queues and of departures, period by period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sim.errors import Fault, InvalidInputError
from sim.planner.seen import DEPARTURES
from sim.planner.target_texts import read_target
from sim.scenario.clock import US_PER_S
from sim.scenario.promises import PlanTarget
from sim.scenario.scenario import Scenario
from sim.scenario.spec import ScenarioSpec, Target
from sim.scenario.suggestions import advice

US_PER_MIN = 60 * US_PER_S
LONGEST_DAY_US = 400 * 86_400 * US_PER_S

WORST_DAY = 0.1
"""Share of a day's passengers who miss on a day that days of a certificate have not shown."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise the plan has to keep at one station, or of all departures.

    Attributes
    ----------
    station : str
        Its id; `DEPARTURES` for a promise of missed departures.
    share : float
        Share that must start service in time; with ``daily`` on the share `day_share` of days.
        Of the time with `most_waiting`; of the passengers who have a departure with `most_missed`.
    within_us : int
        Longest wait that keeps it.
    per_us : int
        Length of the periods of arrival it holds in; longer than any day where it is of the day.
    most_waiting : int or None
        Persons in the queue at most.
    most_missed : float or None
        Share of passengers who miss their departure at most.
    """

    id: str
    station: str
    share: float
    within_us: int
    per_us: int
    meaning: Literal["long_run", "daily"] = "long_run"
    day_share: float = 1.0
    most_waiting: int | None = None
    most_missed: float | None = None

    @property
    def asked(self) -> float:
        """The level its estimate must reach: the share, or with ``daily`` the share of days."""
        return self.share if self.meaning == "long_run" else self.day_share

    @property
    def is_plain(self) -> bool:
        """Whether it is of waits in the long run, as the exact law has them."""
        is_of_waits = self.most_waiting is None and self.most_missed is None
        return self.meaning == "long_run" and is_of_waits

    @property
    def worst_day(self) -> float:
        """Largest share of one day that can break it, where days show hardly any breach."""
        return 1.0 if self.most_missed is None else WORST_DAY

    @property
    def says(self) -> str:
        """What is promised, in words."""
        if self.most_missed is not None:
            promised = f"at most {self.most_missed:.3%} miss their departure"
        elif self.most_waiting is not None:
            promised = f"at most {self.most_waiting} persons wait for {self.share:.1%} of the time"
        else:
            promised = f"{self.share:.1%} are served within {self.within_us / US_PER_S:g} s"
        on_days = "" if self.meaning == "long_run" else f", on {self.day_share:.1%} of days"
        return promised + on_days


def promises_of(scenario: Scenario, texts: Sequence[str] = ()) -> tuple[Promise, ...]:
    """The promises of a scenario, or those given in its place.

    Parameters
    ----------
    scenario : Scenario
        ``plan.targets`` count where there are any, else ``targets``.
    texts : sequence of str
        As `read_target` has them.

    Raises
    ------
    InvalidInputError
        With everything that is wrong with them.
    """
    spec = scenario.spec
    faults: list[Fault] = []
    found: Sequence[Target | PlanTarget]
    if texts:
        read = [read_target(text, number, faults) for number, text in enumerate(texts)]
        found, place = [each for each in read if each is not None], "--target"
    elif spec.plan is not None and spec.plan.targets:
        found, place = list(spec.plan.targets), "plan.targets"
    else:
        found, place = list(spec.targets), "targets"
    for target in found:
        key = f"{place}.{target.id}" if not texts else place
        faults += [Fault(message, key=key) for message in _wrong(target, spec)]
    promises = [] if faults else _told_apart([_promise(each) for each in found])
    if not found and not faults:
        message = (
            "there is no promise to plan for; add [[targets]] to the file, or say "
            "--target security:0.95:600:30 (95 % within 600 s in every 30 minutes)"
        )
        faults.append(Fault(message, key="targets"))
    elif promises and all(each.station == DEPARTURES for each in promises):
        message = (
            "departures are missed for waits anywhere, but servers are planned only at stations "
            "with a promise; promise something of the stations to be staffed as well"
        )
        faults.append(Fault(message, key=place))
    if faults:
        raise InvalidInputError(faults)
    return tuple(promises)


def _told_apart(promises: list[Promise]) -> list[Promise]:
    """The same, those that go by one name numbered."""
    seen: dict[str, int] = {}
    named = []
    for each in promises:
        seen[each.id] = seen.get(each.id, 0) + 1
        again = seen[each.id] > 1
        named.append(replace(each, id=f"{each.id}-{seen[each.id]}") if again else each)
    return named


def _wrong(target: Target | PlanTarget, spec: ScenarioSpec) -> list[str]:
    """What is contradictory, absurd or beyond this search."""
    found = []
    if isinstance(target, PlanTarget) and target.most_missed is not None:
        if not any(step.boards for step in spec.journey):
            found.append("no step of the journey boards, so nobody misses a departure; take it out")
    else:
        found += _wrong_station(target.station or "", spec)
    found += _wrong_shares(target)
    if target.per_min is not None and target.per_min.value < 1:
        found.append(f"per_min = {target.per_min.value:g} is shorter than a minute; give 1 or more")
    if target.meaning == "daily" and target.day_share is None:
        found.append('meaning = "daily" without day_share; say on which share of days it holds')
    if target.meaning == "long_run" and target.day_share is not None:
        found.append(
            'day_share contradicts meaning = "long_run"; take it out, or say meaning = "daily"'
        )
    if target.day_share is not None and not 0 < target.day_share.value < 1:
        found.append(
            f"day_share = {target.day_share.value:g}; a share of days that can be shown lies "
            "between 0 and 1"
        )
    return found


def _wrong_station(name: str, spec: ScenarioSpec) -> list[str]:
    known = {station.id: station for station in spec.stations}
    station = known.get(name)
    if station is None:
        return [f"there is no station {name}; {advice(name, known, kind='stations')}"]
    found = []
    if station.lanes == "by_departure":
        found.append(
            f"{name} has a lane for each departure, whose number follows the "
            "timetable; promise something of another station"
        )
    if station.batch is not None:
        found.append(f"{name} serves batches; it is sized by `sim matcher`, not by a roster")
    return found


def _wrong_shares(target: Target | PlanTarget) -> list[str]:
    found = []
    is_daily = target.meaning == "daily"
    if isinstance(target, PlanTarget) and target.most_missed is not None:
        most = target.most_missed.value
        if most <= 0 and not is_daily:
            found.append(
                "most_missed = 0 asks that nobody ever misses a departure, which no number of "
                'days can show; allow some, such as 0.001, or say meaning = "daily"'
            )
        if most >= 1:
            found.append("most_missed = 1 is kept by every plan; allow less")
        return found
    share = 0.0 if target.share is None else target.share.value
    if share >= 1 and not is_daily:
        found.append(
            "share = 1 asks that nobody ever waits longer, which no number of days can show; "
            'promise less, such as 0.99, or say meaning = "daily"'
        )
    if share <= 0:
        found.append("share = 0 is kept by every plan; promise more")
    return found


def _promise(target: Target | PlanTarget) -> Promise:
    per, within = target.per_min, target.within_s
    waiting = missed = None
    if isinstance(target, PlanTarget):
        waiting = target.persons
        missed = None if target.most_missed is None else target.most_missed.value
    is_of_waits = waiting is None and missed is None
    longest = LONGEST_DAY_US if missed is not None else 0
    assert within is not None or not is_of_waits, "a promise of nothing"
    share = 1.0 if target.share is None else target.share.value
    return Promise(
        id=target.id,
        station=DEPARTURES if target.station is None else target.station,
        share=share if missed is None else 1 - missed,
        within_us=longest if within is None else round(within.value * US_PER_S),
        per_us=LONGEST_DAY_US if per is None else round(per.value * US_PER_MIN),
        meaning=target.meaning,
        day_share=1.0 if target.day_share is None else target.day_share.value,
        most_waiting=waiting,
        most_missed=missed,
    )
