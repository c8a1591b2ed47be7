"""Logged events per second of the reference engine against a minimal SimPy model.

``python -m tests.benchmarks.engine_speed [--json] [--rounds N] [--passengers N]``

Both run the same day, four stations of ten servers at nine tenths of their capacity, in one
process and in turns, so that whatever else the machine does falls on both alike; the clock is
the processor time of the process. The minimal model is what a SimPy tutorial would write,
with a tuple appended for each event.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from sim.demand.workload import Workload
from sim.engine.network import build_network
from sim.engine.yardstick import plain_simpy
from sim.scenario.program import build_program
from tests.engines import ENGINES, day_of, generic

STATIONS, SERVERS, LOAD = 4, 10, 0.9
REQUIRED_RATIO = 0.25
"""Least share of the minimal model's speed that readability may cost."""


def four_stations(passengers: int) -> Workload:
    """Poisson arrivals and exponential services of one second."""
    rng = np.random.default_rng(2026)
    gaps = rng.exponential(1e6 / (SERVERS * LOAD), passengers)
    services = rng.exponential(1e6, (passengers, STATIONS))
    return day_of(np.cumsum(gaps).astype(np.int64), services.astype(np.int64))


def minimal_model(workload: Workload) -> int:
    """Events that plain SimPy logs for the day."""
    return plain_simpy(workload, servers=SERVERS, stations=STATIONS, passengers=len(workload))


def engine_run(workload: Workload, *, engine: str) -> int:
    """Events that an engine logs for the day, block by block and dropped."""
    spec = generic([{"id": f"desk-{n}", "servers": SERVERS} for n in range(STATIONS)])
    network = build_network(spec, build_program(spec))
    return sum(len(block) for block in ENGINES[engine](network, workload))


def measure(
    *, engine: str = "reference", passengers: int = 100_000, rounds: int = 5
) -> dict[str, Any]:
    """Run both in turns.

    Returns
    -------
    dict
        ``ratio`` with median, lowest and highest of the rounds; events per second of each.
    """
    workload = four_stations(passengers)
    engine_per_s, minimal_per_s = [], []
    for number in range(rounds):
        engine_per_s.append(_events_per_s(lambda: engine_run(workload, engine=engine)))
        minimal_per_s.append(_events_per_s(lambda: minimal_model(workload)))
        done = f"round {number + 1} of {rounds}: ratio {engine_per_s[-1] / minimal_per_s[-1]:.3f}"
        print(done, file=sys.stderr)
    ratios = [a / b for a, b in zip(engine_per_s, minimal_per_s, strict=True)]
    return {
        "engine": engine,
        "passengers": passengers,
        "rounds": rounds,
        "ratio": {"median": statistics.median(ratios), "low": min(ratios), "high": max(ratios)},
        "engine_events_per_s": statistics.median(engine_per_s),
        "simpy_events_per_s": statistics.median(minimal_per_s),
        "required_ratio": REQUIRED_RATIO,
    }


def _events_per_s(run: Callable[[], int]) -> float:
    gc.collect()
    began = time.process_time()
    events = run()
    return events / (time.process_time() - began)


def main() -> int:
    """Print the ratio; 1 where it is below what is required."""
    parser = argparse.ArgumentParser(description=__doc__, prog="tests.benchmarks.engine_speed")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--passengers", type=int, default=100_000)
    parser.add_argument("--engine", choices=sorted(ENGINES), default="reference")
    asked = parser.parse_args()
    figures = measure(engine=asked.engine, passengers=asked.passengers, rounds=asked.rounds)
    if asked.json:
        print(json.dumps(figures, indent=2))
    else:
        ratio = figures["ratio"]
        print(
            f"{asked.engine}: {figures['engine_events_per_s']:,.0f} events/s, minimal SimPy: "
            f"{figures['simpy_events_per_s']:,.0f} events/s\n"
            f"ratio {ratio['median']:.3f} (of {asked.rounds} rounds: {ratio['low']:.3f} to "
            f"{ratio['high']:.3f}), at least {REQUIRED_RATIO} required"
        )
    return 0 if figures["ratio"]["median"] >= REQUIRED_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
