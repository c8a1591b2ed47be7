"""Commands about runs: their state, a passenger's journey, whether they are whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.ask import AsJson
from sim.cli.console import print_json, say, tables
from sim.errors import UsageError

Run = Annotated[Path, typer.Argument(metavar="RUN", help="A run directory.")]


def show(
    run: Run,
    *,
    at: Annotated[
        str | None, typer.Option(metavar="HH:MM", help="The state at this instant.")
    ] = None,
    passenger: Annotated[
        int | None, typer.Option(min=0, help="One passenger's journey, by row.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Show a run: its figures, its state at an instant, or one passenger's journey."""
    from sim.events.store import open_run
    from sim.reporting import runs

    if at is not None and passenger is not None:
        msg = "--at and --passenger ask two things; give one of them"
        raise UsageError(msg)
    log = open_run(run)
    if not log.is_complete:
        say(f"{run}: interrupted; shown is its valid prefix of {len(log):,} events")
    if at is not None:
        document = runs.state_document(log, at)
        parts = runs.state_tables(document)
    elif passenger is not None:
        document = runs.journey_document(log, passenger)
        parts = runs.journey_tables(document)
    else:
        document = runs.run_document(log)
        parts = runs.run_tables(document, log)
    if json:
        print_json(document)
        return
    for part in parts:
        tables().print(part)


def verify(
    run: Run,
    *,
    resimulate: Annotated[
        bool, typer.Option("--resimulate", help="Simulate again and compare the chain head.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Hash every file of a run or study again; exit 1 names what differs."""
    from sim.experiments.verification import verify_path

    report = verify_path(run, resimulate=resimulate)
    if json:
        print_json(report.as_dict())
    for finding in (*report.notices, *report.faults):
        say(str(finding))
    if not json:
        typer.echo(report.sentence)
    raise typer.Exit(report.exit_code)


def dashboard(
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8501,
    headless: Annotated[
        bool, typer.Option("--headless", help="Do not open a browser window.")
    ] = False,
) -> None:
    """Open the planner's dashboard in the browser."""
    from importlib.util import find_spec

    if find_spec("streamlit") is None:
        msg = "the dashboard needs Streamlit; install hanh-trinh[dashboard]"
        raise UsageError(msg)
    package = find_spec("dashboard")
    if package is None or package.origin is None:
        msg = "the dashboard is not installed beside the program; install the whole wheel"
        raise UsageError(msg)
    app = Path(package.origin).with_name("app.py")
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port)]
    if headless:
        command += ["--server.headless", "true"]
    raise typer.Exit(subprocess.call(command))
