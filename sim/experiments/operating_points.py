"""What a threshold costs in queues, and what it lets through."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any

import numpy as np

from sim.demand.matching import ATTACK, IMPOSTOR
from sim.errors import Fault, ScenarioError
from sim.experiments.day import DEFAULT_ENGINE, DEFAULT_SEED, Engine, engine_named, run_day
from sim.experiments.intervals import mean_interval
from sim.experiments.tasks import Task, done_tasks
from sim.projections.matches import match_errors
from sim.scenario.load import Scenario, scenario_from_document
from sim.scenario.operating import OperatingPoints, load_operating_points
from sim.scenario.stations import Match, StationSpec

TYPICAL_GALLERY = 160
"""Identities in the gallery of a departure, where a scenario does not say."""


def at_point(
    scenario: Scenario, points: OperatingPoints, fmr: float, *, stress: float = 0.0
) -> Scenario:
    """A scenario whose matching stations work at another threshold.

    Misses of each class move by the change of the trade-off, times the factor of its group;
    failures to capture and of the presentation check stay as they are. In a gallery of *N*
    an impostor is let in by any of *N* comparisons: ``1 - (1 - FMR) ** N``.

    Parameters
    ----------
    stress : float
        Share of impostors among all passengers, drawn last, from a stream of their own; so
        many artefacts come beside them.

    Raises
    ------
    ScenarioError
        If no station of the scenario compares faces.
    """
    matching = [station for station in scenario.spec.stations if station.match is not None]
    if not matching:
        message = "has no station that compares faces; there is no threshold to move"
        raise ScenarioError([Fault(message, path=scenario.spec.id, key="stations")])
    document = {**scenario.document, "stations": list(scenario.document["stations"])}
    extra = points.trade_off.fnmr_at(fmr) - points.trade_off.fnmr.value
    for number, station in enumerate(scenario.spec.stations):
        if station.match is not None:
            own = document["stations"][number]
            match = _moved(station.match, own["match"], points, extra=extra, fmr=fmr)
            document["stations"][number] = {**own, "match": match}
    if stress:
        known = {trait.id for trait in scenario.spec.traits}
        figure = {"value": stress, "source": "assumed: a stress share, see _security.toml"}
        added = [{"id": name, "share": figure} for name in (IMPOSTOR, ATTACK) if name not in known]
        document["traits"] = [*document["traits"], *added]
    return scenario_from_document(document)


def operating_points(
    scenario: Scenario,
    *,
    points: OperatingPoints | None = None,
    reps: int = 5,
    seed: int = DEFAULT_SEED,
    engine: Engine = DEFAULT_ENGINE,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Simulate a scenario at each operating point, with the same passengers.

    Parameters
    ----------
    points : OperatingPoints or None
        The trade-off and who attacks; None is the shipped file.
    reps : int
        Days for each point.

    Returns
    -------
    dict
        ``rows`` by point: the rates; what they cost a day, from the simulated log (``cost``);
        who is let through in a million passengers, as expected values (``let_through``);
        and, of a stress run, what the log counted beside what was expected (``stress``).
    """
    points = points or load_operating_points()
    stress = points.attacks.stress.value
    if jobs > 1:
        engine_named(engine)
    tasks: list[Task] = [
        {
            "document": at_point(scenario, points, fmr, stress=share).document,
            "seed": seed,
            "replication": replication,
            "engine": engine,
        }
        for fmr in points.trade_off.points
        for share in (0.0, stress)
        for replication in range(reps)
    ]
    results: dict[int, dict[str, Any]] = {}
    with closing(done_tasks(point_task, tasks, jobs=jobs)) as done:
        for number, result in done:
            results[number] = result
            if progress is not None:
                progress(len(results), len(tasks))
    rows: list[dict[str, Any]] = []
    for place, fmr in enumerate(points.trade_off.points):
        days = [results[2 * place * reps + n] for n in range(reps)]
        stressed = [results[(2 * place + 1) * reps + n] for n in range(reps)]
        rows.append(_row(scenario, points, fmr, days=days, stressed=stressed))
    return {"scenario": scenario.spec.id, "reps": reps, "seed": seed, "rows": rows}


def point_task(task: Task) -> dict[str, Any]:
    """One day at an operating point; what worker processes run."""
    scenario = scenario_from_document(task["document"])
    done = run_day(
        scenario,
        seed=task["seed"],
        replication=task["replication"],
        engine=task["engine"],
        overlap=False,
    )
    table = done.log.tables.passengers
    nobody = np.zeros(len(table), dtype=bool)
    false = {name: table[name] if name in table.columns else nobody for name in (IMPOSTOR, ATTACK)}
    errors = match_errors(done.log, false[IMPOSTOR] & ~false[ATTACK])
    attacks = match_errors(done.log, false[ATTACK])
    return {
        "passengers": done.summary["passengers"],
        "missed": done.summary["missed"],
        "stations": {
            name: {"p95_s": each["wait_s"]["p95"], "arrivals": each["arrivals"]}
            for name, each in done.summary["stations"].items()
        },
        "errors": errors,
        "attacks": {name: each["impostors"] for name, each in attacks.items()},
    }


