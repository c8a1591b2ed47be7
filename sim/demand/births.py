"""Who is made when: the places that people hold in every stream of chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Births:
    """People, or parties, in the order in which a day makes them, before anyone arrives.

    A *cohort* is made together: the passengers of one departure, or everyone of a day
    without departures. A place in a stream is a cohort and a number within it, so that one
    more departure, or a fuller one, moves nobody else's draws.

    Attributes
    ----------
    origins : tuple of int
        Where each cohort begins in a stream, below ``2 ** 64``.
    counts : ndarray of int64, shape (cohorts,)
        People in each cohort.
    """

    origins: tuple[int, ...]
    counts: NDArray[np.int64]

    @classmethod
    def of_day(cls, n: int) -> Births:
        """One cohort of `n`."""
        return cls((0,), np.array([n], dtype=np.int64))

    @classmethod
    def of_cohorts(cls, ids: Sequence[str], counts: NDArray[np.int64]) -> Births:
        """A cohort for each id; the id, never its row, decides the draws."""
        return cls(tuple(_origin(each) for each in ids), counts.astype(np.int64))

    def with_counts(self, counts: NDArray[np.int64]) -> Births:
        """The same cohorts with other numbers in them: parties instead of persons."""
        return Births(self.origins, counts.astype(np.int64))

    def __len__(self) -> int:
        return int(self.counts.sum())

    @property
    def starts(self) -> NDArray[np.int64]:
        """First row of each cohort."""
        return np.cumsum(self.counts) - self.counts

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Number of each within the cohort, from 0."""
        return np.arange(len(self), dtype=np.int64) - np.repeat(self.starts, self.counts)


def _origin(cohort: str) -> int:
    return int.from_bytes(sha256(b"cohort " + cohort.encode()).digest()[:8], "little")
