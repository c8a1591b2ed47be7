"""The command that looks ahead: each facility against its promise, month by month."""

from __future__ import annotations

import time
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim.cli.ask import AsJson
from sim.cli.console import print_json, progress_console, say, tables
from sim.cli.simulate import RUNS, cancellable
from sim.errors import Fault, InvalidInputError, UsageError

if TYPE_CHECKING:
    from sim.experiments.rollout_figures import Place
    from sim.scenario.calendar import Calendar
    from sim.scenario.rollout import RolloutPlan
    from sim.scenario.scenario import Scenario


def rollout(
    *,
    first: Annotated[
        str | None, typer.Option("--from", metavar="MONTH", help="First month, as 2025-09.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="MONTH", help="Last month, as 2026-12.")
    ] = None,
    scenarios: Annotated[
        list[str] | None,
        typer.Option("--scenarios", metavar="NAME", help="Only these; may be repeated, or a,b."),
    ] = None,
    plan: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A plan of your own; else the directive's.")
    ] = None,
    adoption: Annotated[
        Literal["low", "base", "high"], typer.Option(help="Which end of the adoption curves.")
    ] = "base",
    literacy: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Digital literacy for all: 0 to 1.")
    ] = 0.0,
    reps: Annotated[
        int, typer.Option(min=1, max=999, help="Days simulated for each kind of day.")
    ] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same days.")] = 1,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Processes.")] = 1,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the result goes.")] = None,
    json: AsJson = False,
) -> None:
    """Look at every facility month by month: which keeps its promise, and until when."""
    started = time.perf_counter()
    from sim.experiments.rollout import run_rollout
    from sim.experiments.rollout_figures import AskedRollout
    from sim.scenario.rollout import MOST_MONTHS, load_plan, months_between

    shown = load_plan(plan)
    months = months_between(
        _month(first, "--from") or shown.from_, _month(last, "--to") or shown.to
    )
    if not 1 <= len(months) <= MOST_MONTHS:
        msg = f"--from to --to are {len(months)} months; give 1 to {MOST_MONTHS}, in order"
        raise UsageError(msg)
    levers = [f"adoption.pace={adoption}", f"adoption.literacy={literacy}"]
    asked = AskedRollout(
        places=_places(shown, scenarios or (), levers, folder=plan.parent if plan else None),
        months=tuple(months),
        pace=adoption,
        literacy=literacy,
        milestones=tuple((each.on, each.title.en) for each in shown.milestones),
        reps=reps,
        seed=seed,
    )
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    target = out or RUNS / f"rollout-{stamp}"
    with cancellable(target, "the months that were done are kept"), _progress() as bar:
        document = run_rollout(asked, out=target, jobs=jobs, progress=bar)
    document |= {"run_dir": str(target.resolve()), "wall_s": time.perf_counter() - started}
    if json:
        print_json(document)
        return
    from sim.reporting.rollout import rollout_report

    for part in rollout_report(document):
        tables().print(part)
    tables().print(f"{document['wall_s']:.1f} s. Rollout: {document['run_dir']}")


def _places(
    plan: RolloutPlan, only: list[str] | tuple[()], levers: list[str], *, folder: Path | None
) -> tuple[Place, ...]:
    """The facilities asked for, loaded; all their faults at once."""
    from sim.experiments.rollout_figures import Place

    known = {each.scenario: (group, each) for group in plan.groups for each in group.facilities}
    names = [name.strip() for each in only for name in each.split(",") if name.strip()]
    places, faults = list[Place](), list[Fault]()
    for name in dict.fromkeys(names or known):
        group, facility = known.get(name, (None, None))
        calendar = group.calendar if group else None
        try:
            scenario = _loaded(name, levers, calendar, folder=folder)
            phases = tuple(
                (each.from_, _loaded(each.scenario, levers, calendar, folder=folder))
                for each in (facility.phases if facility else ())
            )
        except InvalidInputError as error:
            faults += error.faults
            continue
        place = (group.id, group.due) if group else ("", None)
        places.append(Place(name, *place, scenario, phases))
    if faults:
        raise InvalidInputError(faults)
    return tuple(places)


def _loaded(
    name: str, levers: list[str], calendar: Calendar | None, *, folder: Path | None
) -> Scenario:
    """A scenario with the levers it has, and a calendar where it has none and can have one."""
    from sim.scenario.load import load_scenario
    from sim.scenario.overrides import Override

    beside = folder / name if folder is not None else None
    found = beside if beside is not None and beside.is_file() else name
    own = load_scenario(found)
    overrides: list[str | Override] = list(levers) if own.spec.adoption is not None else []
    demand = own.spec.demand
    if calendar is not None and demand.calendar is None and demand.timetable is not None:
        table = calendar.model_dump(mode="json", by_alias=True, exclude_none=True)
        overrides.append(Override("demand.calendar", ("demand", "calendar"), table))
    return load_scenario(found, overrides=overrides) if overrides else own


def _month(text: str | None, option: str) -> date | None:
    from sim.scenario.rollout import month_from_text

    if text is None:
        return None
    try:
        return month_from_text(text)
    except ValueError as error:
        msg = f"{option}: {error}"
        raise UsageError(msg) from None


def _progress() -> Any:
    if progress_console().is_terminal:
        return _Bar()
    return nullcontext(_Told())


class _Told:
    """Progress in a few lines, for a file or a pipe."""

    def __init__(self) -> None:
        self.tenths = -1

    def __call__(self, done: int, of: int) -> None:
        if done * 10 // of > self.tenths:
            self.tenths = done * 10 // of
            say(f"rollout: {done} of {of} days")


class _Bar:
    """Progress for a person at a terminal."""

    def __init__(self) -> None:
        from rich.progress import Progress

        self.bar = Progress(console=progress_console(), transient=True)
        self.task = self.bar.add_task("rollout", total=None)

    def __enter__(self) -> _Bar:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def __call__(self, done: int, of: int) -> None:
        self.bar.update(self.task, completed=done, total=of)
