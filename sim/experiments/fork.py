"""A fork: a run made again from the start, with other timelines from an instant on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import AuditError, DamagedRunError, Fault, RunError, ScenarioError
from sim.events.log import BLOCK_ROWS, COLUMNS, EventLog
from sim.events.reader import StoredLog
from sim.events.store import open_run, verify_run
from sim.experiments.day import DEFAULT_ENGINE, Day, Engine, Progress, Timings, run_day
from sim.experiments.opening.beginning import begin_again
from sim.experiments.revision import Revision, revised_scenario, revisions_in
from sim.experiments.study import STUDY_FILE
from sim.scenario.clock import US_PER_S, instant_text, to_us
from sim.scenario.load import scenario_from_document
from sim.scenario.model_version import MODEL_VERSION
from sim.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Prefix:
    """What two runs have in common, counted event by event.

    Attributes
    ----------
    before : int
        Events before the instant of the fork.
    common : int
        Events that are equal, from the first to the first that differs; at least `before`.
    links : int
        Links of the chain over full segments before the instant, equal in both.
    """

    before: int
    common: int
    links: int


@dataclass(frozen=True, slots=True)
class Fork:
    """A run and its fork.

    Attributes
    ----------
    at_us : int
        When they part.
    changes : tuple of str
        What the fork changes then, each ``key=value``.
    parent : StoredLog
        The run.
    day : Day
        The fork, sealed.
    prefix : Prefix
        What is common to both.
    """

    at_us: int
    changes: tuple[str, ...]
    parent: StoredLog
    day: Day
    prefix: Prefix


def fork_run(
    path: Path,
    *,
    at_us: int,
    changes: Sequence[str] = (),
    out: Path,
    engine: Engine = DEFAULT_ENGINE,
    progress: Progress | None = None,
    timings: Timings | None = None,
) -> Fork:
    """Run a day again with changes that take effect at an instant.

    Parameters
    ----------
    path : Path
        The run; it is verified first. It may be a fork itself.
    at_us : int
        When changes take effect, before everything else of that instant.
    changes : sequence of str
        Each ``key=value``, see `sim.experiments.revision`; without any the run is reproduced.
    out : Path
        Directory of the fork.
    engine : {"reference", "compiled"}
        Engines give the same log.

    Raises
    ------
    RunError
        If there is no complete run of this model version at `path`, or `out` is not empty.
    DamagedRunError
        If the run is damaged.
    ScenarioError
        With every fault, if it cannot be changed so, or not then.
    AuditError
        If the past is not the run's, which is a bug.
    """
    parent = _verified(path)
    manifest = parent.manifest
    scenario = scenario_from_document(manifest.scenario)
    revisions = revisions_in(manifest.notes)
    opens_us = (manifest.notes.get("opening") or {}).get("at_us")
    _check_instant(scenario, revisions, at_us=at_us, changes=changes, opens_us=opens_us)
    if changes:
        revisions = (*revisions, Revision(at_us, tuple(changes)))
    on = manifest.notes.get("on")
    day = run_day(
        scenario,
        seed=manifest.seed,
        replication=manifest.replication,
        on=date.fromisoformat(on) if on else None,
        revisions=revisions,
        engine=engine,
        out=out,
        progress=progress,
        timings=timings,
        begin=begin_again(parent),
        notes={
            "fork": {
                "parent": {"run_id": manifest.run_id, "chain_head": manifest.chain_head},
                "at_us": at_us,
                "changes": list(changes),
                "revisions": [each.as_json() for each in revisions],
            }
        },
    )
    prefix = prefix_of(parent, day.log, at_us=at_us)
    links = open_run(out).manifest.chain[: prefix.links]
    if prefix.common < prefix.before or links != manifest.chain[: prefix.links]:
        text = (
            f"{out}: the fork differs from its parent at event {prefix.common}, before "
            f"{instant_text(at_us)}, where {prefix.before} events should be equal; "
            "please report this"
        )
        raise AuditError(text)
    return Fork(at_us, tuple(changes), parent, day, prefix)


def prefix_of(parent: EventLog, fork: EventLog, *, at_us: int) -> Prefix:
    """What two logs have in common, and how many events of the first come before an instant."""
    common = before = 0
    goes_on, others = True, iter(fork.blocks())
    for one in parent.blocks():
        before += int(np.searchsorted(one.at_us, at_us))
        other = next(others, None) if goes_on else None
        goes_on = other is not None
        if other is not None:
            rows = min(len(one), len(other))
            differs = np.zeros(rows, dtype=bool)
            for name in COLUMNS:
                differs |= getattr(one, name)[:rows] != getattr(other, name)[:rows]
            equal = int(np.argmax(differs)) if differs.any() else rows
            common += equal
            goes_on = equal == len(one) == len(other)
        if not goes_on and one.at_us[-1] >= at_us:
            break
    return Prefix(before, common, 1 + min(before, common) // BLOCK_ROWS)


def _verified(path: Path) -> StoredLog:
    if (path / STUDY_FILE).exists() and not (path / "manifest.json").exists():
        example = next(iter(sorted(path.glob("r*"))), path / "r0000")
        msg = f"{path} is a study; fork one of its runs, such as {example}"
        raise RunError(msg)
    report = verify_run(path)
    if report.faults:
        raise DamagedRunError(report.faults)
    log = open_run(path)
    if not log.is_complete:
        msg = f"{path} was interrupted after {len(log)} events; run it to its end, then fork"
        raise RunError(msg)
    if log.manifest.model_version != MODEL_VERSION:
        msg = (
            f"{path} was made by model version {log.manifest.model_version}, this is "
            f"{MODEL_VERSION}; fork with the release that made it"
        )
        raise RunError(msg)
    if log.is_upcast:
        msg = (
            f"{path} has older versions of some kinds of events, so that no chain link can be "
            "shared; simulate it anew, then fork that"
        )
        raise RunError(msg)
    return log


def _check_instant(
    scenario: Scenario,
    revisions: Sequence[Revision],
    *,
    at_us: int,
    changes: Sequence[str],
    opens_us: int | None,
) -> None:
    """Refuse instants and changes that cannot be, all at once."""
    spec, at = scenario.spec, instant_text(at_us)
    starts_us = to_us(spec.day_starts) if opens_us is None else opens_us
    text = ""
    if at_us < starts_us:
        what = "day starts" if opens_us is None else "run begins"
        text = f"--at {at} is before the {what}, {instant_text(starts_us)}; name a later instant"
    elif spec.end_of_run == "cut" and spec.horizon_s and at_us >= to_us(spec.horizon_s.value):
        ends = instant_text(to_us(spec.horizon_s.value))
        text = f"--at {at} is not before the run is cut, {ends}; name an earlier instant"
    elif changes and revisions and at_us < revisions[-1].at_us:
        text = (
            f"--at {at} is before {instant_text(revisions[-1].at_us)}, when this run was forked "
            "itself; fork its parent, or name a later instant"
        )
    faults = [Fault(text)] if text else []
    for revision in revisions:
        scenario = revised_scenario(scenario, revision.changes)
    try:
        revised_scenario(scenario, changes)
    except ScenarioError as error:
        faults += error.faults
    if faults:
        raise ScenarioError(faults)


def changes_document(fork: Fork) -> dict[str, Any]:
    """What was changed when, and how far both runs are equal, as plain JSON."""
    return {
        "at": instant_text(fork.at_us),
        "at_s": fork.at_us / US_PER_S,
        "changes": list(fork.changes),
        "prefix": {
            "events_before": fork.prefix.before,
            "events_in_common": fork.prefix.common,
            "chain_links": fork.prefix.links,
        },
    }
