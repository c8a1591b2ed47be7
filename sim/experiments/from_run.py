"""Beginning from a run: its people as they stood, and what comes after them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sim.errors import DamagedRunError, Fault, RunError, ScenarioError
from sim.events.reader import StoredLog
from sim.events.store import open_run, verify_run
from sim.experiments.day import (
    DEFAULT_ENGINE,
    DEFAULT_SEED,
    Day,
    Engine,
    Progress,
    Timings,
    run_day,
)
from sim.experiments.opening.beginning import Beginning, beginning_of
from sim.experiments.opening.instants import instant_faults
from sim.experiments.opening.section import section_of
from sim.experiments.revision import Revised, Revision, revised_scenario, revisions_in
from sim.scenario.clock import instant_text
from sim.scenario.load import scenario_from_document
from sim.scenario.model_version import MODEL_VERSION
from sim.scenario.scenario import Scenario


def run_from(
    path: Path,
    *,
    at_us: int,
    until_us: int | None = None,
    changes: Sequence[str] = (),
    engine: Engine = DEFAULT_ENGINE,
    out: Path | None = None,
    progress: Progress | None = None,
    timings: Timings | None = None,
) -> Day:
    """Begin at an instant of a run with everybody who is there, and go on.

    Parameters
    ----------
    path : Path
        The run; it is verified first. One that was interrupted will do up to where it is.
    at_us : int
        The instant; the new run's own events begin with it.
    until_us : int or None
        When to cut the new run; None for as long as the scenario goes on.
    changes : sequence of str
        What is otherwise from then on, each ``key=value`` as in a fork.
    out : Path or None
        Directory of the new run; None keeps it in memory.

    Raises
    ------
    RunError
        If there is no run of this model version at `path`.
    DamagedRunError
        If the run is damaged.
    ScenarioError
        With every fault, if it cannot begin or be changed so.

    Notes
    -----
    Passengers keep their numbers and draws, so that without changes every event from the
    instant on is the run's own; only positions in the log differ.
    """
    log = _readable(path)
    manifest = log.manifest
    scenario = scenario_from_document(manifest.scenario)
    revisions = revisions_in(manifest.notes)
    faults = instant_faults(scenario.spec, at_us=at_us, until_us=until_us)
    faults += _faults_of_log(log, at_us)
    faults += _faults_of_changes(scenario, revisions, changes)
    if faults:
        raise ScenarioError(faults)
    if changes:
        revisions = (*revisions, Revision(at_us, tuple(changes)))
    on = manifest.notes.get("on")

    def begin(day: Revised) -> Beginning:
        section = section_of(log, day.network, day.workload, at_us=at_us)
        return beginning_of(
            section,
            day,
            until_us=until_us,
            run={"run_id": manifest.run_id, "chain_head": manifest.chain_head},
            changes=list(changes),
            revisions=[each.as_json() for each in revisions],
        )

    return run_day(
        scenario,
        seed=manifest.seed,
        replication=manifest.replication,
        on=date.fromisoformat(on) if on else None,
        revisions=revisions,
        engine=engine,
        out=out,
        progress=progress,
        timings=timings,
        begin=begin,
    )


def refuse_another(scenario: Scenario, path: Path, *, seed: int, on: date | None) -> None:
    """Refuse a run of another scenario, seed or date of policies than those asked for.

    Figures that were set for the run are kept, so its scenario is known by its id.

    Raises
    ------
    ScenarioError
        With everything that is another.
    """
    manifest = _readable(path).manifest
    texts = list[str]()
    told = manifest.scenario.get("id")
    if told != scenario.spec.id:
        texts.append(
            f"{path} is a run of {told}, not of {scenario.spec.id}; name the scenario it was "
            "made from"
        )
    if seed not in (DEFAULT_SEED, manifest.seed):
        texts.append(
            f"--seed {seed} would bring other people than those of {path}, which has seed "
            f"{manifest.seed}; leave it out"
        )
    if on is not None and on.isoformat() != manifest.notes.get("on"):
        texts.append(
            f"--on {on} is not what {path} was made with; leave it out, or change policies from "
            "the instant on with --set policy…"
        )
    if texts:
        raise ScenarioError([Fault(text) for text in texts])


def differs(scenario: Scenario, path: Path) -> bool:
    """Whether a run was made from other figures than the scenario's."""
    return _bare(open_run(path).manifest.scenario) != _bare(scenario.document)


def _bare(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "opening"}


def _readable(path: Path) -> StoredLog:
    report = verify_run(path)
    if report.faults:
        raise DamagedRunError(report.faults)
    log = open_run(path)
    if log.manifest.model_version != MODEL_VERSION:
        msg = (
            f"{path} was made by model version {log.manifest.model_version}, this is "
            f"{MODEL_VERSION}; begin with the release that made it"
        )
        raise RunError(msg)
    return log


def _faults_of_log(log: StoredLog, at_us: int) -> list[Fault]:
    first_us, last_us = (log.manifest.notes.get("opening") or {}).get("at_us", -1), -1
    for block in log.blocks():
        last_us = int(block.at_us[-1])
    at = instant_text(at_us)
    if at_us > last_us:
        how = "ended" if log.is_complete else "was interrupted"
        text = (
            f"--at {at} is after the run {how}, {instant_text(max(last_us, 0))}; nobody is there "
            "any more, name an earlier instant"
        )
        return [Fault(text)]
    if at_us < first_us:
        text = (
            f"--at {at} is before {instant_text(first_us)}, when this run began itself; name a "
            "later instant"
        )
        return [Fault(text)]
    return []


def _faults_of_changes(
    scenario: Scenario, revisions: Sequence[Revision], changes: Sequence[str]
) -> list[Fault]:
    for revision in revisions:
        scenario = revised_scenario(scenario, revision.changes)
    try:
        revised_scenario(scenario, changes)
    except ScenarioError as error:
        return list(error.faults)
    return []
