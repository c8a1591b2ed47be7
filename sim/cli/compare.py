"""The command that compares: the same days under two plans."""

from __future__ import annotations

import time
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from sim.cli.ask import AsJson, Settings
from sim.cli.console import print_json, progress_console, say, tables
from sim.errors import Fault, UsageError

CANCELLED = 130
"""Exit code after an interrupt, as shells have it."""


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="Built-in id or scenario file.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The other; may be the same with --set-b.")],
    *,
    reps: Annotated[int, typer.Option(min=2, max=9999, help="Days of each.")] = 20,
    overrides: Settings = None,
    overrides_b: Annotated[
        list[str] | None,
        typer.Option("--set-b", metavar="KEY=VALUE", help="Override a figure of B only."),
    ] = None,
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="Policies in force as on this date.")
    ] = None,
    on_b: Annotated[
        str | None, typer.Option("--on-b", metavar="DATE", help="The same for B only.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of both; same seed, same passengers.")] = 1,
    engine: Annotated[
        Literal["compiled", "reference"], typer.Option(help="Engine; both give the same log.")
    ] = "compiled",
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Processes.")] = 1,
    json: AsJson = False,
) -> None:
    """Compare two plans over the same days, passenger by passenger the same draws."""
    started = time.perf_counter()
    day = _date(on, "--on")
    day_b = _date(on_b, "--on-b") or day
    from sim.experiments.compare import Side, run_comparison
    from sim.reporting.comparison import comparison_document, comparison_tables

    sides = _loaded(
        [(a, overrides or []), (b, [*(overrides or []), *(overrides_b or [])])], [day, day_b], Side
    )
    names = " and ".join(dict.fromkeys(side.scenario.spec.id for side in sides))
    try:
        with _progress(names, days=2 * reps) as shown:
            found = run_comparison(
                *sides, reps=reps, seed=seed, engine=engine, jobs=jobs, progress=shown
            )
    except KeyboardInterrupt:
        say("cancelled; a comparison keeps nothing until it is done")
        raise typer.Exit(CANCELLED) from None
    if json:
        wall_s = time.perf_counter() - started
        print_json({**comparison_document(found), "engine": engine, "timings": {"wall_s": wall_s}})
        return
    for part in comparison_tables(found):
        tables().print(part)


def _loaded(asked: list[tuple[str, list[str]]], days: list[date | None], side: Any) -> list[Any]:
    """Both sides, or the faults of both at once."""
    from sim.errors import InvalidInputError
    from sim.scenario.load import load_scenario

    result, faults = [], []
    for (name, overrides), day in zip(asked, days, strict=True):
        if Path(name).is_dir():
            message = f"{name} is a directory; name the scenarios, whose days are simulated anew"
            faults.append(Fault(message))
            continue
        try:
            result.append(side(load_scenario(name, overrides=overrides), day))
        except InvalidInputError as error:
            faults += [fault for fault in error.faults if fault not in faults]
    if faults:
        raise InvalidInputError(faults)
    return result


def _date(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = f"{option} {text!r} is not a date; write 2025-12-01"
        raise UsageError(msg) from None


def _progress(name: str, *, days: int) -> Any:
    if progress_console().is_terminal:
        return _Bar(name, days=days)
    say(f"{name}: simulating {days} days")
    return nullcontext()


class _Bar:
    """Days done, on stderr, for a person at a terminal."""

    def __init__(self, name: str, *, days: int) -> None:
        from rich.progress import Progress

        self.bar = Progress(console=progress_console(), transient=True)
        self.task = self.bar.add_task(name, total=days)

    def __enter__(self) -> Any:
        self.bar.start()
        return lambda done: self.bar.update(self.task, completed=done)

    def __exit__(self, *_: object) -> None:
        self.bar.stop()