def let_in(match: Match, per_attempt: float) -> float:
    """Share of those let in on one of the attempts, each independent of the others."""
    return 1 - (1 - per_attempt) ** match.attempts


def _moved(
    match: Match, document: dict[str, Any], points: OperatingPoints, *, extra: float, fmr: float
) -> dict[str, Any]:
    attacks, source = points.attacks, f"moved to the operating point FMR {fmr:g}"
    errors = [
        {**written, "share": {"value": _error(error.when, error.share.value, points, extra)}}
        for error, written in zip(match.errors, document["errors"], strict=True)
    ]
    artefact = attacks.apcer.value * attacks.artefact_matches.value
    return {
        **document,
        "errors": errors,
        "false_accept": {"value": false_accept(match, fmr), "source": source},
        "attack_accept": {"value": artefact, "source": source},
    }


def false_accept(match: Match, fmr: float) -> float:
    """Share of impostor attempts accepted at a false match rate."""
    if match.mode == "1:1":
        return fmr
    size = match.gallery_size.value if match.gallery_size else TYPICAL_GALLERY
    return float(-np.expm1(size * np.log1p(-fmr)))


def _error(when: str, share: float, points: OperatingPoints, extra: float) -> float:
    factors = [group.factor.value for group in points.groups if group.when in when.split()]
    return min(max(share + extra * max(factors, default=1.0), 0.0), 1.0)


def _row(
    scenario: Scenario,
    points: OperatingPoints,
    fmr: float,
    *,
    days: Sequence[Mapping[str, Any]],
    stressed: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    places = [station for station in scenario.spec.stations if station.match is not None]
    return {
        "fmr": fmr,
        "fnmr": points.trade_off.fnmr_at(fmr),
        "cost": {station.id: _cost(station.id, days) for station in places},
        "waits_p95_s": {
            name: _mean([each["stations"][name]["p95_s"] or 0.0 for each in days])
            for name in days[0]["stations"]
        },
        "missed": _mean([each["missed"] for each in days]),
        "let_through": {
            station.id: _let_through(station, points, fmr, days=days) for station in places
        },
        "stress": {station.id: _stress(station, points, fmr, stressed) for station in places},
    }


def _cost(name: str, days: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    genuine = [each["errors"][name]["genuine"] for each in days if name in each["errors"]]
    referred = mean_interval([each["referred"] for each in genuine]) if genuine else None
    return {
        "persons": _mean([each["persons"] for each in genuine]),
        "further_attempts": _mean([each["attempts"] - each["persons"] for each in genuine]),
        "referred": referred.mean if referred else 0.0,
        "low": referred.low if referred else None,
        "high": referred.high if referred else None,
    }


def _let_through(
    station: StationSpec, points: OperatingPoints, fmr: float, *, days: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Expected numbers in a million passengers, who divide between lanes as the others do."""
    assert station.match is not None
    attacks, name = points.attacks, station.id
    persons = sum(each["errors"].get(name, _NOBODY)["genuine"]["persons"] for each in days)
    at_gates = persons / sum(each["passengers"] for each in days)
    artefact = attacks.apcer.value * attacks.artefact_matches.value
    impostors, artefacts = 1e6 * attacks.impostors.value, 1e6 * attacks.artefacts.value
    by_face = let_in(station.match, false_accept(station.match, fmr))
    return {
        "through_it": at_gates,
        "impostors_by_gate": impostors * at_gates * by_face,
        "artefacts_by_gate": artefacts * at_gates * let_in(station.match, artefact),
        "impostors_by_officer": (
            impostors * ((1 - at_gates) + at_gates * (1 - by_face)) * attacks.officer_miss.value
        ),
    }


_NOBODY: dict[str, Any] = {"genuine": {"persons": 0}}


def _stress(
    station: StationSpec, points: OperatingPoints, fmr: float, days: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """What the logs of a stress run counted, beside what the rates let expect."""
    assert station.match is not None
    artefact = points.attacks.apcer.value * points.attacks.artefact_matches.value
    rates = {"errors": false_accept(station.match, fmr), "attacks": artefact}
    found: dict[str, Any] = {}
    for kind, rate in rates.items():
        counted = [each[kind].get(station.id) for each in days]
        each = [one["impostors"] if kind == "errors" else one for one in counted if one]
        persons = sum(one["persons"] for one in each)
        expected = persons * let_in(station.match, rate)
        name = "impostors" if kind == "errors" else "artefacts"
        accepted = sum(one["accepted"] for one in each)
        found[name] = {"tried": persons, "let_in": accepted, "expected": expected}
    return found


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
