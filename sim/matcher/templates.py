"""Face templates as numbers: unit vectors, the same in eight bits, and as signs."""

from __future__ import annotations

import math
import mmap
from contextlib import suppress
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError

DIMENSIONS: Final = 512
"""Length of a template."""

WORDS: Final = DIMENSIONS // 64
"""64-bit words of a sign code."""

STEPS_PER_UNIT: Final = 127 * math.sqrt(DIMENSIONS) / 4.5
"""Steps of an int8 template per unit: ±4.5 standard deviations of a coordinate in ±127."""

COSINE_ONE: Final = STEPS_PER_UNIT**2
"""Integer score of cosine one, before rounding."""

NORM_TOLERANCE: Final = 1e-3
"""How far from one the length of a template may be."""

ALIGNMENT: Final = 64
"""Bytes; the matrix units of a processor lose a third and more on rows that are not aligned."""

LARGE_PAGE: Final = 2 << 20
"""Bytes of a large page of memory on x86-64 and most others."""


def require_templates(array: object, *, what: str) -> NDArray[np.float32]:
    """The array, if it holds templates.

    Parameters
    ----------
    array : object
        What was given.
    what : str
        Its name in messages.

    Returns
    -------
    ndarray of float32, shape (n, 512)
        The same array.

    Raises
    ------
    UsageError
        If it is no array of float32, of another shape, not finite or not of unit length;
        the first row at fault is named.
    """
    if not isinstance(array, np.ndarray):
        raise UsageError(f"{what}: expected an array of float32, got {type(array).__name__}")
    if array.dtype != np.float32:
        raise UsageError(f"{what}: expected float32, got {array.dtype}; convert with astype")
    if array.ndim != 2 or array.shape[1] != DIMENSIONS:
        raise UsageError(
            f"{what}: expected shape (n, {DIMENSIONS}), one template a row, got {array.shape}"
        )
    lengths = np.sqrt(np.einsum("ij,ij->i", array, array, dtype=np.float64))
    # a NaN compares false, so it is found as well as a length that is off
    wrong = np.flatnonzero(~(np.abs(lengths - 1) <= NORM_TOLERANCE))
    if len(wrong):
        row = int(wrong[0])
        if not np.isfinite(array[row]).all():
            fault = "holds NaN or infinity; that capture gave no template"
        else:
            fault = f"has length {lengths[row]:.6g}, not 1; divide each row by its length"
        raise UsageError(f"{what}: row {row} {fault} ({len(wrong)} of {len(array)} rows)")
    return array


def quantised(templates: NDArray[np.float32]) -> NDArray[np.int8]:
    """Templates in eight bits, in rows aligned to 64 bytes.

    Parameters
    ----------
    templates : ndarray of float32, shape (n, 512)
        Unit vectors.

    Returns
    -------
    ndarray of int8, shape (n, 512)
        ``round(x · 127 √512 / 4.5)``, clipped to ±127.

    Notes
    -----
    The inner product of two such rows is at most 512 · 127² < 2²⁴ in size, so it is exact as
    int32 and in any order of summation as float32: every kernel can give the same score.
    """
    rows = aligned(len(templates), DIMENSIONS, np.int8)
    scaled = templates * np.float32(STEPS_PER_UNIT)
    np.rint(scaled, out=scaled)
    np.clip(scaled, -127, 127, out=scaled)
    rows[:] = scaled
    return rows


def sign_codes(rows: NDArray[np.int8], centre: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Signs of templates about a centre, one bit a coordinate.

    Parameters
    ----------
    rows : ndarray of int8, shape (n, 512)
        Quantised templates.
    centre : ndarray of float32, shape (512,)
        Mean of the population, in the steps of `rows`.

    Returns
    -------
    ndarray of uint64, shape (n, 8)
        Bit *k* of word *w* is set where coordinate ``64 w + k`` lies above the centre.
    """
    bits = np.packbits(rows > centre, axis=1, bitorder="little")
    return bits.view("<u8").astype(np.uint64, copy=False)


def least_score(threshold: float) -> int:
    """The least integer score that reaches a threshold.

    Parameters
    ----------
    threshold : float
        Cosine, in [-1, 1].

    Raises
    ------
    UsageError
        If it is outside that range or no number.
    """
    if not -1 <= threshold <= 1:
        raise UsageError(f"threshold: expected a cosine from -1 to 1, got {threshold}")
    return math.ceil(threshold * COSINE_ONE)


def cosines(scores: NDArray[np.int32]) -> NDArray[np.float32]:
    """Integer scores as cosines, right to about 0.001."""
    return (scores / COSINE_ONE).astype(np.float32)


def aligned(rows: int, columns: int, dtype: type[np.generic]) -> NDArray:
    """An uninitialised array, shape (rows, columns), whose first byte lies on a boundary.

    What fills a large page of memory begins on one and asks for large pages all through: a scan
    that reads everything once is a third faster.
    """
    taken = rows * columns * np.dtype(dtype).itemsize
    boundary = ALIGNMENT if taken < LARGE_PAGE else LARGE_PAGE
    room = taken + boundary
    memory = np.empty(room, dtype=np.uint8) if taken < LARGE_PAGE else _fresh_pages(room)
    skip = -memory.ctypes.data % boundary
    return memory[skip : skip + taken].view(dtype).reshape(rows, columns)


def _fresh_pages(size: int) -> NDArray[np.uint8]:
    """Memory that nobody had before: what was freed keeps the small pages it once had."""
    if not hasattr(mmap, "MAP_PRIVATE"):  # Windows
        return np.empty(size, dtype=np.uint8)
    try:
        pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError as error:
        raise MemoryError(f"{size:,} bytes: {error}") from None
    if hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # a kernel without large pages
            pages.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(pages, dtype=np.uint8)
