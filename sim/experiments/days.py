"""A study of dates: day after day of a calendar, each durable once done, then added up.

The days are independent, and their files are all that the end looks at: so it does not
matter how many processes made them, in which order, or how often the study was killed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sim.errors import RunError
from sim.experiments.dates import Asked, goes_on, head_of, is_done, run_name, write_study
from sim.experiments.day import Timings, engine_named, run_day
from sim.experiments.day_records import (
    FOLDER,
    DayRecord,
    read_record,
    record_of,
    record_path,
    write_record,
)
from sim.experiments.seasons import season_figures
from sim.experiments.study import claim
from sim.experiments.tasks import prepare_worker
from sim.scenario.dated import change_on, scenario_on
from sim.scenario.load import Scenario, scenario_from_document


@dataclass(frozen=True, slots=True)
class DatesStudy:
    """A study of dates, done.

    Attributes
    ----------
    figures : dict
        Everything added up, as ``sim run --days --json`` prints it.
    chain_head : str
        sha256 of the days' chain heads, as bytes in order of date.
    timings : dict of str to float
        Seconds by part, summed over days.
    resumed : int
        Days that were there before.
    """

    asked: Asked
    run_dir: Path
    figures: dict[str, Any]
    chain_head: str
    timings: dict[str, float]
    resumed: int


def run_days(
    asked: Asked,
    *,
    out: Path,
    resume: bool = False,
    jobs: int = 1,
    progress: Callable[[int], None] | None = None,
) -> DatesStudy:
    """Simulate days of a calendar one by one; the result does not depend on `jobs`.

    Parameters
    ----------
    asked : Asked
        Which days of what.
    out : Path
        Study directory: ``days/2026-01-01.json``, … and ``study.json``, with logs kept
        ``r2026-01-01``, … too.
    resume : bool
        Go on with a study that was interrupted; days that are done are not touched.
    jobs : int
        Processes to use.
    progress : callable or None
        Called with the number of days done.

    Raises
    ------
    RunError
        If `out` is not empty and `resume` is False, or holds no study to go on with.
    InvalidInputError
        If the study there was asked something else.
    ScenarioError
        If the calendar does not reach one of the days.

    Notes
    -----
    The replication of a day is ``date.toordinal()``: a date has the same passengers
    whatever the days around it.
    """
    for day in asked.dates:
        change_on(asked.scenario.spec, day)  # what no day can answer is said before any is run
    if not (resume and goes_on(asked, out)):
        claim(out)
        write_study(asked, out, status="running")
    (out / FOLDER).mkdir(exist_ok=True)
    missing = [day for day in asked.dates if not is_done(asked, out, day)]
    resumed = done = asked.days - len(missing)
    if progress is not None:
        progress(done)
    try:
        with closing(_simulated(asked, missing, out=out, jobs=min(jobs, len(missing)))) as days:
            for _ in days:
                done += 1
                if progress is not None:
                    progress(done)
    except KeyboardInterrupt:
        finished = [day for day in asked.dates if record_path(out, day).exists()]
        write_study(asked, out, status="cancelled", dates=finished)
        raise
    return _finished(asked, out, resumed=resumed)


def simulate_date(task: dict[str, Any], scenario: Scenario | None = None) -> str:
    """Simulate and keep one day described by plain values; what worker processes run."""
    timings = Timings()
    day, out = date.fromisoformat(task["day"]), Path(task["study"])
    with timings.spent_on("load_s"):
        own = scenario or _scenario(task["document"])
        scenario = scenario_on(own, day)
    run = out / run_name(day) if task["keep_logs"] else None
    if run is not None and run.exists():
        shutil.rmtree(run)  # half-written: a day is done once its file is there
    done = run_day(
        scenario,
        seed=task["seed"],
        replication=day.toordinal(),
        on=date.fromisoformat(task["on"]) if task["on"] else None,
        engine=task["engine"],
        out=run,
        overlap=False,
        timings=timings,
    )
    with timings.spent_on("project_s"):
        record = record_of(done, day=day, change=change_on(own.spec, day), asked=task["asked"])
    write_record(out, record)
    return task["day"]


@lru_cache(maxsize=1)
def _scenario(document: str) -> Scenario:
    return scenario_from_document(json.loads(document))


def _simulated(asked: Asked, dates: Sequence[date], *, out: Path, jobs: int) -> Generator[str]:
    shared = {
        "study": str(out),
        "asked": asked.day_digest,
        "seed": asked.seed,
        "on": asked.on.isoformat() if asked.on else None,
        "engine": asked.engine,
        "keep_logs": asked.keep_logs,
    }
    tasks = [{**shared, "day": day.isoformat()} for day in dates]
    if tasks:
        engine_named(asked.engine)  # compiled once, before workers ask for it at the same time
    if jobs <= 1:
        for task in tasks:
            yield simulate_date(task, asked.scenario)
        return
    document = json.dumps(asked.scenario.document)
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=prepare_worker)
    try:
        futures = [pool.submit(simulate_date, {**task, "document": document}) for task in tasks]
        for future in as_completed(futures):
            yield future.result()
    except BrokenProcessPool:
        msg = f"{out}: a process that simulated days was killed; go on with --resume"
        raise RunError(msg) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _finished(asked: Asked, out: Path, *, resumed: int) -> DatesStudy:
    """Add up the days' files, one after the other, and close the study."""
    parts = Timings().as_dict()

    def records() -> Generator[DayRecord]:
        for day in asked.dates:
            record = read_record(out, day)
            for part in parts:
                parts[part] += record.timings[part]
            yield record

    figures = season_figures(records(), asked.scenario.spec)
    write_study(asked, out, status="complete", dates=asked.dates, figures=figures)
    heads = [each["chain_head"] for each in figures["by_day"]]
    return DatesStudy(
        asked=asked,
        run_dir=out,
        figures=figures,
        chain_head=head_of(heads),
        timings=parts,
        resumed=resumed,
    )
