"""Iris-like codes: bits around the pupil, with a mask of those that were seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Philox
from numpy.typing import NDArray

from sim.errors import UsageError

RINGS = 8
"""Rings of a code, from the pupil outwards."""

ANGLES = 256
"""Bits of a ring."""

WORDS = RINGS * ANGLES // 64
"""64-bit words of a code."""

ROTATIONS = 7
"""Steps a head may be tilted either way; 15 positions are tried."""


@dataclass(frozen=True, slots=True)
class IrisCodes:
    """Codes with their masks.

    Attributes
    ----------
    bits, mask : ndarray of uint64, shape (n, 32)
        Bit values, and which of them were seen; ring after ring, the angle rising.
    """

    bits: NDArray[np.uint64]
    mask: NDArray[np.uint64]

    def __post_init__(self) -> None:
        for name, array in (("bits", self.bits), ("mask", self.mask)):
            if array.dtype != np.uint64 or array.ndim != 2 or array.shape[1] != WORDS:
                raise UsageError(
                    f"iris {name}: expected uint64 of shape (n, {WORDS}), got {array.dtype} of "
                    f"shape {array.shape}"
                )
        if len(self.bits) != len(self.mask):
            raise UsageError(f"iris: {len(self.bits)} codes, but {len(self.mask)} masks")

    def __len__(self) -> int:
        return len(self.bits)

    def rotated(self, steps: int) -> IrisCodes:
        """Every ring turned by so many bits."""
        return IrisCodes(_turned(self.bits, steps), _turned(self.mask, steps))


def irises(
    seed: int, first: int, people: int, *, capture: int = 0, noise: float = 0.18, seen: float = 0.8
) -> IrisCodes:
    """Codes of consecutive synthetic people.

    Parameters
    ----------
    seed : int
        Seed of the population.
    first, people : int
        Number of the first person, and how many.
    capture : int
        Which capture; 0 is without noise.
    noise : float
        Share of bits that differ from the person's own, in rows as the wave that is coded is.
    seen : float
        Share of bits neither lid nor lash covers.

    Notes
    -----
    Bits come in runs of two, so that unrelated codes differ like about a thousand independent
    bits, not two thousand; a tilt of up to `ROTATIONS` either way is drawn for each capture.
    """
    bits = np.empty((people, WORDS), dtype=np.uint64)
    mask = np.empty((people, WORDS), dtype=np.uint64)
    for row in range(people):
        own = np.random.Generator(Philox(key=[seed, 0], counter=[0, first + row, 0, 0]))
        of_capture = np.random.Generator(
            Philox(key=[seed, 1 + capture], counter=[0, first + row, 0, 0])
        )
        iris = np.repeat(own.integers(0, 2, RINGS * ANGLES // 2, dtype=np.uint8), 2)
        turn = 0
        if capture:
            flips = np.repeat(of_capture.random(RINGS * ANGLES // 4) < noise, 4)
            iris = iris ^ flips
            turn = int(of_capture.integers(-ROTATIONS, ROTATIONS + 1))
        lids = np.ones((RINGS, ANGLES), dtype=bool)
        width = int((1 - seen) * ANGLES)
        at = ANGLES // 4 - width // 2 + int(of_capture.integers(-8, 9))
        lids[:, at : at + width] = False
        rings = np.roll(iris.reshape(RINGS, ANGLES), turn, axis=1)
        bits[row] = _packed(rings)
        mask[row] = _packed(lids)
    return IrisCodes(bits, mask)


def _chance(seed: int, stream: int, person: int) -> np.random.Generator:
    return np.random.Generator(Philox(key=[seed, stream], counter=[0, person, 0, 0]))


def _turned(words: NDArray[np.uint64], steps: int) -> NDArray[np.uint64]:
    shape = (len(words), RINGS, ANGLES)
    spread = np.unpackbits(words.astype("<u8").view(np.uint8), axis=1, bitorder="little")
    turned = np.roll(spread.reshape(shape), steps, axis=2).reshape(len(words), -1)
    return np.packbits(turned, axis=1, bitorder="little").view("<u8").astype(np.uint64)


def _packed(bits: NDArray) -> NDArray[np.uint64]:
    return np.packbits(bits.ravel(), bitorder="little").view("<u8").astype(np.uint64)
