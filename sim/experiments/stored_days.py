"""Days that were simulated before, read from runs and studies to be compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sim.errors import RunError
from sim.events.files import read_plain
from sim.events.store import open_run
from sim.experiments.day import Timings
from sim.experiments.day_records import read_record
from sim.experiments.periods import HalfHours
from sim.experiments.study import STUDY_FILE, Replication, Study
from sim.projections.day import fold_day
from sim.projections.half_hours import half_hours
from sim.projections.summary import summarise_day, window_of
from sim.scenario.load import scenario_from_document

LIMIT = 1 << 28
"""Largest study file read, in bytes."""


@dataclass(frozen=True, slots=True)
class StoredDays:
    """Days of a run or study.

    Attributes
    ----------
    study : Study
        Its days, as if simulated now.
    half_hours : tuple of HalfHours or None
        Of each day; None where a study of dates kept no logs.
    """

    study: Study
    half_hours: tuple[HalfHours, ...] | None


def stored_days(path: Path) -> StoredDays:
    """Days of a run directory, or of a study's.

    Parameters
    ----------
    path : Path
        A run, a study of replications, or one of dates; every log is proven first.

    Raises
    ------
    RunError
        If it is none of these, was interrupted, or its days are not of one scenario and seed.
    DamagedRunError
        If a file is damaged.
    """
    if not (path / STUDY_FILE).exists():
        return _together(path, [path])
    document = _study_document(path)
    rows = document["replications"]
    if not rows:
        msg = f"{path} has no days; name a study that has some"
        raise RunError(msg)
    if all(row.get("run") for row in rows):
        return _together(path, [path / row["run"] for row in rows])
    scenario = scenario_from_document(document["scenario_document"])
    days = [read_record(path, date.fromisoformat(row["date"])) for row in rows]
    study = Study(
        scenario=scenario,
        on=date.fromisoformat(document["on"]) if document["on"] else None,
        seed=document["seed"],
        replications=tuple(
            _replication(each.replication, each.chain_head, dict(each.summary)) for each in days
        ),
        run_dir=path,
    )
    return StoredDays(study, None)


def _study_document(path: Path) -> dict[str, Any]:
    file = path / STUDY_FILE
    try:
        document = json.loads(read_plain(file, limit=LIMIT))
        status, _, _ = document["status"], document["seed"], document["replications"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{file}: it is no study that can be read ({error}); simulate it anew"
        raise RunError(msg) from None
    if status != "complete":
        msg = f"{file}: the study is {status}; let it end, then compare it"
        raise RunError(msg)
    return document


def _together(path: Path, runs: list[Path]) -> StoredDays:
    asked, replications, by_time = set[tuple[str, int, str]](), list[Replication](), []
    scenario = None
    for replication, found, key, own in _each_run(runs):
        asked.add(key)
        scenario = scenario or own
        replications.append(replication)
        by_time.append(found)
    if len(asked) > 1:
        msg = f"{path}: its runs are of several scenarios or seeds; compare studies of one"
        raise RunError(msg)
    assert scenario is not None, "there is a run"
    _, seed, on = asked.pop()
    study = Study(
        scenario=scenario,
        on=date.fromisoformat(on) if on else None,
        seed=seed,
        replications=tuple(replications),
        run_dir=path,
    )
    return StoredDays(study, tuple(by_time))


def _each_run(runs: list[Path]) -> Iterator[tuple[Replication, HalfHours, Any, Any]]:
    for run in runs:
        log = open_run(run)
        if not log.is_complete:
            msg = f"{run} was interrupted after {len(log)} events; run it to its end, then compare"
            raise RunError(msg)
        manifest = log.manifest
        scenario = scenario_from_document(manifest.scenario)
        folded = fold_day(log, scenario.spec)
        since_us = window_of(scenario.spec, last_us=folded.last_us).since_us
        summary = summarise_day(folded, scenario.spec)
        yield (
            _replication(manifest.replication, manifest.chain_head, summary),
            half_hours(folded, since_us=since_us),
            (manifest.scenario_digest, manifest.seed, manifest.notes.get("on") or ""),
            scenario,
        )


def _replication(number: int, chain_head: str, summary: dict[str, Any]) -> Replication:
    return Replication(
        replication=number,
        run_dir=None,
        chain_head=chain_head,
        summary=summary,
        timings=Timings().as_dict(),
    )
