"""What is exported: a log, block by block, with what the formats say of its run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from sim.events.log import EventBlock, EventLog, SideTables
from sim.events.reader import StoredLog
from sim.scenario.service_day import NO_DATE, service_day

PIECE_ROWS = 16_384
"""Events made into text at a time: as Python objects they take a few hundred bytes each."""

Tell = Callable[[str, int, int], None]
"""Takes progress: what is being done, how much of it is done, how much there is."""


def tell_nobody(_stage: str, _done: int, _total: int) -> None:
    """Progress that nobody looks at."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A run as the writers of formats see it.

    Attributes
    ----------
    log : EventLog
        The events; read once from the first to the last.
    scenario : str
        Id of the scenario.
    chain_head : str
        Names the events: equal for equal logs.
    day : date
        The service day, from whose local midnight instants count.
    replication : int
        Which day of a study it is.
    tell : Tell
        Is told of progress.
    """

    log: EventLog
    scenario: str
    chain_head: str
    day: date = NO_DATE
    replication: int = 0
    tell: Tell = tell_nobody

    @property
    def stations(self) -> tuple[str, ...]:
        """Station ids by row."""
        return self.log.stations

    @property
    def tables(self) -> SideTables:
        """The tables that events refer to."""
        return self.log.tables

    def blocks(self) -> Iterator[EventBlock]:
        """Blocks in order, telling how many events have been read."""
        done, total = 0, len(self.log)
        for block in self.log.blocks():
            yield block
            done += len(block)
            self.tell("events", done, total)

    def pieces(self) -> Iterator[EventBlock]:
        """The same in pieces small enough to become text."""
        for block in self.blocks():
            for first in range(0, len(block), PIECE_ROWS):
                yield block[first : first + PIECE_ROWS]


def source_of(log: StoredLog, *, tell: Tell = tell_nobody) -> Source:
    """A stored run as a source; nothing in it depends on when or by whom it was run.

    Parameters
    ----------
    log : StoredLog
        A run whose files are proven.
    tell : Tell
        Is told of progress.
    """
    manifest = log.manifest
    return Source(
        log,
        scenario=str(manifest.scenario.get("id", "")),
        chain_head=log.chain_head,
        day=service_day(manifest.scenario),
        replication=manifest.replication,
        tell=tell,
    )
