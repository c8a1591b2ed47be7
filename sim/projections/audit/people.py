"""Does everyone come once, leave at most once, and do nothing before or after."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import KINDS, Kind
from sim.events.log import EventBlock
from sim.projections.audit.findings import Findings
from sim.projections.outcomes import ARRIVED, grown, is_final
from sim.projections.threads import kind_table

NEVER = np.iinfo(np.int64).max

MAY_FOLLOW_THE_END = kind_table(
    [
        Kind.SERVICE_STARTED,
        Kind.SERVICE_PAUSED,
        Kind.SERVICE_RESUMED,
        Kind.SERVICE_INTERRUPTED,
        Kind.SERVICE_COMPLETED,
        Kind.CARRIED_OVER,
    ]
)
"""What may still happen, at a called station, to a request whose caller has gone."""


class PeopleAudit:
    """Checks each passenger's first and last event.

    Parameters
    ----------
    called : collection of int
        Stations that answer requests; one may outlive its passenger's journey.
    """

    def __init__(self, findings: Findings, *, called: Collection[int]) -> None:
        self._findings = findings
        self._called = np.array(sorted(called), dtype=np.int64)
        self.arrived_seq = np.full(0, NEVER)
        self.final_seq = np.full(0, NEVER)
        self.departure = np.full(0, -1, dtype=np.int32)
        self._arrivals = 0
        self._finals = 0

    def update(self, block: EventBlock) -> None:
        """Take the next events."""
        block = block[block.passenger >= 0]
        people = int(block.passenger.max(initial=-1)) + 1
        self.arrived_seq = grown(self.arrived_seq, people, NEVER)
        self.final_seq = grown(self.final_seq, people, NEVER)
        self.departure = grown(self.departure, people, -1)
        arrivals, finals = block[block.kind == ARRIVED], block[is_final(block)]
        self._arrivals += len(arrivals)
        self._finals += len(finals)
        _keep_first(self.arrived_seq, arrivals)
        _keep_first(self.final_seq, finals)
        self.departure[arrivals.passenger] = arrivals.ref
        note = self._findings.add_where
        note(
            "arrives once",
            arrivals.seq != self.arrived_seq[arrivals.passenger],
            arrivals.seq,
            lambda i: f"passenger {arrivals.passenger[i]} arrives a second time",
        )
        note(
            "nothing before arrival",
            block.seq < self.arrived_seq[block.passenger],
            block.seq,
            lambda i: f"passenger {block.passenger[i]} has {_kind(block, i)} before arriving",
        )
        is_answer = MAY_FOLLOW_THE_END[block.kind] & np.isin(block.station, self._called)
        note(
            "nothing after the end",
            (block.seq > self.final_seq[block.passenger]) & ~is_answer,
            block.seq,
            lambda i: (
                f"passenger {block.passenger[i]} has {_kind(block, i)} after the end of the "
                f"journey in event {self.final_seq[block.passenger[i]]}"
            ),
        )

    @property
    def is_present(self) -> NDArray[np.bool_]:
        """Who has arrived and not left."""
        return (self.arrived_seq != NEVER) & (self.final_seq == NEVER)

    def close(
        self, findings: Findings, *, comes: NDArray[np.bool_], is_over: bool, last_seq: int
    ) -> None:
        """Check what can only be said at the end.

        Parameters
        ----------
        comes : ndarray of bool, shape (passengers,)
            Who of the passenger table must come.
        is_over : bool
            Whether the run went on until everyone had come.
        last_seq : int
            The last event.
        """
        present = int(np.count_nonzero(self.is_present))
        if self._arrivals != self._finals + present:
            words = (
                f"{self._arrivals} arrivals, but {self._finals} final outcomes and "
                f"{present} still present"
            )
            findings.add("all accounted for", np.array([last_seq]), lambda _: words)
        if is_over:
            arrived = grown(self.arrived_seq, len(comes), NEVER)[: len(comes)] != NEVER
            absent = np.flatnonzero(~arrived & comes)
            findings.add(
                "everyone arrives",
                np.full(len(absent), last_seq),
                lambda i: f"passenger {absent[i]} of the passenger table never arrives",
            )


def _keep_first(seq_of: NDArray[np.int64], events: EventBlock) -> None:
    """Note the earliest position of each passenger's events."""
    np.minimum.at(seq_of, events.passenger, events.seq)


def _kind(block: EventBlock, row: int) -> str:
    code = int(block.kind[row])
    return KINDS[code].value if code < len(KINDS) else str(code)
