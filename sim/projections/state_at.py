"""The facility at an instant: who waits, who is served, what is open."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, Kind
from sim.events.log import COLUMNS, DTYPES, EventBlock, EventLog
from sim.events.state import InService, StationState, SystemState, Waiting
from sim.projections.outcomes import ARRIVED, grown, is_final
from sim.projections.servers import SERVER_KINDS
from sim.projections.threads import IS_WAITING_AFTER, ThreadBatch, Threads, kind_table
from sim.projections.visits import SERVICE

PAUSED = CODE[Kind.SERVICE_PAUSED]
STARTED, ENDED = CODE[Kind.OUTAGE_STARTED], CODE[Kind.OUTAGE_ENDED]
SERVER_TABLE = kind_table(SERVER_KINDS)
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
        self._open = [0] * len(self._stations)
        self._down: list[set[int]] = [set() for _ in self._stations]
        self._is_present = np.zeros(0, dtype=bool)
        self._arrived = 0
        self._boarding: set[int] = set()
        self._events = 0
        self._last_us = -1

    @property
    def events(self) -> int:
        """Events taken so far."""
        return self._events

    @property
    def last_us(self) -> int:
        """Instant of the last of them, or -1."""
        return self._last_us

    def update(self, block: EventBlock) -> bool:
        """Take the next events; False where some were too late, as all that follow will be."""
        before = block[: np.searchsorted(block.at_us, self._at_us, side="right")]
        self._threads.update(before)
        self._follow_people(before)
        self._follow_servers(before[SERVER_TABLE[before.kind]])
        changes = before[BOARDING[before.kind]]
        for kind, departure in zip(changes.kind.tolist(), changes.ref.tolist(), strict=True):
            (self._boarding.add if kind == OPENED else self._boarding.discard)(departure)
        self._events += len(before)
        self._last_us = int(before.at_us[-1]) if len(before) else self._last_us
        return len(before) == len(block)

    def result(self) -> SystemState:
        """The state after every event at or before the instant."""
        open_visits = self._threads.open
        waiting, in_service = _customers(open_visits, len(self._stations))
        return SystemState(
            at_us=self._at_us,
            events=self._events,
            arrived=self._arrived,
            left=self._arrived - int(np.count_nonzero(self._is_present)),
            stations=tuple(
                StationState(
                    station=name,
                    open=self._open[row],
                    down=tuple(sorted(self._down[row])),
                    in_service=tuple(
                        sorted(in_service[row], key=lambda each: (each.server, each.joined_us))
                    ),
                    waiting=tuple(waiting[row]),
                )
                for row, name in enumerate(self._stations)
            ),
            elsewhere=_elsewhere(open_visits, self._is_present),
            boarding=tuple(sorted(self._boarding)),
        )

    def snapshot(self) -> dict[str, Any]:
        """All the fold knows so far, as plain JSON from which `resumed` goes on."""
        visits = self._threads.open
        return {
            "events": self._events,
            "last_us": self._last_us,
            "arrived": self._arrived,
            "present": packed(np.flatnonzero(self._is_present).astype(np.int32)),
            "boarding": sorted(self._boarding),
            "open": self._open,
            "down": [sorted(each) for each in self._down],
            "visits": {name: packed(getattr(visits.events, name)) for name in COLUMNS},
            "is_call": packed(visits.is_call.astype(np.uint8)),
        }

    @classmethod
    def resumed(
        cls, at_us: int, *, stations: Sequence[str], snapshot: Mapping[str, Any]
    ) -> StateAt:
        """The fold as it stood when `snapshot` was taken, asked about an instant since then.

        Raises
        ------
        ValueError, TypeError, KeyError
            If this is no snapshot.
        """
        fold = cls(at_us, stations=stations)
        present = unpacked(snapshot["present"], np.dtype("<i4"))
        columns = {name: unpacked(snapshot["visits"][name], DTYPES[name]) for name in COLUMNS}
        is_call = unpacked(snapshot["is_call"], np.dtype("u1")).astype(bool)
        fold._threads = Threads.going_on(EventBlock(**columns), is_call)
        fold._is_present = np.zeros(int(present.max(initial=-1)) + 1, dtype=bool)
        fold._is_present[present] = True
        fold._open = [int(each) for each in snapshot["open"]]
        fold._down = [{int(server) for server in each} for each in snapshot["down"]]
        if not len(fold._stations) == len(fold._open) == len(fold._down):
            raise ValueError("it is of other stations")
        fold._boarding = {int(each) for each in snapshot["boarding"]}
        fold._arrived, fold._events = int(snapshot["arrived"]), int(snapshot["events"])
        fold._last_us = int(snapshot["last_us"])
        return fold

    def _follow_people(self, block: EventBlock) -> None:
        arrivals = block.passenger[(block.kind == ARRIVED) & (block.passenger >= 0)]
        people = int(block.passenger.max(initial=-1)) + 1
        self._is_present = grown(self._is_present, people, False)
        self._is_present[arrivals] = True
        self._is_present[block.passenger[is_final(block)]] = False
        self._arrived += len(arrivals)

    def _follow_servers(self, changes: EventBlock) -> None:
        columns = (changes.kind, changes.station, changes.server, changes.detail)
        for kind, station, server, detail in zip(*(c.tolist() for c in columns), strict=True):
            self._open[station] = detail
            if kind == STARTED:
                self._down[station].add(server)
            elif kind == ENDED:
                self._down[station].discard(server)


def state_at(log: EventLog, at_us: int) -> SystemState:
    """The state of a run after every event at or before an instant."""
    fold = StateAt(at_us, stations=log.stations)
    for block in log.blocks():
        if not fold.update(block):
            break
    return fold.result()


def packed(column: NDArray) -> str:
    """A column as text: its little-endian bytes, compressed, in base 64."""
    data = np.ascontiguousarray(column, dtype=column.dtype.newbyteorder("<")).tobytes()
    return base64.b64encode(zlib.compress(data, 1)).decode("ascii")


def unpacked(text: str, dtype: np.dtype) -> NDArray:
    """The column that was packed.

    Raises
    ------
    ValueError
        If it is no such text.
    """
    try:
        return np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype=dtype)
    except (binascii.Error, zlib.error) as error:
        raise ValueError(f"it is no packed column: {error}") from None


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


def _elsewhere(visits: ThreadBatch, is_present: NDArray[np.bool_]) -> tuple[int, ...]:
    """Passengers inside who neither wait nor are served, alone or with their lead."""
    heads = visits.events[visits.first[:-1]][~visits.is_call]
    inside = is_present.copy()
    for lead, persons in zip(heads.passenger.tolist(), heads.detail.tolist(), strict=True):
        inside[lead : lead + persons] = False
    return tuple(np.flatnonzero(inside).tolist())
