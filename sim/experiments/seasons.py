"""Days added up: by month, by weekday, over the year."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from typing import Any

from sim.experiments.day_records import DayRecord
from sim.projections.outcomes import OUTCOMES
from sim.projections.tally import Tally
from sim.scenario.spec import ScenarioSpec

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PERSONS = ("passengers", *OUTCOMES, "present")
WORST_DAYS = 10
"""Days listed as the worst."""


@dataclass(slots=True)
class Promise:
    """How a target was kept over days: its customers, and the days on which it was not."""

    customers: int = 0
    within: int = 0
    days_missed: int = 0

    def add(self, target: dict[str, Any]) -> None:
        """Take one day's target, as its summary has it."""
        self.customers += target["arrivals"]
        self.within += round((target["share"] or 0.0) * target["arrivals"])
        self.days_missed += target["is_met"] is False

    def plus(self, other: Promise) -> Promise:
        """Both together."""
        return Promise(
            self.customers + other.customers,
            self.within + other.within,
            self.days_missed + other.days_missed,
        )


@dataclass(slots=True)
class Account:
    """What any number of days add up to.

    Attributes
    ----------
    persons : dict of str to int
        Passengers, and their final outcomes.
    days_missed : int
        Days on which some promise was not kept.
    busiest, worst : dict or None
        The day with most passengers, the half hour with the longest mean wait; the first
        of equals.
    """

    days: int = 0
    events: int = 0
    days_missed: int = 0
    persons: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PERSONS, 0))
    stations: dict[str, Tally] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    busiest: dict[str, Any] | None = None
    worst: dict[str, Any] | None = None

    def add(self, record: DayRecord, *, judged: Set[str]) -> None:
        """Take one day; days come in order of date, and `judged` stations can be the worst."""
        summary = record.summary
        one = Account(
            days=1,
            events=summary["events"],
            days_missed=int(misses_a_promise(record)),
            persons={name: summary[name] for name in PERSONS},
            stations=dict(record.tallies),
            busiest={"date": record.day.isoformat(), "passengers": summary["passengers"]},
            worst=worst_half_hour(record, judged=judged),
        )
        for target in summary["targets"]:
            one.promises.setdefault(target["id"], Promise()).add(target)
        self.join(one)

    def join(self, later: Account) -> None:
        """Take days that come after these."""
        self.days += later.days
        self.events += later.events
        self.days_missed += later.days_missed
        for name, count in later.persons.items():
            self.persons[name] += count
        for name, tally in later.stations.items():
            own = self.stations.get(name)
            self.stations[name] = tally if own is None else own.plus(tally)
        for name, promise in later.promises.items():
            self.promises[name] = self.promises.get(name, Promise()).plus(promise)
        self.busiest = _larger(self.busiest, later.busiest, "passengers")
        self.worst = _larger(self.worst, later.worst, "mean_s")

    def figures(self, spec: ScenarioSpec) -> dict[str, Any]:
        """The sums as people read them, plain JSON."""
        order = {station.id: place for place, station in enumerate(spec.stations)}
        names = sorted(self.stations, key=lambda name: order.get(name, len(order)))
        stations = {name: self.stations[name].figures() for name in names}
        p95_s = {name: each["wait_s"]["p95"] for name, each in stations.items()}
        return {
            "days": self.days,
            **self.persons,
            "passengers_per_day": self.persons["passengers"] / self.days,
            "events": self.events,
            "busiest_day": self.busiest,
            "worst_station": worst_station(spec, p95_s),
            "worst_half_hour": self.worst,
            "days_promise_missed": self.days_missed if spec.targets else None,
            "targets": [
                {
                    "id": target.id,
                    "station": target.station,
                    "within_s": target.within_s.value,
                    "target_share": target.share.value,
                    "arrivals": promise.customers,
                    "served_within": promise.within,
                    "share": promise.within / promise.customers if promise.customers else None,
                    "days_missed": promise.days_missed,
                }
                for target in spec.targets
                if (promise := self.promises.get(target.id)) is not None
            ],
            "stations": stations,
        }


