"""The tipping share: how many must take the biometric flow before security is the bottleneck."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sim.errors import Fault, ScenarioError
from sim.experiments.day import DEFAULT_ENGINE, DEFAULT_SEED, Engine, engine_named, run_day
from sim.experiments.intervals import mean_interval
from sim.experiments.tasks import Task, done_tasks
from sim.projections.load import peak_load
from sim.scenario.adopting import shares_of
from sim.scenario.adoption import Curve, Pace, logistic_of
from sim.scenario.load import Scenario, scenario_from_document
from sim.scenario.overrides import Override

FROM, TO = "counter", "security"
"""Kinds of stations between which the bottleneck moves."""

CHECKS_IN, ENROLLED, CHOOSES = "online_checkin", "biometric_enrolled", "wants_gate"
"""Traits of the biometric flow: checked in by VNeID, enrolled by it, at the face gate."""

GRID = tuple(n / 10 for n in range(11))
"""Shares that are simulated."""

MEASURES = ("load", "of_band")
"""Peak load, see `peak_load`; the 95 % point of waits over the upper end of the good band."""


def flow_overrides(scenario: Scenario, share: float) -> list[Override]:
    """What must be set so that a share of those who may takes the biometric flow, all of it.

    They check in by VNeID before they come, are enrolled by it and go to the face gate; the
    others do none of it beforehand. Where the scenario enrols whoever it is, for instance
    at a border, the share is that of the enrolled. A share of nobody stays nobody's.

    Raises
    ------
    ScenarioError
        If the scenario has no such traits.
    """
    traits = {trait.id: trait for trait in scenario.spec.traits}
    missing = [name for name in (CHECKS_IN, ENROLLED, CHOOSES) if name not in traits]
    if missing:
        message = f"there is no trait {', '.join(missing)}; it has no biometric flow to share"
        raise ScenarioError([Fault(message, path=scenario.spec.id, key="traits")])
    by_checkin = any(CHECKS_IN in when for _, when, _ in shares_of(traits[ENROLLED]))
    found: list[Override] = []
    for name in (CHECKS_IN, ENROLLED, CHOOSES):
        for below, when, figure in shares_of(traits[name]):
            wanted = share
            if name == CHOOSES:
                wanted = 1.0
            elif name == ENROLLED and by_checkin:
                wanted = 1.0 if CHECKS_IN in when else 0.0
            if figure.value > 0:
                parts = ("traits", name, *below)
                source = "set to look for the tipping share"
                found.append(Override(".".join(parts), parts, {"value": wanted, "source": source}))
    return found


def tipping(
    scenario: Scenario,
    *,
    shares: Sequence[float] = GRID,
    reps: int = 5,
    seed: int = DEFAULT_SEED,
    engine: Engine = DEFAULT_ENGINE,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Sweep the share of the biometric flow and find where the bottleneck tips.

    Parameters
    ----------
    shares : sequence of float
        Rising shares of those who may.
    reps : int
        Days for each share, with the same passengers at every share.
    progress : callable or None
        Called with the days done and the days there are.

    Returns
    -------
    dict
        ``rows`` by share: measures by kind of station, mean over days, and the ``bottleneck``,
        the station with the largest peak load. ``tips``, by measure: ``outcome`` and, where
        it tips, the share with its interval.
    """
    documents = [
        scenario_from_document(
            scenario.document, overrides=flow_overrides(scenario, share)
        ).document
        for share in shares
    ]
    if jobs > 1:
        engine_named(engine)
    tasks: list[Task] = [
        {"document": document, "seed": seed, "replication": replication, "engine": engine}
        for document in documents
        for replication in range(reps)
    ]
    results: dict[int, dict[str, Any]] = {}
    with closing(done_tasks(measure_task, tasks, jobs=jobs)) as done:
        for number, result in done:
            results[number] = result
            if progress is not None:
                progress(len(results), len(tasks))
    days = [
        [results[place * reps + replication] for replication in range(reps)]
        for place in range(len(shares))
    ]
    return {
        "scenario": scenario.spec.id,
        "reps": reps,
        "seed": seed,
        "rows": [_row(share, day) for share, day in zip(shares, days, strict=True)],
        "tips": {measure: _tip(shares, days, measure) for measure in MEASURES},
    }


