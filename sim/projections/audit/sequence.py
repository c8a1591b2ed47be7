"""Is the log a log: no gap, no step back in time, nothing that does not exist."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import KINDS
from sim.events.log import NOBODY, NOWHERE, EventBlock
from sim.projections.audit.findings import Findings


class SequenceAudit:
    """Checks each event's place, instant and names.

    Parameters
    ----------
    stations, passengers : int
        How many there are; the log may name no others.
    """

    def __init__(self, findings: Findings, *, stations: int, passengers: int) -> None:
        self._findings = findings
        self._stations = stations
        self._passengers = passengers
        self._next_seq = 0
        self._last_us = 0

    def update(self, block: EventBlock) -> NDArray[np.bool_]:
        """Take the next events; returns which of them name only what exists."""
        note = self._findings.add_where
        expected = np.append(self._next_seq, block.seq[:-1] + 1)
        note(
            "sequence",
            block.seq != expected,
            block.seq,
            lambda i: f"position {block.seq[i]} where {expected[i]} must come",
        )
        before = np.append(self._last_us, block.at_us[:-1])
        note(
            "time",
            block.at_us < before,
            block.seq,
            lambda i: f"time runs backwards, from {before[i]} to {block.at_us[i]} microseconds",
        )
        has_kind = block.kind < len(KINDS)
        note("kind", ~has_kind, block.seq, lambda i: f"kind {block.kind[i]} has no name")
        has_station = (block.station >= NOWHERE) & (block.station < self._stations)
        note(
            "station",
            ~has_station,
            block.seq,
            lambda i: f"station {block.station[i]} does not exist",
        )
        has_passenger = (block.passenger >= NOBODY) & (block.passenger < self._passengers)
        note(
            "passenger",
            ~has_passenger,
            block.seq,
            lambda i: f"passenger {block.passenger[i]} is not in the passenger table",
        )
        self._next_seq = int(block.seq[-1]) + 1
        self._last_us = int(block.at_us[-1])
        return has_kind & has_station & has_passenger
