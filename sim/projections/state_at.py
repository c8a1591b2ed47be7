"""The facility at an instant: who waits, who is served, what is open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock, EventLog
from sim.events.state import InService, StationState, SystemState, Waiting
from sim.projections.outcomes import Outcomes, People
from sim.projections.servers import ServerHistory, Servers
from sim.projections.threads import IS_WAITING_AFTER, ThreadBatch, Threads, kind_table
from sim.projections.visits import SERVICE

PAUSED = CODE[Kind.SERVICE_PAUSED]
OPENED = CODE[Kind.BOARDING_OPENED]
BOARDING = kind_table([Kind.BOARDING_OPENED, Kind.BOARDING_CLOSED, Kind.DEPARTURE_LEFT])
SHAPES_A_VISIT = SERVICE | kind_table([Kind.QUEUE_JOINED])


class StateAt:
    """A fold from events to the state at an instant; later events change nothing.

    Parameters
    ----------
    at_us : int
        The instant.
    stations : sequence of str
        Station ids by row.
    """

    def __init__(self, at_us: int, *, stations: Sequence[str]) -> None:
        self._at_us = at_us
        self._stations = tuple(stations)
        self._threads = Threads()
        self._servers = Servers(len(self._stations))
        self._people = Outcomes()
        self._boarding: set[int] = set()
        self._events = 0

    def update(self, block: EventBlock) -> bool:
        """Take the next events; False where some were too late, as all that follow will be."""
        before = block[: np.searchsorted(block.at_us, self._at_us, side="right")]
        for fold in (self._threads, self._servers, self._people):
            fold.update(before)
        changes = before[BOARDING[before.kind]]
        for kind, departure in zip(changes.kind.tolist(), changes.ref.tolist(), strict=True):
            (self._boarding.add if kind == OPENED else self._boarding.discard)(departure)
        self._events += len(before)
        return len(before) == len(block)

    def result(self) -> SystemState:
        """The state after every event at or before the instant."""
        people = self._people.result()
        open_visits = self._threads.open
        waiting, in_service = _customers(open_visits, len(self._stations))
        servers = self._servers.result()
        return SystemState(
            at_us=self._at_us,
            events=self._events,
            arrived=people.passengers,
            left=people.passengers - int(np.count_nonzero(people.is_present)),
            stations=tuple(
                _station_state(name, servers[row], in_service[row], waiting[row])
                for row, name in enumerate(self._stations)
            ),
            elsewhere=_elsewhere(open_visits, people),
            boarding=tuple(sorted(self._boarding)),
        )


def state_at(log: EventLog, at_us: int) -> SystemState:
    """The state of a run after every event at or before an instant."""
    fold = StateAt(at_us, stations=log.stations)
    for block in log.blocks():
        if not fold.update(block):
            break
    return fold.result()


def _station_state(
    name: str, servers: ServerHistory, in_service: list[InService], waiting: list[Waiting]
) -> StationState:
    return StationState(
        station=name,
        open=int(servers.open[-1]) if len(servers.open) else 0,
        down=tuple(sorted(servers.down[-1])) if servers.down else (),
        in_service=tuple(sorted(in_service, key=lambda each: (each.server, each.joined_us))),
        waiting=tuple(waiting),
    )


def _customers(
    visits: ThreadBatch, stations: int
) -> tuple[list[list[Waiting]], list[list[InService]]]:
    """Customers waiting and in service at each station, in the order in which they joined."""
    waiting: list[list[Waiting]] = [[] for _ in range(stations)]
    in_service: list[list[InService]] = [[] for _ in range(stations)]
    heads = visits.events[visits.first[:-1]]
    last = visits.events[_last(visits, SHAPES_A_VISIT)]
    start = visits.events[_last(visits, SERVICE & kind_table([Kind.SERVICE_STARTED]))]
    for row in np.argsort(heads.seq).tolist():
        passenger, visit = int(heads.passenger[row]), int(heads.visit[row])
        persons, joined_us = int(heads.detail[row]), int(heads.at_us[row])
        is_call, kind = bool(visits.is_call[row]), last.kind[row]
        if IS_WAITING_AFTER[kind]:
            waiting[heads.station[row]].append(
                Waiting(
                    passenger=passenger,
                    visit=visit,
                    persons=persons,
                    joined_us=joined_us,
                    is_call=is_call,
                    was_interrupted=bool(SERVICE[kind]),
                )
            )
        else:
            in_service[heads.station[row]].append(
                InService(
                    server=int(start.server[row]),
                    passenger=passenger,
                    visit=visit,
                    persons=persons,
                    joined_us=joined_us,
                    started_us=int(start.at_us[row]),
                    batch=int(start.ref[row]),
                    is_call=is_call,
                    is_paused=bool(kind == PAUSED),
                )
            )
    return waiting, in_service


def _last(visits: ThreadBatch, kinds: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Row of each visit's last event of some kinds; its first event where it has none."""
    rows = np.where(kinds[visits.events.kind], np.arange(len(visits.events)), -1)
    if not len(visits):
        return np.zeros(0, dtype=np.intp)
    return np.maximum(np.maximum.reduceat(rows, visits.first[:-1]), visits.first[:-1])


def _elsewhere(visits: ThreadBatch, people: People) -> tuple[int, ...]:
    """Passengers inside who neither wait nor are served, alone or with their lead."""
    heads = visits.events[visits.first[:-1]][~visits.is_call]
    inside = people.is_present.copy()
    for lead, persons in zip(heads.passenger.tolist(), heads.detail.tolist(), strict=True):
        inside[lead : lead + persons] = False
    return tuple(np.flatnonzero(inside).tolist())
