"""Names of the files in a run directory."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from sim.events.log import SideTables

MANIFEST = "manifest.json"
MANIFEST_DIGEST = "manifest.sha256"
EVENTS = "events"
PROJECTIONS = "projections"

TABLE_NAMES: tuple[str, ...] = tuple(f"{field.name}.parquet" for field in fields(SideTables))
"""Files of the side tables, in the order in which they enter the chain."""


def segment_name(number: int) -> str:
    """Path of a segment inside the run, from 0: ``events/000000.parquet``."""
    return f"{EVENTS}/{number:06d}.parquet"


def table_name(table: str) -> str:
    """Path of a side table inside the run: ``passengers.parquet``."""
    return f"{table}.parquet"


def shown(path: Path | str) -> str:
    """A path as any terminal can show it, whatever bytes it has on disk."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")
