"""What ``sim matcher trace`` finds: latency, cores, memory and work of a run's requests."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim.errors import UsageError
from sim.matcher.choice import choose
from sim.matcher.gallery import Gallery
from sim.matcher.machine import processor, versions
from sim.matcher.memory import BYTES_PER_PERSON
from sim.matcher.one_thread import one_thread_process
from sim.matcher.population.people import Population
from sim.matcher.templates import least_score, quantised
from sim.matcher.trace.galleries import Asked, Retold, bytes_of, gallery_of
from sim.matcher.trace.replay import replay
from sim.matcher.trace.requests import ENOUGH, TEN_MINUTES_S, Requests
from sim.matcher.trace.service import BUCKETS, CAP, ServiceTable, measure_table
from sim.matcher.trace.virtual import Batching, Served, least_cores, served

POLICIES = {
    "greedy": Batching(),
    "greedy, at most 32": Batching(cap=32),
    "window of 20 ms": Batching("window", window_s=0.020),
    "one by one": Batching("single"),
}
"""How batches are formed in virtual time, by what a reader calls it."""

MATED = 0.98
"""Share of replayed probes that have a mate in the gallery: assumed."""

SHARE = 0.99
_PROBES = 2048
_STRANGER = 1 << 31
_STEP_S = 10.0

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Way:
    """How requests are replayed.

    Attributes
    ----------
    threshold : float
        Least cosine of a candidate.
    kernel : str
        As in `choose`.
    promise_s : float
        Latency that 99 % of the requests must not exceed.
    seconds : float
        Wall-clock stretch of the replay in real time.
    compress : float or None
        How many times faster than in the run requests come; None: so many that 20,000 fall
        in ten minutes.
    servers : int
        Threads of the replay in real time.
    distinct : int or None
        Most people with a template of their own, the others share theirs; None: all.
    """

    threshold: float = 0.40
    kernel: str = "auto"
    promise_s: float = 0.200
    seconds: float = TEN_MINUTES_S
    compress: float | None = None
    servers: int = 1
    distinct: int | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """A gallery in memory, and how long batches take there.

    Attributes
    ----------
    gallery : Gallery
        Whom to search among.
    table : ServiceTable
        Of one core.
    enrolled_s : float
        Seconds that making and enrolling the people took.
    """

    gallery: Gallery
    table: ServiceTable
    enrolled_s: float


def trace_document(asked: list[Asked], way: Way, *, tell: Tell) -> dict[str, Any]:
    """Replay requests among each gallery, in virtual and in real time.

    Raises
    ------
    UsageError
        If the kernel cannot do what is asked; before any work.
    """
    if not -1 <= way.threshold <= 1:
        raise UsageError(f"threshold: a cosine lies in -1 to 1, got {way.threshold:g}")
    for each in asked:
        _require_kernel(each.people, way)
    rows = []
    for each in asked:
        dense, factor = stretch(each.requests, way)
        tell(
            f"{each.kind}: enrolling {each.people:,} people and timing batches; then "
            f"{len(dense):,} requests, {factor:.3g} times as fast, in {dense.at_s[-1]:,.0f} s"
        )
        with one_thread_process() as pool:
            work = pool.submit(partial(traced, each, way))
            rows.append(_waited(work, f"{each.kind}: at work", tell=tell))
    return {
        "galleries": rows,
        "threshold": way.threshold,
        "promise_s": way.promise_s,
        "machine": {
            "cpu": processor(),
            "cores": os.cpu_count(),
            "threads": way.servers,
            "versions": versions(),
        },
    }


def traced(asked: Asked, way: Way) -> dict[str, Any]:
    """One gallery; run where libraries have one thread."""
    return answered(asked, prepared(asked.people, way), way)


def prepared(people: int, way: Way, *, once: Gallery | None = None) -> Ready:
    """Make and enrol so many people, or tell those of a gallery again; then time batches."""
    began = time.perf_counter()
    if once is None:
        gallery = gallery_of(people, distinct=way.distinct)
    else:
        gallery = Retold(once, people)
    enrolled_s = time.perf_counter() - began
    table = measure_table(gallery, threshold=way.threshold, kernel=way.kernel)
    return Ready(gallery, table, enrolled_s)


def answered(asked: Asked, ready: Ready, way: Way) -> dict[str, Any]:
    """Requests among a gallery that is there, in virtual and in real time."""
    gallery, table = ready.gallery, ready.table
    whole, passengers = asked.requests, asked.requests.passengers
    dense, factor = stretch(whole, way)
    chosen = choose(way.kernel, people=asked.people, probes=BUCKETS[3], threshold=way.threshold)
    cpu = time.process_time()
    real = replay(
        dense.at_s,
        gallery,
        _probes(asked.people),
        kernel=chosen.kernel,
        least=least_score(way.threshold),
        servers=way.servers,
    )
    cpu = time.process_time() - cpu
    day = {
        name: _told(whole, served(whole.at_s, table, batching=b)) for name, b in POLICIES.items()
    }
    virtual = served(dense.at_s, table, servers=way.servers)
    busy = day["greedy"]["busy_s"]
    return {
        "kind": asked.kind,
        "people": asked.people,
        "kernel": table.kernel,
        "reason": table.reason,
        "requests": len(whole),
        "memory_bytes": gallery.bytes,
        "held_bytes": min(gallery.bytes, bytes_of(asked.people, distinct=way.distinct)),
        "distinct": min(asked.people, way.distinct or asked.people),
        "bytes_per_person": BYTES_PER_PERSON,
        "enrolled_s": ready.enrolled_s,
        "service_s": dict(zip(map(str, BUCKETS), table.seconds, strict=True)),
        "most_per_s": table.most_per_s,
        "comparisons_per_s": table.comparisons_per_s,
        "whole_day": day,
        "core_s_per_1000_passengers": 1000 * busy / passengers if passengers else None,
        "compressed": factor,
        "real_time": _told(dense, real)
        | {
            "cpu_s": cpu,
            "comparisons_per_s": asked.people * len(dense) / real.busy_s,
            "is_overloaded": _is_overloaded(dense, table, way.servers),
        },
        "virtual_time": _told(dense, virtual),
        "cores": {
            "whole_day": _cores(whole, table, way.promise_s),
            "compressed": _cores(dense, table, way.promise_s),
        },
    }


def stretch(requests: Requests, way: Way) -> tuple[Requests, float]:
    """What is replayed in real time, from instant 0, and how many times faster than it was.

    The busiest ten minutes, moved together so that 20,000 requests fall in them where no
    factor is given; of these the busiest seconds that are asked for.
    """
    if way.compress is None:
        dense, factor = requests.dense(ENOUGH, TEN_MINUTES_S)
    else:
        dense, factor = requests.faster(way.compress), way.compress
    return dense.busiest(way.seconds).faster(1.0), factor


def _require_kernel(people: int, way: Way) -> None:
    """Refuse a kernel that cannot search as asked."""
    chosen = choose(way.kernel, people=people, probes=BUCKETS[3], threshold=way.threshold)
    if way.distinct and way.distinct < people and chosen.kernel.name != "two-stage":
        raise UsageError(
            f"distinct: templates are shared for kernel two-stage alone, which reads codes of "
            f"each person; {chosen.kernel.name} answers here among {people:,} people. Leave it out"
        )


def _told(requests: Requests, found: Served) -> dict[str, Any]:
    lasted = float(requests.at_s[-1] - requests.at_s[0])
    return {
        "requests": len(requests),
        "lasted_s": lasted,
        "p50_s": found.percentile(0.50),
        "p95_s": found.percentile(0.95),
        "p99_s": found.percentile(0.99),
        "p999_s": found.percentile(0.999),
        "max_s": float(found.latency_s.max()),
        "mean_batch": len(requests) / found.batches,
        "busy_s": found.busy_s,
    }


def _is_overloaded(requests: Requests, table: ServiceTable, servers: int) -> bool:
    """Whether more requests come than full batches could answer."""
    lasted = max(float(requests.at_s[-1] - requests.at_s[0]), 1e-9)
    return len(requests) > 1 and len(requests) / lasted > servers * CAP / table.seconds[-1]


def _cores(requests: Requests, table: ServiceTable, promise_s: float) -> dict[str, Any] | None:
    found = least_cores(requests.at_s, table, promise_s=promise_s, share=SHARE)
    if found is None:
        return None
    spared = least_cores(requests.at_s, table, promise_s=promise_s, share=SHARE, spare=1)
    assert spared is not None  # one more group of those found would do
    return {
        "cores": found.total,
        "parts": found.parts,
        "groups": found.groups,
        "cores_with_one_group_lost": spared.total,
        "bytes": table.people * BYTES_PER_PERSON,
    }


def _probes(people: int) -> np.ndarray:
    """Captures of which all but a few have a mate."""
    mated = min(people, int(MATED * _PROBES))
    strangers = round(mated * (1 / MATED - 1))
    there, strange = Population().captures(0, mated), Population().captures(_STRANGER, strangers)
    probes = quantised(np.concatenate([there, strange]))
    return probes[np.random.Generator(np.random.Philox(1)).permutation(len(probes))]


def _waited(work: Future[dict[str, Any]], what: str, *, tell: Tell) -> dict[str, Any]:
    """The result, with a word now and then while it is waited for."""
    began = time.perf_counter()
    while True:
        try:
            return work.result(timeout=_STEP_S)
        except NotYet:
            tell(f"{what} since {time.perf_counter() - began:.0f} s")
