"""A directory that keeps days, whichever designs and comparisons they were asked for."""

from __future__ import annotations

import json
from pathlib import Path

from sim.errors import RunError
from sim.events.files import write_durably

MARK = "days.json"
FORMAT = "hanh-trinh-days"


def claim_days(folder: Path) -> None:
    """Make a directory for days, or take one that is for days already.

    Raises
    ------
    RunError
        If it holds something else, or cannot be used.
    """
    mark = folder / MARK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if mark.exists():
            return
        if any(folder.iterdir()):
            msg = f"{folder} is not empty and keeps no days; name a new directory"
            raise RunError(msg)
        write_durably(mark, json.dumps({"format": FORMAT, "format_version": 1}).encode() + b"\n")
    except OSError as error:
        msg = f"{folder} cannot be used: {error.strerror}; name a directory you may write to"
        raise RunError(msg) from None
