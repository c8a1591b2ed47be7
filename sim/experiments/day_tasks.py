"""A day as a task: plain values in, a record out that proves itself, wherever it is simulated."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.errors import RunError
from sim.events import documents
from sim.events.files import partial_name, read_plain, stage, sync_directory
from sim.experiments.day import DEFAULT_ENGINE, Engine, engine_named, run_day
from sim.experiments.executors import Executor
from sim.experiments.tasks import Task
from sim.projections.half_hours import half_hours
from sim.projections.summary import window_of
from sim.scenario.load import Scenario, scenario_from_document
from sim.scenario.model_version import MODEL_VERSION

FORMAT = "hanh-trinh-replication"
LIMIT = 1 << 28
"""Largest record read, in bytes."""

Record = dict[str, Any]
"""What is kept of a day: plain JSON with ``chain_head``, ``summary`` and ``half_hours``."""

ONE_AT_A_TIME = threading.Lock()
"""Workers of a cluster may have several threads; the compiled engine's blocks are of a process."""


def day_tasks(
    scenario: Scenario,
    replications: Sequence[int],
    *,
    seed: int,
    on: date | None = None,
    engine: Engine = DEFAULT_ENGINE,
    folder: Path | None = None,
    keep_logs: bool = False,
) -> list[Task]:
    """Days of a scenario as tasks.

    Parameters
    ----------
    scenario : Scenario
    replications : sequence of int
        Numbers of the days.
    folder : Path or None
        Directory that whoever simulates can write to: a task keeps its record there, as
        ``<what is asked>/r0000.json``, and with `keep_logs` its sealed run beside it. None
        hands the record back instead.

    Notes
    -----
    The key of a task is made of the scenario's digest, policies, seed and replication: two
    plans that ask the same are one task. The engine is no part of it, since logs are equal.
    """
    asked = [scenario.digest, on.isoformat() if on else None, seed, MODEL_VERSION]
    key = hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:20]
    shared = {
        "document": json.dumps(scenario.document),
        "scenario_digest": scenario.digest,
        "on": asked[1],
        "seed": seed,
        "engine": engine,
        "folder": str((folder / key).absolute()) if folder else None,
        "keep_logs": keep_logs and folder is not None,
    }
    return [
        {**shared, "replication": each, "key": f"day-{key}-r{each:04d}"} for each in replications
    ]


def days_done(
    tasks: Sequence[Task],
    *,
    executor: Executor,
    take: Callable[[Record], Record] = dict,
    progress: Callable[[int], None] | None = None,
) -> tuple[list[Record], int]:
    """The record of every task, simulated unless it is there and whole.

    Parameters
    ----------
    tasks : sequence of Task
        As from `day_tasks`, of any number of scenarios; several may be the same.
    executor : Executor
        Where missing days are simulated; the records do not depend on it.
    take : callable
        What of a record is wanted; the rest is not kept in memory.
    progress : callable or None
        Called with the number of different days that are there.

    Returns
    -------
    list of Record
        In the order of `tasks`.
    int
        How many of the different days were there before.

    Raises
    ------
    RunError
        If a day could not be simulated, or its record cannot be seen from here.
    """
    found: dict[str, Record] = {}
    missing: dict[str, Task] = {}
    for task in tasks:
        if task["key"] in found or task["key"] in missing:
            continue
        record = kept_record(task)
        if record is None:
            missing[task["key"]] = task
        else:
            found[task["key"]] = take(record)
    resumed, todo = len(found), list(missing.values())
    if progress is not None:
        progress(resumed)
    if todo:
        engine_named(todo[0]["engine"])  # compiled once, before workers ask at the same time
    for number, result in executor.done(simulate_day_task, todo):
        task = todo[number]
        record = _ordered(result) if task["folder"] is None else kept_record(task)
        if record is None:
            msg = (
                f"{_record_path(task)} was written by a worker, but cannot be read here; give "
                "--out a directory that this machine and all workers share"
            )
            raise RunError(msg)
        found[task["key"]] = take(record)
        if progress is not None:
            progress(len(found))
    for folder in {task["folder"] for task in tasks if task["folder"]}:
        _tidy(Path(folder))
    return [found[task["key"]] for task in tasks], resumed


