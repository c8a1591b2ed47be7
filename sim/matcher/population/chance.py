"""Random numbers by person: anyone's can be made again without making the others'."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256

import numpy as np
from numpy.random import Philox
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.matcher.templates import DIMENSIONS

_NORMAL_WORDS = DIMENSIONS // 4  # 16 bits a normal
_SPARE_WORDS = 8
_WORDS = _NORMAL_WORDS + _SPARE_WORDS
_WORDS_PER_COUNT = 4  # what Philox4x64 makes of one counter
_FORMAT = "hanh-trinh faces 1"


@dataclass(frozen=True, slots=True)
class Draws:
    """What one stream says of a run of people.

    Attributes
    ----------
    normals : ndarray of float32, shape (n, 512)
        Standard normals.
    uniforms : ndarray of float64, shape (n, 8)
        Numbers in (0, 1).
    """

    normals: NDArray[np.float32]
    uniforms: NDArray[np.float64]


def draws(seed: int, stream: str, first: int, people: int) -> Draws:
    """Draws of `people` consecutive persons.

    Parameters
    ----------
    seed : int
        Seed of the population.
    stream : str
        What the draws are for; streams are independent.
    first : int
        Number of the first person.
    people : int
        How many.

    Notes
    -----
    Person *i* owns the counters from ``34 i`` of a Philox 4×64 generator keyed by seed and
    stream. A normal is the middle of one of 65,536 equally likely cells, looked up: one
    nanosecond each, tails to ±4.3, and the same on every machine and version of NumPy.
    """
    words = _words(seed, stream, first, people)
    cells = np.ascontiguousarray(words[:, :_NORMAL_WORDS]).astype("<u8", copy=False).view("<u2")
    return Draws(_normals()[cells], _spare(words))


def uniforms(seed: int, stream: str, first: int, people: int) -> NDArray[np.float64]:
    """The uniforms of `draws` alone, shape (people, 8), at a fifth of the cost."""
    return _spare(_words(seed, stream, first, people))


def _words(seed: int, stream: str, first: int, people: int) -> NDArray[np.uint64]:
    """Everything the counters of consecutive persons give, shape (people, 136)."""
    digest = sha256(f"{_FORMAT}/{seed}/{stream}".encode()).digest()
    key = np.frombuffer(digest[:16], dtype="<u8")
    counter = np.array([first * (_WORDS // _WORDS_PER_COUNT), 0, 0, 0], dtype=np.uint64)
    return Philox(key=key, counter=counter).random_raw(people * _WORDS).reshape(people, _WORDS)


def _spare(words: NDArray[np.uint64]) -> NDArray[np.float64]:
    spare = (words[:, _NORMAL_WORDS:] >> np.uint64(11)).astype(np.float64)
    return (spare + 0.5) * 2.0**-53


@cache
def _normals() -> NDArray[np.float32]:
    """Quantiles of the standard normal at the middle of each cell, scaled to variance one."""
    table = ndtri((np.arange(65_536) + 0.5) / 65_536)
    return (table / table.std()).astype(np.float32)
