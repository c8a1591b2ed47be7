"""The command that sweeps: the same days at every point of a design of experiments."""

from __future__ import annotations

import json as encoding
import time
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from sim.cli.ask import AsJson, Settings
from sim.cli.console import print_json, say, tables
from sim.cli.executors import Cluster, Jobs, cancellable_days, days_progress, executor_for
from sim.errors import UsageError


def sweep(
    scenario: Annotated[str, typer.Argument(help="Built-in id or path of a scenario file.")],
    *,
    over: Annotated[
        list[str] | None,
        typer.Option(
            "--over",
            metavar="KEY=LOW:HIGH",
            help="Or KEY=A,B,C; or a KEY or pattern of figures with low and high. Repeatable.",
        ),
    ] = None,
    with_levers: Annotated[
        bool, typer.Option("--levers", help="Every figure of the file that has low and high.")
    ] = False,
    design: Annotated[
        Literal["grid", "lhs", "sobol"], typer.Option(help="How points are spread.")
    ] = "grid",
    points: Annotated[
        int | None,
        typer.Option(help="In all (32); of a grid, levels of each range (3)."),
    ] = None,
    tornado: Annotated[
        bool, typer.Option("--tornado", help="Instead: each factor alone, at low and at high.")
    ] = False,
    reps: Annotated[int, typer.Option(min=2, max=9999, help="Days at each point.")] = 5,
    figure: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="Figure to print, any dotted key of `sim run --json`."),
    ] = None,
    overrides: Settings = None,
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="Policies in force as on this date.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same days and design.")] = 1,
    engine: Annotated[
        Literal["compiled", "reference"], typer.Option(help="Engine; both give the same log.")
    ] = "compiled",
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keeps days, sweep.json, sweep.csv; goes on there."),
    ] = None,
    keep_logs: Annotated[
        bool, typer.Option("--keep-logs", help="With --out: seal a run for each day.")
    ] = False,
    jobs: Jobs = 1,
    cluster: Cluster = None,
    json: AsJson = False,
) -> None:
    """Simulate the same days at every point of a design; say what moves a figure how far."""
    started = time.perf_counter()
    from sim.experiments.designs import design_points
    from sim.experiments.factors import Question, factors
    from sim.experiments.intervals import FEW
    from sim.experiments.sweep import run_sweep, tornado_points
    from sim.reporting.sweeps import sweep_csv, sweep_document, sweep_tables, tornado_tables

    if keep_logs and out is None:
        msg = "--keep-logs needs --out DIR, where runs are kept"
        raise UsageError(msg)
    executor = executor_for(jobs=jobs, cluster=cluster)
    question = Question(scenario, tuple(overrides or ()))
    held_on = _date(on)
    moved, left_out = factors(question, over or [], with_levers=with_levers)
    for fault in left_out:
        say(f"note: left out, it cannot be moved by itself: {fault}")
    chosen = (
        tornado_points(moved) if tornado else design_points(moved, design, points=points, seed=seed)
    )
    if reps < FEW:
        say(f"note: {reps} days at each point give a rough interval; use at least {FEW}")
    left = "its days are kept, ask the same to go on" if out else "nothing was kept; --out keeps"
    with (
        cancellable_days(left),
        days_progress(scenario, days=reps * (len(chosen) + 1)) as progress,
    ):
        done = run_sweep(
            question,
            moved,
            chosen,
            reps=reps,
            seed=seed,
            on=held_on,
            engine=engine,
            executor=executor,
            folder=out,
            keep_logs=keep_logs,
            also=[figure] if figure else [],
            progress=progress,
        )
    document = sweep_document(
        done,
        design="tornado" if tornado else design,
        left_out=[fault.key for fault in left_out],
    )
    if done.resumed:
        say(f"{done.resumed} days were there already")
    if out is not None:
        from sim.events.files import write_durably

        text = encoding.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        write_durably(out / "sweep.json", text.encode())
        write_durably(out / "sweep.csv", sweep_csv(done).encode())
        say(f"wrote {out / 'sweep.json'} and sweep.csv")
    if json:
        wall_s = time.perf_counter() - started
        timings = {"wall_s": wall_s}
        print_json({**document, "engine": engine, "resumed": done.resumed, "timings": timings})
        return
    shown = tornado_tables if tornado else sweep_tables
    for part in shown(done, figure or "journey_s.mean"):
        tables().print(part)


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        msg = f"--on {text!r} is not a date; write 2025-12-01"
        raise UsageError(msg) from None
