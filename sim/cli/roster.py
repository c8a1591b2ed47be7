"""The command that staffs a plan: the cheapest shifts that keep every station staffed."""

from __future__ import annotations

import json as reader
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.ask import AsJson
from sim.cli.console import print_json, say, tables
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.planner.roster import Rostered

FILES = ("roster.json", "shifts.csv", "people.csv", "staff.csv")


def roster(
    scenario: Annotated[str, typer.Argument(help="A built-in scenario or a file.")],
    *,
    plan: Annotated[
        Path | None,
        typer.Option(metavar="PLAN", help="A plan of `sim plan`; else the scenario's openings."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Where the tables go.")
    ] = None,
    gap: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Stop this close to the least cost.")
    ] = 1e-3,
    time_limit_s: Annotated[
        float, typer.Option(min=0.1, max=86_400.0, help="Stop then with the best there is.")
    ] = 60.0,
    json: AsJson = False,
) -> None:
    """Find the cheapest shifts that staff a plan, or the scenario's own openings."""
    from sim.events.files import write_durably
    from sim.planner.beside_today import beside_today
    from sim.planner.roster import attended, own_levels
    from sim.planner.roster import roster as staffed
    from sim.planner.shifts.tables import (
        DUTY_COLUMNS,
        SHIFT_COLUMNS,
        STAFF_COLUMNS,
        csv_text,
        duty_rows,
        roster_document,
        shift_rows,
        staff_rows,
    )
    from sim.reporting.roster import roster_report
    from sim.scenario.load import load_scenario
    from sim.scenario.roster import RosterSpec

    spec = load_scenario(scenario).spec
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        msg = f"{out} is not empty; give another --out"
        raise UsageError(msg)
    if not attended(spec):
        msg = (
            f"{spec.id} has no station with opening hours, reserves or a team; "
            "name those that people attend under roster.teams"
        )
        raise UsageError(msg)
    minutes = (spec.roster or RosterSpec()).period_min.value
    own = own_levels(spec, period_min=minutes)
    if not any(any(levels) for levels in own.values()):
        msg = f"{spec.id} opens no server that people attend; there is nobody to roster"
        raise UsageError(msg)
    limits: dict[str, Any] = {"gap": gap, "time_limit_s": time_limit_s, "say": say}
    shown: Rostered | None = None
    if plan is not None:
        own_min = 30.0 if spec.plan is None else spec.plan.period_min.value
        levels, per_min = _planned(plan, set(attended(spec)), own_min)
        shown = staffed(spec, levels, period_min=per_min, **limits)
        own = {name: own[name] for name in levels}  # like with like
    today = staffed(spec, own, period_min=minutes, **limits)
    shown = shown or today
    document = roster_document(shown.question, shown.found)
    document = {"scenario": spec.id, **document}
    document["today"] = None if plan is None else beside_today(shown, today)
    if out is not None:
        period = shown.question.period_min
        texts = (
            reader.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n",
            csv_text(SHIFT_COLUMNS, shift_rows(shown.found, period)),
            csv_text(DUTY_COLUMNS, duty_rows(shown.found, period)),
            csv_text(STAFF_COLUMNS, staff_rows(shown.question, shown.found)),
        )
        out.mkdir(parents=True, exist_ok=True)
        for name, text in zip(FILES, texts, strict=True):
            write_durably(out / name, text.encode())
        say(f"roster: {out.resolve()}")
    if json:
        print_json(document)
    else:
        for part in roster_report(document):
            tables().print(part)
    if not shown.found.outcome.is_success:
        raise typer.Exit(1)


def _planned(
    path: Path, known: set[str], own_min: float
) -> tuple[dict[str, tuple[int, ...]], float]:
    """Levels of a plan at the stations that people attend, and the minutes in its periods."""
    file = path / "plan.json" if path.is_dir() else path
    try:
        document = reader.loads(file.read_text(encoding="utf-8"))
        minutes = float(document.get("period_s", own_min * 60)) / 60
        levels = {
            name: tuple(int(level) for level in each["servers"])
            for name, each in document["stations"].items()
            if name in known
        }
    except FileNotFoundError:
        msg = f"{file} is not there; give the directory or plan.json that `sim plan -o` wrote"
        raise UsageError(msg) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{file} is no plan ({error}); give what `sim plan -o` wrote"
        raise UsageError(msg) from None
    lengths = {len(each) for each in levels.values()}
    if (
        len(lengths) != 1
        or not minutes > 0
        or min(min(each, default=0) for each in levels.values()) < 0
    ):
        msg = f"{file} has no levels, by one period, of stations that people attend"
        raise UsageError(msg)
    return levels, minutes
