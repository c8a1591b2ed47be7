"""How far a run is, on stderr, for a person at a terminal."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import Any

from sim.cli.console import progress_console, say


class Shown:
    """Progress on stderr, for a person at a terminal."""

    def __init__(self, name: str, *, days: int) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[done]}"),
            TimeElapsedColumn(),
            console=progress_console(),
            transient=True,
        )
        self.task = self.bar.add_task(name, total=days if days > 1 else None, done="")

    def __enter__(self) -> Shown:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def events(self, count: int, at_us: int) -> None:
        """A block of events is sealed."""
        from sim.scenario.clock import US_PER_S, clock_text

        self.bar.update(
            self.task, done=f"{count:,} events, the clock is at {clock_text(at_us / US_PER_S)}"
        )

    def days(self, count: int) -> None:
        """A day is done."""
        self.bar.update(self.task, completed=count, done=f"{count} days")


def run_progress(name: str, *, days: int) -> Any:
    """A bar at a terminal; elsewhere a line where there are several days."""
    if sys.stderr.isatty() and progress_console().is_terminal:
        return Shown(name, days=days)
    if days > 1:
        say(f"{name}: simulating {days} days")
    return nullcontext()
