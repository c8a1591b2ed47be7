"""The command that shows what a schedule file says of a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from sim.cli.ask import AsJson, Settings
from sim.cli.console import print_json, tables
from sim.errors import UsageError


def schedule(
    scenario: Annotated[str, typer.Argument(help="Built-in id or path of a scenario file.")],
    *,
    on: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="Another day of the files.")
    ] = None,
    overrides: Settings = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print a table of departures, to edit and use instead.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Show the flights that a scenario's schedule files have on a day, and every line's fate."""
    from sim.reporting.schedules import departures_csv, schedule_document, schedule_tables
    from sim.scenario.load import load_scenario

    if as_csv and json:
        msg = "--csv and --json are two forms of one answer; give one of them"
        raise UsageError(msg)
    day = _day(on)
    document = schedule_document(load_scenario(scenario, overrides=overrides or ()), day=day)
    if json:
        print_json(document)
    elif as_csv:
        typer.echo(departures_csv(document), nl=False)
    else:
        for table in schedule_tables(document):
            tables().print(table)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        msg = f"--date {text} is not a date; write 2026-06-12"
        raise UsageError(msg) from None
