"""Templates that can be cancelled: changed by a secret, so that a stolen one is of no use."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
from numpy.random import Philox
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.matcher.templates import DIMENSIONS

LEAST_KEY = 16
"""Bytes a secret has at least."""


class Transform:
    """Coordinates in a secret order with secret signs.

    Two templates changed by one key compare exactly as before: inner products, int8 scores and
    Hamming distances of codes (about a centre that is changed too) are the same numbers, so it
    costs no accuracy. Templates of different keys compare like strangers. Who steals a gallery
    cannot search it or link it with another; a new key cancels it. It is no encryption: who
    has a template and its changed form has the key.

    Parameters
    ----------
    key : bytes
        The secret, at least 16 bytes.

    Raises
    ------
    UsageError
        If it is shorter.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < LEAST_KEY:
            raise UsageError(f"key: expected at least {LEAST_KEY} bytes, got {len(key)}")
        digest = sha256(b"hanh-trinh transform 1" + key).digest()
        rng = np.random.Generator(Philox(key=np.frombuffer(digest[:16], dtype="<u8")))
        words = rng.bit_generator.random_raw(2 * DIMENSIONS)
        self._order = np.argsort(words[:DIMENSIONS], kind="stable")
        self._signs = np.where(words[DIMENSIONS:] >> np.uint64(63), -1, 1).astype(np.float32)

    def __call__(self, templates: NDArray[np.float32]) -> NDArray[np.float32]:
        """Templates changed, shape (n, 512); a fraction of a microsecond each."""
        return templates[:, self._order] * self._signs
