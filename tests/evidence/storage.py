"""What the log costs: bytes per event, and writing, reading and verifying beside plain Parquet.

Times come in rounds: each round does every task once, and ratios are taken within a round.
"""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.events.columns import to_numpy
from sim.events.log import BLOCK_ROWS, COLUMNS, DTYPES, EventBlock, SideTables, concat_blocks
from sim.events.memory import MemoryLog
from sim.events.store import RunWriter, open_run, verify_run
from sim.experiments.day import run_day
from sim.scenario.load import load_scenario
from tests.evidence.claim import Claim, Finding, Steps
from tests.synthetic_log import header

SCENARIOS = ("vca", "sgn-t1", "sgn-t3", "sgn-t3-tet")
TIMED = "sgn-t3-tet"
EVENTS = 6_000_000
ROUNDS = 7
CANONICAL_BYTES = sum(dtype.itemsize for dtype in DTYPES.values())
MEGA = 1_000_000
PROVEN_MB_PER_S = 500

Folders = dict[str, Path]


def examine(steps: Steps) -> Finding:
    """One part after the other, alone on the machine."""
    sizes = steps.each([f"bytes {name}" for name in SCENARIOS], bytes_of, processes=1)
    found = steps.each([f"{TIMED} {EVENTS} {ROUNDS}"], rates_of, processes=1)
    rates = found[f"{TIMED} {EVENTS} {ROUNDS}"]
    holds = {
        "at most half of the canonical bytes on disk": all(
            each["bytes_per_event"] <= CANONICAL_BYTES / 2 for each in sizes.values()
        ),
        "writing within 3 times plain pyarrow": rates["write_times_pyarrow"]["median"] <= 3,
        "reading within 5 times plain pyarrow": rates["read_times_pyarrow"]["median"] <= 5,
        "proving at 500 MB/s of events, or as fast as the disk reads": _is_fast(rates),
        "every event is there": rates["verified"] == rates["events"],
    }
    return Finding(passed=all(holds.values()), figures={"holds": holds, **sizes, "rates": rates})


def _is_fast(rates: dict[str, Any]) -> bool:
    """Canonical bytes proven in a second, or proof no slower than reading the files at all."""
    proven = rates["verify_canonical_mb_per_s"]["median"]
    return proven >= PROVEN_MB_PER_S or rates["verify_times_disk_read"]["median"] <= 1


def bytes_of(key: str) -> dict[str, Any]:
    """Bytes per event of a shipped scenario's day, ``bytes NAME``."""
    with TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        events = len(run_day(load_scenario(key.split()[1]), out=run).log)
        segments = sum(path.stat().st_size for path in (run / "events").iterdir())
        tables = sum(path.stat().st_size for path in run.glob("*.parquet"))
        return {
            "events": events,
            "bytes_per_event": segments / events,
            "with_tables_per_event": (segments + tables) / events,
            "canonical_bytes_per_event": CANONICAL_BYTES,
        }


def rates_of(key: str) -> dict[str, Any]:
    """Rates over a day's log, told again until it is long enough, ``NAME EVENTS ROUNDS``."""
    name, events, rounds = key.split()
    log = run_day(load_scenario(name)).log
    blocks = list(_told_again(log, int(events)))
    taken: list[dict[str, float]] = []
    verified, sizes = 0, {"run": 0, "plain": 0}
    with TemporaryDirectory() as folder:
        for number in range(int(rounds) + 1):  # the first warms up
            where = Path(folder) / str(number)
            where.mkdir()
            taken.append(_round(where, blocks, stations=log.stations, tables=log.tables))
            verified = verify_run(where / "run").events
            sizes = {
                part: sum(path.stat().st_size for path in (where / part).rglob("*.parquet"))
                for part in ("run", "plain")
            }
            shutil.rmtree(where)
    taken = taken[1:]
    total = int(events) * CANONICAL_BYTES / MEGA
    on_disk = sizes["run"] / MEGA
    return {
        "events": int(events),
        "verified": verified,
        "bytes_per_event": sizes["run"] / int(events),
        "plain_pyarrow_bytes_per_event": sizes["plain"] / int(events),
        "write_times_pyarrow": _spread(each["write"] / each["plain write"] for each in taken),
        "read_times_pyarrow": _spread(each["read"] / each["plain read"] for each in taken),
        "write_events_per_s": _spread(int(events) / each["write"] for each in taken),
        "read_events_per_s": _spread(int(events) / each["read"] for each in taken),
        "verify_canonical_mb_per_s": _spread(total / each["verify"] for each in taken),
        "verify_file_mb_per_s": _spread(on_disk / each["verify"] for each in taken),
        "disk_read_mb_per_s": _spread(on_disk / each["disk"] for each in taken),
        "verify_times_disk_read": _spread(each["verify"] / each["disk"] for each in taken),
    }


def _round(
    where: Path, blocks: list[EventBlock], *, stations: tuple[str, ...], tables: SideTables
) -> dict[str, float]:
    """Seconds of every task once; whatever reads finds nothing of the files in memory."""
    run, plain = where / "run", where / "plain"

    def write() -> None:
        with RunWriter(run, stations=stations, tables=tables, header=header()) as writer:
            for block in blocks:
                writer.write(block)

    def read() -> None:
        for _ in open_run(run).blocks():
            pass

    def read_plain() -> None:
        for path in sorted(plain.iterdir()):
            table = pq.read_table(path, use_threads=False)
            for name in COLUMNS:
                to_numpy(table[name])

    def read_bytes() -> None:
        for path in sorted(run.rglob("*.parquet")):
            with path.open("rb", buffering=0) as file:
                while file.read(1 << 20):
                    pass

    seconds = {"write": _seconds(write), "plain write": _seconds(lambda: _plain(plain, blocks))}
    for task, act in {
        "read": read,
        "plain read": read_plain,
        "verify": lambda: verify_run(run),
        "disk": read_bytes,
    }.items():
        _forget(where)
        seconds[task] = _seconds(act)
    return seconds


def _plain(folder: Path, blocks: list[EventBlock]) -> None:
    """The same columns by pyarrow alone, as it writes by default, made durable once each."""
    folder.mkdir()
    for number, block in enumerate(blocks):
        path = folder / f"{number:06d}.parquet"
        pq.write_table(pa.table({name: getattr(block, name) for name in COLUMNS}), path)
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _told_again(log: MemoryLog, events: int) -> Iterator[EventBlock]:
    """The day told day after day, as one long log of full blocks and a last one."""
    day = concat_blocks(log.blocks())
    length = int(day.at_us[-1] - day.at_us[0])
    days = [replace(day, at_us=day.at_us + n * length) for n in range(-(-events // len(day)))]
    whole = concat_blocks(days)[:events]
    whole = replace(whole, seq=np.arange(events, dtype=np.int64))
    for first in range(0, events, BLOCK_ROWS):
        yield whole[first : first + BLOCK_ROWS]


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _forget(folder: Path) -> None:
    """Ask the system to drop what it keeps of these files, so that they come from the disk."""
    if not hasattr(os, "posix_fadvise"):
        return
    for path in folder.rglob("*.parquet"):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _spread(values: Iterator[float]) -> dict[str, float]:
    found = sorted(values)
    return {"least": found[0], "median": statistics.median(found), "most": found[-1]}


CLAIM = Claim(
    "storage",
    "A log takes at most half of its canonical bytes, writing and reading it cost no more than a "
    "few times plain Parquet, and 500 MB of events are proven in a second.",
    examine,
)
