"""Does work go on while there is any: nobody waits beside an idle server, nothing stops."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import Kind
from sim.projections.audit.findings import Findings
from sim.projections.occupancy import busy_servers, queue_length
from sim.projections.servers import ServerHistory
from sim.projections.steps import Steps, instants_of
from sim.projections.threads import ThreadBatch, kind_table
from sim.projections.visit_table import VisitTable
from sim.scenario.clock import US_PER_S
from sim.scenario.stations import StationSpec

SHAPES_SERVICE = kind_table(
    [
        Kind.QUEUE_JOINED,
        Kind.SERVICE_STARTED,
        Kind.SERVICE_PAUSED,
        Kind.SERVICE_RESUMED,
        Kind.SERVICE_INTERRUPTED,
    ]
)
IS_AT_WORK_AFTER = kind_table([Kind.SERVICE_STARTED, Kind.SERVICE_RESUMED])


def check_idling(
    findings: Findings,
    visits: VisitTable,
    histories: Sequence[ServerHistory],
    *,
    from_us: int,
    until_us: int,
    stations: Sequence[str],
    specs: dict[str, StationSpec],
) -> None:
    """Check that no server stands idle while someone waits, where any may serve anyone.

    Where servers close by name, as many as are down may be among the open ones.

    Parameters
    ----------
    visits : VisitTable
        All visits.
    histories : sequence of ServerHistory
        Open servers of each station.
    from_us : int
        Instants from this one on are checked: before a log opens not everybody is told of.
    until_us : int
        Instants before this one are checked: the last of a log cut off may be half told.
    stations : sequence of str
        Station ids by row.
    specs : dict of str to StationSpec
        Stations as written in the file.
    """
    for here, history, name in zip(
        visits.by_station(len(stations)), histories, stations, strict=True
    ):
        spec = specs.get(name)
        if spec is None or spec.lanes != "shared":
            continue
        queue, busy, is_open = queue_length(here), busy_servers(here), history.steps
        instants = instants_of(queue, busy, is_open)
        instants = instants[(instants >= from_us) & (instants < until_us)]
        waiting, working, there = (steps.at(instants) for steps in (queue, busy, is_open))
        if spec.closing != "idle_first":
            down = np.array([*map(len, history.down)], dtype=np.int64)
            there = there - Steps.of_changes(history.at_us, down).at(instants)
        idle = np.flatnonzero((waiting > 0) & (working < there))
        last = np.searchsorted(here.rows.joined_us, instants[idle], side="right") - 1

        findings.add(
            "no idle server beside a queue",
            here.rows.joined_seq[last],
            partial(_words, name, instants[idle], (waiting[idle], working[idle], there[idle])),
        )


def _words(name: str, at_us: NDArray, counts: tuple[NDArray, ...], row: int) -> str:
    waits, works, is_open = (int(count[row]) for count in counts)
    return (
        f"at {at_us[row] / US_PER_S:.6f} s {waits} wait at {name} while {works} of {is_open} "
        "open servers are busy"
    )


def check_all_is_done(
    findings: Findings, still_open: ThreadBatch, *, stations: Sequence[str]
) -> None:
    """Check that at the end of a drained run no service is still being worked on.

    A service may stay unfinished only where its server is closed in mid-service, or where
    it waits for the answer to a request.
    """
    events, first = still_open.events, still_open.first[:-1]
    if not len(first):
        return
    shapes = np.where(SHAPES_SERVICE[events.kind], np.arange(len(events)), -1)
    last = np.maximum.reduceat(shapes, first)
    is_at_work = IS_AT_WORK_AFTER[events.kind[last]]
    name = (events.passenger[first].astype(np.int64) << 16) | events.visit[first]
    waits_for_answer = ~still_open.is_call & np.isin(name, name[still_open.is_call])
    findings.add_where(
        "every service ends",
        is_at_work & ~waits_for_answer,
        events.seq[last],
        lambda i: (
            f"passenger {events.passenger[first[i]]} is started at "
            f"{stations[int(events.station[first[i]])]} and never done"
        ),
    )
