"""The command that writes a run in the formats of other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, get_args

import typer

from sim.cli.ask import AsJson
from sim.cli.console import print_json, progress_console, say
from sim.cli.look import Run
from sim.cli.simulate import CANCELLED
from sim.errors import UsageError
from sim.export.names import Format


def export(
    run: Run,
    *,
    format_name: Annotated[
        Format,
        typer.Option("--format", metavar="FORMAT", help=", ".join(get_args(Format))),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="The file; texts named .gz are packed."),
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it is there.")] = False,
    json: AsJson = False,
) -> None:
    """Write a run as OCEL 2.0, XES, CSV, CloudEvents or a vidigi log."""
    from sim.events.store import open_run
    from sim.export.formats import export as write
    from sim.export.source import source_of

    if out.resolve().is_relative_to(run.resolve()):
        raise UsageError(f"{out}: a run directory holds its own files only; name another place")
    log = open_run(run)
    if not log.is_complete:
        say(f"{run}: interrupted; exported is its valid prefix of {len(log):,} events")
    with _Progress() as progress:
        try:
            write(source_of(log, tell=progress.tell), format_name, out, force=force)
        except KeyboardInterrupt:
            say(f"cancelled; {out} was not written")
            raise typer.Exit(CANCELLED) from None
    size = out.stat().st_size
    if json:
        print_json(
            {
                "file": str(out.resolve()),
                "format": format_name,
                "events": len(log),
                "bytes": size,
                "chain_head": log.chain_head,
            }
        )
    else:
        say(f"{out}: {len(log):,} events as {format_name}, {size:,} bytes")


class _Progress:
    """A bar on stderr where somebody watches it."""

    def __init__(self) -> None:
        self._bar = None

    def __enter__(self) -> _Progress:
        if sys.stderr.isatty():
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.percentage:.0f} %"),
                TimeElapsedColumn(),
                console=progress_console(),
                transient=True,
            )
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def tell(self, stage: str, done: int, total: int) -> None:
        """Take what is being done and how far it is."""
        if self._bar is None:
            return
        known = {task.description: task.id for task in self._bar.tasks}
        task = known[stage] if stage in known else self._bar.add_task(stage)
        self._bar.update(task, total=total, completed=done)
