"""A study by any executor, in a directory that its workers share; it goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sim.errors import Fault, InvalidInputError, RunError
from sim.events.files import read_plain
from sim.experiments.day import DEFAULT_ENGINE, Engine, Timings, engine_named
from sim.experiments.executors import Executor
from sim.experiments.study import (
    STUDY_FILE,
    STUDY_FORMAT,
    Replication,
    Status,
    Study,
    claim,
    write_study,
)
from sim.experiments.study_tasks import (
    is_there,
    remove_remains,
    replication_of,
    simulate_study_task,
    study_tasks,
)
from sim.scenario.load import Scenario

LIMIT = 1 << 28
"""Largest study file read, in bytes."""


@dataclass(frozen=True, slots=True)
class SharedStudy:
    """A study, and how many of its days were there before."""

    study: Study
    resumed: int


def run_shared_study(
    scenario: Scenario,
    *,
    reps: int,
    seed: int,
    out: Path,
    executor: Executor,
    on: date | None = None,
    engine: Engine = DEFAULT_ENGINE,
    resume: bool = False,
    progress: Callable[[int], None] | None = None,
) -> SharedStudy:
    """Simulate days 0 to ``reps - 1`` wherever the executor has them simulated.

    Parameters
    ----------
    scenario : Scenario
        A loaded scenario.
    reps : int
        Number of days, at least 1.
    out : Path
        Study directory, which this machine and all workers see by the same path.
    executor : Executor
        The days do not depend on it: logs, tables and ``study.json`` are byte for byte those of
        `sim.experiments.study.run_study`.
    resume : bool
        Go on with a study that is there; its whole days are proven and kept, others made anew.
    progress : callable or None
        Called with the number of days that are there.

    Raises
    ------
    RunError
        If `out` is not empty and `resume` is False, or a day cannot be seen from here.
    InvalidInputError
        If the study there was asked something else.
    """
    if not (resume and _goes_on(out, scenario, reps=reps, seed=seed, on=on)):
        claim(out)
    tasks = study_tasks(scenario, reps=reps, seed=seed, on=on, engine=engine, out=out)
    done = {
        number: replication_of(task, Timings().as_dict())
        for number, task in enumerate(tasks)
        if is_there(task)
    }
    todo, resumed = [number for number in range(reps) if number not in done], len(done)

    def study() -> Study:
        return Study(scenario, on, seed, _in_order(done), out)

    write_study(study(), out, status="running")
    status: Status = "cancelled"
    try:
        if progress is not None:
            progress(resumed)
        if todo:
            engine_named(engine)  # compiled once, before workers ask for it at the same time
        asked = [tasks[number] for number in todo]
        for place, timings in executor.done(simulate_study_task, asked):
            done[todo[place]] = replication_of(asked[place], timings)
            if progress is not None:
                progress(len(done))
        status = "complete"
    finally:
        write_study(study(), out, status=status)
    remove_remains(out)
    return SharedStudy(study(), resumed)


def _in_order(done: dict[int, Replication]) -> tuple[Replication, ...]:
    return tuple(done[number] for number in sorted(done))


def _goes_on(out: Path, scenario: Scenario, *, reps: int, seed: int, on: date | None) -> bool:
    """Whether there is a study to go on with; False where nothing was begun."""
    file = out / STUDY_FILE
    if not file.exists():
        return False
    wanted = {
        "format": STUDY_FORMAT,
        "scenario_digest": scenario.digest,
        "on": on.isoformat() if on else None,
        "seed": seed,
    }
    try:
        there = json.loads(read_plain(file, limit=LIMIT))
        others = {key: there[key] for key, value in wanted.items() if there[key] != value}
        is_of_dates = "asked" in there
    except (ValueError, KeyError, TypeError, OSError) as error:
        msg = f"{file}: it is not a study that can go on ({error}); name a new directory"
        raise RunError(msg) from None
    faults = [
        Fault(
            f"it is a study with {key} {value}, asked is {wanted[key]}; ask the same, or name a "
            "new directory",
            str(out),
        )
        for key, value in others.items()
    ]
    if is_of_dates:
        text = "it is a study of dates; go on with --days, or name a new directory"
        faults.append(Fault(text, str(out)))
    days = len(list(out.glob("r[0-9][0-9][0-9][0-9]")))
    if days > reps:
        text = f"it has {days} days, asked are {reps}; ask for {days} or more"
        faults.append(Fault(text, str(out)))
    if faults:
        raise InvalidInputError(faults)
    return True
