"""Before and after a rule: the same passengers under both, class by class, day by day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.experiments.day import DEFAULT_ENGINE, DEFAULT_SEED, Day, Engine, engine_named, run_day
from sim.experiments.intervals import mean_interval
from sim.experiments.tasks import Task, done_tasks
from sim.projections.classes import class_figures, first_stations, members_of, person_visits
from sim.scenario.load import Scenario, scenario_from_document
from sim.scenario.passenger_classes import classes_in, load_classes, observed

CHECK_IN = ("counter", "kiosk", "bag-drop")
"""Kinds of stations whose waits are those at check-in."""

MOVED, STAYED, NOVICES = "moved", "counter-before-and-after", "moved-first-timers"
"""Classes that the comparison itself makes: who goes elsewhere, who keeps to the counters."""

QUANTITIES = {
    "wait_at_check_in_s": ("mean_wait_s", "check_in"),
    "time_at_check_in_s": ("mean_time_s", "check_in"),
    "wait_s": ("mean_wait_s", "all_stations"),
    "time_s": ("mean_time_s", "all_stations"),
}
"""What is compared, and where a class's figures have it."""

Verdict = Literal["gains", "loses", "no difference seen"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Two dates whose policies are compared."""

    before: date = date(2025, 11, 30)
    after: date = date(2025, 12, 1)


def before_and_after(
    scenario: Scenario,
    *,
    other: Scenario | None = None,
    rule: Rule | None = None,
    reps: int = 10,
    seed: int = DEFAULT_SEED,
    engine: Engine = DEFAULT_ENGINE,
    jobs: int = 1,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Compare the waits of each class of passenger under two sets of policies.

    Parameters
    ----------
    scenario : Scenario
        A loaded scenario; passengers have the traits of the shipped classes as well.
    other : Scenario or None
        The scenario after, where more than the policies differs; the stations are the same.
    rule : Rule or None
        The two dates; None is the counter rule of 1 December 2025.
    reps : int
        Days, each simulated under both with the same passengers and draws.
    progress : callable or None
        Called with the number of days done.

    Returns
    -------
    dict
        By class: ``persons`` and ``moved`` a day, and of the `QUANTITIES` and ``missed``
        departures: ``before``, ``after``, the ``difference`` with its interval, a verdict.
        Times are waits and services together; all stations are those before boarding.

    Notes
    -----
    A class's figure of a day is the mean over its persons. The difference of a day is taken
    with common random numbers; its interval is over days. Each interval has 95 % for
    itself: of twenty classes without a difference one is expected to show one.
    """
    rule = rule or Rule()
    classes = load_classes()
    scenario = observed(scenario, classes)
    after = None if other is None else observed(other, classes)
    _refuse_other_stations(scenario, after)
    if jobs > 1:
        engine_named(engine)
    tasks: list[Task] = [
        {
            "document": scenario.document,
            "other": after and after.document,
            "dates": [rule.before.isoformat(), rule.after.isoformat()],
            "seed": seed,
            "replication": replication,
            "engine": engine,
        }
        for replication in range(reps)
    ]
    days: dict[int, dict[str, Any]] = {}
    with closing(done_tasks(compare_task, tasks, jobs=jobs)) as results:
        for number, result in results:
            days[number] = result
            if progress is not None:
                progress(len(days))
    ordered = [days[number] for number in range(reps)]
    return {
        "scenario": scenario.spec.id,
        "before": rule.before.isoformat(),
        "after": rule.after.isoformat(),
        "reps": reps,
        "seed": seed,
        "passengers": _mean([each["passengers"] for each in ordered]),
        "same_passengers": all(each["same_passengers"] for each in ordered),
        "classes": {
            name: _compared([each["classes"][name] for each in ordered])
            for name in ordered[0]["classes"]
        },
    }


def compare_task(task: Task) -> dict[str, Any]:
    """One day under both sets of policies; what worker processes run."""
    scenario = scenario_from_document(task["document"])
    other = scenario_from_document(task["other"]) if task.get("other") else scenario
    before, after = (
        run_day(
            side,
            on=date.fromisoformat(on),
            seed=task["seed"],
            replication=task["replication"],
            engine=task["engine"],
            overlap=False,
        )
        for side, on in zip((scenario, other), task["dates"], strict=True)
    )
    firsts = [
        first_stations(person_visits(day.folded), day.folded.people.passengers)
        for day in (before, after)
    ]
    members = members_of(
        classes_in(scenario, load_classes()),
        before.log.tables.passengers["traits"].astype(np.int64),
        scenario.program().bits,
    )
    has_moved = firsts[0] != firsts[1]
    counters = _numbers(scenario, kinds=CHECK_IN[:1])
    members |= {
        MOVED: has_moved,
        STAYED: np.isin(firsts[0], counters) & np.isin(firsts[1], counters),
    }
    if "first-timer" in members:
        members[NOVICES] = has_moved & members["first-timer"]
    zones = {"check_in": _numbers(scenario, kinds=CHECK_IN), "all_stations": _walked(scenario)}
    figures = [class_figures(day.folded, members, zones=zones) for day in (before, after)]
    return {
        "passengers": before.summary["passengers"],
        "same_passengers": _are_same(before, after),
        "classes": {
            name: {
                "persons": figures[0][name]["persons"],
                "moved": _count(has_moved & mask),
                "before": figures[0][name],
                "after": figures[1][name],
            }
            for name, mask in members.items()
        },
    }


def _refuse_other_stations(scenario: Scenario, other: Scenario | None) -> None:
    names = [
        [station.id for station in each.spec.stations] for each in (scenario, other or scenario)
    ]
    if names[0] != names[1]:
        raise UsageError(
            f"{names[1]} are other stations than {names[0]}; classes are compared at one place"
        )


def _numbers(scenario: Scenario, *, kinds: Sequence[str]) -> list[int]:
    """Numbers of the stations of some kinds; a bank split in two counts whole."""
    return [
        number for number, station in enumerate(scenario.spec.stations) if station.kind in kinds
    ]


def _walked(scenario: Scenario) -> list[int]:
    """Numbers of the stations on the way to boarding, boarding left out."""
    slots = scenario.program().slots
    return sorted({slot.station for slot in slots if not slot.visit.boards})


def _are_same(before: Day, after: Day) -> bool:
    tables = [day.log.tables.passengers.columns for day in (before, after)]
    return all(np.array_equal(tables[0][name], tables[1][name]) for name in tables[0])


def _count(mask: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(mask))


def _compared(days: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One class over all days."""
    return {
        "persons": _mean([each["persons"] for each in days]),
        "moved": _mean([each["moved"] for each in days]),
        **{
            name: _paired([(each["before"], each["after"]) for each in days], *where)
            for name, where in QUANTITIES.items()
        },
        "missed": _difference(
            [each["before"]["missed"] for each in days], [each["after"]["missed"] for each in days]
        ),
    }


def _paired(days: Sequence[tuple[Any, Any]], kind: str, zone: str) -> dict[str, Any]:
    pairs = [tuple(each[kind][zone] for each in day) for day in days]
    known = [pair for pair in pairs if None not in pair]
    return _difference([pair[0] for pair in known], [pair[1] for pair in known])


def _difference(before: Sequence[float], after: Sequence[float]) -> dict[str, Any]:
    """Means over days, and the mean of the paired differences with its interval."""
    if not before:
        return {"before": None, "after": None, "difference": None, "verdict": None}
    differences = [b - a for a, b in zip(before, after, strict=True)]
    interval = mean_interval(differences)
    found: Verdict = "no difference seen"
    if interval.high is not None and interval.high < 0:
        found = "gains"
    elif interval.low is not None and interval.low > 0:
        found = "loses"
    return {
        "before": _mean(before),
        "after": _mean(after),
        "difference": {"mean": interval.mean, "low": interval.low, "high": interval.high},
        "verdict": found,
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
