"""Where the reference engine writes what happened, one row at a time."""

from __future__ import annotations

from sim.events.kinds import CODE, Kind
from sim.events.log import BLOCK_ROWS, NOBODY, EventBlock, block_from_rows

Row = tuple[int, int, int, int, int, int, int, int]
"""``(at_us, kind, passenger, station, visit, server, ref, detail)``."""


class Journal:
    """Rows not yet handed on as blocks."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._handed_on = 0

    def record(
        self,
        at_us: int,
        kind: Kind,
        *,
        passenger: int = NOBODY,
        station: int = NOBODY,
        visit: int = NOBODY,
        server: int = NOBODY,
        ref: int = NOBODY,
        detail: int = 0,
    ) -> None:
        """Append one event. The busiest kinds append to `rows` themselves."""
        self.rows.append((at_us, CODE[kind], passenger, station, visit, server, ref, detail))

    @property
    def has_block(self) -> bool:
        """Whether a full block is ready."""
        return len(self.rows) >= BLOCK_ROWS

    def take_block(self) -> EventBlock:
        """The next block: full, or at the end what is left."""
        rows = self.rows[:BLOCK_ROWS]
        del self.rows[:BLOCK_ROWS]
        block = block_from_rows(rows, first_seq=self._handed_on)
        self._handed_on += len(rows)
        return block
