"""Commands about questions: which scenarios there are, whether one is sound, its sources."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.console import print_json, say, tables

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a figure; may be repeated."),
]


def scenarios(
    *,
    questions: Annotated[
        bool, typer.Option("--questions", help="Print the question of each as well.")
    ] = False,
    json: AsJson = False,
) -> None:
    """List the built-in scenarios, by kind of place."""
    from sim.reporting.scenarios import scenario_rows, scenario_tables

    rows = scenario_rows()
    if json:
        print_json({"scenarios": rows})
        return
    for table in scenario_tables(rows, questions=questions):
        tables().print(table, "")
    say(f"{len(rows)} scenarios; sim run SCENARIO simulates one, --questions says what each asks")


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Scenario files or ids.")],
    *,
    json: AsJson = False,
) -> None:
    """Validate scenario files; print every fault at once with file, line and key."""
    from sim.scenario.check import check_files

    faults = check_files(files)
    if json:
        listed = [
            {"path": f.path, "line": f.line, "key": f.key, "message": f.message} for f in faults
        ]
        print_json({"files": len(files), "faults": listed})
    for fault in faults:
        say(str(fault))
    if faults:
        say(f"{len(faults)} fault{'s' if len(faults) > 1 else ''} found")
        raise typer.Exit(2)
    if not json:
        typer.echo(f"{len(files)} file{'s' if len(files) > 1 else ''} without a fault")


def sources(
    scenario: Annotated[str, typer.Argument(help="Built-in id or path of a scenario file.")],
    *,
    overrides: Settings = None,
    json: AsJson = False,
) -> None:
    """List every figure of a scenario with its range and source."""
    from sim.reporting.scenarios import source_document, source_table
    from sim.scenario.load import load_scenario

    document = source_document(load_scenario(scenario, overrides=overrides or ()))
    if json:
        print_json(document)
        return
    tables().print(source_table(document))
    assumed = document["assumed_share"]
    say(
        f"{document['figures']} figures, "
        f"{'none' if assumed is None else format(assumed, '.0%')} of them assumed; "
        f"{document['without_source']} without a source"
    )
