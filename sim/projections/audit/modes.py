"""Do degraded modes begin and end in turn, and is what stations do meanwhile what was said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CHOOSES_AGAIN, CODE, Kind
from sim.events.log import EventBlock, concat_blocks
from sim.projections.audit.findings import Findings
from sim.projections.audit.holds import FAR_SEQ
from sim.projections.ordering import stable_order
from sim.projections.threads import kind_table
from sim.projections.visit_table import VisitRows, select
from sim.scenario.background import Degraded

STARTED, ENDED = CODE[Kind.DEGRADED_STARTED], CODE[Kind.DEGRADED_ENDED]
RENEGED = CODE[Kind.RENEGED]
_IS_MODE = kind_table([Kind.DEGRADED_STARTED, Kind.DEGRADED_ENDED])


class ModesAudit:
    """Checks degraded modes, and who was sent away by one."""

    def __init__(self) -> None:
        self._blocks: list[EventBlock] = []

    def update(self, block: EventBlock) -> None:
        """Take the next events."""
        is_moved = (block.kind == RENEGED) & (block.detail == CHOOSES_AGAIN)
        rows = np.flatnonzero(_IS_MODE[block.kind] | is_moved)
        if len(rows):
            self._blocks.append(block[rows])

    def close(
        self,
        findings: Findings,
        rows: VisitRows,
        *,
        modes: Sequence[Degraded],
        stations: Sequence[str],
    ) -> None:
        """Check all of the log.

        Parameters
        ----------
        rows : VisitRows
            All visits.
        modes : sequence of Degraded
            Degraded modes as written in the file.
        stations : sequence of str
            Station ids by row.
        """
        events = concat_blocks(self._blocks)
        for station in np.unique(events.station).tolist():
            here, name = events[events.station == station], str(stations[station])
            own = next((mode for mode in modes if mode.station == name), None)
            turns = here[_IS_MODE[here.kind]]
            self._check_turns(findings, turns, name=name, own=own)
            starts_us = turns.at_us[turns.kind == STARTED]
            closes_us = starts_us if own is not None and own.closes else starts_us[:0]
            _check_moved(findings, here[here.kind == RENEGED], closes_us, name=name)
            if own is not None and own.skips_calls and own.service in stations:
                service = stations.index(own.service)
                _check_silence(findings, rows, turns, here=station, service=service, name=name)

    def _check_turns(
        self, findings: Findings, turns: EventBlock, *, name: str, own: Degraded | None
    ) -> None:
        expected = np.where(np.arange(len(turns)) % 2 == 0, STARTED, ENDED)
        findings.add_where(
            "degraded in turn",
            turns.kind != expected,
            turns.seq,
            lambda i: (
                f"{name} begins a degraded mode twice"
                if turns.kind[i] == STARTED
                else f"{name} ends a degraded mode that has not begun"
            ),
        )
        findings.add_where(
            "degraded as written",
            np.full(len(turns), own is None),
            turns.seq,
            lambda i: f"{name} has no degraded mode in the scenario",
        )


def _check_moved(
    findings: Findings, moved: EventBlock, closes_us: NDArray[np.int64], *, name: str
) -> None:
    """Who is sent away to choose again is so as the station closes."""
    findings.add_where(
        "moved by a closure",
        ~np.isin(moved.at_us, closes_us),
        moved.seq,
        lambda i: (
            f"passenger {moved.passenger[i]} is sent away from {name}, which does not "
            "close at that instant"
        ),
    )


def _check_silence(
    findings: Findings, rows: VisitRows, turns: EventBlock, *, here: int, service: int, name: str
) -> None:
    """While a station does without a service, what it began then asks nothing of it."""
    own = select(rows, ~rows.is_call & (rows.station == here) & rows.has_started)
    calls = select(rows, rows.is_call & (rows.station == service))
    if not len(own) or not len(calls):
        return
    order = stable_order(own.passenger, own.visit)
    names = _name(own)[order]
    caller = order[np.minimum(np.searchsorted(names, _name(calls)), len(order) - 1)]
    is_own = _name(own)[caller] == _name(calls)
    began, sent = own.started_seq[caller], calls.joined_seq
    starts = turns.seq[turns.kind == STARTED]
    ends = np.append(turns.seq[turns.kind == ENDED], FAR_SEQ)[: len(starts)]
    spell = np.searchsorted(starts, began) - 1
    known = np.append(ends, -1)
    findings.add_where(
        "does without",
        is_own & (spell >= 0) & (sent < known[spell]),
        sent,
        lambda i: (
            f"passenger {calls.passenger[i]}, whose service at {name} began in its degraded "
            "mode, sends a request to the service it does without"
        ),
    )


def _name(rows: VisitRows) -> NDArray[np.int64]:
    return (rows.passenger.astype(np.int64) << 16) | rows.visit
