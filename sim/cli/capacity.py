"""The command that asks how much equipment is enough, and until when."""

from __future__ import annotations

import time
from datetime import date
from typing import Annotated, Literal

import typer

from sim.cli.ask import AsJson, Settings
from sim.cli.console import print_json, say, tables
from sim.errors import UsageError

MOST_MONTHS = 120


def capacity(
    scenario: Annotated[str, typer.Argument(help="A built-in scenario or a file.")],
    *,
    overrides: Settings = None,
    target: Annotated[
        list[str] | None,
        typer.Option(metavar="STATION:SHARE:SECONDS…", help="A promise of its own for a station."),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="MONTH", help="Look ahead from 2026-01.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="MONTH", help="To this month, as 2028-12.")
    ] = None,
    growth: Annotated[
        float, typer.Option(min=-0.5, max=2.0, help="Growth of demand a year; 0.08 is 8 %.")
    ] = 0.08,
    day: Annotated[
        Literal["peak", "typical"], typer.Option(help="Which day of each month counts.")
    ] = "peak",
    public_share: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Part of the capital paid publicly.")
    ] = 0.0,
    all_open: Annotated[
        bool, typer.Option("--all-open", help="With all servers installed, not today's openings.")
    ] = False,
    days: Annotated[int, typer.Option(min=1, max=999, help="Days simulated each time.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same days.")] = 1,
    json: AsJson = False,
) -> None:
    """Say the hourly demand at which the promises still hold; with months, what to install."""
    started = time.perf_counter()
    from sim.planner.hourly_capacity import hourly_capacity
    from sim.planner.infrastructure import Horizon, equipment
    from sim.planner.kept import promised
    from sim.reporting.capacity import capacity_report
    from sim.scenario.load import load_scenario
    from sim.scenario.rollout import months_between

    months: tuple[date, ...] = ()
    if (first is None) != (last is None):
        msg = "--from and --to go together; give both or neither"
        raise UsageError(msg)
    if first is not None and last is not None:
        months = tuple(months_between(_month(first, "--from"), _month(last, "--to")))
        if not 1 <= len(months) <= MOST_MONTHS:
            msg = f"--from to --to are {len(months)} months; give 1 to {MOST_MONTHS}, in order"
            raise UsageError(msg)
    loaded = promised(load_scenario(scenario, overrides=overrides or ()), target or ())
    document: dict[str, object] = {
        "scenario": loaded.spec.id,
        "days": days,
        "seed": seed,
        "all_open": all_open,
        "targets": [
            each.model_dump(mode="json", exclude_none=True) for each in loaded.spec.targets
        ],
        "capacity": hourly_capacity(loaded, days=days, seed=seed, all_open=all_open, say=say),
        "equipment": None,
    }
    if months:
        horizon = Horizon(months, growth, day, public_share)
        found = equipment(loaded, horizon, days=days, seed=seed, say=say)
        document["equipment"] = {"growth": growth, "public_share": public_share, **found}
    document["elapsed_s"] = time.perf_counter() - started
    if json:
        print_json(document)
        return
    for part in capacity_report(document):
        tables().print(part)


def _month(text: str, option: str) -> date:
    from sim.scenario.rollout import month_from_text

    try:
        return month_from_text(text)
    except ValueError as error:
        msg = f"{option}: {error}"
        raise UsageError(msg) from None
