"""The hash chain: one head stands for every event of a run and their order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from sim.events.canonical import block_parts, frame, table_digest
from sim.events.log import EventBlock, SideTables
from sim.events.order import BlockOrder

FORMAT_NAME: Final = "hanh-trinh-run"
"""Name of the run format, the first thing hashed and the first thing a manifest says."""


def genesis(stations: Sequence[str], table_digests: dict[str, str]) -> str:
    """``chain[-1]``: what every event of the run stands on.

    Parameters
    ----------
    stations : sequence of str
        Station ids by row.
    table_digests : dict of str to str
        Content digest of each side table, in the order passengers, departures, galleries.

    Returns
    -------
    str
        SHA-256, in hex, of the framed format name, the number of stations (uint64),
        each framed station id, and each table's framed name and 32 digest bytes.
    """
    state = hashlib.sha256(frame(FORMAT_NAME))
    state.update(len(stations).to_bytes(8, "little"))
    for station in stations:
        state.update(frame(station))
    for name, digest in table_digests.items():
        state.update(frame(name))
        state.update(bytes.fromhex(digest))
    return state.hexdigest()


def link(previous: str, block: EventBlock) -> str:
    """``chain[n]`` from ``chain[n-1]`` and segment ``n``, both in hex."""
    state = hashlib.sha256(bytes.fromhex(previous))
    for part in block_parts(block):
        state.update(part)
    return state.hexdigest()


class Chain:
    """The chain as a fold: a sink that keeps nothing but one digest per block.

    Parameters
    ----------
    stations : sequence of str
        Station ids by row.
    tables : SideTables
        The tables that events refer to.

    Attributes
    ----------
    table_digests : dict of str to str
        Content digest of each side table.
    links : list of str
        ``chain[-1]``, ``chain[0]``, … in hex: one more than blocks taken.
    """

    def __init__(self, stations: Sequence[str], tables: SideTables) -> None:
        self.table_digests = {name: table_digest(table) for name, table in tables}
        self.links = [genesis(stations, self.table_digests)]
        self._order = BlockOrder(len(stations))

    @property
    def head(self) -> str:
        """The last link: equal for two runs exactly if all their events are."""
        return self.links[-1]

    @property
    def events(self) -> int:
        """Events taken so far."""
        return self._order.events

    def write(self, block: EventBlock) -> None:
        """Take the next block; full unless it is the last."""
        if self._order.admit(block):
            self.links.append(link(self.head, block))
