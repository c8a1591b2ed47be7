"""Match requests of a terminal and of the whole country, among 200 to a hundred million people."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import UsageError
from sim.events.kinds import CODE, Kind
from sim.events.store import open_run
from sim.experiments.day import run_day
from sim.matcher.gallery import Gallery
from sim.matcher.machine import processor, versions
from sim.matcher.memory import require_memory
from sim.matcher.one_thread import one_thread_process
from sim.matcher.trace.document import Ready, Way, answered, prepared
from sim.matcher.trace.galleries import SIZES, Asked, bytes_of
from sim.matcher.trace.requests import ENOUGH, TEN_MINUTES_S, US_PER_S, Requests, read_requests
from sim.matcher.trace.service import ServiceTable
from sim.matcher.trace.virtual import Served, least_cores, served
from sim.scenario.load import load_scenario
from tests.evidence.claim import Claim, Finding, Steps
from tests.evidence.matcher_trace_page import write_page

RUNS = ("sgn-t3-tet", "national")
PROMISE_S = 0.200
NATION_PER_10_MIN = 2_400
"""Requests that fall in ten minutes of the replay among the nation: two cores answer no more."""

NATION = Way(threshold=0.46, seconds=120.0, servers=2, distinct=SIZES["city"])
"""At the threshold of other galleries a nation would name strangers."""

WAYS: dict[str, dict[str, Way]] = {
    "departure": {"sgn-t3-tet": Way(seconds=310.0), "national": Way(seconds=120.0)},
    "day": {"sgn-t3-tet": Way(seconds=310.0), "national": Way(seconds=120.0)},
    "a million": dict.fromkeys(RUNS, Way(seconds=60.0)),
    "city": dict.fromkeys(RUNS, Way(seconds=120.0)),
    "national": dict.fromkeys(RUNS, NATION),
}
PEOPLE = SIZES | {"a million": 1_000_000}
SIDE_BY_SIDE = ("departure", "day")
"""Galleries so small that a core is idle most of the time: replayed at the same time."""

ALONE = ("a million", "city and national")
"""Others; the nation is the city told ten times, so one process has both."""

QUICK = ("departure", "day", "a million")
"""Galleries that one core answers in time however dense."""


def examine(steps: Steps) -> Finding:
    """Requests of both runs, then gallery by gallery; some 20 minutes, to be taken up again."""
    asked = steps.each([f"requests of {run}" for run in RUNS], requests_of, processes=1)
    work = partial(among, {run: asked[f"requests of {run}"] for run in RUNS})
    found = steps.each(SIDE_BY_SIDE, work, processes=2) | steps.each(ALONE, work, processes=1)
    rows = {
        f"{run}, {kind}": by_run[run]
        for part in found.values()
        for kind, by_run in part["kinds"].items()
        for run in RUNS
    }
    figures = {
        "machine": {"cpu": processor(), "cores": os.cpu_count(), "versions": versions()},
        "runs": {run: _without_instants(asked[f"requests of {run}"]) for run in RUNS},
        "load_average": {key: part["load_average"] for key, part in found.items()},
        "left_out": {
            kind: why for part in found.values() for kind, why in part["left_out"].items()
        },
        "rows": rows,
    }
    holds = _holds(rows)
    write_page(figures)
    return Finding(passed=all(holds.values()), figures={"holds": holds, **figures})


def _holds(rows: dict[str, Any]) -> dict[str, bool]:
    tet = [rows[f"{RUNS[0]}, {kind}"] for kind in QUICK]
    work = [rows[f"{RUNS[0]}, {kind}"]["core_s_per_1000_passengers"] for kind in QUICK]
    return {
        "every gallery but the nation's was there": all(
            f"{run}, {kind}" in rows for run in RUNS for kind in WAYS if kind != "national"
        ),
        "10,000 requests in five minutes or more, in real time": all(
            row["real_time"]["requests"] >= 10_000 for row in tet[:2]
        ),
        "one core answers 99 % within 200 ms up to a million": all(
            row["real_time"]["p99_s"] <= PROMISE_S for row in tet
        ),
        "some number of cores keeps the promise, in every gallery": all(
            row["cores"]["whole_day"] and row["dense"]["cores"] for row in rows.values()
        ),
        "a larger gallery costs more": work == sorted(work),
    }


def requests_of(key: str) -> dict[str, Any]:
    """Who asked when in one run, and what the run asked for itself."""
    name = key.rpartition(" ")[2]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run")
        run_day(load_scenario(name), seed=1, out=path)
        log = open_run(path)
        found = read_requests(log)
        stations = np.concatenate(
            [block.station[block.kind == CODE[Kind.MATCH_REQUESTED]] for block in log.blocks()]
        )
        place = np.array([each.rpartition("/")[0] or name for each in log.stations])[stations]
    names, facility = np.unique(place, return_inverse=True)
    kinds = np.array(found.kinds)[found.gallery]
    busiest = found.busiest()
    return {
        "at_us": np.rint(found.at_s * US_PER_S).astype(int).tolist(),
        "facility": facility.tolist(),
        "facilities": names.tolist(),
        "requests": len(found),
        "passengers": found.passengers,
        "kinds": {str(kind): int((kinds == kind).sum()) for kind in np.unique(kinds)},
        "busiest_ten_minutes": len(busiest),
        "busiest_from_s": float(busiest.at_s[0]),
        "busiest_second": int(np.bincount(found.at_s.astype(int)).max()),
    }


def among(asked: dict[str, Any], key: str) -> dict[str, Any]:
    """Both runs' requests in the galleries of a part; says so where memory did not allow one."""
    before = os.getloadavg()[0]
    with one_thread_process() as pool:
        found = pool.submit(_searched, asked, key.split(" and ")).result()
    return found | {"load_average": [before, os.getloadavg()[0]]}


