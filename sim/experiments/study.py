"""A study: several days of one scenario, side by side, with intervals over days."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

from sim.errors import RunError
from sim.events.files import write_durably
from sim.experiments.day import (
    DEFAULT_ENGINE,
    DEFAULT_SEED,
    Engine,
    Timings,
    engine_named,
    run_day,
)
from sim.experiments.intervals import with_intervals
from sim.scenario.load import Scenario, scenario_from_document

STUDY_FILE = "study.json"
STUDY_FORMAT = "hanh-trinh-study"


@dataclass(frozen=True, slots=True)
class Replication:
    """One day of a study: where its run is, and its figures.

    Attributes
    ----------
    run_dir : str or None
        Absolute path of the sealed run; None where no log was kept.
    """

    replication: int
    run_dir: str | None
    chain_head: str
    summary: dict[str, Any]
    timings: dict[str, float]


@dataclass(frozen=True, slots=True)
class Study:
    """Days of one scenario under one seed.

    Attributes
    ----------
    replications : tuple of Replication
        In order of replication, whoever simulated them.
    """

    scenario: Scenario
    on: date | None
    seed: int
    replications: tuple[Replication, ...]
    run_dir: Path | None

    @property
    def chain_head(self) -> str:
        """sha256 of the days' chain heads, as bytes in order of replication."""
        heads = (bytes.fromhex(each.chain_head) for each in self.replications)
        return hashlib.sha256(b"".join(heads)).hexdigest()

    @property
    def summary(self) -> dict[str, Any]:
        """Means over days, with intervals."""
        return with_intervals([each.summary for each in self.replications])

    @property
    def timings(self) -> dict[str, float]:
        """Seconds by part, summed over days."""
        parts = Timings().as_dict()
        return {part: sum(each.timings[part] for each in self.replications) for part in parts}


def run_study(
    scenario: Scenario,
    *,
    reps: int,
    seed: int = DEFAULT_SEED,
    on: date | None = None,
    engine: Engine = DEFAULT_ENGINE,
    out: Path | None = None,
    jobs: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Study:
    """Simulate days 0 to ``reps - 1``; the result does not depend on `jobs`.

    Parameters
    ----------
    scenario : Scenario
        A loaded scenario.
    reps : int
        Number of days, at least 1.
    out : Path or None
        Study directory, holding ``r0000``, ``r0001``, … and ``study.json``; None keeps no log.
    jobs : int
        Processes to use.
    progress : callable or None
        Called with the number of days done.

    Notes
    -----
    Interrupted, it leaves ``study.json`` with the days that were done, status ``cancelled``.

    Raises
    ------
    RunError
        If `out` exists and is not empty.
    """
    if out is not None:
        _claim(out)
    engine_named(engine)  # compiled once, before workers ask for it at the same time
    tasks = [
        {
            "document": scenario.document,
            "on": on.isoformat() if on else None,
            "seed": seed,
            "replication": replication,
            "engine": engine,
            "out": str(out / f"r{replication:04d}") if out else None,
        }
        for replication in range(reps)
    ]
    done: list[Replication] = []
    status: Literal["complete", "cancelled"] = "cancelled"
    try:
        with closing(_results(tasks, jobs=min(jobs, reps), scenario=scenario)) as results:
            for replication in results:
                done.append(replication)
                if progress is not None:
                    progress(len(done))
        status = "complete"
    finally:
        done.sort(key=lambda each: each.replication)
        study = Study(scenario=scenario, on=on, seed=seed, replications=tuple(done), run_dir=out)
        if out is not None:
            write_durably(out / STUDY_FILE, _study_document(study, status))
    return study


def simulate_task(task: dict[str, Any], scenario: Scenario | None = None) -> Replication:
    """Simulate one day described by plain values; what worker processes run."""
    timings = Timings()
    if scenario is None:
        with timings.spent_on("load_s"):
            scenario = scenario_from_document(task["document"])
    day = run_day(
        scenario,
        seed=task["seed"],
        replication=task["replication"],
        on=date.fromisoformat(task["on"]) if task["on"] else None,
        engine=task["engine"],
        out=Path(task["out"]) if task["out"] else None,
        timings=timings,
    )
    return Replication(
        replication=day.replication,
        run_dir=str(day.run_dir.resolve()) if day.run_dir else None,
        chain_head=day.chain_head,
        summary=day.summary,
        timings=timings.as_dict(),
    )


def _results(
    tasks: Sequence[dict[str, Any]], *, jobs: int, scenario: Scenario
) -> Generator[Replication]:
    if jobs <= 1:
        for task in tasks:
            yield simulate_task(task, scenario)
        return
    pool = ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn"))
    try:
        for future in as_completed([pool.submit(simulate_task, task) for task in tasks]):
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _claim(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            msg = f"{out} is not empty; name a new directory, nothing was written"
            raise RunError(msg)
    except OSError as error:
        msg = f"{out} cannot be used: {error.strerror}; name a directory you may write to"
        raise RunError(msg) from None


def _study_document(study: Study, status: str) -> bytes:
    document = {
        "format": STUDY_FORMAT,
        "format_version": 1,
        "status": status,
        "scenario": study.scenario.spec.id,
        "scenario_digest": study.scenario.digest,
        "on": study.on.isoformat() if study.on else None,
        "seed": study.seed,
        "chain_head": study.chain_head,
        "replications": [
            {
                "replication": each.replication,
                "run": f"r{each.replication:04d}",
                "chain_head": each.chain_head,
            }
            for each in study.replications
        ],
    }
    return json.dumps(document, indent=1, sort_keys=True).encode() + b"\n"
