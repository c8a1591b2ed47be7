"""Start and end of every visit of a day."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.demand.workload import Workload
from sim.engine.network import NEVER, Network, Station
from sim.engine.recursion.exactness import obstacle
from sim.engine.recursion.paths import Flow, flows
from sim.engine.recursion.stations import serve
from sim.errors import SimError


class NotExactError(SimError):
    """The recursion would not give this day's log; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class StationTimes:
    """The visits to one station, in the order in which customers joined.

    Attributes
    ----------
    station : int
        Which.
    passenger : ndarray of int32, shape (n,)
        Who.
    visit : ndarray of int16 or int
        Which of the passenger's visits it is.
    option : ndarray of int64 or int
        Option the passenger chose at the step, or -1 where there was no choice.
    joined_us, started_us, completed_us, reneged_us : ndarray of int64, shape (n,)
        Instants, or -1; ``reneged_us`` is None where nobody's patience is limited.
    server, handed_on_by : ndarray of int32, shape (n,)
        See `sim.engine.recursion.stations.Services`; empty where not asked for.
    """

    station: int
    passenger: NDArray[np.int32]
    visit: NDArray[np.int64] | int
    option: NDArray[np.int64] | int
    joined_us: NDArray[np.int64]
    started_us: NDArray[np.int64]
    completed_us: NDArray[np.int64]
    reneged_us: NDArray[np.int64] | None
    server: NDArray[np.int32]
    handed_on_by: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.joined_us)


@dataclass(frozen=True, slots=True, eq=False)
class _Queue:
    """Those who come to a station; columns, or the one value all have."""

    passenger: NDArray[np.int32]
    visit: NDArray[np.int64] | int
    option: NDArray[np.int64] | int
    leaves: NDArray[np.bool_] | bool
    joined_us: NDArray[np.int64]
    service_us: NDArray[np.int64]
    patience_us: NDArray[np.int64]


def visit_times(
    network: Network, workload: Workload, *, whole: bool = False
) -> tuple[StationTimes, ...]:
    """Work out every visit of a day, upstream stations first.

    Parameters
    ----------
    network : Network
        The facility.
    workload : Workload
        The passengers and everything chance decided.
    whole : bool
        Whether to say which server it was, and what would happen after the cut, as `expand`
        needs; times alone take less work.

    Raises
    ------
    NotExactError
        If a day has what the recursion cannot do; see `sim.engine.recursion.exactness`.
    """
    reason = obstacle(network, workload)
    if reason is not None:
        msg = f"{reason}; only the event loop is exact there"
        raise NotExactError(msg)
    ready_us = workload.arrival_us
    has_left: NDArray[np.bool_] | None = None  # None while nobody has
    found = []
    for flow in flows(network, workload):
        queue = _queue(workload, flow, ready_us)
        if has_left is not None:
            queue = _picked(queue, ~has_left[queue.passenger])
        if not _in_order(queue.joined_us):
            queue = _picked(queue, np.argsort(queue.joined_us, kind="stable"))
        visits = _served(network.stations[flow.station], queue, with_servers=whole)
        found.append(visits)
        after_us = visits.completed_us
        if visits.reneged_us is not None:
            after_us = np.maximum(after_us, visits.reneged_us)
        stays = after_us < 0
        if visits.reneged_us is not None:
            stays |= queue.leaves & (visits.reneged_us >= 0)
        if stays.any():
            has_left = np.zeros(len(workload), dtype=bool) if has_left is None else has_left
            has_left[visits.passenger[stays]] = True
        if len(visits) == len(workload) and _in_order(visits.passenger):
            ready_us = after_us
        else:
            ready_us = ready_us.copy()
            ready_us[visits.passenger] = after_us
    if network.cut_us != NEVER and not whole:
        return tuple(_cut(visits, network.cut_us) for visits in found)
    return tuple(found)


def _queue(workload: Workload, flow: Flow, ready_us: NDArray[np.int64]) -> _Queue:
    joined_us, walk_us = ready_us[flow.passengers], workload.walk_us[flow.rows]
    return _Queue(
        passenger=np.arange(len(workload), dtype=np.int32)[flow.passengers],
        visit=flow.visit,
        option=flow.option,
        leaves=flow.leaves,
        joined_us=joined_us + walk_us if walk_us.any() else joined_us,
        service_us=workload.service_us[flow.rows],
        patience_us=workload.patience_us[flow.rows],
    )


def _served(station: Station, queue: _Queue, *, with_servers: bool) -> StationTimes:
    is_patient = not (queue.patience_us >= 0).any()
    services = serve(
        station,
        joined_us=queue.joined_us,
        service_us=queue.service_us,
        patience_us=queue.patience_us,
        passenger=queue.passenger,
        is_patient=is_patient,
        with_servers=with_servers,
    )
    reneged_us = None
    if not is_patient:
        gave_up = (services.started_us < 0) & (queue.patience_us >= 0)
        reneged_us = np.where(gave_up, queue.joined_us + queue.patience_us, NEVER)
    return StationTimes(
        station=station.index,
        passenger=queue.passenger,
        visit=queue.visit,
        option=queue.option,
        joined_us=queue.joined_us,
        started_us=services.started_us,
        completed_us=services.completed_us,
        reneged_us=reneged_us,
        server=services.server,
        handed_on_by=services.handed_on_by,
    )


Table = TypeVar("Table", _Queue, StationTimes)


def _picked(table: Table, rows: NDArray) -> Table:
    """Some rows of a table, in that order."""
    columns = {field.name: getattr(table, field.name) for field in fields(table)}
    long = {
        name: column[rows]
        for name, column in columns.items()
        if isinstance(column, np.ndarray) and len(column)
    }
    return replace(table, **long)


def _in_order(values: NDArray) -> bool:
    return bool((values[1:] >= values[:-1]).all())


def _cut(visits: StationTimes, cut_us: int) -> StationTimes:
    """Only what happens before the run is cut."""

    def before(column: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.where(column < cut_us, column, NEVER)

    kept = _picked(visits, visits.joined_us < cut_us)
    return replace(
        kept,
        started_us=before(kept.started_us),
        completed_us=before(kept.completed_us),
        reneged_us=None if kept.reneged_us is None else before(kept.reneged_us),
    )
