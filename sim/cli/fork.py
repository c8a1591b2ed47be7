"""The command that forks: a run made again with a changed future."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from sim.cli.ask import AsJson
from sim.cli.console import print_json, tables
from sim.cli.simulate import RUNS, cancellable
from sim.errors import UsageError


def fork(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The run to fork.")],
    *,
    at: Annotated[str, typer.Option(metavar="HH:MM", help="When the changes take effect.")],
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="What changes then: servers, outages, policies, shares of options.",
        ),
    ] = None,
    engine: Annotated[
        Literal["compiled", "reference"], typer.Option(help="Engine; both give the same log.")
    ] = "compiled",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The directory of the new run.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Run a day again with the same past and a changed future; without --set, reproduce it."""
    started = time.perf_counter()
    from sim.experiments.day import Timings
    from sim.experiments.fork import fork_run
    from sim.reporting.forks import fork_document, fork_tables

    timings = Timings()
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    target = out or RUNS / f"{run.resolve().name}-fork-{stamp}"
    with cancellable(target):
        done = fork_run(
            run,
            at_us=_instant(at),
            changes=changes or (),
            out=target,
            engine=engine,
            timings=timings,
        )
    document = fork_document(done)
    wall_s = time.perf_counter() - started
    document |= {"engine": engine, "timings": {**timings.as_dict(), "wall_s": wall_s}}
    if json:
        print_json(document)
        return
    for part in fork_tables(document):
        tables().print(part)


def _instant(at: str) -> int:
    from sim.scenario.clock import clock_s, to_us

    try:
        return to_us(int(clock_s(at)))
    except ValueError as error:
        msg = f"--at: {error}"
        raise UsageError(msg) from None
