"""The command that drills: a day with and without an outage, and what it cost where."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from sim.cli.ask import AsJson, Settings
from sim.cli.console import print_json, say, tables
from sim.errors import UsageError


def drill(
    scenario: Annotated[str, typer.Argument(help="Built-in id or path of a scenario file.")],
    *,
    outage: Annotated[str, typer.Option(metavar="STATION", help="The station that fails.")],
    start: Annotated[str, typer.Option("--from", metavar="HH:MM", help="When it fails.")],
    until: Annotated[str, typer.Option(metavar="HH:MM", help="When it is back.")],
    servers: Annotated[
        str | None,
        typer.Option(metavar="0,1,…", help="Servers that fail; without, the whole bank."),
    ] = None,
    overrides: Settings = None,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same days.")] = 1,
    reps: Annotated[int, typer.Option(min=1, max=999, help="Days to simulate.")] = 1,
    band_s: Annotated[
        float,
        typer.Option(min=0, help="Within how much of the undisturbed time counts as recovered."),
    ] = 60.0,
    engine: Annotated[
        Literal["compiled", "reference"], typer.Option(help="Engine; both give the same log.")
    ] = "compiled",
    json: AsJson = False,
) -> None:
    """Simulate the same passengers with and without an outage; say what it costs where."""
    from sim.experiments.drill import Outage, run_drill
    from sim.reporting.drills import drill_document, drill_tables
    from sim.scenario.load import load_scenario

    planned = Outage(
        outage, _clock(start, "--from"), _clock(until, "--until"), _numbers(servers, "--servers")
    )
    done = run_drill(
        load_scenario(scenario, overrides=overrides or ()),
        planned,
        reps=reps,
        seed=seed,
        engine=engine,
        band_s=band_s,
        progress=lambda days: say(f"{days} of {reps} days") if reps > 1 else None,
    )
    document = drill_document(done)
    if json:
        print_json(document)
        return
    for part in drill_tables(document):
        tables().print(part)


def _clock(text: str, option: str) -> int:
    from sim.scenario.clock import clock_s

    try:
        return int(clock_s(text))
    except ValueError as error:
        msg = f"{option}: {error}"
        raise UsageError(msg) from None


def _numbers(text: str | None, option: str) -> tuple[int, ...]:
    if text is None:
        return ()
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        msg = f"{option}: got {text!r}; give indices from 0 with commas, such as 0,1"
        raise UsageError(msg)
    return tuple(map(int, parts))
