"""Exhaustive search by matrix products in float32, which are exact for int8 templates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.matcher.gallery import Block, Gallery
from sim.matcher.kernels.shortlist import Shortlist
from sim.matcher.templates import DIMENSIONS, aligned

ROWS = 4096
"""Rows multiplied at once: their scores stay in the processor's cache."""

SMALL_BATCH = 3
"""Up to so many probes one product each is faster than a matrix product.

OpenBLAS's product of two to eight rows takes about as long as four of one row.
"""

WIDE_ROWS = 131_072
"""Galleries up to this size keep a copy in float32 (2 KiB a person) beside the int8 rows."""

_NEVER = np.float32(-np.inf)


@dataclass(frozen=True, slots=True)
class Gemm:
    """All pairs through BLAS, block by block; candidates are sought only where a block has any."""

    name: str = "gemm"

    def scan(self, gallery: Gallery, probes: NDArray[np.int8], found: Shortlist) -> None:
        """Multiply block by block."""
        wide = probes.astype(np.float32)
        scores = np.empty((len(probes), ROWS), dtype=np.float32)
        keeps = gallery.enrolled <= WIDE_ROWS
        for first, block in gallery.blocks():
            for start, rows in _parts(block, keeps=keeps):
                out = scores[:, : len(rows)]
                if len(probes) <= SMALL_BATCH:
                    for probe, line in zip(wide, out, strict=True):
                        np.dot(rows, probe, out=line)
                else:
                    out = np.matmul(wide, rows.T, out=out if len(rows) == ROWS else None)
                alive = block.is_alive[start : start + len(rows)]
                if not alive.all():
                    out[:, ~alive] = _NEVER
                found.offer_block(first + start, out)


def _parts(block: Block, *, keeps: bool) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Rows of a block in float32, a part at a time, with the number of the first."""
    if keeps:
        wide = _kept(block)
        for start in range(0, block.rows, ROWS):
            yield start, wide[start : min(start + ROWS, block.rows)]
        return
    scratch = aligned(ROWS, DIMENSIONS, np.float32)
    for start in range(0, block.rows, ROWS):
        part = block.templates[start : min(start + ROWS, block.rows)]
        scratch[: len(part)] = part
        yield start, scratch[: len(part)]


def _kept(block: Block) -> NDArray[np.float32]:
    """A block's copy in float32, grown as people are enrolled."""
    kept: Any = block.extras.get("gemm")
    wide, filled = kept or (aligned(block.capacity, DIMENSIONS, np.float32), 0)
    if filled < block.rows:
        wide[filled : block.rows] = block.templates[filled : block.rows]
        block.extras["gemm"] = (wide, block.rows)
    return wide
