"""Whether a run or a study is whole, and whether simulating it again gives the same log."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

from sim.errors import Fault, RunError, SimError
from sim.events.chain import Chain
from sim.events.files import read_plain
from sim.events.store import StoredLog, open_run, verify_run
from sim.events.verify import VerifyReport
from sim.experiments.dates_verification import verify_dates
from sim.experiments.day import run_day
from sim.experiments.opening.beginning import begin_again
from sim.experiments.revision import revisions_in
from sim.experiments.study import STUDY_FILE, STUDY_FORMAT
from sim.experiments.verdict import Verdict
from sim.scenario.load import scenario_from_document
from sim.scenario.model_version import MODEL_VERSION

STUDY_LIMIT = 1 << 28
"""Largest study file read, in bytes."""


def verify_path(path: Path, *, resimulate: bool = False) -> Verdict:
    """Verify a run, or a study with all its runs.

    Parameters
    ----------
    path : Path
        Run or study directory.
    resimulate : bool
        Simulate again from the manifest and compare the chain head.

    Raises
    ------
    RunError
        If there is neither a run nor a study at `path`.
    """
    if (path / STUDY_FILE).exists() and not (path / "manifest.json").exists():
        return _verify_study(path, resimulate=resimulate)
    return _verify_one(path, resimulate=resimulate)


def _verify_one(path: Path, *, resimulate: bool) -> Verdict:
    return _verdict(verify_run(path), path, resimulate=resimulate)


def _verdict(report: VerifyReport, path: Path, *, resimulate: bool) -> Verdict:
    faults = list(report.faults)
    same: bool | None = None
    if resimulate and report.status == "complete":
        fault = _resimulation_fault(path)
        same = fault is None
        faults += [] if fault is None else [fault]
    return Verdict(
        path=str(path),
        status="damaged" if faults else report.status,
        events=report.events,
        segments=report.segments,
        chain_head=report.chain_head,
        faults=tuple(faults),
        notices=report.notices,
        resimulated=same,
    )


def _resimulation_fault(path: Path) -> Fault | None:
    log = open_run(path)
    manifest = log.manifest
    if manifest.model_version != MODEL_VERSION:
        text = (
            f"it was made by model version {manifest.model_version}, this is {MODEL_VERSION}; "
            "simulate with the release that made it"
        )
        return Fault(text, str(path))
    on = manifest.notes.get("on")
    try:
        day = run_day(
            scenario_from_document(manifest.scenario),
            seed=manifest.seed,
            replication=manifest.replication,
            on=date.fromisoformat(on) if on else None,
            revisions=revisions_in(manifest.notes),
            begin=begin_again(log),
        )
    except SimError as error:
        return Fault(f"it cannot be simulated again: {error}", str(path))
    expected = _head_as_read(log)
    if day.chain_head == expected:
        return None
    text = f"simulated again the chain head is {day.chain_head[:16]}…, the manifest has "
    text += f"{manifest.chain_head[:16]}…"
    if log.is_upcast:
        text += f", in this release's kind versions {expected[:16]}…"
    return Fault(text, str(path))


def _head_as_read(log: StoredLog) -> str:
    """Head of the chain over the events in the meaning of this release."""
    if not log.is_upcast:
        return log.chain_head
    chain = Chain(log.stations, log.tables)
    for block in log.blocks():
        chain.write(block)
    return chain.head


def _verify_study(path: Path, *, resimulate: bool) -> Verdict:
    file = path / STUDY_FILE
    try:
        document = json.loads(read_plain(file, limit=STUDY_LIMIT))
        if "asked" in document:
            return verify_dates(path, document, verify=_verify_one, resimulate=resimulate)
        replications = [(str(r["run"]), str(r["chain_head"])) for r in document["replications"]]
        head = str(document["chain_head"])
        is_study = document["format"] == STUDY_FORMAT
        is_complete = document["status"] == "complete"
    except (ValueError, KeyError, TypeError, OSError, RecursionError) as error:
        return _damaged(path, [Fault(f"the study file cannot be read: {error}", str(file))])
    faults: list[Fault] = []
    if not is_study:
        faults.append(Fault(f"it is not a {STUDY_FORMAT}", str(file)))
    events = segments = 0
    for name, expected in replications:
        if "/" in name or name.startswith("."):
            faults.append(Fault(f"it names {name!r}, which is no run of the study", str(file)))
            continue
        try:
            verdict = _verify_one(path / name, resimulate=resimulate)
        except RunError as error:
            faults.append(Fault(str(error), str(path / name)))
            continue
        faults += verdict.faults
        events, segments = events + verdict.events, segments + verdict.segments
        if verdict.chain_head != expected:
            text = f"chain head {verdict.chain_head[:16]}… is not the study's {expected[:16]}…"
            faults.append(Fault(text, str(path / name)))
    extra = {p.name for p in path.iterdir()} - {name for name, _ in replications} - {STUDY_FILE}
    notices: list[str] = []
    for name in sorted(extra):
        if is_complete:
            faults.append(Fault("the study does not list it", str(path / name)))
        else:
            notices.append(f"{path / name}: begun when the study was cancelled; ignored")
    if _study_head([expected for _, expected in replications]) != head:
        faults.append(Fault("its chain head is not that of its runs", str(file)))
    if faults:
        return _damaged(path, faults, events=events, segments=segments)
    return Verdict(
        path=str(path),
        status="complete" if is_complete else "interrupted",
        events=events,
        segments=segments,
        chain_head=head,
        notices=tuple(notices),
        resimulated=True if resimulate else None,
    )


def _study_head(heads: list[str]) -> str | None:
    try:
        return hashlib.sha256(b"".join(bytes.fromhex(head) for head in heads)).hexdigest()
    except ValueError:
        return None


def _damaged(path: Path, faults: list[Fault], *, events: int = 0, segments: int = 0) -> Verdict:
    return Verdict(
        path=str(path),
        status="damaged",
        events=events,
        segments=segments,
        chain_head="",
        faults=tuple(faults),
    )
