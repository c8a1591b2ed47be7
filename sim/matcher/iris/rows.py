"""Iris codes compared by compiled code, a row at a time: its rotations find it in the cache."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.matcher.kernels.signs import set_bits

_ones: Any = set_bits


@njit(nogil=True, cache=True, error_model="numpy")
def nearest_rows(
    gallery_bits: NDArray[np.uint64],
    gallery_mask: NDArray[np.uint64],
    bits: NDArray[np.uint64],
    mask: NDArray[np.uint64],
    least: int,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Nearest code of each probe; `bits` and `mask` have shape (probes, rotations, words)."""
    probes, rotations, words = bits.shape
    ids = np.zeros(probes, dtype=np.int64)
    distances = np.full(probes, 2.0)
    for row in range(len(gallery_bits)):
        for p in range(probes):
            for turn in range(rotations):
                shared, differing = np.uint64(0), np.uint64(0)
                for word in range(words):
                    both = gallery_mask[row, word] & mask[p, turn, word]
                    shared += _ones(both)
                    differing += _ones((gallery_bits[row, word] ^ bits[p, turn, word]) & both)
                distance = 1.0
                if shared >= least:
                    distance = differing / shared
                if distance < distances[p]:
                    distances[p], ids[p] = distance, row
    return ids, distances
