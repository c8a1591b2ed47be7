"""Does everyone board their own departure, between its opening and its leaving."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock, concat_blocks
from sim.projections.audit.findings import Findings
from sim.projections.audit.holds import FAR_SEQ
from sim.projections.ordering import stable_order
from sim.projections.threads import kind_table
from sim.projections.visit_table import VisitRows, select

BOARDED = CODE[Kind.BOARDED]
OPENED = CODE[Kind.BOARDING_OPENED]
LEFT = CODE[Kind.DEPARTURE_LEFT]
WANTED = kind_table([Kind.BOARDED, Kind.BOARDING_OPENED, Kind.DEPARTURE_LEFT])


class BoardingAudit:
    """Collects what happens to departures, to check it at the end."""

    def __init__(self) -> None:
        self._events: list[EventBlock] = []

    def update(self, block: EventBlock) -> None:
        """Take the next events."""
        self._events.append(block[WANTED[block.kind]])

    def close(self, findings: Findings, rows: VisitRows, *, departure: NDArray[np.int32]) -> None:
        """Check all boardings.

        Parameters
        ----------
        rows : VisitRows
            All visits.
        departure : ndarray of int32, shape (passengers,)
            Each passenger's departure, or -1.
        """
        events = concat_blocks(self._events)
        boarded = events[events.kind == BOARDED]
        if not len(boarded):
            return
        findings.add_where(
            "boards the own departure",
            departure[boarded.passenger] != boarded.ref,
            boarded.seq,
            lambda i: (
                f"passenger {boarded.passenger[i]} of departure "
                f"{departure[boarded.passenger[i]]} boards departure {boarded.ref[i]}"
            ),
        )
        opened, left = events[events.kind == OPENED], events[events.kind == LEFT]
        if len(opened) or len(left):
            _check_windows(findings, boarded, opened, left, rows)


def _check_windows(
    findings: Findings, boarded: EventBlock, opened: EventBlock, left: EventBlock, rows: VisitRows
) -> None:
    departures = int(max(each.ref.max(initial=-1) for each in (boarded, opened, left))) + 1
    opened_seq, left_seq = np.full((2, departures + 1), FAR_SEQ)
    opened_seq[opened.ref] = opened.seq
    left_seq[left.ref] = left.seq
    findings.add_where(
        "boards after opening",
        boarded.seq < opened_seq[boarded.ref],
        boarded.seq,
        lambda i: (
            f"passenger {boarded.passenger[i]} boards departure {boarded.ref[i]} "
            "before boarding opened"
        ),
    )
    # Whoever is being served when it leaves still gets on.
    started_seq = _starts_of(boarded, rows)
    findings.add_where(
        "boards before leaving",
        started_seq > left_seq[boarded.ref],
        boarded.seq,
        lambda i: (
            f"passenger {boarded.passenger[i]} boards departure {boarded.ref[i]} "
            f"after it left in event {left_seq[boarded.ref[i]]}"
        ),
    )


def _starts_of(boarded: EventBlock, rows: VisitRows) -> NDArray[np.int64]:
    """Start of the service that ended last before each boarding at its server."""
    served = select(rows, rows.ended_seq >= 0)
    served = select(served, stable_order(served.station, served.server, served.ended_seq))
    names = [_name(each.station, each.server) for each in (served, boarded)]
    order = stable_order(np.concatenate(names), np.concatenate([served.ended_seq, boarded.seq]))
    is_served = order < len(served)
    last = np.maximum.accumulate(np.where(is_served, order, -1))
    result = boarded.seq.copy()
    of_boarded = ~is_served & (last >= 0)
    at = order[of_boarded] - len(served)
    fits = names[0][last[of_boarded]] == names[1][at]
    result[at[fits]] = served.started_seq[last[of_boarded][fits]]
    return result


def _name(station: NDArray[np.int16], server: NDArray[np.int16]) -> NDArray[np.int64]:
    return (station.astype(np.int64) << 16) + server
