"""Queues with a closed form, simulated by the compiled engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from scipy.stats import t as student

from sim.evidence.known_answers.row import Quantity, Row
from sim.experiments.day import run_day
from sim.queueing.erlang_a import erlang_a
from sim.queueing.erlang_b import erlang_b
from sim.queueing.jackson import jackson
from sim.queueing.mdc import mdc
from sim.queueing.mg1 import mg1
from sim.queueing.mmc import mmc
from sim.queueing.mmck import mmck
from sim.scenario.load import scenario_from_document

FAMILY_ALPHA = 1e-3
"""Chance that any of the closed forms is missed although every one is right."""

REPLICATIONS = 20
VISITS = 100_000
"""Customers of one replication."""

SEED = 24_2025
"""Mixed with the system's name, so that no two share their draws; fixed, as is the verdict."""

ERLANG = "Erlang 1917, The Post Office Electrical Engineers' Journal 10"
Summary = dict[str, Any]
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """A quantity with a closed form, and where a day's summary has it."""

    quantity: Quantity
    value: float
    of: Callable[[Summary], float]


@dataclass(frozen=True, slots=True)
class Queue:
    """A system that theory solves.

    Attributes
    ----------
    rate : float
        Arrivals a second; services last a second on average.
    warmup_s : float
        By then the empty start is forgotten.
    """

    name: str
    rate: float
    warmup_s: float
    document: Document
    known: tuple[Known, ...]
    source: str


def queues() -> tuple[Queue, ...]:
    """Every system, in the order of the report."""
    line = jackson(
        entering=[0.5, 0.0], routing=[[0, 1], [0.2, 0]], servers=[1, 1], mean_services=[1.0, 1.2]
    )
    first, last = line.stations
    assert first is not None
    assert last is not None
    lognormal = {"law": "lognormal", "mean_s": 1.0, "cv": 1.0}
    patient = {"patience": _exponential(2.0)}
    return (
        Queue("M/M/1, ρ = 0.8", 0.8, 1000, _desk(0.8, 1, _exponential(1.0)),
              (_wait(mmc(servers=1, arrival_rate=0.8, mean_service=1.0).mean_wait),), ERLANG),
        Queue("M/M/3, ρ = 0.67", 2.0, 300, _desk(2.0, 3, _exponential(1.0)),
              (_wait(mmc(servers=3, arrival_rate=2.0, mean_service=1.0).mean_wait),), ERLANG),
        Queue("M/D/2, ρ = 0.8", 1.6, 500, _desk(1.6, 2, {"law": "deterministic", "mean_s": 1.0}),
              (_wait(mdc(servers=2, arrival_rate=1.6, service=1.0).mean_wait),),
              "Crommelin 1932, The Post Office Electrical Engineers' Journal 25"),
        Queue("M/G/1, lognormal, ρ = 0.7", 0.7, 500, _desk(0.7, 1, lognormal),
              (_wait(mg1(arrival_rate=0.7, mean_service=1.0, scv=1.0).mean_wait),),
              "Pollaczek 1930, Mathematische Zeitschrift 32"),
        Queue("M/G/10/10, lognormal, 9 erlang", 9.0, 0, _desk(9.0, 10, lognormal, queue_limit=0),
              (Known("share_balked", erlang_b(servers=10, offered_load=9.0), _balked),),
              ERLANG),
        Queue("M/M/2/6, ρ = 1", 2.0, 0, _desk(2.0, 2, _exponential(1.0), queue_limit=4),
              (Known("share_balked", mmck(servers=2, room=6, arrival_rate=2.0,
                                          mean_service=1.0).share_balked, _balked),
               _wait(mmck(servers=2, room=6, arrival_rate=2.0, mean_service=1.0).mean_wait)),
              ERLANG),
        Queue("M/M/5+M, ρ = 1.1", 5.5, 0, _desk(5.5, 5, _exponential(1.0), **patient),
              (Known("share_reneged", erlang_a(servers=5, arrival_rate=5.5, mean_service=1.0,
                                               mean_patience=2.0).share_reneged, _reneged),),
              "Palm 1957, Tele 2"),
        Queue("Jackson, 2 × M/M/1, 20 % ↺", 0.5, 800, _tandem(),
              (_wait(first.mean_wait), _wait(last.mean_wait, "last", "mean_wait_last_s")),
              "Jackson 1957, Operations Research 5"),
    )  # fmt: skip


def theory_rows(queue: Queue, *, family: int, twist: float = 1.0) -> list[Row]:
    """Simulate a system and compare it.

    Parameters
    ----------
    family : int
        Closed forms compared in all, for Bonferroni's correction.
    twist : float
        Factor on every service time: a planted error.
    """
    found = np.array([[known.of(day) for known in queue.known] for day in _days(queue, twist)])
    means, spreads = found.mean(axis=0), found.std(axis=0, ddof=1)
    quantile = float(student.isf(FAMILY_ALPHA / family / 2, len(found) - 1))
    half_widths = quantile * spreads / np.sqrt(len(found))
    return [
        Row("theory", queue.name, known.quantity, known.value, float(mean), float(half),
            queue.source)
        for known, mean, half in zip(queue.known, means, half_widths, strict=True)
    ]  # fmt: skip


def family_of(found: Sequence[Queue]) -> int:
    """Closed forms among some systems."""
    return sum(len(queue.known) for queue in found)


def _days(queue: Queue, twist: float) -> Iterator[Summary]:
    horizon_s = queue.warmup_s + VISITS / queue.rate
    document: Document = {**queue.document, "horizon_s": horizon_s, "warmup_s": queue.warmup_s}
    if twist != 1.0:
        document["stations"] = [_slower(each, twist) for each in document["stations"]]
    scenario = scenario_from_document(document)
    seed = SEED ^ crc32(queue.name.encode())
    for number in range(REPLICATIONS):
        yield run_day(scenario, seed=seed, replication=number).summary


def _slower(station: Document, twist: float) -> Document:
    service: Document = station["service"]
    return {**station, "service": {**service, "mean_s": twist * service["mean_s"]}}


def _wait(value: float, station: str = "desk", quantity: Quantity = "mean_wait_s") -> Known:
    return Known(quantity, value, lambda day: day["stations"][station]["wait_s"]["mean"])


def _balked(day: Summary) -> float:
    desk = day["stations"]["desk"]
    return desk["balked"] / desk["arrivals"]


def _reneged(day: Summary) -> float:
    desk = day["stations"]["desk"]
    return desk["reneged"] / desk["arrivals"]


def _exponential(mean_s: float) -> Document:
    return {"law": "exponential", "mean_s": mean_s}


def _desk(rate: float, servers: int, service: Document, **more: Any) -> Document:
    return {
        "id": "known-answer",
        "kind": "generic",
        "demand": {"arrivals": {"law": "poisson", "rate_per_s": rate}},
        "stations": [{"id": "desk", "servers": servers, "service": service, **more}],
        "journey": [{"station": "desk"}],
    }


def _tandem() -> Document:
    document = _desk(0.5, 1, _exponential(1.0))
    document["stations"].append({"id": "last", "servers": 1, "service": _exponential(1.2)})
    back = [{"to": "desk", "share": 0.2}, {"to": "exit", "share": 0.8}]
    document["journey"].append({"station": "last", "next": back})
    return document
