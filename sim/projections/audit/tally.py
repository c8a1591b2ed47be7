"""Does every station's book balance: what went in came out or is still there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.events.kinds import KINDS, Kind
from sim.events.log import EventBlock
from sim.projections.audit.findings import Findings
from sim.projections.visit_table import Outcome, VisitRows


class TallyAudit:
    """Counts events by station and kind, and balances them against the visits at the end.

    Parameters
    ----------
    stations : int
        How many there are.
    """

    def __init__(self, stations: int) -> None:
        self._counts = np.zeros((stations, len(KINDS)), dtype=np.int64)

    def update(self, block: EventBlock) -> None:
        """Take the next events."""
        stations, kinds = self._counts.shape
        counted = (block.visit >= 0) & (block.kind < kinds)
        counted &= (block.station >= 0) & (block.station < stations)
        cell = block.station[counted].astype(np.intp) * kinds + block.kind[counted]
        self._counts += np.bincount(cell, minlength=stations * kinds).reshape(stations, kinds)

    def close(
        self, findings: Findings, rows: VisitRows, *, stations: Sequence[str], last_seq: int
    ) -> None:
        """Balance the queue and the servers of every station.

        Parameters
        ----------
        rows : VisitRows
            All visits.
        stations : sequence of str
            Station ids by row.
        last_seq : int
            The last event.
        """
        for station, name in enumerate(stations):
            counts = dict(zip(KINDS, self._counts[station].tolist(), strict=True))
            here = rows.station == station
            by_outcome = np.bincount(rows.outcome[here], minlength=len(Outcome)).tolist()
            never_started = here & ~rows.has_started & (rows.outcome == Outcome.PRESENT)
            waiting = int(np.count_nonzero(never_started)) + by_outcome[Outcome.INTERRUPTED]
            in_service = by_outcome[Outcome.PRESENT] - int(np.count_nonzero(never_started))
            joined, started = counts[Kind.QUEUE_JOINED], counts[Kind.SERVICE_STARTED]
            back, done = counts[Kind.SERVICE_INTERRUPTED], counts[Kind.SERVICE_COMPLETED]
            left = counts[Kind.RENEGED] + by_outcome[Outcome.MISSED] + by_outcome[Outcome.TIMED_OUT]
            words = []
            if joined + back != started + left + waiting:
                words.append(
                    f"{name}: {joined} joined and {back} came back, but {started} started, "
                    f"{left} left the queue and {waiting} still wait"
                )
            if started != done + back + in_service:
                words.append(
                    f"{name}: {started} started, but {done} completed, {back} were interrupted "
                    f"and {in_service} are in service"
                )
            findings.add(
                "books balance", np.full(len(words), last_seq), lambda i, words=words: words[i]
            )
