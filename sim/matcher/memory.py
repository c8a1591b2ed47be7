"""Whether a gallery fits, asked before the work starts."""

from __future__ import annotations

from pathlib import Path

from sim.errors import UsageError
from sim.matcher.templates import DIMENSIONS

BYTES_PER_PERSON = DIMENSIONS + DIMENSIONS // 8 + 1
"""A row in eight bits, its sign code, and whether it is alive."""

_MEMINFO = Path("/proc/meminfo")


def available_bytes() -> int | None:
    """Memory a process may still take; None where the system does not say."""
    try:
        lines = _MEMINFO.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvail"))
    except (OSError, StopIteration, ValueError, IndexError):
        return None


def require_memory(wanted: int, *, what: str, hint: str = "take fewer people") -> None:
    """Refuse what would not fit, with what to do.

    Raises
    ------
    UsageError
        If more is wanted than there is; with both figures.
    """
    there = available_bytes()
    if there is not None and wanted > there:
        raise UsageError(
            f"{what} needs {wanted / 2**30:.1f} GiB, but {there / 2**30:.1f} GiB are available; "
            f"{hint}"
        )
