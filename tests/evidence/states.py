"""The state at an instant: from snapshots, from the start and live; and how long it takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.demand.sample import sample
from sim.engine.network import build_network
from sim.experiments.day import run_day
from sim.projections.snapshots import ALWAYS
from sim.projections.state_at import StateAt
from sim.scenario.load import load_scenario
from tests.contracts.engine.probe import Place, probes
from tests.evidence.claim import Claim, Finding, Steps

SCENARIOS = ["airport-domestic", "vca", "sgn-t1", "sgn-t3", "sgn-t3-tet"]
EVERY, KEPT = 1_000, 50_000
"""Events between two comparisons, and between two snapshots."""

TURNS, LIMIT_S = 5, 1.0
LONG = """
id = "long"
kind = "generic"
horizon_s = 86_400
[demand]
arrivals = { law = "poisson", rate_per_s = 14.7 }
[[stations]]
id = "desk"
servers = 900
service = { law = "exponential", mean_s = 60 }
[[stations]]
id = "gate"
servers = 1_500
service = { law = "exponential", mean_s = 100 }
[[journey]]
station = "desk"
[[journey]]
station = "gate"
"""
"""A day of ten million events."""


def compared(name: str) -> dict[str, Any]:
    """One scenario at every thousandth event; or the time of an answer about a long run."""
    if name == "long":
        return _timed()
    scenario = load_scenario(name)
    program = scenario.program()
    stations = program.stations
    day = sample(scenario, program=program, seed=1)
    whole = StateAt(ALWAYS, stations=stations)
    resumed = StateAt(ALWAYS, stations=stations)
    places = differences = seen = 0
    since = KEPT
    for probe, events in probes(build_network(scenario.spec, program), day, every=EVERY):
        whole.update(events)
        resumed.update(events)
        state = whole.result()
        places += 1
        differences += resumed.result() != state
        differences += tuple(map(Place.told, state.stations)) != probe.places
        seen = state.events
        if seen >= since:
            since += KEPT
            resumed = StateAt.resumed(ALWAYS, stations=stations, snapshot=whole.snapshot())
    return {"events": seen, "places": places, "differences": differences}


def examine(steps: Steps) -> Finding:
    """All scenarios, and the long run."""
    found = steps.each(SCENARIOS, compared)
    found |= steps.each(["long"], compared, processes=1)
    long = found["long"]
    return Finding(
        passed=not any(found[name]["differences"] for name in SCENARIOS)
        and long["events"] >= 10_000_000
        and long["processor_s"] < LIMIT_S,
        figures=found,
    )


def _timed() -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        file, run = Path(folder) / "long.toml", Path(folder) / "run"
        file.write_text(LONG, encoding="utf-8")
        done = run_day(load_scenario(file), out=run)
        kept = list((run / "projections").glob("state-*.json"))
        seconds, cpu, told = list[float](), list[float](), 0
        for _ in range(TURNS):
            started, used = time.perf_counter(), _children_s()
            shown = subprocess.run(
                [sys.executable, "-m", "sim", "show", str(run), "--at", "25:00", "--json"],
                capture_output=True,
                text=True,
                check=True,
            )
            seconds.append(round(time.perf_counter() - started, 3))
            cpu.append(round(_children_s() - used, 3))
            told = json.loads(shown.stdout)["events"]
        return {
            "events": done.summary["events"],
            "events_told": told,
            "snapshots": len(kept),
            "snapshot_bytes": sum(path.stat().st_size for path in kept),
            "processor_s": min(cpu),
            "wall_s": {"best": min(seconds), "worst": max(seconds)},
        }


def _children_s() -> float:
    """Processor time of the processes this one has waited for."""
    used = os.times()
    return used.children_user + used.children_system


CLAIM = Claim(
    "states",
    "At every thousandth event the state from a snapshot is the engine's own; the last instant "
    "of ten million events takes under a second of processor time.",
    examine,
)
