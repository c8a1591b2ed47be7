"""What a study of dates keeps of one day: its figures, and sums that merge with other days'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sim.errors import DamagedRunError, Fault
from sim.events import documents
from sim.events.files import read_plain, write_durably
from sim.events.layout import shown
from sim.experiments.day import Day
from sim.projections.summary import window_of
from sim.projections.tally import Tally, tally_of
from sim.scenario.dated import Change

FOLDER = "days"
"""Folder of the days' files in a study of dates."""

FORMAT = "hanh-trinh-day"
LIMIT = 1 << 26
"""Largest file of a day read, in bytes."""


@dataclass(frozen=True, slots=True)
class DayRecord:
    """One day of a study of dates.

    Attributes
    ----------
    day : date
        Its date.
    factor : float
        Passengers as a multiple of those of the scenario's own date.
    holidays, policies : tuple of str
        Ids of the calendar's holidays, and of the policies in force.
    asked : str
        Digest of what was asked of the study: the day belongs to no other.
    scenario_digest : str
        Of the day's own scenario.
    replication : int
        What its passengers were drawn from, besides the seed.
    chain_head : str
        Head of the hash chain over its log.
    run : str or None
        Name of the sealed run in the study; None where no log is kept.
    summary : dict
        The figures, as in ``sim run --json``.
    timings : dict
        Seconds by part.
    tallies : dict of str to Tally
        Mergeable sums by station.
    """

    day: date
    factor: float
    holidays: tuple[str, ...]
    policies: tuple[str, ...]
    asked: str
    scenario_digest: str
    replication: int
    chain_head: str
    run: str | None
    summary: Mapping[str, Any] = field(repr=False)
    timings: Mapping[str, float] = field(repr=False)
    tallies: Mapping[str, Tally] = field(repr=False)


def record_of(done: Day, *, day: date, change: Change, asked: str) -> DayRecord:
    """What is kept of a simulated day."""
    folded, spec = done.folded, done.scenario.spec
    since_us = window_of(spec, last_us=folded.last_us).since_us
    by_station = folded.visits.by_station(len(folded.stations))
    return DayRecord(
        day=day,
        factor=change.factor,
        holidays=change.holidays,
        policies=tuple(each.id for each in done.scenario.program(done.on).policies),
        asked=asked,
        scenario_digest=done.scenario.digest,
        replication=done.replication,
        chain_head=done.chain_head,
        run=done.run_dir.name if done.run_dir else None,
        summary=done.summary,
        timings=done.timings.as_dict(),
        tallies={
            name: tally_of(visits.rows, since_us=since_us)
            for name, visits in zip(folded.stations, by_station, strict=True)
        },
    )


def record_path(study: Path, day: date) -> Path:
    """Where a day's file is in its study: ``days/2026-01-01.json``."""
    return study / FOLDER / f"{day.isoformat()}.json"


def write_record(study: Path, record: DayRecord) -> None:
    """Keep a day; after a kill its file is there whole or not at all."""
    document = {
        "format": FORMAT,
        "date": record.day.isoformat(),
        "factor": record.factor,
        "holidays": list(record.holidays),
        "policies": list(record.policies),
        "asked": record.asked,
        "scenario_digest": record.scenario_digest,
        "replication": record.replication,
        "chain_head": record.chain_head,
        "run": record.run,
        "events": record.summary["events"],
        "passengers": record.summary["passengers"],
        "summary": record.summary,
        "timings": record.timings,
        "projections": {name: each.as_json() for name, each in record.tallies.items()},
    }
    write_durably(record_path(study, record.day), documents.seal(document))


def read_record(study: Path, day: date) -> DayRecord:
    """A day that was kept.

    Raises
    ------
    DamagedRunError
        If its file is damaged, or not that day's.
    """
    path = record_path(study, day)
    try:
        raw = read_plain(path, limit=LIMIT)
        document = documents.parse(raw)
        fault = documents.broken_seal(document, raw)
    except OSError as error:
        fault, document = f"it cannot be read: {error.strerror}", {}
    except ValueError as error:
        fault, document = f"it cannot be read: {error}", {}
    if not fault and (document.get("format"), document.get("date")) != (FORMAT, day.isoformat()):
        fault = "it is not the day its name says"
    if fault:
        text = f"{fault}; delete it and go on with --resume"
        raise DamagedRunError([Fault(text, shown(path))])
    return DayRecord(
        day=day,
        factor=document["factor"],
        holidays=tuple(document["holidays"]),
        policies=tuple(document["policies"]),
        asked=document["asked"],
        scenario_digest=document["scenario_digest"],
        replication=document["replication"],
        chain_head=document["chain_head"],
        run=document["run"],
        summary=document["summary"],
        timings=document["timings"],
        tallies={name: Tally.from_json(each) for name, each in document["projections"].items()},
    )
