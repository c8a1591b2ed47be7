"""Signs first, then exact scores of the few that are near: one eighth of the memory is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.matcher.gallery import TILE, Block, Gallery
from sim.matcher.kernels.shortlist import Shortlist
from sim.matcher.templates import WORDS, sign_codes

TILES = 2048
"""Tiles the NumPy form compares at once."""


@dataclass(frozen=True, slots=True)
class TwoStage:
    """Sign codes within a Hamming distance, rescored by the int8 inner product.

    Parameters
    ----------
    cut : int
        Codes whose distance is below this are rescored; see `sim.matcher.cuts`.
    form : {"numba", "numpy"}
        Which code compares the signs; both find the same rows.

    Notes
    -----
    It finds exactly what exhaustive search finds among the rows within the cut. Scores are
    those of every other kernel.
    """

    cut: int
    form: Literal["numba", "numpy"] = "numba"
    name: str = "two-stage"

    def scan(self, gallery: Gallery, probes: NDArray[np.int8], found: Shortlist) -> None:
        """Sift each block by its codes, then score what is left of it."""
        codes = sign_codes(probes, gallery.centre)
        if self.form == "numba":
            sift, score = _sifted_by_numba, _scored_by_numba
        else:
            sift, score = _sifted_by_numpy, _scored_by_numpy
        for first, block in gallery.blocks():
            near = sift(block, codes, self.cut)
            for probe, rows in enumerate(near):
                if len(rows):
                    kept, scores = score(block, rows, probes[probe], int(found.bars[probe]))
                    if len(kept):
                        found.offer(probe, kept + first, scores)


def _sifted_by_numpy(block: Block, codes: NDArray[np.uint64], cut: int) -> list[NDArray[np.int64]]:
    """Rows of a block within the cut of each probe, in order."""
    near: list[list[NDArray[np.int64]]] = [[] for _ in codes]
    differing = np.empty((TILES, TILE), dtype=np.uint64)
    counted = np.empty((TILES, TILE), dtype=np.uint8)
    distance = np.empty((TILES, TILE), dtype=np.uint16)
    used = -(-block.rows // TILE)
    for start in range(0, used, TILES):
        tiles = block.codes[start : min(start + TILES, used)]
        n = len(tiles)
        for probe, code in enumerate(codes):
            for word in range(WORDS):
                np.bitwise_xor(tiles[:, word], code[word], out=differing[:n])
                np.bitwise_count(differing[:n], out=counted[:n])
                if word:
                    np.add(distance[:n], counted[:n], out=distance[:n])
                else:
                    distance[:n] = counted[:n]
            rows = np.flatnonzero(distance[:n] < cut)
            if len(rows):
                near[probe].append(rows + start * TILE)
    return [_enrolled(np.concatenate(parts), block) if parts else _NONE for parts in near]


def _sifted_by_numba(block: Block, codes: NDArray[np.uint64], cut: int) -> list[NDArray[np.int64]]:
    """The same rows, by compiled code."""
    from sim.matcher.kernels.signs import near_rows

    used = -(-block.rows // TILE)
    return [_enrolled(rows, block) for rows in near_rows(block.codes[:used], codes, cut)]


def _scored_by_numpy(
    block: Block, rows: NDArray[np.int64], probe: NDArray[np.int8], least: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Rows that are alive and reach a score, and their scores; float32 holds them exactly."""
    alive = rows[block.is_alive[rows]]
    scores = (block.templates[alive].astype(np.float32) @ probe.astype(np.float32)).astype(np.int32)
    is_kept = scores >= least
    return alive[is_kept], scores[is_kept]


def _scored_by_numba(
    block: Block, rows: NDArray[np.int64], probe: NDArray[np.int8], least: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The same by compiled code."""
    from sim.matcher.kernels.rescoring import scored_rows

    return scored_rows(block.templates, block.is_alive, rows, probe, least)


def _enrolled(rows: NDArray[np.int64], block: Block) -> NDArray[np.int64]:
    """Without the empty places at the end of the last tile."""
    return rows if not len(rows) or rows[-1] < block.rows else rows[rows < block.rows]


_NONE = np.zeros(0, dtype=np.int64)
