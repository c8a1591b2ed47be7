"""Open servers through the day, as the facility announced them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock, concat_blocks
from sim.projections.steps import Steps
from sim.projections.threads import kind_table

SERVER_KINDS = (Kind.SERVERS_CHANGED, Kind.OUTAGE_STARTED, Kind.OUTAGE_ENDED)
"""Kinds whose ``detail`` is the number of servers open from then on."""

_WANTED = kind_table(SERVER_KINDS)
_STARTED, _ENDED = CODE[Kind.OUTAGE_STARTED], CODE[Kind.OUTAGE_ENDED]


@dataclass(frozen=True, slots=True, eq=False)
class ServerHistory:
    """How the servers of one station changed.

    Attributes
    ----------
    at_us, seq : ndarray of int64, shape (n,)
        When, and where in the log.
    open : ndarray of int64, shape (n,)
        Servers open from then on.
    down : tuple of frozenset of int, length n
        Servers down from then on; -1 stands for the whole bank.
    """

    at_us: NDArray[np.int64]
    seq: NDArray[np.int64]
    open: NDArray[np.int64]
    down: tuple[frozenset[int], ...]

    @property
    def steps(self) -> Steps:
        """Open servers as a function of time."""
        return Steps.of_changes(self.at_us, self.open)

    def before(self, seq: NDArray[np.int64]) -> NDArray[np.intp]:
        """Row of the last change before each position in the log, or -1."""
        return np.searchsorted(self.seq, seq) - 1


class Servers:
    """A fold from events to the history of each station's servers.

    Parameters
    ----------
    stations : int
        Stations of the run.
    """

    def __init__(self, stations: int) -> None:
        self._stations = stations
        self._changes: list[EventBlock] = []

    def update(self, block: EventBlock) -> None:
        """Take the next events."""
        changes = block[np.flatnonzero(_WANTED[block.kind])]
        if len(changes):
            self._changes.append(changes)

    def result(self) -> tuple[ServerHistory, ...]:
        """The history of each station."""
        changes = concat_blocks(self._changes)
        return tuple(
            _history(changes[changes.station == station]) for station in range(self._stations)
        )


def _history(changes: EventBlock) -> ServerHistory:
    down: frozenset[int] = frozenset()
    history = []
    for kind, server in zip(changes.kind.tolist(), changes.server.tolist(), strict=True):
        if kind == _STARTED:
            down |= {server}
        elif kind == _ENDED:
            down -= {server}
        history.append(down)
    return ServerHistory(changes.at_us, changes.seq, changes.detail, tuple(history))