def _searched(asked: dict[str, Any], kinds: list[str]) -> dict[str, Any]:
    found, left_out = dict[str, Any](), dict[str, str]()
    once: Gallery | None = None
    for kind in kinds:
        way = next(iter(WAYS[kind].values()))
        there = once.bytes if once else 0
        try:
            more = bytes_of(PEOPLE[kind], distinct=way.distinct) - there
            require_memory(more, what=f"{PEOPLE[kind]:,} people", hint="run it alone")
        except UsageError as error:
            left_out[kind] = str(error)
            continue
        ready = prepared(PEOPLE[kind], way, once=once)
        found[kind] = {run: _answered(asked[run], kind, run, ready) for run in RUNS}
        once = ready.gallery
    return {"kinds": found, "left_out": left_out}


def _answered(asked: dict[str, Any], kind: str, run: str, ready: Ready) -> dict[str, Any]:
    requests, way = _requests(asked, kind), WAYS[kind][run]
    if kind == "national":
        factor = requests.dense(NATION_PER_10_MIN, TEN_MINUTES_S)[1]
        way = replace(way, compress=factor)
    return answered(Asked(kind, PEOPLE[kind], requests), ready, way) | {
        "threshold": way.threshold,
        "servers": way.servers,
        "dense": _dense(requests, ready.table),
        "by_facility": _by_facility(asked, ready.table),
    }


def _requests(asked: dict[str, Any], kind: str) -> Requests:
    at_s = np.array(asked["at_us"]) / US_PER_S
    nobody = np.zeros(len(at_s), dtype=np.int64)
    sizes = np.array([PEOPLE[kind]])
    return Requests(at_s, nobody, sizes, (kind,), asked["passengers"])


def _dense(requests: Requests, table: ServiceTable) -> dict[str, Any]:
    """20,000 requests in ten minutes, in virtual time: cores, and how long one alone takes."""
    dense, factor = requests.dense(ENOUGH, TEN_MINUTES_S)
    found = least_cores(dense.at_s, table, promise_s=PROMISE_S)
    one = _latency(served(dense.at_s, table))
    spared = least_cores(dense.at_s, table, promise_s=PROMISE_S, spare=1)
    if found is None or spared is None:
        return {"compressed": factor, "one_core": one, "cores": None}
    kept = served(dense.at_s, table.split(found.parts), servers=found.groups)
    return {
        "compressed": factor,
        "one_core": one,
        "cores": found.total,
        "parts": found.parts,
        "groups": found.groups,
        "cores_with_one_group_lost": spared.total,
        **_latency(kept),
    }


def _by_facility(asked: dict[str, Any], table: ServiceTable) -> dict[str, Any]:
    """Each facility with a core of its own, over the whole day; the worst of them."""
    at_s, place = np.array(asked["at_us"]) / US_PER_S, np.array(asked["facility"])
    found = []
    for number, name in enumerate(asked["facilities"]):
        own = at_s[place == number]
        latency = _latency(served(own, table))
        found.append({"facility": name, "requests": len(own), **latency})
    worst = max(found, key=lambda each: (each["p99_s"], each["max_s"], each["requests"]))
    return worst | {"facilities": len(found)}


def _latency(found: Served) -> dict[str, float]:
    shares = {"p50_s": 0.5, "p95_s": 0.95, "p99_s": 0.99, "p999_s": 0.999, "max_s": 1.0}
    return {name: found.percentile(share) for name, share in shares.items()}


def _without_instants(asked: dict[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in asked.items() if key not in {"at_us", "facility"}}


CLAIM = Claim(
    "matcher-trace",
    "What the gates of the Tet day of T3, and of the whole country, ask is answered in real time "
    "among 200 to a hundred million people; the cores, memory and work are on one page.",
    examine,
)
