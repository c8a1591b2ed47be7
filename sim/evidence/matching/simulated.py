"""Requests answered by match servers in a simulated day, to hold against a replay in real time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, Kind
from sim.events.log import concat_blocks
from sim.experiments.day import DEFAULT_ENGINE, Engine, run_day
from sim.matcher.trace.service import BUCKETS, CAP, ServiceTable
from sim.scenario.arrivals import MOST_PLATOONS
from sim.scenario.load import scenario_from_document

GATES = 30_000
"""Gates, never short: the answer alone counts."""


def simulated_latency(
    at_s: NDArray[np.float64],
    table: ServiceTable,
    *,
    servers: int = 1,
    engine: Engine = DEFAULT_ENGINE,
) -> NDArray[np.float64]:
    """Seconds from request to answer at a batch station that has a table of times.

    Parameters
    ----------
    at_s : ndarray of float64, shape (n,)
        Instants of the requests, in order.
    table : ServiceTable
        Time of a batch.
    servers : int
        Match servers.

    Returns
    -------
    ndarray of float64, shape (n,)
        Latencies in the order of the requests.
    """
    day = run_day(scenario_from_document(_document(at_s, table, servers)), engine=engine)
    events = concat_blocks(day.log.blocks())
    at_gate = events.station == list(day.log.stations).index("gate")
    by_kind = {
        kind: events.at_us[at_gate & (events.kind == CODE[kind])][
            np.argsort(events.passenger[at_gate & (events.kind == CODE[kind])], kind="stable")
        ]
        for kind in (Kind.QUEUE_JOINED, Kind.SERVICE_COMPLETED)
    }
    asked, answered = by_kind[Kind.QUEUE_JOINED], by_kind[Kind.SERVICE_COMPLETED]
    order = np.argsort(asked, kind="stable")
    return (answered - asked)[order] / 1e6


def _document(at_s: NDArray[np.float64], table: ServiceTable, servers: int) -> dict[str, Any]:
    instants = np.round(at_s, 6).tolist()
    flows = [
        {
            "id": f"part-{first}",
            "party_sizes": [1],
            "arrivals": {
                "law": "platoon",
                "at_s": instants[first : first + MOST_PLATOONS],
                "size": 1,
            },
        }
        for first in range(0, len(instants), MOST_PLATOONS)
    ]
    buckets = [
        {"size": size, "service_s": seconds}
        for size, seconds in zip(BUCKETS, table.seconds, strict=True)
    ]
    return {
        "id": "replayed",
        "kind": "generic",
        "horizon_s": float(np.ceil(at_s[-1])) + 1,
        "demand": {"flows": flows},
        "stations": [
            {
                "id": "gate",
                "servers": GATES,
                "service": [{"law": "deterministic", "mean_s": 0.0}],
            },
            {"id": "match", "servers": servers, "batch": {"cap": CAP, "buckets": buckets}},
        ],
        "journey": [{"station": "gate", "calls": [{"station": "match", "after_share": 0.0}]}],
    }
