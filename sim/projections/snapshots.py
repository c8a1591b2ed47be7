"""States kept beside a run, so that the state at an instant needs only the events since.

There is one for each full segment. To read a segment and fold it takes 40 to 70 ms, to make a
snapshot 30 ms and some 50 kB, and a segment is the least that can be read with proof: fewer
snapshots would make answers slower (39 segments take 2.6 s), more would make none faster.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.errors import RunError
from sim.events.derived import read_projection, write_projection
from sim.events.log import BLOCK_ROWS, EventLog
from sim.events.reader import StoredLog
from sim.events.state import SystemState
from sim.projections.state_at import StateAt

ALWAYS = 1 << 62
"""An instant after every event."""


def take_snapshots(log: EventLog) -> Iterator[dict[str, Any]]:
    """The fold's state after each full block of a log."""
    fold = StateAt(ALWAYS, stations=log.stations)
    for block in log.blocks():
        fold.update(block)
        if len(block) == BLOCK_ROWS:
            yield fold.snapshot()


def keep_snapshots(directory: Path, log: EventLog, *, links: tuple[str, ...]) -> None:
    """Write a snapshot for each full segment of a sealed run.

    Parameters
    ----------
    directory : Path
        The run.
    log : EventLog
        Its events.
    links : tuple of str
        Its chain, from the start.
    """
    for number, snapshot in enumerate(take_snapshots(log)):
        content = {"link": links[number + 1], "state": snapshot}
        write_projection(directory, snapshot_name(number), content)


def stored_state(log: StoredLog, at_us: int) -> SystemState:
    """The state of a stored run after every event at or before an instant.

    The same as `sim.projections.state_at.state_at`, from the last snapshot before the
    instant. Snapshots that are missing, damaged or of other events are made again.
    """
    fold = _from_snapshot(log, at_us)
    if fold is None and log.is_complete:
        with contextlib.suppress(OSError, RunError):  # kept or not, the events are enough
            keep_snapshots(log.directory, log, links=log.manifest.chain)
        fold = _from_snapshot(log, at_us)
    first = 0 if fold is None else fold.events // BLOCK_ROWS
    fold = fold or StateAt(at_us, stations=log.stations)
    for number in range(first, log.manifest.segments):
        if not fold.update(log.block(number)):
            break
    return fold.result()


def snapshot_name(number: int) -> str:
    """Name of the projection that holds the state after a segment."""
    return f"state-{number:06d}"


def _from_snapshot(log: StoredLog, at_us: int) -> StateAt | None:
    """The fold after the last full segment that ends at or before an instant.

    None where a snapshot that should be there is not; they are searched by halves.
    """
    low, high = 0, len(log) // BLOCK_ROWS
    best = StateAt(at_us, stations=log.stations)
    while low < high:
        middle = (low + high) // 2
        fold = _read(log, middle, at_us)
        if fold is None:
            return None
        if fold.last_us <= at_us:
            best, low = fold, middle + 1
        else:
            high = middle
    return best


def _read(log: StoredLog, number: int, at_us: int) -> StateAt | None:
    """The fold after a segment, if there is a snapshot of just these events."""
    kept = read_projection(log.directory, snapshot_name(number))
    if kept is None or kept.get("link") != log.manifest.chain[number + 1]:
        return None
    try:
        fold = StateAt.resumed(at_us, stations=log.stations, snapshot=kept["state"])
    except (ValueError, TypeError, KeyError):
        return None
    return fold if fold.events == (number + 1) * BLOCK_ROWS else None
