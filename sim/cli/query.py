"""The command that asks a run in SQL."""

from __future__ import annotations

import atexit
import csv as writing
import gc
import json as encoding
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.ask import AsJson
from sim.cli.console import say, tables
from sim.cli.look import Run
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.query.answer import Answer

SHOWN = 100
"""Rows of a table where no limit is given."""


def query(
    run: Run,
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One reading statement.")],
    *,
    json: AsJson = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV with a header.")] = False,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help=f"Most rows; a table without it shows {SHOWN}."),
    ] = None,
) -> None:
    """Ask a run in SQL: events, passengers, departures, galleries, visits, waits, journeys."""
    from sim.events.store import open_run
    from sim.query.answer import ask

    atexit.unregister(gc.freeze)  # DuckDB complains of what it finds frozen at the end
    if json and csv:
        raise UsageError("--json and --csv ask two things; give one of them")
    log = open_run(run)
    if not log.is_complete:
        say(f"{run}: interrupted; asked is its valid prefix of {len(log):,} events")
    answer = ask(log, sql, limit=limit if json or csv else limit or SHOWN)
    if json:
        _print_json(answer)
    elif csv:
        table = writing.writer(sys.stdout, lineterminator="\n")
        table.writerow(answer.columns)
        table.writerows(answer.rows)
    else:
        _print_table(answer)
    if answer.is_cut:
        say("there are more rows; --limit shows as many as you want")


def _print_json(answer: Answer) -> None:
    """One document, written as the rows come."""
    names = encoding.dumps(list(answer.columns), ensure_ascii=False)
    sys.stdout.write(f'{{"columns": {names},\n "rows": [')
    separator = "\n"
    for row in answer.rows:
        text = encoding.dumps(row, ensure_ascii=False, allow_nan=False)
        sys.stdout.write(f"{separator}  {text}")
        separator = ",\n"
    sys.stdout.write(f'\n ],\n "is_cut": {encoding.dumps(answer.is_cut)}}}\n')


def _print_table(answer: Answer) -> None:
    from rich.table import Table

    table = Table(show_edge=False, header_style="bold")
    for name in answer.columns:
        table.add_column(name, overflow="fold")
    for row in answer.rows:
        table.add_row(*map(_cell, row))
    tables().print(table, markup=False)


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case float():
            return f"{value:.6g}"
        case _:
            return str(value)
