"""Can the queues have been as the log says: in order, and within their limit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.projections.audit.findings import Findings
from sim.projections.audit.holds import FAR_SEQ, Holds
from sim.projections.ordering import stable_order
from sim.projections.steps import Steps
from sim.projections.visit_table import VisitRows, select, split
from sim.scenario.stations import StationSpec


def check_queues(
    findings: Findings,
    rows: VisitRows,
    holds: Holds,
    *,
    departure: NDArray[np.int32],
    stations: Sequence[str],
    specs: dict[str, StationSpec],
) -> None:
    """Check every station's queue.

    Parameters
    ----------
    rows : VisitRows
        All visits in the order in which they began.
    holds : Holds
        All stretches of the log.
    departure : ndarray of int32, shape (passengers,)
        Each passenger's departure, or -1.
    stations : sequence of str
        Station ids by row.
    specs : dict of str to StationSpec
        Stations as written in the file.
    """
    joined = select(rows, ~rows.has_balked)
    back = select(holds, holds.is_back)
    joined_by_station = split(joined, joined.station, len(stations))
    back_by_station = split(back, back.station, len(stations))
    for name, here, back_here in zip(stations, joined_by_station, back_by_station, strict=True):
        spec = specs.get(name)
        if spec is None or not len(here):
            continue
        if spec.queue_limit is not None and spec.lanes == "shared":
            _check_limit(findings, here, name=name, limit=int(spec.queue_limit.value))
        if not spec.priority:
            for lane in _lanes(here, departure, spec):
                _check_order(findings, select(here, lane), back_here, name=name)


def _left_seq(rows: VisitRows) -> NDArray[np.int64]:
    """Position at which each left the queue for the first time."""
    left = np.where(rows.has_started, rows.started_seq, rows.ended_seq)
    return np.where(left < 0, FAR_SEQ, left)


def _check_limit(findings: Findings, here: VisitRows, *, name: str, limit: int) -> None:
    # Those an outage sent back are let in whatever the limit, so only first waits count.
    queue = Steps.of_spells(here.joined_us, here.left_queue_us)
    over = np.flatnonzero(queue.value > limit)
    last_in = np.searchsorted(here.joined_us, queue.at_us[over], side="right") - 1
    findings.add(
        "queue limit",
        here.joined_seq[last_in],
        lambda i: f"{queue.value[over[i]]} wait at {name}; its queue takes {limit}",
    )


def _lanes(
    here: VisitRows, departure: NDArray[np.int32], spec: StationSpec
) -> list[NDArray[np.intp]]:
    """Rows of each lane: all, or those of the departures that one server served."""
    if spec.lanes == "shared":
        return [np.arange(len(here))]
    departures = departure[here.passenger]
    server_of = np.full(int(departure.max(initial=-1)) + 2, -1)
    server_of[departures[here.has_started]] = here.server[here.has_started]
    lane = server_of[departures]
    return [np.flatnonzero(lane == each) for each in np.unique(lane[lane >= 0])]


def _check_order(findings: Findings, lane: VisitRows, back: Holds, *, name: str) -> None:
    """First come, first served: no one starts while someone who joined before still waits."""
    if not len(lane):
        return
    left_seq = _left_seq(lane)
    latest = np.append(-1, np.maximum.accumulate(left_seq)[:-1])
    started = lane.has_started

    def words(i: int) -> str:
        earlier = np.flatnonzero(left_seq[:i] > left_seq[i])[0]
        return (
            f"passenger {lane.passenger[i]} is started at {name} before passenger "
            f"{lane.passenger[earlier]}, who joined first"
        )

    findings.add_where(
        "first come, first served", started & (latest > left_seq), lane.started_seq, words
    )
    starts = select(lane, started)
    starts = select(starts, stable_order(starts.started_seq))
    mine = np.isin(back.joined_seq, lane.joined_seq)
    for row in np.flatnonzero(mine).tolist():
        low = np.searchsorted(starts.started_seq, back.from_seq[row])
        high = np.searchsorted(starts.started_seq, back.until_seq[row])
        later = low + np.flatnonzero(starts.joined_seq[low:high] > back.joined_seq[row])
        findings.add(
            "first come, first served",
            starts.started_seq[later],
            lambda i, later=later, row=row: (
                f"passenger {starts.passenger[later[i]]} is started at {name} before passenger "
                f"{back.passenger[row]}, whom an outage sent back to the head of the queue"
            ),
        )
