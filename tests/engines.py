"""Engines by name, days from plain arrays, and what an engine made of each visit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.demand.sample import Trace, sample
from sim.demand.workload import FOR_EVER, SideTable, SideTables, Workload
from sim.engine import compiled, reference
from sim.engine.network import Network, build_network
from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock, concat_blocks
from sim.scenario.program import build_program
from sim.scenario.spec import ScenarioSpec

ENGINES: dict[str, Callable[[Network, Workload], Iterator[EventBlock]]] = {
    "reference": reference.simulate,
    "compiled": compiled.simulate,
}
"""Every engine there is; the same question must get the same log from each."""

NEVER = -1
"""Instant of what did not happen."""


@dataclass(frozen=True, slots=True)
class Question:
    """A scenario that never was a file, as `sim.demand.sample.sample` takes it."""

    spec: ScenarioSpec
    trace: Trace | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """Columns of shape (passengers, visits); `NEVER` (or server -1) where it did not happen."""

    joined_us: NDArray[np.int64]
    started_us: NDArray[np.int64]
    completed_us: NDArray[np.int64]
    reneged_us: NDArray[np.int64]
    balked_us: NDArray[np.int64]
    station: NDArray[np.int64]
    server: NDArray[np.int64]


def generic(
    stations: Sequence[Mapping[str, Any]],
    *,
    demand: Mapping[str, Any] | None = None,
    journey: Sequence[Mapping[str, Any]] | None = None,
    horizon_s: float = 10,
    **more: Any,
) -> ScenarioSpec:
    """A scenario of kind ``generic``: by default a passenger a second, every station once."""
    return ScenarioSpec.model_validate(
        {
            "id": "test",
            "kind": "generic",
            "horizon_s": horizon_s,
            "demand": demand or {"arrivals": {"law": "poisson", "rate_per_s": 1}},
            "stations": [
                {"service": {"law": "exponential", "mean_s": 1}, **station} for station in stations
            ],
            "journey": journey or [{"station": station["id"]} for station in stations],
            **more,
        }
    )


def day_of(
    arrival_us: ArrayLike,
    service_us: ArrayLike,
    *,
    walk_us: ArrayLike = 0,
    patience_us: ArrayLike = FOR_EVER,
    traits: ArrayLike = 0,
) -> Workload:
    """A day of passengers on their own, without matches, calls, choices or outages.

    Parameters
    ----------
    arrival_us : array_like of int, shape (n,)
        Not decreasing.
    service_us : array_like of int, shape (n, slots)
        ``SKIPS`` where the passenger skips the slot.
    walk_us, patience_us : array_like of int, broadcast to (n, slots)
    traits : array_like of int, broadcast to (n,)
    """
    arrivals = np.array(arrival_us, dtype=np.int64)
    service = np.array(service_us, dtype=np.int64)
    n, slots = service.shape
    assert arrivals.shape == (n,)
    assert (np.diff(arrivals) >= 0).all()

    def rows(values: ArrayLike) -> NDArray[np.int64]:
        return np.broadcast_to(np.array(values, dtype=np.int64), (n, slots)).ravel()

    def nothing(dtype: type, *shape: int) -> NDArray[Any]:
        return np.zeros(shape or (0,), dtype=dtype)

    nobody = SideTable({})
    return Workload(
        arrival_us=arrivals,
        party=np.arange(n, dtype=np.int32),
        party_size=np.ones(n, dtype=np.int32),
        is_lead=np.ones(n, dtype=np.bool_),
        departure=np.full(n, -1, dtype=np.int32),
        traits=np.broadcast_to(np.array(traits, dtype=np.int64), (n,)),
        first=np.arange(n + 1, dtype=np.int64) * slots,
        route=None,
        service_us=service.ravel(),
        walk_us=rows(walk_us),
        patience_us=rows(patience_us),
        accepted_on=nothing(np.uint8, n * slots),
        retry_us=nothing(np.int64, n * slots, 0),
        call_us=nothing(np.int64, n * slots, 0),
        choice=nothing(np.int64, n, 0),
        second_choice=nothing(np.int64, n, 0),
        switch_us=nothing(np.int64, n, 0),
        departure_us=nothing(np.int64),
        departure_gate=nothing(np.int32),
        outage_at_us=nothing(np.int64),
        outage_station=nothing(np.int32),
        outage_server=nothing(np.int32),
        outage_is_end=nothing(np.bool_),
        gallery_of_slot=np.full(slots, -1, dtype=np.int32),
        gallery_per_departure=nothing(np.bool_, slots),
        tables=SideTables(passengers=nobody, departures=nobody, galleries=nobody),
    )


def sampled(spec: ScenarioSpec, *, seed: int, replication: int = 0) -> Workload:
    """The day that the sampler draws for a scenario without a trace."""
    return sample(Question(spec), program=build_program(spec), seed=seed, replication=replication)


def run_engine(spec: ScenarioSpec, workload: Workload, *, engine: str = "reference") -> EventBlock:
    """Every event of a day in one block."""
    network = build_network(spec, build_program(spec))
    return concat_blocks(ENGINES[engine](network, workload))


def visits_of(
    events: EventBlock, *, passengers: int, visits: int, by: Literal["visit", "station"] = "visit"
) -> Visits:
    """What happened on each passenger's visits, from a log without outages and parties.

    Parameters
    ----------
    visits : int
        Columns: most visits anybody makes, or stations there are.
    by : {"visit", "station"}
        What a column stands for; by station only where nobody comes twice.
    """

    def column(kind: Kind, name: str = "at_us") -> NDArray[np.int64]:
        values = np.full((passengers, visits), NEVER, dtype=np.int64)
        mine = events.kind == CODE[kind]
        values[events.passenger[mine], getattr(events, by)[mine]] = getattr(events, name)[mine]
        return values

    return Visits(
        joined_us=column(Kind.QUEUE_JOINED),
        started_us=column(Kind.SERVICE_STARTED),
        completed_us=column(Kind.SERVICE_COMPLETED),
        reneged_us=column(Kind.RENEGED),
        balked_us=column(Kind.BALKED),
        station=column(Kind.QUEUE_JOINED, "station"),
        server=column(Kind.SERVICE_STARTED, "server"),
    )
