"""One bank passenger by passenger, against the recursion of Kiefer and Wolfowitz.

Nothing is shared with the engines: a heap of the instants at which servers become free.
"""

from __future__ import annotations

from heapq import heapreplace

import numpy as np

from sim.demand.sample import sample
from sim.events.kinds import CODE, Kind
from sim.evidence.known_answers.row import Row
from sim.experiments.day import Engine, run_day
from sim.scenario.load import scenario_from_document
from sim.scenario.program import build_program

PASSENGERS = 20_000
SERVERS = (1, 3, 12)
ENGINES: tuple[Engine, ...] = ("reference", "compiled")
SEED = 7
LOAD = 0.97
"""Of the servers' time; so high that nearly everybody waits."""

SOURCE = "Kiefer, Wolfowitz 1955, Transactions of the AMS 78"


def recursion_rows(servers: int, *, passengers: int = PASSENGERS) -> list[Row]:
    """Starts of service that differ from the recursion, by engine."""
    scenario = scenario_from_document(_document(servers, passengers))
    workload = sample(scenario, program=build_program(scenario.spec), seed=SEED, replication=0)
    expected = next_free(
        workload.arrival_us.tolist(), workload.service_us.tolist(), servers=servers
    )
    rows = []
    for engine in ENGINES:
        log = run_day(scenario, seed=SEED, engine=engine).log
        started = np.full(len(expected), -1, dtype=np.int64)
        for block in log.blocks():
            is_start = block.kind == CODE[Kind.SERVICE_STARTED]
            started[block.passenger[is_start]] = block.at_us[is_start]
        differing = int((started != np.array(expected)).sum())
        case = f"{len(expected):,} × M/G/{servers}, {engine}"
        rows.append(Row("recursion", case, "starts_that_differ", 0, differing, 0, SOURCE))
    return rows


def next_free(arrivals: list[int], services: list[int], *, servers: int) -> list[int]:
    """Starts of service, first come, first served: each takes the server that is free next."""
    free = [0] * servers
    starts = []
    for arrival, service in zip(arrivals, services, strict=True):
        starts.append(max(arrival, free[0]))
        heapreplace(free, starts[-1] + service)
    return starts


def _document(servers: int, passengers: int) -> dict[str, object]:
    rate = LOAD * servers
    return {
        "id": "known-answer",
        "kind": "generic",
        "horizon_s": passengers / rate,
        "demand": {"arrivals": {"law": "poisson", "rate_per_s": rate}},
        "stations": [
            {
                "id": "desk",
                "servers": servers,
                "service": {"law": "lognormal", "mean_s": 1.0, "cv": 0.8},
            }
        ],
        "journey": [{"station": "desk"}],
    }