def measure_task(task: Task) -> dict[str, Any]:
    """One day's measures by station; what worker processes run."""
    scenario = scenario_from_document(task["document"])
    done = run_day(
        scenario,
        seed=task["seed"],
        replication=task["replication"],
        engine=task["engine"],
        overlap=False,
    )
    boards = {slot.station for slot in scenario.program().slots if slot.visit.boards}
    stations = zip(scenario.spec.stations, done.folded.station_days(), strict=True)
    found: dict[str, Any] = {}
    for number, (spec, day) in enumerate(stations):
        if number in boards:
            continue
        p95_s = done.summary["stations"][spec.id]["wait_s"]["p95"]
        high_s = 60 * spec.standard.wait_high_min.value if spec.standard else 0.0
        found[spec.id] = {
            "kind": spec.kind,
            "load": peak_load(day),
            "of_band": p95_s / high_s if p95_s is not None and high_s else None,
            "arrivals": len(day.visits.rows),
        }
    return {"stations": found, "passengers": done.summary["passengers"]}


def crossing(shares: Sequence[float], differences: Sequence[float]) -> float | None:
    """Where differences first fall to zero, between two shares in a straight line.

    Examples
    --------
    >>> crossing([0.0, 0.5, 1.0], [0.3, 0.1, -0.1])
    0.75
    """
    pairs = list(zip(shares, differences, strict=True))
    for (x0, y0), (x1, y1) in pairwise(pairs):
        if y0 > 0 >= y1:
            return x0 + (x1 - x0) * y0 / (y0 - y1)
    return None


def reached_on(curve: Curve, share: float, *, pace: Pace, until: date) -> date | None:
    """The first day on which a curve reaches a share; None where that is later, or never."""
    logistic = logistic_of(curve, pace)
    day = min(each.on for each in curve.known)
    while day <= until:
        if logistic.share_on(day) >= share:
            return day
        day += timedelta(days=1)
    return None


def _largest(day: Mapping[str, Any], kind: str, measure: str) -> float:
    """The measure of the worst station of a kind; 0 where nobody came to any."""
    stations = day["stations"].values()
    return max((each[measure] or 0.0 for each in stations if each["kind"] == kind), default=0.0)


def _row(share: float, days: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = days[0]["stations"]
    loads = {
        name: _mean([each["stations"][name]["load"] or 0.0 for each in days]) for name in names
    }
    gates = [name for name, each in names.items() if each["kind"] in ("id-gate", "autogate")]
    came = sum(each["stations"][name]["arrivals"] for each in days for name in gates)
    return {
        "share": share,
        "bottleneck": max(loads, key=lambda name: loads[name]),
        "load": loads,
        "of_band": {
            kind: _mean([_largest(each, kind, "of_band") for each in days]) for kind in (FROM, TO)
        },
        "through_face_gates": came / sum(each["passengers"] for each in days),
    }


def _tip(
    shares: Sequence[float], days: Sequence[Sequence[Mapping[str, Any]]], measure: str
) -> dict[str, Any]:
    """Where the mean over days tips, with the shares at which that cannot be told.

    The interval is the shares for which the interval of the difference, over days, holds
    zero; an end that is None lies outside the shares that were looked at.
    """
    by_day = list(_differences(days, measure))
    at_share = [mean_interval(each) for each in zip(*by_day, strict=True)]
    means = [each.mean for each in at_share]
    lows = [each.mean if each.low is None else each.low for each in at_share]
    highs = [each.mean if each.high is None else each.high for each in at_share]
    share = crossing(shares, means)
    stays = FROM if means[-1] > 0 else TO
    return {
        "outcome": f"{stays} throughout" if share is None else "tips",
        "days": len(by_day),
        "days_that_tip": sum(crossing(shares, each) is not None for each in by_day),
        "share": share,
        "low": crossing(shares, lows),
        "high": crossing(shares, highs),
    }


def _differences(
    days: Sequence[Sequence[Mapping[str, Any]]], measure: str
) -> Iterator[list[float]]:
    for replication in range(len(days[0])):
        yield [
            _largest(at[replication], FROM, measure) - _largest(at[replication], TO, measure)
            for at in days
        ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
