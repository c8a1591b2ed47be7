"""The file of a study of dates: what it was asked, how far it is, whether it can go on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from sim.errors import DamagedRunError, Fault, InvalidInputError, RunError
from sim.events.files import read_plain, write_durably
from sim.events.layout import MANIFEST_DIGEST
from sim.experiments.day import DEFAULT_ENGINE, DEFAULT_SEED, Engine
from sim.experiments.day_records import FOLDER, read_record, record_path
from sim.experiments.study import STUDY_FILE, STUDY_FORMAT
from sim.scenario.load import Scenario
from sim.scenario.model_version import MODEL_VERSION

LIMIT = 1 << 28
"""Largest study file read, in bytes."""

Status = Literal["running", "cancelled", "complete"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a study of dates is asked.

    Attributes
    ----------
    scenario : Scenario
        What the file says of its own date.
    first : date
        First of the days.
    days : int
        How many, one after the other.
    on : date or None
        Date whose policies hold on every day; None: each day's own.
    keep_logs : bool
        Whether each day is a sealed run too.
    """

    scenario: Scenario
    first: date
    days: int
    seed: int = DEFAULT_SEED
    on: date | None = None
    engine: Engine = DEFAULT_ENGINE
    keep_logs: bool = False

    @property
    def dates(self) -> list[date]:
        """The days in order."""
        return [self.first + timedelta(days=number) for number in range(self.days)]

    def as_json(self) -> dict[str, Any]:
        """What a study that goes on must be asked again, by the words of the command line."""
        return {
            "scenario digest": self.scenario.digest,
            "--from": self.first.isoformat(),
            "--days": self.days,
            "--seed": self.seed,
            "--on": self.on.isoformat() if self.on else None,
            "--engine": self.engine,
            "--keep-logs": self.keep_logs,
            "model version": MODEL_VERSION,
        }

    @property
    def day_digest(self) -> str:
        """Digest of what a single day depends on, besides its date."""
        asked = self.as_json()
        parts = [asked[key] for key in ("scenario digest", "--seed", "--on", "model version")]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def goes_on(asked: Asked, out: Path) -> bool:
    """Whether there is a study to go on with; False where nothing was begun.

    Raises
    ------
    RunError
        If its file cannot be read, or is that of another kind of study.
    InvalidInputError
        If it was asked something else: every difference at once.
    """
    file = out / STUDY_FILE
    if not file.exists():
        return False
    try:
        there = json.loads(read_plain(file, limit=LIMIT))["asked"]
        wanted = asked.as_json()
        others = {key: there[key] for key in wanted if there[key] != wanted[key]}
    except (ValueError, KeyError, TypeError, OSError) as error:
        msg = f"{file}: it is not a study of dates that can go on ({error}); name a new directory"
        raise RunError(msg) from None
    if others:
        raise InvalidInputError(
            [
                Fault(
                    f"it is a study with {_told(key, value)}, asked is {_told(key, wanted[key])}; "
                    "ask the same, or name a new directory",
                    str(out),
                )
                for key, value in others.items()
            ]
        )
    return True


def _told(key: str, value: Any) -> str:
    match value:
        case bool():
            return key if value else f"no {key}"
        case None:
            return f"no {key}"
        case str() if key == "scenario digest":
            return f"{key} {value[:16]}…"
        case _:
            return f"{key} {value}"


def is_done(asked: Asked, out: Path, day: date) -> bool:
    """Whether a day is there to its end.

    Raises
    ------
    DamagedRunError
        If it is there but damaged, of another study, or without the run it should have.
    """
    if not record_path(out, day).exists():
        return False
    record = read_record(out, day)
    fault = ""
    if record.asked != asked.day_digest:
        fault = "it is a day of another study"
    elif asked.keep_logs and not (out / run_name(day) / MANIFEST_DIGEST).exists():
        fault = f"its run {run_name(day)} is gone"
    if fault:
        text = f"{fault}; delete it and go on with --resume"
        raise DamagedRunError([Fault(text, str(record_path(out, day)))])
    return True


def write_study(
    asked: Asked,
    out: Path,
    *,
    status: Status,
    dates: Sequence[date] = (),
    figures: dict[str, Any] | None = None,
) -> None:
    """Write the study's file; the same days give the same bytes, whoever simulated them and when.

    Parameters
    ----------
    dates : sequence of date
        The days that are done, in order.
    figures : dict or None
        What they add up to, once all are.
    """
    if figures is None:
        heads = [read_record(out, day).chain_head for day in dates]
    else:
        heads = [each["chain_head"] for each in figures["by_day"]]
    document = {
        "format": STUDY_FORMAT,
        "format_version": 1,
        "status": status,
        "scenario": asked.scenario.spec.id,
        "scenario_digest": asked.scenario.digest,
        "scenario_document": asked.scenario.document,
        "on": asked.on.isoformat() if asked.on else None,
        "seed": asked.seed,
        "asked": asked.as_json(),
        "chain_head": head_of(heads),
        "replications": [
            {
                "replication": day.toordinal(),
                "date": day.isoformat(),
                "day": f"{FOLDER}/{day.isoformat()}.json",
                "run": run_name(day) if asked.keep_logs else None,
                "chain_head": head,
            }
            for day, head in zip(dates, heads, strict=True)
        ],
        "figures": figures,
    }
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    write_durably(out / STUDY_FILE, text.encode() + b"\n")


def head_of(heads: Sequence[str]) -> str:
    """sha256 of chain heads, as bytes in order of date."""
    return hashlib.sha256(b"".join(bytes.fromhex(head) for head in heads)).hexdigest()


def run_name(day: date) -> str:
    """Name of a day's sealed run in its study: ``r2026-01-01``."""
    return f"r{day.isoformat()}"
