"""The command that asks how many match servers, and how much memory, a day needs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.ask import AsJson, Settings
from sim.cli.console import print_json, say, tables


def match_servers(
    scenario: Annotated[str, typer.Argument(help="Built-in id or path of a scenario file.")],
    *,
    gallery: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND[=PEOPLE]",
            help="departure, day, city or national; may be repeated. None: as the day asks, "
            "then everyone of the day, a city, the nation.",
        ),
    ] = None,
    profile: Annotated[
        str, typer.Option(metavar="NAME", help="A shipped profile or a file, measured.")
    ] = "epyc-one-core",
    promise_ms: Annotated[
        float, typer.Option(min=0.001, help="Latency that 99 % must not exceed.")
    ] = 200.0,
    overrides: Settings = None,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same day.")] = 1,
    json: AsJson = False,
) -> None:
    """Say the cores and memory that match requests need at their peak, one group of cores lost."""
    from sim.evidence.matching.capacity import capacity_document
    from sim.experiments.day import run_day
    from sim.matcher.trace.galleries import sizes_named
    from sim.scenario.load import load_scenario
    from sim.scenario.profile import read_profile

    times = read_profile(profile, folder=Path())
    sizes_named(gallery or ())  # before the day is simulated
    loaded = load_scenario(scenario, overrides=overrides or ())
    say(f"{loaded.spec.id}: simulating the day")
    day = run_day(loaded, seed=seed)
    found = capacity_document(day, times, wanted=gallery or (), promise_s=promise_ms / 1000)
    if json:
        print_json(found)
        return
    from sim.reporting.match_servers import match_servers_report

    for part in match_servers_report(found):
        tables().print(part)
