"""The command that compares: the same days under two plans."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim.cli.ask import AsJson, Settings
from sim.cli.console import print_json, tables
from sim.cli.executors import Cluster, Jobs, cancellable_days, days_progress, executor_for
from sim.errors import Fault, InvalidInputError, UsageError

if TYPE_CHECKING:
    from sim.experiments.compare import Side
    from sim.experiments.comparison import Comparison
    from sim.experiments.stored_days import StoredDays

Of = list[str] | None


def compare(
    a: Annotated[
        str, typer.Argument(metavar="A", help="Built-in id, scenario file, run or study.")
    ],
    b: Annotated[str, typer.Argument(metavar="B", help="The other; may be the same with --set-b.")],
    *,
    reps: Annotated[int, typer.Option(min=2, max=9999, help="Days of each, at least.")] = 20,
    overrides: Settings = None,
    overrides_a: Annotated[
        Of, typer.Option("--set-a", metavar="KEY=VALUE", help="Override a figure of A only.")
    ] = None,
    overrides_b: Annotated[
        Of, typer.Option("--set-b", metavar="KEY=VALUE", help="Override a figure of B only.")
    ] = None,
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="Policies in force as on this date.")
    ] = None,
    on_a: Annotated[
        str | None, typer.Option("--on-a", metavar="DATE", help="The same for A only.")
    ] = None,
    on_b: Annotated[
        str | None, typer.Option("--on-b", metavar="DATE", help="The same for B only.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of both; same seed, same passengers.")] = 1,
    precision: Annotated[
        str | None,
        typer.Option(
            metavar="FIGURE=WIDTH",
            help="More days until the difference's interval is so narrow either way; 5% of A's.",
        ),
    ] = None,
    most: Annotated[
        int, typer.Option(min=2, max=9999, help="With --precision: days to give up at.")
    ] = 1000,
    confidence: Annotated[float, typer.Option(help="Of the intervals.")] = 0.95,
    engine: Annotated[
        Literal["compiled", "reference"], typer.Option(help="Engine; both give the same log.")
    ] = "compiled",
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep the days; asked again, they are not simulated."),
    ] = None,
    jobs: Jobs = 1,
    cluster: Cluster = None,
    json: AsJson = False,
) -> None:
    """Compare two plans over the same days, passenger by passenger the same draws."""
    started = time.perf_counter()
    from sim.reporting.comparison import comparison_document, comparison_tables

    sides = _sides(
        [(a, [*(overrides or []), *(overrides_a or [])], on_a or on, "a"),
         (b, [*(overrides or []), *(overrides_b or [])], on_b or on, "b")]
    )  # fmt: skip
    found = _compared(
        sides,
        reps=reps,
        seed=seed,
        precision=precision,
        most=most,
        confidence=confidence,
        engine=engine,
        out=out,
        jobs=jobs,
        cluster=cluster,
    )
    if json:
        wall_s = time.perf_counter() - started
        print_json({**comparison_document(found), "engine": engine, "timings": {"wall_s": wall_s}})
        return
    for part in comparison_tables(found):
        tables().print(part)


def _compared(
    sides: list[Side | StoredDays],
    *,
    reps: int,
    seed: int,
    precision: str | None,
    most: int,
    confidence: float,
    out: Path | None,
    jobs: int,
    cluster: str | None,
    engine: Literal["compiled", "reference"],
) -> Comparison:
    from sim.experiments.compare import Side, compare_stored, run_comparison
    from sim.experiments.sequential import SETTLES, parse_precision

    wanted = parse_precision(precision) if precision else None
    if wanted and most < reps + SETTLES:
        msg = f"--most {most} leaves no room beyond --reps {reps}; give {reps + SETTLES} at least"
        raise UsageError(msg)
    names = " and ".join(dict.fromkeys(_name(side) for side in sides))
    fresh = sum(isinstance(side, Side) for side in sides)
    executor = executor_for(jobs=jobs, cluster=cluster)
    left = "its days are kept" if out else "nothing was kept, --out DIR keeps days"
    days = None if wanted else fresh * reps
    if fresh < 2:
        if wanted is not None:
            msg = "--precision simulates more days; name scenarios, not runs or studies"
            raise UsageError(msg)
        stored = next(side for side in sides if not isinstance(side, Side))
        days = len(stored.study.replications) * fresh
    with cancellable_days(left), days_progress(names, days=days) as shown:
        one, two = sides
        if isinstance(one, Side) and isinstance(two, Side):
            return run_comparison(
                one,
                two,
                reps=reps,
                seed=seed,
                precision=wanted,
                most=most,
                progress=shown,
                engine=engine,
                executor=executor,
                folder=out,
                confidence=confidence,
            )
        return compare_stored(
            one,
            two,
            progress=shown,
            engine=engine,
            executor=executor,
            folder=out,
            confidence=confidence,
        )


def _sides(asked: list[tuple[str, list[str], str | None, str]]) -> list[Side | StoredDays]:
    """Both sides, or the faults of both at once."""
    from sim.experiments.compare import Side
    from sim.experiments.stored_days import stored_days
    from sim.scenario.load import load_scenario

    result: list[Side | StoredDays] = []
    faults: list[Fault] = []
    for name, overrides, on, letter in asked:
        if Path(name).is_dir():
            if overrides or on:
                message = f"{name} is simulated already; --set and --on are for scenarios"
                faults.append(Fault(message))
                continue
            result.append(stored_days(Path(name)))
            continue
        try:
            day = _date(on, f"--on or --on-{letter}")
            result.append(Side(load_scenario(name, overrides=overrides), day))
        except InvalidInputError as error:
            faults += [fault for fault in error.faults if fault not in faults]
    if faults:
        raise InvalidInputError(faults)
    return result


def _name(side: Side | StoredDays) -> str:
    study: Any = getattr(side, "study", side)
    return study.scenario.spec.id


def _date(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = f"{option} {text!r} is not a date; write 2025-12-01"
        raise UsageError(msg) from None
