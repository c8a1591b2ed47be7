"""Made-up runs: shaped like a morning at a terminal, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.events.kinds import CODE, Kind
from sim.events.log import BLOCK_ROWS, NOBODY, NOWHERE, EventBlock, SideTable, SideTables
from sim.events.store import RunHeader, RunWriter

STATIONS = ("counter", "kiosk", "bag-drop", "security", "boarding")

_KINDS = np.array(
    [CODE[kind] for kind in (Kind.QUEUE_JOINED, Kind.SERVICE_STARTED, Kind.SERVICE_COMPLETED)],
    dtype=np.uint8,
)


def tables(passengers: int = 1000) -> SideTables:
    rows = np.arange(passengers)
    return SideTables(
        passengers=SideTable(
            {
                "traits": (rows % 64).astype(np.int32),
                "party": (rows // 3).astype(np.int32),
                "departure": (rows % 7).astype(np.int32),
                "is_lead": rows % 3 == 0,
                "show_up": (rows / 8).astype(np.float64),
            }
        ),
        departures=SideTable(
            {
                "id": np.array([f"VN{220 + row}→Hà Nội" for row in range(7)], dtype=object),
                "at_us": np.arange(7, dtype=np.int64) * 3_600_000_000,
            }
        ),
        galleries=SideTable({"id": np.array([], dtype=object), "size": np.array([], np.int64)}),
    )


def block(number: int, *, rows: int = BLOCK_ROWS, seed: int = 24) -> EventBlock:
    """Block `number` of the endless run of `seed`, or the first `rows` events of it."""
    rng = np.random.Generator(np.random.Philox(key=[seed, number]))
    first = number * BLOCK_ROWS
    kind = _KINDS[rng.integers(0, 3, BLOCK_ROWS)]
    is_served = kind != CODE[Kind.QUEUE_JOINED]
    at_us = first * 50_000 + np.cumsum(rng.integers(0, 100_000, BLOCK_ROWS))
    newest = (first + np.arange(BLOCK_ROWS)) // 9
    passenger = np.maximum(0, newest - rng.integers(0, 3000, BLOCK_ROWS))
    whole = EventBlock(
        seq=np.arange(first, first + BLOCK_ROWS, dtype=np.int64),
        at_us=at_us.astype(np.int64),
        kind=kind,
        passenger=passenger.astype(np.int32),
        station=rng.integers(NOWHERE, len(STATIONS), BLOCK_ROWS).astype(np.int16),
        visit=rng.integers(0, 6, BLOCK_ROWS).astype(np.int16),
        server=np.where(is_served, rng.integers(0, 70, BLOCK_ROWS), NOBODY).astype(np.int16),
        ref=np.full(BLOCK_ROWS, NOBODY, dtype=np.int32),
        detail=rng.integers(1, 5, BLOCK_ROWS).astype(np.int64),
    )
    return whole[:rows]


def blocks(events: int, *, seed: int = 24) -> Iterator[EventBlock]:
    """The first `events` events of the endless run of `seed`."""
    for number in range(-(-events // BLOCK_ROWS)):
        yield block(number, rows=min(BLOCK_ROWS, events - number * BLOCK_ROWS), seed=seed)


def header() -> RunHeader:
    return RunHeader(
        run_id="r-24",
        created_at="2026-02-10T02:00:00+07:00",
        model_version="1",
        engine="reference",
        scenario={"id": "sgn-t3", "name": "Tân Sơn Nhất", "walk_s": 12.5},
        scenario_digest="ab" * 32,
        seed=7,
        packages={"numpy": "2.4.6"},
    )


def start_run(directory: Path) -> RunWriter:
    """A run with nothing written yet."""
    return RunWriter(directory, stations=STATIONS, tables=tables(), header=header())


def write_run(directory: Path, *, events: int, seed: int = 24) -> RunWriter:
    """A complete run of `events` events."""
    with start_run(directory) as writer:
        for each in blocks(events, seed=seed):
            writer.write(each)
    return writer
