"""Runs on disk, in one place: what writes them, what opens them."""

from __future__ import annotations

from sim.events.derived import read_projection, write_projection
from sim.events.manifest import Manifest, RunHeader
from sim.events.reader import StoredLog, open_run
from sim.events.verify import verify_run
from sim.events.writer import RunWriter

__all__ = [
    "Manifest",
    "RunHeader",
    "RunWriter",
    "StoredLog",
    "open_run",
    "read_projection",
    "verify_run",
    "write_projection",
]
