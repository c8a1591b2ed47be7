"""The compiled engine's speed, its memory, and a whole run's, each beside a reference."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sim.engine.compiled import simulate
from sim.engine.compiled.machine import load_loop, the_loop
from sim.evidence.speed.days import PlainDay, ShippedDay
from sim.evidence.speed.figures import (
    command_figure,
    engine_figure,
    recursion_figure,
    shipped_engine_figure,
)
from tests.evidence.claim import Claim, Finding, Steps

SIZES = (100_000, 1_000_000, 10_000_000)
"""Passengers of the days by which the cost of an event is compared."""

MIB = 1 << 20


def examine(steps: Steps) -> Finding:
    """One part after the other, alone on the machine."""
    sizes = [f"passengers {size}" for size in SIZES]
    found = steps.each([*PARTS, *sizes], measure, processes=1)
    cost = [found[size]["ns_per_event"] for size in sizes]
    engine, shipped, recursion = found["engine"], found["engine-shipped"], found["recursion"]
    more = engine["more"]
    holds = {
        "30 times plain SimPy": engine["ratio"]["median"] >= 30,
        "3 million logged visits a second": more["visits_per_s_with_log"] >= 3e6,
        "not slower without log": more["visits_per_s_without_log"]
        >= 0.9 * more["visits_per_s_with_log"],
        "40 times the reference engine": shipped["ratio"]["median"] >= 40,
        "a whole run under 2 s": found["command"]["more"]["wall_s"] < 2,
        "help under 0.4 s": found["command"]["more"]["help_s"] < 0.4,
        "fast path 100 times SimPy": recursion["ratio"]["median"] >= 100,
        "fast path within 2 times bare Numba": recursion["more"]["times_bare_numba"]["median"] <= 2,
        "cost of an event rises at most 1.35": max(cost[1:]) / cost[0] <= 1.35,
        "64 MiB per million events": all(found[s]["mib_per_million_events"] < 64 for s in sizes),
        "two jobs 1.7 times one": found["jobs"]["speed_up"] >= 1.7,
        "jobs change nothing": found["jobs"]["same"],
        "compiled within 20 s": found["compiling"]["seconds"] < 20,
    }
    return Finding(passed=all(holds.values()), figures={"holds": holds, **found})


def measure(part: str) -> dict[str, Any]:
    """One part's figures."""
    the_loop()
    if part.startswith("passengers"):
        return _in_own_process(int(part.split()[1]))
    return PARTS[part]()


def cost_of(passengers: int) -> dict[str, float]:
    """Nanoseconds and memory an event of a plain day costs, blocks dropped as they come."""
    the_loop()
    day = PlainDay(passengers)
    before = _resident_mib()
    _forget_peak()
    seconds, events = [], 0
    for _ in range(5 if passengers < SIZES[-1] else 3):
        began = time.perf_counter()
        events = sum(map(len, simulate(day.network, day.workload, reuse=True)))
        seconds.append(time.perf_counter() - began)
    return {
        "events": events,
        "ns_per_event": min(seconds) / events * 1e9,
        "mib_per_million_events": (_resident_mib("VmHWM") - before) / (events / 1e6),
        "workload_mib": before,
    }


def _in_own_process(passengers: int) -> dict[str, float]:
    code = (
        "import json; from tests.evidence.compiled_speed import cost_of; "
        f"print(json.dumps(cost_of({passengers})))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def _resident_mib(field: str = "VmRSS") -> float:
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024 / MIB
    raise AssertionError(field)


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")


def _jobs() -> dict[str, Any]:
    """Forty Tet days of T3 by one process and by two, in turns; beside them, two runs apart.

    What two runs that know nothing of each other gain over one after the other is all that
    the machine has to give at that moment.
    """
    heads = set()
    seconds: dict[str, list[float]] = {"one": [], "two": [], "apart": []}
    for _ in range(5):
        for name, jobs in (("one", 1), ("two", 2)):
            began = time.perf_counter()
            heads.add(_study(jobs, days=40))
            seconds[name].append(time.perf_counter() - began)
        began = time.perf_counter()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: _study(1, days=20), range(2)))
        seconds["apart"].append(time.perf_counter() - began)

    def gain(name: str) -> list[float]:
        return [one / other for one, other in zip(seconds["one"], seconds[name], strict=True)]

    return {
        "speed_up": statistics.median(gain("two")),
        "speed_ups": gain("two"),
        "speed_up_of_runs_apart": statistics.median(gain("apart")),
        "seconds": {name: statistics.median(each) for name, each in seconds.items()},
        "same": len(heads) == 1,
    }


def _study(jobs: int, *, days: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        size = ["--reps", str(days), "--jobs", str(jobs)]
        command = ["run", "sgn-t3-tet", *size, "--out", f"{folder}/s"]
        done = subprocess.run(
            [sys.executable, "-m", "sim", *command, "--json"],
            check=True,
            capture_output=True,
            text=True,
        )
    document = json.loads(done.stdout)
    for what in ("run_dir", "timings", "replications"):
        del document[what]
    return json.dumps(document, sort_keys=True)


def _compiling() -> dict[str, float]:
    """Compiling for an empty cache, Numba's import included."""
    code = (
        "import time; began = time.perf_counter(); "
        "from pathlib import Path; from sim.engine.compiled.machine import load_loop; "
        "load_loop(folder=Path(__import__('sys').argv[1])); print(time.perf_counter() - began)"
    )
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", code, folder], check=True, capture_output=True, text=True
        )
        began = time.perf_counter()
        load_loop(folder=Path(folder), announce=_refuse)
        loading = time.perf_counter() - began
    return {"seconds": float(done.stdout), "loading_s": loading, "cores": os.cpu_count() or 1}


def _refuse(_: str) -> None:
    raise AssertionError("the code was there already")


PARTS: dict[str, Callable[[], dict[str, Any]]] = {
    "engine": lambda: engine_figure(PlainDay(100_000), rounds=5).as_dict(),
    "recursion": lambda: recursion_figure(rounds=7, customers=1_000_000).as_dict(),
    "engine-shipped": lambda: shipped_engine_figure(ShippedDay("sgn-t3-tet"), rounds=3).as_dict(),
    "command": lambda: command_figure(rounds=5).as_dict(),
    "jobs": _jobs,
    "compiling": _compiling,
}

CLAIM = Claim(
    "compiled-speed",
    "The compiled engine is 30 times plain SimPy and 40 times the reference engine, in "
    "bounded memory, and a run of the Tet day takes less than two seconds.",
    examine,
)
