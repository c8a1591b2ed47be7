"""The figures of ``sim bench``: each part of a day, then the whole."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from sim.demand.sample import sample
from sim.demand.workload import Workload
from sim.engine import compiled, reference
from sim.engine.compiled.machine import the_loop
from sim.engine.recursion.times import visit_times
from sim.events.canonical import block_parts
from sim.events.log import EventBlock
from sim.events.memory import MemorySink
from sim.events.writer import RunWriter
from sim.evidence.speed.days import PlainDay, ShippedDay
from sim.evidence.speed.timing import Figure, compare
from sim.experiments.day import run_day, run_header
from sim.projections.day import fold_day

SCENARIO = "sgn-t3-tet"
"""The shipped day that parts are timed on: 42,000 passengers, every behaviour."""


def figures(*, rounds: int, passengers: int = 100_000) -> Iterator[Figure]:
    """Time each part, one figure after the other.

    Parameters
    ----------
    rounds : int
        Turns of each part with its reference.
    passengers : int
        Size of the plain day.
    """
    the_loop()
    plain, shipped = PlainDay(passengers), ShippedDay(SCENARIO)
    yield engine_figure(plain, rounds=rounds)
    yield recursion_figure(rounds=rounds, customers=10 * passengers)
    yield shipped_engine_figure(shipped, rounds=min(rounds, 3))
    yield sampling_figure(shipped, rounds=rounds)
    yield writing_figure(shipped, rounds=rounds)
    yield folding_figure(shipped, rounds=rounds)
    yield whole_figure(shipped, rounds=rounds)
    yield command_figure(rounds=rounds)


def engine_figure(plain: PlainDay, *, rounds: int) -> Figure:
    """The compiled loop against plain SimPy; with the log kept, and with it dropped."""
    people = len(plain.workload)

    def dropped() -> float:
        return sum(map(len, compiled.simulate(plain.network, plain.workload, reuse=True)))

    def kept() -> float:
        return sum(map(len, list(compiled.simulate(plain.network, plain.workload))))

    visits = people * plain.stations
    events = dropped()
    without_s, with_s = (min(_seconds(run) for _ in range(5)) for run in (dropped, kept))
    return compare(
        "engine",
        "The compiled loop: 4 stations, 10 servers each, every event logged and kept",
        kept,
        lambda: plain.by_simpy(people),
        unit="events",
        against="plain SimPy, the same day",
        rounds=rounds,
        more={
            "passengers": people,
            "visits_per_s_with_log": visits / with_s,
            "visits_per_s_without_log": visits / without_s,
            "ns_per_event": without_s / events * 1e9,
        },
    )


def recursion_figure(*, rounds: int, customers: int) -> Figure:
    """The fast path on two servers against plain SimPy, and against a bare Numba recursion."""
    day = PlainDay(customers, stations=1, servers=2)
    people = len(day.workload)
    fewer = people // 10
    bare = _bare_recursion(day.workload, day.servers)
    ours_s, bare_s = [], []
    for _ in range(max(rounds, 7)):
        ours_s.append(_seconds(lambda: len(visit_times(day.network, day.workload))))
        bare_s.append(_seconds(bare))
    ratios = [one / other for one, other in zip(ours_s, bare_s, strict=True)]
    return compare(
        "recursion",
        "The fast path: two servers, start and end of every visit, no log",
        lambda: _returning(people, visit_times, day.network, day.workload),
        lambda: _returning(fewer, day.by_simpy, fewer),
        unit="customers",
        against="plain SimPy, a tenth of the same customers",
        rounds=rounds,
        more={
            "customers": people,
            "times_bare_numba": {
                "median": float(np.median(ratios)),
                "low": min(ratios),
                "high": max(ratios),
            },
        },
    )


def shipped_engine_figure(shipped: ShippedDay, *, rounds: int) -> Figure:
    """The compiled loop against the reference engine on a shipped day."""

    def run(simulate: Callable[..., Iterator[EventBlock]]) -> float:
        return sum(map(len, simulate(shipped.network, shipped.workload)))

    return compare(
        "engine-shipped",
        f"The compiled loop on {SCENARIO}",
        lambda: run(compiled.simulate),
        lambda: run(reference.simulate),
        unit="events",
        against="the reference engine, the same day",
        rounds=rounds,
        more={"passengers": len(shipped.workload)},
    )


def sampling_figure(shipped: ShippedDay, *, rounds: int) -> Figure:
    """Drawing a day against drawing as many plain uniforms as it has figures."""
    people, slots = len(shipped.workload), len(shipped.network.slots)
    cells = 3 * people * slots  # service, walk, patience
    program = shipped.scenario.program(None)
    return compare(
        "sampling",
        f"Drawing everybody and every duration of {SCENARIO}",
        lambda: _returning(people, sample, shipped.scenario, program=program, seed=1),
        lambda: _returning(people, np.random.Generator(np.random.Philox(1)).random, cells),
        unit="passengers",
        against=f"drawing {cells:,} uniform numbers with NumPy's Philox",
        rounds=rounds,
    )


def writing_figure(shipped: ShippedDay, *, rounds: int) -> Figure:
    """Sealing a run on disk against hashing the same bytes."""
    events = sum(map(len, shipped.blocks))
    program = shipped.scenario.program(None)

    def write() -> float:
        folder = Path(tempfile.mkdtemp())
        header = run_header(
            shipped.scenario, program=program, on=None, seed=1, replication=0, engine="compiled"
        )
        with RunWriter(
            folder / "run",
            stations=program.stations,
            tables=shipped.workload.tables,
            header=header,
        ) as writer:
            for block in shipped.blocks:
                writer.write(block)
        sizes.append(sum(file.stat().st_size for file in folder.rglob("*.parquet")))
        shutil.rmtree(folder)
        return events

    def hash_all() -> float:
        state = hashlib.sha256()
        for block in shipped.blocks:
            for part in block_parts(block):
                state.update(part)
        return events

    sizes: list[int] = []
    figure = compare(
        "writing",
        f"Sealing the log of {SCENARIO} on disk: Parquet, hash chain, fsync, manifest",
        write,
        hash_all,
        unit="events",
        against="SHA-256 of the same events in memory",
        rounds=rounds,
    )
    figure.more["bytes_per_event"] = sizes[-1] / events
    return figure


def folding_figure(shipped: ShippedDay, *, rounds: int) -> Figure:
    """Folding a log to its visits against sorting one of its columns."""
    sink = MemorySink(
        stations=shipped.scenario.program(None).stations, tables=shipped.workload.tables
    )
    for block in shipped.blocks:
        sink.write(block)
    log = sink.log()
    passenger = np.concatenate([block.passenger for block in shipped.blocks])
    return compare(
        "folding",
        f"Folding the log of {SCENARIO}: visits, servers, outcomes",
        lambda: _returning(len(log), fold_day, log, shipped.scenario.spec),
        lambda: _returning(len(log), np.argsort, passenger, kind="stable"),
        unit="events",
        against="a stable sort of the passenger column",
        rounds=rounds,
    )


def whole_figure(shipped: ShippedDay, *, rounds: int) -> Figure:
    """A day from scenario to sealed run and figures, in a process that is warm."""
    plain = PlainDay(5_000)

    def run() -> float:
        folder = Path(tempfile.mkdtemp())
        day = run_day(shipped.scenario, out=folder / "run")
        timings.append(day.timings.as_dict())
        shutil.rmtree(folder)
        return len(day.log)

    timings: list[dict[str, float]] = []
    figure = compare(
        "whole-day",
        f"{SCENARIO} from scenario to sealed run and figures, imports not counted",
        run,
        lambda: plain.by_simpy(5_000),
        unit="events",
        against="plain SimPy, 4 stations",
        rounds=rounds,
    )
    figure.more["seconds_by_part"] = {
        part: float(np.median([each[part] for each in timings])) for part in timings[0]
    }
    return figure


def command_figure(*, rounds: int) -> Figure:
    """``sim run`` as a command, imports and all, against starting Python with NumPy."""

    def run() -> float:
        with tempfile.TemporaryDirectory() as folder:
            _python("-m", "sim", "run", SCENARIO, "--out", f"{folder}/run", "--json")
        return 1

    imports_s = min(
        _seconds(lambda: _python("-c", "import sim.experiments.day, sim.cli"))
        for _ in range(rounds)
    )
    figure = compare(
        "command",
        f"sim run {SCENARIO} from the command line, compiled code in the cache",
        run,
        lambda: _returning(1, _python, "-c", "import numpy"),
        unit="runs",
        against="python -c 'import numpy'",
        rounds=rounds,
    )
    figure.more.update(
        wall_s=1 / figure.per_s,
        interpreter_and_imports_s=imports_s,
        help_s=min(_seconds(lambda: _python("-m", "sim", "--help")) for _ in range(rounds)),
    )
    return figure


def counters() -> dict[str, dict[str, float]]:
    """What does not depend on the machine: sizes of two days."""
    return {
        name: {
            "passengers": len(day.workload),
            "events": sum(map(len, blocks)),
            "events_per_passenger": sum(map(len, blocks)) / len(day.workload),
            "log_bytes_in_memory": sum(
                column.nbytes for block in blocks for column in block_parts(block)
            ),
        }
        for name, day, blocks in _counted()
    }


def _counted() -> Iterator[tuple[str, Any, list[EventBlock]]]:
    plain, shipped = PlainDay(10_000), ShippedDay(SCENARIO)
    yield "plain", plain, list(compiled.simulate(plain.network, plain.workload))
    yield SCENARIO, shipped, shipped.blocks


def _bare_recursion(workload: Workload, servers: int) -> Callable[[], float]:
    """Kiefer and Wolfowitz's recursion, as one would write it in a notebook."""
    from numba import njit

    @njit
    def bare(arrival_us: Any, service_us: Any, servers: int) -> Any:
        started_us = np.empty(len(arrival_us), np.int64)
        completed_us = np.empty(len(arrival_us), np.int64)
        free_us = np.zeros(servers, np.int64)
        for n in range(len(arrival_us)):
            server = 0
            for other in range(1, servers):
                if free_us[other] < free_us[server]:
                    server = other
            started_us[n] = max(free_us[server], arrival_us[n])
            free_us[server] = completed_us[n] = started_us[n] + service_us[n]
        return started_us, completed_us

    bare(workload.arrival_us[:1], workload.service_us[:1], servers)
    return lambda: len(bare(workload.arrival_us, workload.service_us, servers))


def _returning(amount: float, work: Callable[..., Any], *args: Any, **named: Any) -> float:
    work(*args, **named)
    return amount


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _python(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
