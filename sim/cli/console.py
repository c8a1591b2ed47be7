"""Where words go: documents and tables to stdout, messages and progress to stderr."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


def say(message: str) -> None:
    """A message for the person at the terminal."""
    sys.stderr.write(f"{message}\n")


def print_json(document: dict[str, Any]) -> None:
    """The one JSON document of a command; numbers unrounded, never NaN."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n")


def tables() -> Console:
    """The console tables are printed on; wide enough for one when it is not a terminal."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 140, highlight=False, soft_wrap=False)


def progress_console() -> Console:
    """The console progress is shown on."""
    from rich.console import Console

    return Console(stderr=True)
