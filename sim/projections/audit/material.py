"""What the checks at the end of a log stand on: visits, stretches, requests given up."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.projections.audit.holds import Holds, given_up_of, holds_of
from sim.projections.ordering import stable_order
from sim.projections.threads import ThreadBatch
from sim.projections.visit_table import Pieces, VisitRows, VisitTable, concat, select
from sim.projections.visits import visits_of


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """All of a log's visits.

    Attributes
    ----------
    visits : VisitTable
        In the order in which they began.
    given_up_seq : ndarray of int64, shape (visits,)
        Position at which the caller of each gave up, or `FAR_SEQ`.
    holds : Holds
        All stretches with a server, or back in the queue.
    """

    visits: VisitTable
    given_up_seq: NDArray[np.int64]
    holds: Holds


@dataclass(slots=True, eq=False)
class Gathering:
    """Collects visits batch by batch."""

    rows: list[VisitRows] = field(default_factory=list)
    pieces: list[Pieces] = field(default_factory=list)
    given_up: list[NDArray[np.int64]] = field(default_factory=list)
    holds: list[Holds] = field(default_factory=list)

    def take(self, batch: ThreadBatch, *, has_ended: bool) -> None:
        """Add visits, all of which have ended, or none."""
        rows, pieces = visits_of(batch, last_us=0, has_ended=has_ended)
        self.rows.append(rows)
        self.pieces.append(pieces)
        self.given_up.append(given_up_of(batch))
        self.holds.append(holds_of(batch, has_ended=has_ended))

    def with_open(self, still_open: ThreadBatch) -> Material:
        """Everything so far, the visits that have not ended included."""
        whole = Gathering(list(self.rows), list(self.pieces), list(self.given_up), list(self.holds))
        whole.take(still_open, has_ended=False)
        rows, pieces = concat(whole.rows), concat(whole.pieces)
        order = stable_order(rows.joined_seq)
        return Material(
            visits=VisitTable(select(rows, order), select(pieces, stable_order(pieces.joined_seq))),
            given_up_seq=np.concatenate(whole.given_up)[order],
            holds=concat(whole.holds),
        )
