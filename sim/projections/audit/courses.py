"""Does every visit run its course: join, start, complete, in an order that makes sense."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, KINDS, Kind
from sim.events.log import EventBlock
from sim.projections.audit.findings import Findings
from sim.projections.threads import MATCH_KINDS, ThreadBatch, kind_table

MAY_FOLLOW: dict[Kind, tuple[Kind, ...]] = {
    Kind.QUEUE_JOINED: (
        Kind.SERVICE_STARTED,
        Kind.RENEGED,
        Kind.MISSED_DEPARTURE,
        Kind.CALL_TIMED_OUT,
    ),
    Kind.SERVICE_STARTED: (
        Kind.SERVICE_PAUSED,
        Kind.SERVICE_INTERRUPTED,
        Kind.SERVICE_COMPLETED,
    ),
    Kind.SERVICE_PAUSED: (Kind.SERVICE_RESUMED, Kind.SERVICE_INTERRUPTED),
    Kind.SERVICE_RESUMED: (
        Kind.SERVICE_PAUSED,
        Kind.SERVICE_INTERRUPTED,
        Kind.SERVICE_COMPLETED,
    ),
    Kind.SERVICE_INTERRUPTED: (
        Kind.SERVICE_STARTED,
        Kind.RENEGED,
        Kind.MISSED_DEPARTURE,
        Kind.CALL_TIMED_OUT,
    ),
}
"""What may come next in a visit."""

MATCH_MAY_FOLLOW: dict[Kind, tuple[Kind, ...]] = {
    Kind.SERVICE_STARTED: (Kind.MATCH_REQUESTED,),
    Kind.MATCH_REQUESTED: (Kind.MATCH_ACCEPTED, Kind.MATCH_REJECTED),
    Kind.MATCH_REJECTED: (Kind.MATCH_REQUESTED,),
}
"""Which biometric event may come next; a new start of service begins anew."""

ONLY_WHILE_WAITING = kind_table([Kind.MISSED_DEPARTURE, Kind.CALL_TIMED_OUT])
HOLDS_A_SERVER = kind_table([Kind.SERVICE_STARTED, Kind.SERVICE_PAUSED, Kind.SERVICE_RESUMED])
IS_MATCH = kind_table(MATCH_KINDS)
FRAMES_MATCHES = kind_table(
    [Kind.QUEUE_JOINED, Kind.SERVICE_STARTED, Kind.SERVICE_INTERRUPTED, Kind.SERVICE_COMPLETED]
)
STARTED, REQUESTED = CODE[Kind.SERVICE_STARTED], CODE[Kind.MATCH_REQUESTED]
TIMED_OUT = CODE[Kind.CALL_TIMED_OUT]


def _pairs(rules: dict[Kind, tuple[Kind, ...]]) -> NDArray[np.bool_]:
    table = np.zeros((256, 256), dtype=bool)
    for first, seconds in rules.items():
        table[CODE[first], [CODE[second] for second in seconds]] = True
    return table


ALLOWED = _pairs(MAY_FOLLOW)
MATCH_ALLOWED = _pairs(MATCH_MAY_FOLLOW)


class CourseAudit:
    """Checks the events of visits as they come, visit by visit.

    Parameters
    ----------
    stations : sequence of str
        Station ids by row.
    """

    def __init__(self, findings: Findings, *, stations: Sequence[str]) -> None:
        self._findings = findings
        self._stations = stations

    def check(self, batch: ThreadBatch, *, has_ended: bool) -> None:
        """Check visits, all of which have ended, or none."""
        self._check_strays(batch.strays)
        owner = batch.owner
        self._check_course(batch.events, owner, is_last=_is_last(batch) & has_ended)
        self._check_matches(batch.events, owner)
        self._check_giving_up(batch.events, owner)

    def _check_strays(self, strays: EventBlock) -> None:
        # Whom the gate refuses after closing has missed the departure without joining.
        self._findings.add_where(
            "joins before all else",
            strays.kind != CODE[Kind.MISSED_DEPARTURE],
            strays.seq,
            lambda i: (
                f"{self._who(strays, i)} has {_kind(strays, i)} without being in a queue "
                "or with a server"
            ),
        )

    def _check_course(
        self, events: EventBlock, owner: NDArray[np.intp], *, is_last: NDArray[np.bool_]
    ) -> None:
        passes_by = IS_MATCH[events.kind] | (ONLY_WHILE_WAITING[events.kind] & ~is_last)
        rows = np.flatnonzero(~passes_by)
        first, second = rows[:-1], rows[1:]
        together = owner[first] == owner[second]
        first, second = first[together], second[together]
        self._findings.add_where(
            "course of a visit",
            ~ALLOWED[events.kind[first], events.kind[second]],
            events.seq[second],
            lambda i: (
                f"{self._who(events, second[i])} has {_kind(events, second[i])} "
                f"after {_kind(events, first[i])}"
            ),
        )
        held = HOLDS_A_SERVER[events.kind[first]]
        self._findings.add_where(
            "one server to the end",
            held & (events.server[first] != events.server[second]),
            events.seq[second],
            lambda i: (
                f"{self._who(events, second[i])} has {_kind(events, second[i])} at server "
                f"{events.server[second[i]]} but is with server {events.server[first[i]]}"
            ),
        )

    def _check_matches(self, events: EventBlock, owner: NDArray[np.intp]) -> None:
        if not IS_MATCH[events.kind].any():
            return
        rows = np.flatnonzero(IS_MATCH[events.kind] | FRAMES_MATCHES[events.kind])
        first, second = rows[:-1], rows[1:]
        is_match = IS_MATCH[events.kind[second]] & (owner[first] == owner[second])
        first, second = first[is_match], second[is_match]
        self._findings.add_where(
            "course of a match",
            ~MATCH_ALLOWED[events.kind[first], events.kind[second]],
            events.seq[second],
            lambda i: (
                f"{self._who(events, second[i])} has {_kind(events, second[i])} "
                f"after {_kind(events, first[i])}"
            ),
        )
        before = np.where(events.kind[first] == STARTED, 0, events.detail[first])
        expected = before + (events.kind[second] == REQUESTED)
        self._findings.add_where(
            "attempts in order",
            events.detail[second] != expected,
            events.seq[second],
            lambda i: (
                f"{self._who(events, second[i])} has {_kind(events, second[i])} of attempt "
                f"{events.detail[second[i]]} where attempt {expected[i]} must come"
            ),
        )

    def _check_giving_up(self, events: EventBlock, owner: NDArray[np.intp]) -> None:
        rows = np.flatnonzero(events.kind == TIMED_OUT)
        again = rows[1:][owner[rows][1:] == owner[rows][:-1]]
        self._findings.add(
            "gives up once",
            events.seq[again],
            lambda i: f"{self._who(events, again[i])} gives up the same request twice",
        )

    def _who(self, events: EventBlock, row: int) -> str:
        return f"passenger {events.passenger[row]} at {self._stations[events.station[row]]}"


def _is_last(batch: ThreadBatch) -> NDArray[np.bool_]:
    is_last = np.zeros(len(batch.events), dtype=bool)
    is_last[batch.first[1:] - 1] = True
    return is_last


def _kind(events: EventBlock, row: int) -> str:
    return KINDS[int(events.kind[row])].value
