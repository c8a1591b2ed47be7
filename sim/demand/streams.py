"""Named streams of chance: a draw is a function of seed, name and place, never of its turn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

import numpy as np
from numpy.random import Philox
from numpy.typing import NDArray

from sim.demand.births import Births
from sim.demand.workload import UNIFORM_BITS

_FORMAT = "hanh-trinh stream 1"
_WORDS_PER_BLOCK = 4  # what Philox4x64 makes from one counter
_ONE_BY_ONE = 400  # setting a counter takes as long as drawing about this many words in a row


@dataclass(frozen=True, slots=True)
class Streams:
    """Every stream of one replication.

    A stream is the Philox 4×64 generator under a key hashed from seed, replication and
    name. Its counter is the place of the person, so nobody's draws depend on how many
    others there are, or on which other streams are used.

    Parameters
    ----------
    seed : int
        Seed of the study.
    replication : int
        Number of the simulated day, from 0.
    place : str
        What sets the streams of one facility of a world apart; "" for a scenario by itself.

    References
    ----------
    Salmon, Moraes, Dror and Shaw (2011), Parallel random numbers: as easy as 1, 2, 3.
    """

    seed: int
    replication: int = 0
    place: str = ""

    def uniforms(self, name: str, births: Births | int) -> NDArray[np.float64]:
        """Numbers in the open interval (0, 1), one for each birth.

        They are the odd multiples of ``2 ** -53``, so that neither 0 nor 1 comes up and
        ``u`` is as likely as ``1 - u``.

        Parameters
        ----------
        name : str
            The stream, such as ``service/security/security``.
        births : Births or int
            Who draws; a number stands for one cohort of that many.

        Examples
        --------
        >>> bool((Streams(7).uniforms("party", 9)[:4] == Streams(7).uniforms("party", 4)).all())
        True
        """
        return _unit(self._words(name, births))

    def integers(self, name: str, births: Births | int) -> NDArray[np.int64]:
        """Integers below ``2 ** 31``, one for each birth, for choices among weights."""
        return (self._words(name, births) >> np.uint64(64 - UNIFORM_BITS)).astype(np.int64)

    def uniforms_at(
        self, name: str, births: Births, rows: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """What `uniforms` gives at `rows`, without drawing all where few are wanted."""
        if len(rows) * _ONE_BY_ONE > len(births):
            return self.uniforms(name, births)[rows]
        starts = births.starts
        cohorts = np.searchsorted(starts, rows, side="right") - 1
        numbers = rows - starts[cohorts]
        source = _Source(self._key(name))
        words = [
            source.word(births.origins[cohort], number)
            for cohort, number in zip(cohorts.tolist(), numbers.tolist(), strict=True)
        ]
        return _unit(np.array(words, dtype=np.uint64))

    def _words(self, name: str, births: Births | int) -> NDArray[np.uint64]:
        if isinstance(births, int):
            births = Births.of_day(births)
        source = _Source(self._key(name))
        first, counts = _first_places(births.origins), births.counts.tolist()
        parts = [source.words(place, count) for place, count in zip(first, counts, strict=True)]
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else np.zeros(0, np.uint64)

    def _key(self, name: str) -> int:
        framed = sha256()
        place = (self.place,) if self.place else ()
        for part in (_FORMAT, str(self.seed), str(self.replication), name, *place):
            text = part.encode()
            framed.update(len(text).to_bytes(8, "little") + text)
        return int.from_bytes(framed.digest()[:16], "little")


class _Source:
    """A Philox generator that can be put to any place."""

    def __init__(self, key: int) -> None:
        self._philox = Philox(key=key)
        self._state = self._philox.state
        self._place = self._state["state"]

    def words(self, counter: NDArray[np.uint64], count: int) -> NDArray[np.uint64]:
        """Words from a counter on."""
        self._place["counter"] = counter
        self._philox.state = self._state
        return self._philox.random_raw(count)

    def word(self, origin: int, number: int) -> np.uint64:
        """The word at place `number` of the cohort that begins at `origin`."""
        block, skipped = divmod(number, _WORDS_PER_BLOCK)
        counter = np.array([block, origin, 0, 0], dtype=np.uint64)
        return self.words(counter, skipped + 1)[skipped]


@lru_cache(maxsize=8)  # a day has few sets of cohorts and draws from them again and again
def _first_places(origins: tuple[int, ...]) -> tuple[NDArray[np.uint64], ...]:
    """Counter of the first place of each cohort."""
    counters = np.zeros((len(origins), 4), dtype=np.uint64)
    counters[:, 1] = origins
    return tuple(counters)


def _unit(words: NDArray[np.uint64]) -> NDArray[np.float64]:
    return ((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
