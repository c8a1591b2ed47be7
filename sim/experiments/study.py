"""A study: several days of one scenario, side by side, with intervals over days."""

from __future__ import annotations

import atexit
import gc
import hashlib
import json
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, ClassVar, Literal

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

AHEAD = 2
"""Days handed to each worker beforehand, so that none waits while this process is busy."""

STUDY_FILE = "study.json"
STUDY_FORMAT = "hanh-trinh-study"

Status = Literal["running", "complete", "cancelled"]


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
        claim(out)
    engine_named(engine)  # compiled once, before workers ask for it at the same time
    asked = _Asked(seed=seed, on=on, engine=engine, out=out)
    done: list[Replication] = []
    status: Status = "cancelled"
    try:
        with closing(_results(scenario, asked, reps=reps, jobs=min(jobs, reps))) as results:
            for replication in results:
                done.append(replication)
                if progress is not None:
                    progress(len(done))
        status = "complete"
    finally:
        done.sort(key=lambda each: each.replication)
        study = Study(scenario=scenario, on=on, seed=seed, replications=tuple(done), run_dir=out)
        if out is not None:
            write_study(study, out, status=status)
    return study


@dataclass(frozen=True, slots=True)
class _Asked:
    """What all days of a study have in common, besides the scenario."""

    seed: int
    on: date | None
    engine: Engine
    out: Path | None


def _simulated(
    scenario: Scenario,
    asked: _Asked,
    replication: int,
    *,
    timings: Timings | None = None,
) -> Replication:
    timings = timings or Timings()
    day = run_day(
        scenario,
        seed=asked.seed,
        replication=replication,
        on=asked.on,
        engine=asked.engine,
        out=asked.out / run_name(replication) if asked.out else None,
        overlap=False,  # a processor for each job: threads beside them cost more than they save
        timings=timings,
    )
    return Replication(
        replication=day.replication,
        run_dir=str(day.run_dir.resolve()) if day.run_dir else None,
        chain_head=day.chain_head,
        summary=day.summary,
        timings=timings.as_dict(),
    )


def _results(scenario: Scenario, asked: _Asked, *, reps: int, jobs: int) -> Generator[Replication]:
    if jobs <= 1:
        for replication in range(reps):
            yield _simulated(scenario, asked, replication)
        return
    context = get_context("spawn")
    stop = context.Event()
    pool = ProcessPoolExecutor(
        max_workers=jobs - 1,  # this process takes its share, from the first moment
        mp_context=context,
        initializer=_Worker.begin,
        initargs=(scenario.document, asked, stop),
    )
    todo = deque(range(reps))
    under_way: set[Future[Replication]] = set()
    try:
        while todo or under_way:
            while todo and len(under_way) < AHEAD * (jobs - 1):
                under_way.add(pool.submit(_Worker.simulate, todo.popleft()))
            if todo:
                yield _simulated(scenario, asked, todo.popleft())
            patience = 0 if todo else None
            done, under_way = wait(under_way, timeout=patience, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        stop.set()  # days that are on their way to a worker are not begun
        pool.shutdown(cancel_futures=True)


class _Worker:
    """What a worker process is told once: the scenario and what is asked of it."""

    scenario: ClassVar[Scenario]
    asked: ClassVar[_Asked]
    timings: ClassVar[Timings | None]
    stop: ClassVar[Event]

    @classmethod
    def begin(cls, document: dict[str, Any], asked: _Asked, stop: Event) -> None:
        """Load the scenario; its time is counted in the first day."""
        atexit.register(gc.freeze)  # a process that ends need not look for garbage first
        cls.asked, cls.timings, cls.stop = asked, Timings(), stop
        with cls.timings.spent_on("load_s"):
            cls.scenario = scenario_from_document(document)

    @classmethod
    def simulate(cls, replication: int) -> Replication:
        """Simulate one day, unless the study was cancelled meanwhile."""
        if cls.stop.is_set():
            raise CancelledError
        timings, cls.timings = cls.timings, None
        return _simulated(cls.scenario, cls.asked, replication, timings=timings)


def claim(out: Path) -> None:
    """Make a directory for a study, or take an empty one.

    Raises
    ------
    RunError
        If it is not empty or cannot be used.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            msg = f"{out} is not empty; name a new directory, nothing was written"
            raise RunError(msg)
    except OSError as error:
        msg = f"{out} cannot be used: {error.strerror}; name a directory you may write to"
        raise RunError(msg) from None


def run_name(replication: int) -> str:
    """Name of a day's run in its study: ``r0000``."""
    return f"r{replication:04d}"


def write_study(study: Study, out: Path, *, status: Status) -> None:
    """Write the study's file; the same days give the same bytes."""
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
                "run": run_name(each.replication),
                "chain_head": each.chain_head,
            }
            for each in study.replications
        ],
    }
    text = json.dumps(document, indent=1, sort_keys=True)
    write_durably(out / STUDY_FILE, text.encode() + b"\n")