def season_figures(records: Iterable[DayRecord], spec: ScenarioSpec) -> dict[str, Any]:
    """The figures of a study of dates; records come in order of date and are let go of.

    Parameters
    ----------
    records : iterable of DayRecord
        At least one.
    spec : ScenarioSpec
        What was asked of the scenario's own date: its bands and promises.
    """
    judged = judged_stations(spec)
    months: dict[str, Account] = {}
    weekdays: dict[str, Account] = {}
    days: list[dict[str, Any]] = []
    for record in records:
        months.setdefault(f"{record.day:%Y-%m}", Account()).add(record, judged=judged)
        weekdays.setdefault(WEEKDAYS[record.day.weekday()], Account()).add(record, judged=judged)
        days.append(_day_figures(record, spec))
    whole = Account()
    for account in months.values():
        whole.join(account)
    return {
        **whole.figures(spec),
        "by_month": [{"month": m, **each.figures(spec)} for m, each in months.items()],
        "by_weekday": [
            {"weekday": name, **weekdays[name].figures(spec)}
            for name in WEEKDAYS
            if name in weekdays
        ],
        "by_day": days,
        "worst_days": [each["date"] for each in sorted(days, key=_badness)[:WORST_DAYS]],
    }


def judged_stations(spec: ScenarioSpec) -> frozenset[str]:
    """Stations that can be the worst: those with a band of good service, else all."""
    bands = _bands_s(spec)
    return frozenset(bands or (station.id for station in spec.stations))


def worst_station(spec: ScenarioSpec, p95_s: dict[str, float | None]) -> dict[str, Any] | None:
    """The station whose 95 % point is furthest up its band of good service, or beyond it.

    Where no station has a band it is the one with the largest 95 % point.
    """
    bands = _bands_s(spec)
    known = {
        name: p95 for name, p95 in p95_s.items() if p95 is not None and name in (bands or p95_s)
    }
    if not known:
        return None
    name = max(known, key=lambda each: known[each] / bands.get(each, 1.0))
    of_band = known[name] / bands[name] if bands else None
    return {"station": name, "p95_s": known[name], "of_band": of_band}


def worst_half_hour(record: DayRecord, *, judged: Set[str]) -> dict[str, Any] | None:
    """The half hour of a day, at a judged station, whose customers waited longest on average."""
    found: dict[str, Any] | None = None
    for name, figures in record.summary["stations"].items():
        worst = figures["worst_half_hour"]
        if name in judged and worst is not None and worst["mean_s"] is not None:
            here = {"date": record.day.isoformat(), "station": name, **worst}
            found = _larger(found, here, "mean_s")
    return found


def misses_a_promise(record: DayRecord) -> bool:
    """Whether some target was not kept that day."""
    return any(target["is_met"] is False for target in record.summary["targets"])


def _day_figures(record: DayRecord, spec: ScenarioSpec) -> dict[str, Any]:
    stations = record.summary["stations"]
    p95_s = {name: each["wait_s"]["p95"] for name, each in stations.items()}
    return {
        "date": record.day.isoformat(),
        "weekday": WEEKDAYS[record.day.weekday()],
        "factor": record.factor,
        "holidays": list(record.holidays),
        "policies": list(record.policies),
        "chain_head": record.chain_head,
        "events": record.summary["events"],
        **{name: record.summary[name] for name in PERSONS},
        "worst_station": worst_station(spec, p95_s),
        "worst_half_hour": worst_half_hour(record, judged=judged_stations(spec)),
        "is_promise_missed": misses_a_promise(record) if spec.targets else None,
        "wait_p95_s": p95_s,
    }


def _bands_s(spec: ScenarioSpec) -> dict[str, float]:
    """Upper end of each station's band, where it has one."""
    standards = {each.id: each.standard for each in spec.stations}
    high_min = {name: each.wait_high_min.value for name, each in standards.items() if each}
    return {name: 60 * high for name, high in high_min.items() if high > 0}


def _badness(day: dict[str, Any]) -> tuple[float, int, str]:
    worst: dict[str, Any] = day["worst_station"] or {"of_band": 0.0}
    measure = worst["p95_s"] if worst["of_band"] is None else worst["of_band"]
    return -measure, -day["missed"], day["date"]


def _larger(
    first: dict[str, Any] | None, second: dict[str, Any] | None, key: str
) -> dict[str, Any] | None:
    if first is None or second is None:
        return first or second
    return second if second[key] > first[key] else first
