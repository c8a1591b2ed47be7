"""The order in which a sink takes blocks: no gap, no overlap, nothing after the last."""

from __future__ import annotations

import numpy as np

from sim.events.kinds import KINDS
from sim.events.log import BLOCK_ROWS, COLUMNS, DTYPES, NOWHERE, EventBlock


class BlockOrder:
    """Watches the blocks that go into a sink; a block out of order is a bug.

    Parameters
    ----------
    stations : int
        Stations of the run; a block may refer to no other.

    Attributes
    ----------
    events : int
        Events taken so far, the ``seq`` that must come next.
    """

    def __init__(self, stations: int) -> None:
        self.events = 0
        self._stations = stations
        self._is_closed = False

    def admit(self, block: EventBlock) -> bool:
        """Take note of the next block; False where it is empty and changes nothing.

        Parameters
        ----------
        block : EventBlock
            At most `BLOCK_ROWS` events, exactly that many unless it is the last.

        Raises
        ------
        AssertionError
            If ``seq`` does not go on where the last block ended, if a block
            follows a short one, or if a value could not be stored as it is.
        """
        rows = len(block)
        if rows == 0:
            return False
        assert not self._is_closed, (
            f"a block of {rows} events follows a short one; only the last may be short"
        )
        assert rows <= BLOCK_ROWS, f"a block of {rows} events; at most {BLOCK_ROWS}"
        self._check_columns(block)
        expected = np.arange(self.events, self.events + rows)
        assert np.array_equal(block.seq, expected), (
            f"seq {block.seq[0]} to {block.seq[-1]} where {expected[0]} to {expected[-1]} must come"
        )
        self.events += rows
        self._is_closed = rows < BLOCK_ROWS
        return True

    def _check_columns(self, block: EventBlock) -> None:
        for name in COLUMNS:
            column = getattr(block, name)
            assert column.dtype == DTYPES[name], f"{name} is {column.dtype}, not {DTYPES[name]}"
            assert column.shape == block.seq.shape, f"{name} has shape {column.shape}"
        assert block.kind.max() < len(KINDS), f"kind {block.kind.max()} has no name"
        low, high = block.station.min(), block.station.max()
        assert NOWHERE <= low <= high < self._stations, (
            f"station rows {low} to {high}; the run has {self._stations}"
        )
