"""Tasks for worker processes; they must stand in a module that a process can import."""

import os
import time
from collections.abc import Callable

from sim.errors import UsageError


def do(task: tuple[str, float], report: Callable[[float], None]) -> object:
    """Carry out a task: a word for what to do, and a number."""
    word, value = task
    match word:
        case "double":
            report(value)
            return 2 * value
        case "who":
            return os.getpid()
        case "sleep":
            report(value)
            time.sleep(value)
            return value
        case "refuse":
            raise UsageError("12 is not a colour; give one")
        case "crash":
            raise ZeroDivisionError
        case _:
            os._exit(7)
