"""The command that plans: the smallest staffing that keeps the promise, certified."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.ask import AsJson, Settings
from sim.cli.console import print_json, say, tables
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.planner.plan import Plan
    from sim.planner.staff import Staff

MOST_SAID = 20
"""Periods told one by one; the others are counted."""

CANCELLED = 130
"""Exit code after an interrupt, as shells have it."""


def plan(
    scenario: Annotated[str, typer.Argument(help="Built-in id or path of a scenario file.")],
    *,
    target: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STATION:SHARE:WITHIN_S[:PER_MIN[:DAY_SHARE]]",
            help="A promise in place of the file's; may be repeated. Also "
            "STATION:waiting:PERSONS:SHARE:PER_MIN, STATION:area:M2:M2_PER_PERSON:SHARE:PER_MIN "
            "and departures:missed:SHARE.",
        ),
    ] = None,
    overrides: Settings = None,
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="Policies in force as on this date.")
    ] = None,
    days: Annotated[
        int, typer.Option(min=30, max=9999, help="Fresh days of a certificate, at least.")
    ] = 400,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same plan.")] = 1,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Processes.")] = 1,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="DIR", help="Where the plan is written.")
    ] = None,
    roster_s: Annotated[
        float,
        typer.Option(min=0.0, max=86_400.0, help="Longest search for a roster; 0 makes none."),
    ] = 60.0,
    json: AsJson = False,
) -> None:
    """Find the smallest staffing that keeps the promises, certify it, and staff it."""
    started = time.perf_counter()
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # small matrices: threads only get in each other's way
    from sim.experiments.study import claim
    from sim.planner.document import plan_document, write_plan
    from sim.planner.plan import Asked, run_plan
    from sim.planner.shifts.solve import DEFAULT_GAP
    from sim.planner.staff import staff_of
    from sim.planner.targets import promises_of
    from sim.reporting.planning import plan_report
    from sim.scenario.load import load_scenario

    if Path(scenario).is_dir():
        raise UsageError(f"{scenario} is a directory; name a scenario, whose days are simulated")
    loaded = load_scenario(scenario, overrides=overrides or ())
    promises = promises_of(loaded, target or ())
    if out is not None:
        claim(out)
    asked = Asked(promises, seed=seed, days=days, jobs=jobs, on=_date(on))
    told, staff = _Told(), None
    try:
        found = run_plan(loaded, asked, progress=told)
        if roster_s > 0:
            staff = staff_of(found, gap=DEFAULT_GAP, time_limit_s=roster_s, say=told)
    except KeyboardInterrupt:
        say("cancelled; a plan keeps nothing until it is done")
        raise typer.Exit(CANCELLED) from None
    document = plan_document(found, staff, elapsed_s=time.perf_counter() - started)
    if out is not None:
        write_plan(found, out, document, staff)
    if json:
        print_json(document)
    else:
        for part in plan_report(document):
            tables().print(part)
    for each in _wrong(found, staff):
        say(each)
    if not found.outcome.is_success:
        raise typer.Exit(1)


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = f"--on {text!r} is not a date; write 2025-12-01"
        raise UsageError(msg) from None


def _wrong(found: Plan, staff: Staff | None) -> list[str]:
    """What stands in the way of the plan or its roster, and what would help."""
    from sim.planner.shifts.tables import lack_text

    said = []
    if staff is not None and not staff.plan.found.outcome.is_success:
        rostered = staff.plan
        lacks = rostered.found.lacks[:MOST_SAID]
        said += [lack_text(each, rostered.question.period_min) for each in lacks]
        said.append(f"no roster, {rostered.found.outcome}: {rostered.found.outcome.remedy}")
    if not found.outcome.is_success:
        said += found.says[:MOST_SAID]
        if len(found.says) > MOST_SAID:
            said.append(f"and {len(found.says) - MOST_SAID} more, all in says of --json")
        said.append(f"{found.outcome}: {found.outcome.remedy}")
    return said


class _Told:
    """Progress on stderr, of one step a line at most every two seconds."""

    def __init__(self) -> None:
        self.last, self.step = 0.0, ""

    def __call__(self, text: str) -> None:
        now, step = time.monotonic(), text.partition(":")[0]
        if step != self.step or now - self.last >= 2.0:
            say(text)
            self.last, self.step = now, step
