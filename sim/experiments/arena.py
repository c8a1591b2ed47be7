"""Memory that is used again: columns come and go all day, and the system's pages are slow."""

from __future__ import annotations

import functools

import numpy as np

_LARGEST = 31 * 2**20


@functools.cache
def keep_freed_memory() -> None:
    """Have the allocator keep freed arrays of up to 31 MiB for the next ones.

    Notes
    -----
    The C library of Linux asks the system for each large array and gives it back when freed,
    so that every column is paid for page by page: a fifth of the time to sample a day. It
    learns from what is freed which sizes come and go (``M_MMAP_THRESHOLD`` in ``mallopt(3)``);
    one array of the largest size it learns from, never written to, teaches it all. Other
    systems are none the wiser.
    """
    np.empty(_LARGEST, dtype=np.uint8)
