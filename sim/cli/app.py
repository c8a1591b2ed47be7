"""The command ``sim``: its commands, and what becomes of their errors."""

from __future__ import annotations

import atexit
import gc
import sys
import warnings
from typing import NoReturn

import typer

from sim.cli import (
    ask,
    bench,
    calibrate,
    capacity,
    compare,
    drill,
    evidence,
    export,
    fork,
    look,
    plan,
    query,
    rollout,
    roster,
    schedule,
    simulate,
    sweep,
)
from sim.cli.console import say
from sim.cli.matcher import matcher
from sim.errors import SimError

app = typer.Typer(
    name="sim",
    help="Hành Trình: simulate passenger journeys, find where the queue forms.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (
    ask.scenarios,
    ask.check,
    ask.sources,
    schedule.schedule,
    simulate.run,
    rollout.rollout,
    roster.roster,
    capacity.capacity,
    look.show,
    look.verify,
    fork.fork,
    drill.drill,
    look.dashboard,
    export.export,
    query.query,
    compare.compare,
    plan.plan,
    sweep.sweep,
    calibrate.calibrate,
    bench.bench,
    evidence.evidence,
):
    app.command()(command)
app.add_typer(matcher)


def main() -> NoReturn:
    """Run the command line and exit: 0 ok, 1 a check failed, 2 bad input."""
    warnings.showwarning = lambda message, *_, **__: say(f"note: {message}")
    gc.set_threshold(200_000, 50, 50)  # what a command makes lives as long as the command,
    atexit.register(gc.freeze)  # and goes with the process: no need to look through it first
    try:
        app(standalone_mode=True)
    except SimError as error:
        say(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        say(f"{place}{error.strerror or error}; nothing more was written")
        sys.exit(2)
    sys.exit(0)
