"""Logs and sinks that live in memory, for runs nobody needs to keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sim.events.chain import Chain
from sim.events.log import COLUMNS, EventBlock, EventSink, SideTables
from sim.events.order import BlockOrder


class MemoryLog:
    """A run in memory as an event log; made by `MemorySink` or `remember`.

    Parameters
    ----------
    blocks : sequence of EventBlock
        All blocks in order, every one but the last full.
    stations : sequence of str
        Station ids by row.
    tables : SideTables
        The tables that events refer to.
    """

    def __init__(
        self, blocks: Sequence[EventBlock], *, stations: Sequence[str], tables: SideTables
    ) -> None:
        self._blocks = tuple(blocks)
        self._stations = tuple(stations)
        self._tables = tables
        self._chain_head = ""

    @property
    def stations(self) -> tuple[str, ...]:
        """Station ids by row."""
        return self._stations

    @property
    def tables(self) -> SideTables:
        """The tables that events refer to."""
        return self._tables

    @property
    def chain_head(self) -> str:
        """The last link of the chain, worked out when first asked for."""
        if not self._chain_head:
            chain = Chain(self._stations, self._tables)
            for block in self._blocks:
                chain.write(block)
            self._chain_head = chain.head
        return self._chain_head

    def __len__(self) -> int:
        return sum(map(len, self._blocks))

    def blocks(self) -> Iterator[EventBlock]:
        """Blocks in order."""
        return iter(self._blocks)


class MemorySink:
    """A sink that keeps its own copy of every block, since engines reuse theirs.

    Parameters
    ----------
    stations : sequence of str
        Station ids by row.
    tables : SideTables
        The tables that events refer to.
    onward : EventSink or None
        Given the copy of each block, which nobody writes over.
    """

    def __init__(
        self, *, stations: Sequence[str], tables: SideTables, onward: EventSink | None = None
    ) -> None:
        self._stations = tuple(stations)
        self._tables = tables
        self._onward = onward
        self._order = BlockOrder(len(stations))
        self._blocks: list[EventBlock] = []

    def write(self, block: EventBlock) -> None:
        """Keep the next block; full unless it is the last."""
        if not self._order.admit(block):
            return
        self._blocks.append(_copied(block))
        if self._onward is not None:
            self._onward.write(self._blocks[-1])

    def log(self) -> MemoryLog:
        """Everything written so far, as a log."""
        return MemoryLog(self._blocks, stations=self._stations, tables=self._tables)


class NullSink:
    """A sink that drops every block, for timing an engine alone."""

    def write(self, block: EventBlock) -> None:
        """Take the next block and forget it."""


class TeeSink:
    """A sink that hands every block to several others, in their order.

    Parameters
    ----------
    *sinks : EventSink
        Where the blocks go; each is done with a block when its `write` returns.
    """

    def __init__(self, *sinks: EventSink) -> None:
        self._sinks = sinks

    def write(self, block: EventBlock) -> None:
        """Hand the next block on."""
        for sink in self._sinks:
            sink.write(block)


def remember(
    blocks: Iterable[EventBlock], *, stations: Sequence[str], tables: SideTables
) -> MemoryLog:
    """The log of blocks as an engine yields them.

    Parameters
    ----------
    blocks : iterable of EventBlock
        In order; may reuse their memory.
    stations : sequence of str
        Station ids by row.
    tables : SideTables
        The tables that events refer to.
    """
    sink = MemorySink(stations=stations, tables=tables)
    for block in blocks:
        sink.write(block)
    return sink.log()


def _copied(block: EventBlock) -> EventBlock:
    columns = [getattr(block, name).copy() for name in COLUMNS]
    for column in columns:
        column.flags.writeable = False
    return EventBlock(*columns)
