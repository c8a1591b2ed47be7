"""Nearest iris: the least share of differing bits over the rotations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.matcher.iris.codes import ROTATIONS, IrisCodes

LEAST_BITS = 200
"""Codes that share fewer seen bits are not compared: their distance counts as one."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Of each probe the nearest code.

    Attributes
    ----------
    ids : ndarray of int64, shape (probes,)
        Whose; the lowest of equals.
    distances : ndarray of float64, shape (probes,)
        Fractional Hamming distance, 0 the same, about 0.45 at best for strangers.
    """

    ids: NDArray[np.int64]
    distances: NDArray[np.float64]


def nearest(
    gallery: IrisCodes, probes: IrisCodes, *, kernel: Literal["numba", "naive"] = "numba"
) -> Nearest:
    """Compare every probe with everybody, at every rotation.

    Raises
    ------
    UsageError
        If the gallery is empty.
    """
    if not len(gallery):
        raise UsageError("iris gallery: it is empty; enrol somebody first")
    turned = [probes.rotated(step) for step in range(-ROTATIONS, ROTATIONS + 1)]
    bits = np.stack([each.bits for each in turned], axis=1)
    mask = np.stack([each.mask for each in turned], axis=1)
    if kernel == "numba":
        from sim.matcher.iris.rows import nearest_rows

        return Nearest(*nearest_rows(gallery.bits, gallery.mask, bits, mask, LEAST_BITS))
    found = [_definition(gallery, one, seen) for one, seen in zip(bits, mask, strict=True)]
    ids = np.array([who for who, _ in found], dtype=np.int64)
    return Nearest(ids, np.array([distance for _, distance in found], dtype=np.float64))


def _definition(
    gallery: IrisCodes, bits: NDArray[np.uint64], mask: NDArray[np.uint64]
) -> tuple[int, float]:
    """One probe, its rotations in rows, against everybody."""
    best = np.ones(len(gallery))
    for one, seen in zip(bits, mask, strict=True):
        both = gallery.mask & seen
        shared = np.bitwise_count(both).sum(axis=1, dtype=np.int64)
        differing = np.bitwise_count((gallery.bits ^ one) & both).sum(axis=1, dtype=np.int64)
        share = np.where(shared >= LEAST_BITS, differing / np.maximum(shared, 1), 1.0)
        best = np.minimum(best, share)
    return int(best.argmin()), float(best.min())
