"""The rollout, month by month: where each facility stands against its promise."""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.events.files import write_durably
from sim.experiments.day import engine_named, run_day
from sim.experiments.rollout_figures import (
    AskedRollout,
    rollout_document,
    rollout_table,
    rollout_text,
)
from sim.experiments.seasons import worst_station
from sim.experiments.study import claim
from sim.experiments.tasks import Task, done_tasks
from sim.scenario.adopting import shares_of
from sim.scenario.dated import change_on, scenario_on
from sim.scenario.load import Scenario, scenario_from_document

ROLLOUT_FILE = "rollout.json"
TABLE_FILE = "rollout.csv"


def days_of_month(scenario: Scenario, month: date) -> dict[str, date]:
    """The day of a month that is nearest to its mean demand, and its busiest; first of equals.

    Raises
    ------
    ScenarioError
        If the calendar does not reach that month.
    """
    days = [month + timedelta(days=n) for n in range(monthrange(month.year, month.month)[1])]
    factors = [change_on(scenario.spec, day).factor for day in days]
    mean = sum(factors) / len(factors)
    typical = min(range(len(days)), key=lambda n: (round(abs(factors[n] - mean), 9), n))
    peak = max(range(len(days)), key=lambda n: (round(factors[n], 9), -n))
    return {"typical": days[typical], "peak": days[peak]}


def run_rollout(
    asked: AskedRollout,
    *,
    out: Path,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Simulate a typical day and the busiest day of every month at every facility.

    Parameters
    ----------
    out : Path
        Directory of the result: ``rollout.json`` and ``rollout.csv``.
    jobs : int
        Processes to use.
    progress : callable or None
        Called with the days done and the days there are.

    Returns
    -------
    dict
        As ``rollout.json`` holds it.

    Raises
    ------
    RunError
        If `out` is not empty.
    ScenarioError
        If a calendar does not reach one of the months.

    Notes
    -----
    Interrupted, it leaves the months that were done, status ``cancelled``.
    """
    dates = {
        (place.name, month): days_of_month(place.on(month), month)
        for place in asked.places
        for month in asked.months
    }
    claim(out)
    tasks = list(_tasks(asked, dates))
    engine_named(asked.engine)  # compiled once, before workers ask for it at the same time
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    status = "cancelled"
    try:
        with closing(done_tasks(simulate_task, tasks, jobs=jobs)) as results:
            for count, (number, result) in enumerate(results, start=1):
                key = tasks[number]["place"], tasks[number]["day"]
                found.setdefault(key, []).append(result)
                if progress is not None:
                    progress(count, len(tasks))
        status = "complete"
    finally:
        document = rollout_document(asked, dates, found, status=status)
        write_durably(out / ROLLOUT_FILE, rollout_text(document))
        write_durably(out / TABLE_FILE, rollout_table(document).encode())
    return document


def simulate_task(task: Task) -> dict[str, Any]:
    """Simulate one day described by plain values; what worker processes run."""
    scenario = scenario_on(_scenario(task["document"]), date.fromisoformat(task["day"]))
    done = run_day(
        scenario,
        seed=task["seed"],
        replication=task["replication"],
        engine=task["engine"],
        overlap=False,
    )
    summary, spec = done.summary, scenario.spec
    p95_s = {name: each["wait_s"]["p95"] for name, each in summary["stations"].items()}
    return {
        "replication": task["replication"],
        "passengers": summary["passengers"],
        "missed": summary["missed"],
        "policies": [policy.id for policy in scenario.program().policies],
        "shares": _shares(scenario),
        "worst_station": worst_station(spec, p95_s),
        "promises": {
            target["id"]: {"share": target["share"], "is_met": target["is_met"]}
            for target in summary["targets"]
        },
    }


@lru_cache(maxsize=2)
def _scenario(document: str) -> Scenario:
    return scenario_from_document(json.loads(document))


def _tasks(asked: AskedRollout, dates: dict[tuple[str, date], dict[str, date]]) -> Iterator[Task]:
    for place in asked.places:
        days = dict.fromkeys(
            day for month in asked.months for day in dates[place.name, month].values()
        )
        for day in days:
            document = json.dumps(place.on(day).document)
            for replication in range(asked.reps):
                yield {
                    "place": place.name,
                    "day": day.isoformat(),
                    "document": document,
                    "seed": asked.seed,
                    "replication": replication,
                    "engine": asked.engine,
                }


def _shares(scenario: Scenario) -> dict[str, float]:
    """Shares that adoption moves, of the class without condition, or the last."""
    adoption = scenario.spec.adoption
    moving = {curve.trait for curve in adoption.curves} if adoption else set()
    return {
        trait.id: [figure.value for _, _, figure in shares_of(trait)][-1]
        for trait in scenario.spec.traits
        if trait.id in moving
    }
