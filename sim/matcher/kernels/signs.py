"""Sign codes compared by compiled code: the eight rows of a tile at once, from two places."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from sim.matcher.gallery import TILE
from sim.matcher.templates import WORDS

ROOM = 2048
"""Hits there is room for at first, for each probe and each half."""

SPAN = 32
"""Tiles of each half that one probe is compared with before the next probe is: 32 KiB."""


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


def _near_in_tile(typing_context: Any, codes: Any, tile: Any, code: Any, cut: Any) -> Any:
    """Bit i is set where row i of a tile is nearer to a code than the cut."""
    del typing_context

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        whole, at, words, least = arguments
        word, vector = ir.IntType(64), ir.VectorType(ir.IntType(64), TILE)

        def spread(scalar: Any) -> Any:
            one = builder.insert_element(
                ir.Constant(vector, ir.Undefined), scalar, ir.Constant(ir.IntType(32), 0)
            )
            everywhere = ir.Constant(ir.VectorType(ir.IntType(32), TILE), [0] * TILE)
            return builder.shuffle_vector(one, one, everywhere)

        count = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(vector, [vector]), f"llvm.ctpop.v{TILE}i64"
        )
        data = context.make_array(signature.args[0])(context, builder, whole).data
        first = builder.gep(data, [builder.mul(at, ir.Constant(word, WORDS * TILE))])
        distance = ir.Constant(vector, [0] * TILE)
        for w in range(WORDS):
            place = builder.gep(first, [ir.Constant(word, w * TILE)])
            rows = builder.load(builder.bitcast(place, vector.as_pointer()), align=8)
            differing = builder.xor(rows, spread(builder.extract_value(words, w)))
            distance = builder.add(distance, builder.call(count, [differing]))
        is_near = builder.icmp_unsigned("<", distance, spread(least))
        return builder.zext(builder.bitcast(is_near, ir.IntType(TILE)), word)

    return types.uint64(codes, types.int64, types.UniTuple(types.uint64, WORDS), types.uint64), (
        generate
    )


near_in_tile: Any = intrinsic(_near_in_tile)
"""Rows of a tile that are near a code, as bits, for compiled code."""


@njit(cache=True, error_model="numpy")
def _noted(hits: Any, count: Any, tile: Any, near: Any) -> Any:
    """Rows of a tile added to the hits; returns how many there are now."""
    for i in range(TILE):
        if near >> types.uint64(i) & types.uint64(1):
            hits[count] = tile * TILE + i
            count += 1
    return count


@njit(
    types.int64(
        types.Array(types.uint64, 3, "C", readonly=False),
        types.uint64[:, ::1],
        types.uint64,
        types.int64,
        types.int64[:, :, ::1],
        types.int64[:, ::1],
    ),
    nogil=True,
    cache=True,
    error_model="numpy",
)
def _sift(  # noqa: PLR0917 (called once, below)
    codes: Any, probes: Any, cut: Any, start: Any, hits: Any, counts: Any
) -> Any:
    """Note the rows nearer than the cut; returns where it stopped for want of room.

    The halves of the codes are walked side by side: a processor fetches ahead in each, and
    two come closer to what memory can give than one.
    """
    tiles, room = len(codes), hits.shape[2]
    half = (tiles + 1) // 2
    while start < half:
        for p in range(len(probes)):
            if max(counts[p, 0], counts[p, 1]) + SPAN * TILE > room:
                return start
        stop = min(start + SPAN, half)
        for p in range(len(probes)):
            q = probes[p]
            code = (q[0], q[1], q[2], q[3], q[4], q[5], q[6], q[7])
            for tile in range(start, stop):
                near = near_in_tile(codes, tile, code, cut)
                if near:
                    counts[p, 0] = _noted(hits[p, 0], counts[p, 0], tile, near)
                if tile + half < tiles:
                    near = near_in_tile(codes, tile + half, code, cut)
                    if near:
                        counts[p, 1] = _noted(hits[p, 1], counts[p, 1], tile + half, near)
        start = stop
    return start


def near_rows(
    codes: NDArray[np.uint64], probes: NDArray[np.uint64], cut: int
) -> list[NDArray[np.int64]]:
    """Rows whose distance from each probe is below a cut, in order.

    Parameters
    ----------
    codes : ndarray of uint64, shape (tiles, 8, TILE)
        Codes, word-major within a tile.
    probes : ndarray of uint64, shape (n, 8)
        Codes of the probes.
    cut : int
        Least distance that is too far.
    """
    asked = np.ascontiguousarray(probes)
    hits = np.empty((len(asked), 2, ROOM), dtype=np.int64)
    counts = np.zeros((len(asked), 2), dtype=np.int64)
    start = _sift(codes, asked, np.uint64(cut), 0, hits, counts)
    while start < (len(codes) + 1) // 2:
        wider = np.empty((len(asked), 2, 2 * hits.shape[2]), dtype=np.int64)
        wider[:, :, : hits.shape[2]] = hits
        hits = wider
        start = _sift(codes, asked, np.uint64(cut), start, hits, counts)
    return [
        np.concatenate((hits[p, 0, :lower], hits[p, 1, :upper]))
        for p, (lower, upper) in enumerate(counts.tolist())
    ]