def simulate_day_task(task: Task) -> Record | None:
    """Simulate one day; what workers run. None where the record is kept in a folder."""
    with ONE_AT_A_TIME:
        if task["folder"] is None:
            return json.loads(json.dumps(_simulated(task, run=None)))
        if kept_record(task) is not None:
            return None  # another worker was faster
        folder = Path(task["folder"])
        beside = folder / f".{task['replication']:04d}-{uuid.uuid4().hex}"
        beside.mkdir(parents=True)
        try:
            _publish(task, folder, beside)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return None


def kept_record(task: Task) -> Record | None:
    """The record of a task, if it is there, undamaged, and answers just what is asked."""
    if task["folder"] is None:
        return None
    path = _record_path(task)
    try:
        raw = read_plain(path, limit=LIMIT)
        record = documents.parse(raw)
        if documents.broken_seal(record, raw) or record.get("format") != FORMAT:
            return None
        asked = ("scenario_digest", "on", "seed", "replication")
        if [record[name] for name in asked] != [task[name] for name in asked]:
            return None
    except (OSError, ValueError, KeyError):
        return None
    if task["keep_logs"] and not (path.with_suffix("") / "manifest.json").exists():
        return None
    return _ordered(record)


def _simulated(task: Task, *, run: Path | None) -> Record:
    scenario = scenario_of(task["document"])
    day = run_day(
        scenario,
        seed=task["seed"],
        replication=task["replication"],
        on=date.fromisoformat(task["on"]) if task["on"] else None,
        engine=task["engine"],
        out=run,
        overlap=False,
    )
    since_us = window_of(scenario.spec, last_us=day.folded.last_us).since_us
    return {
        "format": FORMAT,
        "scenario": scenario.spec.id,
        "scenario_digest": task["scenario_digest"],
        "on": task["on"],
        "seed": task["seed"],
        "replication": task["replication"],
        "model_version": MODEL_VERSION,
        "chain_head": day.chain_head,
        "stations": list(day.folded.stations),
        "summary": day.summary,
        "half_hours": half_hours(day.folded, since_us=since_us),
    }


def _publish(task: Task, folder: Path, beside: Path) -> None:
    """Simulate in a directory of one's own, then give the results their names.

    Two workers may have the same day, when one was thought lost: the first to name its run
    wins, and the other's is the same.
    """
    path = _record_path(task)
    run = beside / "run" if task["keep_logs"] else None
    record = _simulated(task, run=run)
    own = beside / path.name
    stage(own, documents.seal(record))
    if run is not None:
        there = path.with_suffix("")
        if there.exists() and not path.exists():
            shutil.rmtree(there)  # of a worker that ended between naming run and record
        try:
            run.rename(there)
        except OSError:
            if not there.exists():
                raise
    partial_name(own).replace(path)
    sync_directory(folder)


def _tidy(folder: Path) -> None:
    """Remove what killed workers left of days that are there."""
    for beside in folder.glob(".[0-9]*-*"):
        replication = beside.name[1:].partition("-")[0]
        if (folder / f"r{replication}.json").exists():
            shutil.rmtree(beside, ignore_errors=True)


def _record_path(task: Task) -> Path:
    return Path(task["folder"]) / f"r{task['replication']:04d}.json"


def _ordered(record: Record) -> Record:
    """A record with its stations in the order of the journey, however it was written."""
    stations = {name: record["summary"]["stations"][name] for name in record["stations"]}
    return {**record, "summary": {**record["summary"], "stations": stations}}


@lru_cache(maxsize=2)
def scenario_of(document: str) -> Scenario:
    """The scenario that a task carries as text; a worker loads it once."""
    return scenario_from_document(json.loads(document))
