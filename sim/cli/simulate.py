"""The command that simulates: days of a scenario, sealed and summed up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim.cli.ask import AsJson, Settings
from sim.cli.console import print_json, say, tables
from sim.cli.days import refuse_mixed, simulate_days
from sim.cli.executors import CANCELLED, Cluster
from sim.cli.openings import begun_from, simulate_from
from sim.cli.progress import run_progress
from sim.cli.replications import refuse_unshared, simulated
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario.load import Scenario

RUNS = Path("runs")
"""Where runs go when no directory is named."""

SEALED = "what was sealed is valid, `sim verify` states its count"


def run(
    scenario: Annotated[str, typer.Argument(help="Built-in id or path of a scenario file.")],
    *,
    overrides: Settings = None,
    on: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Policies in force as on this date; same passengers."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same days.")] = 1,
    reps: Annotated[int, typer.Option(min=1, max=9999, help="Days to simulate.")] = 1,
    engine: Annotated[
        Literal["compiled", "reference"], typer.Option(help="Engine; both give the same log.")
    ] = "compiled",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The run directory itself.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Processes for several days.")] = 1,
    days: Annotated[
        int | None,
        typer.Option(min=1, max=3660, metavar="N", help="Dates to simulate, a year of them."),
    ] = None,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="With --days: the first; else its own date."),
    ] = None,
    keep_logs: Annotated[
        bool, typer.Option("--keep-logs", help="With --days: seal a run for each.")
    ] = False,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="With --days or --reps: go on with what was interrupted."),
    ] = False,
    cluster: Cluster = None,
    from_run: Annotated[
        Path | None,
        typer.Option("--from-run", metavar="RUN", help="With --at: begin with its people."),
    ] = None,
    from_counts: Annotated[
        Path | None,
        typer.Option("--from-counts", metavar="CSV", help="With --at: begin with so many people."),
    ] = None,
    from_log: Annotated[
        Path | None,
        typer.Option(
            "--from-log",
            metavar="LOG",
            help="With --at: begin with those a CSV, XES or OCEL log has.",
        ),
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="HH:MM", help="With --from-…: when the run begins.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="HH:MM", help="With --from-…: when it is cut.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Simulate a scenario, seal the run, print the service-level table."""
    started = time.perf_counter()
    from sim.experiments.day import Timings
    from sim.scenario.load import load_scenario

    others = {"from": first, "keep_logs": keep_logs, "resume": resume}
    refuse_mixed(days=days, reps=reps, out=out, **others)
    refuse_unshared(days=days, reps=reps, out=out, cluster=cluster, resume=resume, jobs=jobs)
    day, start = _date(on, "--on"), _date(first, "--from")
    timings = Timings()
    with timings.spent_on("load_s"):
        # What is set with --from-run is changed from its instant on, not from the start.
        loaded = load_scenario(scenario, overrides=() if from_run else overrides or ())
    target = out or _new_directory(loaded)
    asked = begun_from(
        loaded,
        from_run=from_run,
        from_counts=from_counts,
        from_log=from_log,
        at=at,
        until=until,
        days=days,
        reps=reps,
    )
    if asked is not None:
        with cancellable(target), run_progress(loaded.spec.id, days=1) as progress:
            begun = simulate_from(
                loaded,
                asked,
                changes=overrides or (),
                seed=seed,
                on=day,
                engine=engine,
                out=target,
                progress=progress.events if progress else None,
                timings=timings,
            )
        from sim.reporting.openings import opening_document

        mark = begun.folded.opening
        assert mark is not None
        document = _document(
            begun.scenario,
            begun.summary,
            run_dir=target,
            on=begun.on,
            seed=begun.seed,
            reps=1,
            engine=engine,
            end_of_run=begun.scenario.spec.end_of_run if asked.until_us is None else "cut",
            chain_head=begun.chain_head,
            timings=timings.as_dict(),
            opening=opening_document(begun.log, mark, until_us=asked.until_us),
        )
        _show(document, begun.scenario, started=started, as_json=json)
        return
    if days is not None:
        with cancellable(target, "what is done is kept, go on with --resume"):
            document = simulate_days(
                loaded,
                days=days,
                first=start,
                seed=seed,
                on=day,
                engine=engine,
                keep_logs=keep_logs,
                resume=resume,
                jobs=jobs,
                out=target,
                progress=run_progress(loaded.spec.id, days=days),
            )
        document["timings"]["load_s"] += timings.load_s
        _show(document, loaded, started=started, as_json=json)
        return
    left = "what is done is kept, go on with --resume" if reps > 1 else SEALED
    with cancellable(target, left), run_progress(loaded.spec.id, days=reps) as progress:
        found = simulated(
            loaded,
            reps=reps,
            jobs=jobs,
            cluster=cluster,
            resume=resume,
            progress=progress,
            timings=timings,
            seed=seed,
            on=day,
            engine=engine,
            out=target,
        )
    document = _document(
        loaded,
        found.pop("summary"),
        run_dir=target,
        on=day,
        seed=seed,
        reps=reps,
        engine=engine,
        **found,
    )
    _show(document, loaded, started=started, as_json=json)


def _show(document: dict[str, Any], scenario: Scenario, *, started: float, as_json: bool) -> None:
    document["timings"]["wall_s"] = time.perf_counter() - started
    if as_json:
        print_json(document)
        return
    from sim.reporting.days import days_report
    from sim.reporting.service_level import service_level_report

    report = days_report if "by_day" in document else service_level_report
    for part in report(document, scenario.spec):
        tables().print(part)


def _document(
    scenario: Scenario,
    summary: dict[str, Any],
    *,
    run_dir: Path,
    on: date | None,
    **facts: Any,
) -> dict[str, Any]:
    from sim.scenario.model_version import MODEL_VERSION

    held = on or scenario.spec.date
    return {
        "scenario": scenario.spec.id,
        "scenario_digest": scenario.digest,
        "date": scenario.spec.date.isoformat() if scenario.spec.date else None,
        "policies_as_on": held.isoformat() if held else None,
        "policies": [policy.id for policy in scenario.program(on).policies],
        "end_of_run": scenario.spec.end_of_run,
        "model_version": MODEL_VERSION,
        "run_dir": str(run_dir.resolve()),
        **facts,
        **summary,
    }


@contextmanager
def cancellable(run_dir: Path, left: str = SEALED) -> Iterator[None]:
    """Say what an interrupt leaves behind."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"cancelled; in {run_dir} {left}")
        raise typer.Exit(CANCELLED) from None


def _date(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = f"{option} {text!r} is not a date; write 2025-12-01"
        raise UsageError(msg) from None


def _new_directory(scenario: Scenario) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    return RUNS / f"{scenario.spec.id}-{stamp}"
