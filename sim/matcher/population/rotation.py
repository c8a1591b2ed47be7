"""A fixed rotation of templates that spreads every feature over all coordinates."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.matcher.templates import DIMENSIONS

_ROWS = 256
"""Rows rotated at once, so that they stay in the processor's cache."""


def rotated(rows: NDArray[np.float32], signs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows with their signs changed, then through the Walsh-Hadamard transform.

    Parameters
    ----------
    rows : ndarray of float32, shape (n, 512)
        Vectors.
    signs : ndarray of float32, shape (512,)
        Plus or minus one.

    Returns
    -------
    ndarray of float32, shape (n, 512)
        An orthogonal map of each row: no inner product changes.

    Notes
    -----
    512 · 9 additions a row in a fixed order, so unlike a matrix product it gives the same
    bits on every machine and however many rows go together.
    """
    out = np.empty_like(rows)
    for start in range(0, len(rows), _ROWS):
        part = np.ascontiguousarray((rows[start : start + _ROWS] * signs).T)
        other = np.empty_like(part)
        width = 1
        while width < DIMENSIONS:
            pairs = part.reshape(-1, 2, width, part.shape[1])
            into = other.reshape(pairs.shape)
            np.add(pairs[:, 0], pairs[:, 1], out=into[:, 0])
            np.subtract(pairs[:, 0], pairs[:, 1], out=into[:, 1])
            part, other = other, part
            width *= 2
        out[start : start + _ROWS] = part.T
    out *= np.float32(1 / math.sqrt(DIMENSIONS))
    return out
