"""What commands that simulate many days have in common: who does them, and how far they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.console import progress_console, say
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.experiments.executors import Executor

CANCELLED = 130
"""Exit code after an interrupt, as shells have it."""

Jobs = Annotated[int, typer.Option(min=1, max=256, help="Processes of this machine.")]
Cluster = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Scheduler of dask.distributed; workers share --out."),
]


def executor_for(*, jobs: int, cluster: str | None) -> Executor:
    """Who simulates: processes of this machine, or the cluster that was asked for."""
    from sim.experiments.executors import Local

    if cluster is None:
        return Local(jobs)
    if jobs > 1:
        msg = "--jobs is for this machine and --cluster for others; give one of them"
        raise UsageError(msg)
    from sim.experiments.cluster import Cluster as OfOthers

    return OfOthers(cluster)


@contextmanager
def cancellable_days(left: str) -> Iterator[None]:
    """Say what an interrupt leaves behind."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"cancelled; {left}")
        raise typer.Exit(CANCELLED) from None


def days_progress(
    name: str, *, days: int | None
) -> AbstractContextManager[Callable[[int], None] | None]:
    """Days done, on stderr; `days` is None where nobody knows how many it takes."""
    if progress_console().is_terminal:
        return _shown(name, days)
    say(f"{name}: simulating {days if days is not None else 'as many as it takes'} days")
    return nullcontext()


@contextmanager
def _shown(name: str, days: int | None) -> Iterator[Callable[[int], None]]:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[done]}"))
    with Progress(*columns, TimeElapsedColumn(), console=progress_console(), transient=True) as bar:
        task = bar.add_task(name, total=days, done="")
        yield lambda done: bar.update(task, completed=done, done=f"{done} days")
