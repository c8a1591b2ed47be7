"""Galleries: people to search among, added at the end, deleted by a mark."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.matcher.templates import DIMENSIONS, WORDS, aligned, sign_codes

BLOCK = 65_536
"""Rows of a block; a gallery grows by whole blocks, which never move."""

TILE = 8
"""Codes that lie together word by word: one load takes the same word of each, and a tile is read
from end to end, as memory likes."""


@dataclass(slots=True)
class Block:
    """Rows of a gallery in memory, filled from the first.

    Attributes
    ----------
    templates : ndarray of int8, shape (BLOCK, 512)
        Quantised templates, aligned.
    codes : ndarray of uint64, shape (BLOCK / TILE, 8, TILE)
        Their sign codes, word-major within a tile.
    is_alive : ndarray of bool, shape (BLOCK,)
        Whether the row is enrolled and not deleted.
    rows : int
        Rows enrolled so far.
    """

    templates: NDArray[np.int8]
    codes: NDArray[np.uint64]
    is_alive: NDArray[np.bool_]
    rows: int = 0
    extras: dict[str, object] = field(default_factory=dict)
    """What a kernel keeps beside the block, by the kernel's name."""

    @classmethod
    def empty(cls, capacity: int) -> Block:
        """A block of `capacity` rows, none of them filled; a multiple of `TILE`."""
        codes = aligned(capacity // TILE, WORDS * TILE, np.uint64).reshape(-1, WORDS, TILE)
        codes[:] = 0
        return cls(aligned(capacity, DIMENSIONS, np.int8), codes, np.zeros(capacity, dtype=bool))

    @property
    def capacity(self) -> int:
        """Rows there is room for."""
        return len(self.is_alive)

    def append(self, rows: NDArray[np.int8], codes: NDArray[np.uint64]) -> None:
        """Fill the next rows."""
        first, last = self.rows, self.rows + len(rows)
        self.templates[first:last] = rows
        places = np.arange(first, last)
        self.codes[places // TILE, :, places % TILE] = codes
        self.is_alive[first:last] = True
        self.rows = last


class Gallery:
    """People by id, in order of enrolment; ids are never used again.

    Parameters
    ----------
    centre : ndarray of float32, shape (512,)
        Centre of the sign codes, in int8 steps; fixed for the life of the gallery.
    """

    def __init__(self, *, centre: NDArray[np.float32] | None = None) -> None:
        self.centre = np.zeros(DIMENSIONS, dtype=np.float32) if centre is None else centre
        self._blocks: list[Block] = []
        self._deleted = 0
        self._history = hashlib.sha256(self.centre.tobytes())

    def __len__(self) -> int:
        return self.enrolled - self._deleted

    @property
    def enrolled(self) -> int:
        """Ids given out so far, deleted ones included."""
        return sum(block.rows for block in self._blocks)

    @property
    def snapshot(self) -> str:
        """Digest of every enrolment and deletion so far: which gallery answered."""
        return self._history.hexdigest()[:16]

    @property
    def bytes(self) -> int:
        """Memory the rows and codes take."""
        return sum(block.templates.nbytes + block.codes.nbytes for block in self._blocks)

    def enrol(self, rows: NDArray[np.int8]) -> range:
        """Add people; returns their ids.

        Parameters
        ----------
        rows : ndarray of int8, shape (n, 512)
            Quantised templates.
        """
        first, done = self.enrolled, 0
        while done < len(rows):
            block = self._open_block(len(rows) - done)
            part = rows[done : done + block.capacity - block.rows]
            block.append(part, sign_codes(part, self.centre))
            done += len(part)
        self._history.update(b"enrol" + np.ascontiguousarray(rows).tobytes())
        return range(first, first + len(rows))

    def delete(self, person: int) -> None:
        """Mark a person as deleted; searches no longer find them.

        Raises
        ------
        UsageError
            If no such person is enrolled.
        """
        for first, block in self.blocks():
            if first <= person < first + block.rows and block.is_alive[person - first]:
                block.is_alive[person - first] = False
                self._deleted += 1
                self._history.update(b"delete" + person.to_bytes(8, "little"))
                return
        raise UsageError(f"gallery: nobody is enrolled as {person}; it has {self.enrolled} ids")

    def blocks(self) -> Iterator[tuple[int, Block]]:
        """First id and rows of each block, in order."""
        first = 0
        for block in self._blocks:
            yield first, block
            first += block.rows

    def _open_block(self, wanted: int) -> Block:
        if not self._blocks or self._blocks[-1].rows == self._blocks[-1].capacity:
            small = -(-min(wanted, BLOCK) // TILE) * TILE
            self._blocks.append(Block.empty(small if not self._blocks else BLOCK))
        return self._blocks[-1]


def centre_of(rows: NDArray[np.int8]) -> NDArray[np.float32]:
    """Mean of quantised templates, as a centre for sign codes; zeros where there are none."""
    if not len(rows):
        return np.zeros(DIMENSIONS, dtype=np.float32)
    return rows.mean(axis=0, dtype=np.float64).astype(np.float32)
