"""The command that plans: the smallest staffing that keeps the promise, certified."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.ask import AsJson, Settings
from sim.cli.console import print_json, say, tables
from sim.errors import UsageError

CANCELLED = 130
"""Exit code after an interrupt, as shells have it."""


def plan(
    scenario: Annotated[str, typer.Argument(help="Built-in id or path of a scenario file.")],
    *,
    target: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STATION:SHARE:WITHIN_S[:PER_MIN]",
            help="A promise in place of the file's; may be repeated.",
        ),
    ] = None,
    overrides: Settings = None,
    days: Annotated[int, typer.Option(min=30, max=9999, help="Fresh days of a certificate.")] = 400,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same plan.")] = 1,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Processes.")] = 1,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="DIR", help="Where the plan is written.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Find the smallest staffing that keeps the promises, and certify it on fresh days."""
    started = time.perf_counter()
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # small matrices: threads only get in each other's way
    from sim.experiments.study import claim
    from sim.planner.document import plan_document, write_plan
    from sim.planner.plan import Asked, run_plan
    from sim.planner.targets import promises_of
    from sim.reporting.planning import plan_report
    from sim.scenario.load import load_scenario

    if Path(scenario).is_dir():
        raise UsageError(f"{scenario} is a directory; name a scenario, whose days are simulated")
    loaded = load_scenario(scenario, overrides=overrides or ())
    promises = promises_of(loaded, target or ())
    if out is not None:
        claim(out)
    asked = Asked(promises, seed=seed, days=days, jobs=jobs)
    try:
        found = run_plan(loaded, asked, progress=_Told())
    except KeyboardInterrupt:
        say("cancelled; a plan keeps nothing until it is done")
        raise typer.Exit(CANCELLED) from None
    document = plan_document(found, elapsed_s=time.perf_counter() - started)
    if out is not None:
        write_plan(found, out, document)
    if json:
        print_json(document)
    else:
        for part in plan_report(document):
            tables().print(part)
    if not found.outcome.is_success:
        for each in found.says[:20]:
            say(each)
        say(f"{found.outcome}: {found.outcome.remedy}")
        raise typer.Exit(1)


class _Told:
    """Progress on stderr, a line at most every two seconds."""

    def __init__(self) -> None:
        self.last = 0.0

    def __call__(self, text: str) -> None:
        now = time.monotonic()
        if now - self.last >= 2.0:
            say(text)
            self.last = now
