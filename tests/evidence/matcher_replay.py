"""Match requests of a terminal in real time, beside a simulation that is fed the table."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from sim.events.store import open_run
from sim.evidence.matching.simulated import simulated_latency
from sim.experiments.day import run_day
from sim.matcher.memory import BYTES_PER_PERSON, available_bytes
from sim.matcher.one_thread import one_thread_process
from sim.matcher.trace.document import Way, stretch, traced
from sim.matcher.trace.galleries import SIZES, galleries_asked
from sim.matcher.trace.requests import read_requests
from sim.matcher.trace.service import ServiceTable
from sim.scenario.load import load_scenario
from tests.evidence.claim import Claim, Finding, Steps

SCENARIO = "sgn-t3-tet"
WITHIN = 0.15
OR_S = 0.001
"""Below a millisecond a thread's own waking counts for more than the search."""

KINDS = tuple(SIZES)


def examine(steps: Steps) -> Finding:
    """Every size of gallery that fits, alone on the machine; ten minutes each."""
    found = steps.each(KINDS, measure, processes=1)
    done = {kind: row for kind, row in found.items() if "left_out" not in row}
    holds = {
        f"{kind}: P{share} of simulation and replay": abs(simulated - real)
        <= max(WITHIN * real, OR_S)
        for kind, row in done.items()
        if not row["real_time"]["is_overloaded"]
        for share, simulated, real in (
            (50, row["simulated"]["p50_s"], row["real_time"]["p50_s"]),
            (95, row["simulated"]["p95_s"], row["real_time"]["p95_s"]),
        )
    }
    passed = len(done) >= 2 and all(holds.values())
    return Finding(passed=passed, figures={"holds": holds, **found})


def measure(kind: str, *, seconds: float = 600.0) -> dict[str, Any]:
    """One gallery: real time, virtual time, and the engine fed by the table."""
    there, wanted = available_bytes(), SIZES[kind] * BYTES_PER_PERSON
    if there is not None and wanted > there:
        return {"left_out": f"needs {wanted / 2**30:.1f} GiB, {there / 2**30:.1f} are available"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run")
        run_day(load_scenario(SCENARIO), seed=1, out=path)
        asked = galleries_asked(read_requests(open_run(path)), [kind])[0]
    way = Way(seconds=seconds)
    with one_thread_process() as pool:
        row = pool.submit(partial(traced, asked, way)).result()
    dense, _ = stretch(asked.requests, way)
    times = tuple(row["service_s"].values())
    table = ServiceTable(row["kernel"], row["reason"], row["people"], way.threshold, times)
    latency = np.sort(simulated_latency(dense.at_s, table))
    return row | {
        "simulated": {
            f"p{name}_s": float(latency[max(0, int(np.ceil(share * len(latency))) - 1)])
            for name, share in (("50", 0.5), ("95", 0.95), ("99", 0.99), ("999", 0.999))
        }
    }


CLAIM = Claim(
    "replay",
    "A simulation that is fed measured times of batches waits as real kernels do: P50 and P95 "
    "within 15 % (or a millisecond) below overload.",
    examine,
)
