"""Sign codes compared by compiled code: eight words, as many rows at once as fit a register."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

ROOM = 4096
"""Hits there is room for at first, for each probe."""


def _set_bits(typing_context: Any, word: Any) -> Any:
    """Bits set in a word."""
    del typing_context, word

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        del context, signature
        kind = ir.FunctionType(ir.IntType(64), [ir.IntType(64)])
        count = builder.module.declare_intrinsic("llvm.ctpop", [ir.IntType(64)], kind)
        return builder.call(count, arguments)

    return types.uint64(types.uint64), generate


set_bits: Any = intrinsic(_set_bits)
"""Bits set in a word, for compiled code."""


@njit(
    types.void(
        types.Array(types.uint64, 3, "C", readonly=False),
        types.uint64[:, ::1],
        types.uint64,
        types.int64[:, ::1],
        types.int64[::1],
        types.uint64[::1],
    ),
    nogil=True,
    cache=True,
    error_model="numpy",
)
def _sift(  # noqa: PLR0917 (called once, below)
    codes: Any, probes: Any, cut: Any, hits: Any, counts: Any, distance: Any
) -> None:
    """Note the rows nearer than the cut; counts go on where there is no more room."""
    tiles, _, width = codes.shape
    for tile in range(tiles):
        c = codes[tile]
        for p in range(len(probes)):
            q = probes[p]
            a0, a1, a2, a3 = q[0], q[1], q[2], q[3]
            a4, a5, a6, a7 = q[4], q[5], q[6], q[7]
            nearest = types.uint64(1 << 30)
            for i in range(width):
                d = (
                    set_bits(c[0, i] ^ a0)
                    + set_bits(c[1, i] ^ a1)
                    + set_bits(c[2, i] ^ a2)
                    + set_bits(c[3, i] ^ a3)
                    + set_bits(c[4, i] ^ a4)
                    + set_bits(c[5, i] ^ a5)
                    + set_bits(c[6, i] ^ a6)
                    + set_bits(c[7, i] ^ a7)
                )
                distance[i] = d
                nearest = min(nearest, d)
            if nearest < cut:
                n = counts[p]
                for i in range(width):
                    if distance[i] < cut:
                        if n < hits.shape[1]:
                            hits[p, n] = tile * width + i
                        n += 1
                counts[p] = n


def near_rows(
    codes: NDArray[np.uint64], probes: NDArray[np.uint64], cut: int
) -> list[NDArray[np.int64]]:
    """Rows whose distance from each probe is below a cut, in order.

    Parameters
    ----------
    codes : ndarray of uint64, shape (tiles, 8, rows a tile)
        Codes, word-major within a tile.
    probes : ndarray of uint64, shape (n, 8)
        Codes of the probes.
    cut : int
        Least distance that is too far.
    """
    room = ROOM
    distance = np.empty(codes.shape[2], dtype=np.uint64)
    while True:
        hits = np.empty((len(probes), room), dtype=np.int64)
        counts = np.zeros(len(probes), dtype=np.int64)
        _sift(codes, np.ascontiguousarray(probes), np.uint64(cut), hits, counts, distance)
        if int(counts.max(initial=0)) <= room:
            return [hits[p, : counts[p]].copy() for p in range(len(probes))]
        room = int(counts.max())
