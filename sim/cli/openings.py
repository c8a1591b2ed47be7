"""``sim run --from-run``, ``--from-counts`` and ``--from-log``: runs that begin in mid-day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sim.cli.console import say
from sim.errors import Fault, ScenarioError

if TYPE_CHECKING:
    from sim.experiments.day import Day, Progress, Timings
    from sim.experiments.opening.counts import Count
    from sim.scenario.load import Scenario


@dataclass(frozen=True, slots=True)
class BegunFrom:
    """What a run is to begin from, and when; one of `run`, `counts` and `log` is given."""

    at_us: int
    until_us: int | None
    run: Path | None
    counts: Path | None
    log: Path | None = None


def begun_from(
    scenario: Scenario,
    *,
    from_run: Path | None,
    from_counts: Path | None,
    from_log: Path | None = None,
    at: str | None,
    until: str | None,
    days: int | None,
    reps: int,
) -> BegunFrom | None:
    """What the options, or else the scenario's ``[opening]``, ask for; None for the whole day.

    Raises
    ------
    ScenarioError
        With everything that does not go together.
    """
    written = scenario.spec.opening
    texts = list[str]()
    named = {"--from-run": from_run, "--from-counts": from_counts, "--from-log": from_log}
    given = [option for option, path in named.items() if path]
    if len(given) > 1:
        texts.append(f"{' and '.join(given)} are several beginnings; give one")
    if not (given or written):
        texts += [
            f"{name} says when a run from people who are there begins or ends; give --from-run, "
            "--from-counts or --from-log too"
            for name, instant in (("--at", at), ("--until", until))
            if instant is not None
        ]
        if texts:
            raise ScenarioError([Fault(text) for text in texts])
        return None
    if days is not None:
        texts.append("--days simulates whole days; leave it out, or what the run begins from")
    if reps > 1:
        texts.append(
            f"--reps {reps} is of whole days; leave it out, and run another --seed for another "
            "future of the same counts"
        )
    at_us = _instant(at, "--at", texts)
    until_us = _instant(until, "--until", texts)
    if written is not None:
        beside = scenario.path.parent if scenario.path else Path()
        if not given:
            from_run = beside / written.run if written.run else None
            from_counts = beside / written.counts if written.counts else None
        at_us = _us(written.at) if at is None else at_us
        until_us = _us(written.until) if until is None else until_us
    if at is None and at_us is None:
        texts.append("--at is missing; say when the run begins, such as --at 10:00")
    if texts or at_us is None:
        raise ScenarioError([Fault(text) for text in texts])
    return BegunFrom(at_us, until_us, from_run, from_counts, from_log)


def simulate_from(
    scenario: Scenario,
    asked: BegunFrom,
    *,
    changes: Sequence[str],
    seed: int,
    on: date | None,
    engine: Literal["compiled", "reference"],
    out: Path,
    progress: Progress | None,
    timings: Timings,
) -> Day:
    """Simulate what is left of a day."""
    if asked.run is None:
        from sim.experiments.from_counts import run_from_counts

        return run_from_counts(
            scenario,
            asked.counts or _counted(scenario, asked, on),
            at_us=asked.at_us,
            until_us=asked.until_us,
            seed=seed,
            on=on,
            engine=engine,
            out=out,
            progress=progress,
            timings=timings,
        )
    from sim.experiments.from_run import differs, refuse_another, run_from

    refuse_another(scenario, asked.run, seed=seed, on=on)
    if differs(scenario, asked.run):
        say(f"{asked.run} was made from other figures than {scenario.spec.id}; its own are kept")
    return run_from(
        asked.run,
        at_us=asked.at_us,
        until_us=asked.until_us,
        changes=changes,
        engine=engine,
        out=out,
        progress=progress,
        timings=timings,
    )


def _counted(scenario: Scenario, asked: BegunFrom, on: date | None) -> list[Count]:
    """What a log by others, or by us, says of the instant."""
    from sim.calibration.counting import counts_at
    from sim.calibration.mapping import read_mapping
    from sim.calibration.reading import read_logs

    assert asked.log is not None
    spec, program = scenario.spec, scenario.program(on)
    names = read_mapping((), trait_ids=[trait.id for trait in spec.traits])
    log = read_logs([asked.log], names=names, day_starts_s=spec.day_starts)
    visited = dict.fromkeys(program.stations[slot.station] for slot in program.slots)
    counts, others = counts_at(log, asked.at_us, stations=program.stations, visited=visited)
    if others:
        say(f"{log.name}: {', '.join(others)} is nothing passengers visit in {spec.id}; ignored")
    return counts


def _instant(text: str | None, option: str, texts: list[str]) -> int | None:
    """An instant in microseconds; what is wrong with it is added to `texts`."""
    from sim.scenario.clock import clock_s

    if text is None:
        return None
    try:
        return _us(clock_s(text))
    except ValueError as error:
        texts.append(f"{option}: {error}")
        return None


def _us(seconds: float | None) -> int | None:
    from sim.scenario.clock import to_us

    return None if seconds is None else to_us(seconds)
