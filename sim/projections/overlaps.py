"""Which visit an event belongs to where a passenger has two of one name at once.

That happens to calls only: a request whose caller gave up, or had to begin anew after an
outage, is still waiting or being answered when the next request of the same visit joins.
It is rare, so events are taken one by one here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import KINDS, Kind
from sim.events.log import EventBlock

STRAY = -1
"""Owner of an event that belongs to no visit."""


@dataclass(slots=True)
class _Visit:
    owner: int
    server: int = STRAY
    is_waiting: bool = True
    is_given_up: bool = False


def owners_of_overlapping(
    events: EventBlock, name: NDArray[np.intp], *, heads: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Owner of each event.

    Parameters
    ----------
    events : EventBlock
        Events in order of name, then time.
    name : ndarray of intp
        The same number for the same passenger, visit and station.
    heads : ndarray of intp
        Owner of the events that begin a visit; of the others it is not looked at.

    Returns
    -------
    ndarray of intp
        Owner of each event, or `STRAY`.

    Notes
    -----
    Requests are served in the order in which they joined, so a start belongs to the
    earliest still waiting; the rest of a service to the one at that server; a time-out to
    the latest not yet given up, since a caller waits for its latest request only.
    """
    owners = np.full(len(events), STRAY, dtype=np.intp)
    visits: list[_Visit] = []
    last = None
    rows = zip(name.tolist(), events.kind.tolist(), events.server.tolist(), strict=True)
    for row, (group, code, server) in enumerate(rows):
        if group != last:
            visits, last = [], group
        match kind := KINDS[code]:
            case Kind.QUEUE_JOINED:
                visits.append(_Visit(int(heads[row])))
                owners[row] = heads[row]
            case Kind.BALKED:
                owners[row] = heads[row]
            case _:
                visit = _concerned(visits, kind, server)
                if visit is not None:
                    owners[row] = visit.owner
                    if _is_over(visit, kind, server):
                        visits.remove(visit)
    return owners


def _concerned(visits: list[_Visit], kind: Kind, server: int) -> _Visit | None:
    match kind:
        case Kind.SERVICE_STARTED | Kind.RENEGED | Kind.MISSED_DEPARTURE:
            fitting = [visit for visit in visits if visit.is_waiting]
        case Kind.CALL_TIMED_OUT:
            fitting = [visit for visit in reversed(visits) if not visit.is_given_up]
        case _:
            fitting = [v for v in visits if not v.is_waiting and v.server == server]
    return (fitting or visits[-1:] or [None])[0]


def _is_over(visit: _Visit, kind: Kind, server: int) -> bool:
    """Take note of an event; whether it ends the visit."""
    match kind:
        case Kind.SERVICE_STARTED:
            visit.is_waiting, visit.server = False, server
        case Kind.SERVICE_INTERRUPTED:
            visit.is_waiting = True
        case Kind.CALL_TIMED_OUT:
            visit.is_given_up = True
            return visit.is_waiting
        case Kind.MISSED_DEPARTURE:
            return visit.is_waiting
        case Kind.RENEGED | Kind.SERVICE_COMPLETED:
            return True
        case _:
            pass
    return False
