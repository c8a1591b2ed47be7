"""Where a passenger is: at a station of their own journey, not where a request of theirs is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.events.log import NOWHERE, EventBlock
from sim.projections.ordering import order_and_runs
from sim.projections.threads import IS_HEAD


class Places:
    """Remembers from block to block at which station everyone's visit is.

    Parameters
    ----------
    passengers : int
        Rows of the passenger table.
    """

    def __init__(self, passengers: int) -> None:
        self._visit = np.full(passengers, -1, dtype=np.int32)
        self._station = np.full(passengers, NOWHERE, dtype=np.int32)

    def is_own(self, block: EventBlock) -> NDArray[np.bool_]:
        """Whether each event happens where its passenger is; takes the next block.

        Returns
        -------
        ndarray of bool
            False for the events of a call, whose station is another than the one of the visit,
            and for events of nobody or at no station.

        Notes
        -----
        The station at which a visit's number is first seen is the passenger's own; a request
        sent from there has the same number.
        """
        known = (block.passenger >= 0) & (block.passenger < len(self._visit))
        rows = np.flatnonzero(known & (block.station >= 0))
        is_own = np.zeros(len(block), dtype=bool)
        if not len(rows):
            return is_own
        order, begins = order_and_runs(block.passenger[rows])
        rows = rows[order]
        who, visit, station = block.passenger[rows], block.visit[rows], block.station[rows]
        first = np.flatnonzero(begins)
        heads = np.flatnonzero(IS_HEAD[block.kind[rows]])
        newer = np.ones(len(heads), dtype=bool)
        newer[1:] = (who[heads[1:]] != who[heads[:-1]]) | (visit[heads[1:]] != visit[heads[:-1]])
        newer &= (visit[heads] != self._visit[who[heads]]) | ~_is_first_of(who[heads])
        own = heads[newer]
        at = np.full(len(rows), -1)
        at[own] = own
        latest = np.maximum.accumulate(np.maximum(at, -1))
        is_known_here = latest >= first[np.cumsum(begins) - 1]
        place = np.where(is_known_here, station[latest], self._station[who])
        is_own[rows] = place == station
        last = np.append(first[1:], len(rows)) - 1
        moved = last[is_known_here[last]]
        self._station[who[moved]] = place[moved]
        self._visit[who[moved]] = visit[latest[moved]]
        return is_own


def _is_first_of(who: NDArray[np.int32]) -> NDArray[np.bool_]:
    first = np.ones(len(who), dtype=bool)
    first[1:] = who[1:] != who[:-1]
    return first
