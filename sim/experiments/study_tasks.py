"""A study's day as a task: its run is sealed in a directory that whoever simulates can write to."""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from datetime import date
from pathlib import Path
from typing import Any

from sim.errors import RunError
from sim.events.derived import read_projection
from sim.events.files import sync_directory
from sim.events.store import StoredLog, open_run, verify_run
from sim.experiments.day import SUMMARY, Engine, Timings, run_day
from sim.experiments.day_tasks import ONE_AT_A_TIME, scenario_of
from sim.experiments.study import Replication, run_name
from sim.experiments.tasks import Task
from sim.projections.summary import summarise
from sim.scenario.load import Scenario
from sim.scenario.model_version import MODEL_VERSION


def study_tasks(
    scenario: Scenario, *, reps: int, seed: int, on: date | None, engine: Engine, out: Path
) -> list[Task]:
    """Days 0 to ``reps - 1`` as plain values, each with a key of its own for a cluster."""
    place = out.absolute()
    asked = [scenario.digest, on.isoformat() if on else None, seed, MODEL_VERSION, str(place)]
    key = hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:20]
    shared = {
        "document": json.dumps(scenario.document),
        "scenario_digest": scenario.digest,
        "on": asked[1],
        "seed": seed,
        "engine": engine,
    }
    return [
        {
            **shared,
            "replication": each,
            "run": str(place / run_name(each)),
            "key": f"run-{key}-{run_name(each)}",
        }
        for each in range(reps)
    ]


def simulate_study_task(task: Task) -> dict[str, float]:
    """Simulate and seal one day; what workers run. Seconds by part."""
    timings, run = Timings(), Path(task["run"])
    with ONE_AT_A_TIME:
        if is_there(task):
            return timings.as_dict()  # another worker was faster
        beside = run.parent / f".{run.name}-{uuid.uuid4().hex}"
        with timings.spent_on("load_s"):
            scenario = scenario_of(task["document"])
        try:
            run_day(
                scenario,
                seed=task["seed"],
                replication=task["replication"],
                on=date.fromisoformat(task["on"]) if task["on"] else None,
                engine=task["engine"],
                out=beside,
                overlap=False,
                timings=timings,
            )
            _give_name(beside, task)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return timings.as_dict()


def is_there(task: Task) -> bool:
    """Whether the run of a task is there to its end, every byte of it proven.

    Raises
    ------
    RunError
        If it is whole, but a day of something else.
    """
    run = Path(task["run"])
    try:
        if not run.is_dir() or verify_run(run).status != "complete":
            return False
    except RunError:
        return False
    return _opened(task) is not None


def replication_of(task: Task, timings: dict[str, float]) -> Replication:
    """What a study has of a day that is there.

    Raises
    ------
    RunError
        If it cannot be seen from here.
    """
    log = _opened(task)
    if log is None:
        msg = (
            f"{task['run']} was written by a worker, but cannot be read here; give --out a "
            "directory that this machine and all workers share"
        )
        raise RunError(msg)
    summary = read_projection(log.directory, SUMMARY)
    if summary is None:
        summary = summarise(log, scenario_of(task["document"]).spec)
    return Replication(
        replication=task["replication"],
        run_dir=str(log.directory.resolve()),
        chain_head=log.chain_head,
        summary=_in_order(summary, log.stations),
        timings=timings,
    )


def remove_remains(out: Path) -> None:
    """Remove what killed workers left of days that are there."""
    for beside in out.glob(".r[0-9]*-*"):
        shutil.rmtree(beside, ignore_errors=True)


def _opened(task: Task) -> StoredLog | None:
    """The run of a task, with proof of its manifest and tables; None where it is not whole."""
    run = Path(task["run"])
    try:
        log = open_run(run)
    except RunError:
        return None
    if not log.is_complete:
        return None
    there = log.manifest
    known = (there.scenario_digest, there.seed, there.replication, there.notes.get("on"))
    wanted = tuple(task[name] for name in ("scenario_digest", "seed", "replication", "on"))
    if known != wanted or there.model_version != MODEL_VERSION:
        msg = f"{run} is a day of another scenario, seed or model version; name a new directory"
        raise RunError(msg)
    return log


def _give_name(beside: Path, task: Task) -> None:
    """Give a sealed run its name; of two workers with the same day the first wins."""
    run = Path(task["run"])
    if run.exists() and not is_there(task):
        shutil.rmtree(run)  # what an interrupted study left half-written
    try:
        beside.rename(run)
    except OSError:
        if not run.exists():
            raise
    sync_directory(run.parent)


def _in_order(summary: dict[str, Any], stations: tuple[str, ...]) -> dict[str, Any]:
    """Figures with their stations in the order of the journey, however they were written."""
    own = summary["stations"]
    return {**summary, "stations": {name: own[name] for name in stations if name in own}}
