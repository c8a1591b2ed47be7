"""One to one: false matches and false non-matches, and the threshold between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.matcher.population.people import ENROLMENT, Population
from sim.matcher.rates.proportion import Rate, by_person, independent
from sim.matcher.templates import COSINE_ONE, quantised

_ROWS = 4096
FLOOR = 0.15
"""Scores below are not kept one by one: no threshold of use lies there."""

_FLOOR_SCORE = int(FLOOR * COSINE_ONE)
_FIRST_STRANGER = 1 << 30
"""Numbers from which probes of strangers are taken, far from everybody enrolled."""


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Scores of mated and non-mated comparisons.

    Attributes
    ----------
    mated : ndarray of int32, shape (persons,)
        One score a person.
    high : ndarray of int32, shape (k,)
        Non-mated scores above `FLOOR`.
    high_probe : ndarray of int32, shape (k,)
        Which probe each belongs to.
    probes, gallery : int
        Non-mated comparisons are all pairs of these.
    """

    mated: NDArray[np.int32]
    high: NDArray[np.int32]
    high_probe: NDArray[np.int32]
    probes: int
    gallery: int

    @property
    def non_mated(self) -> int:
        """Non-mated comparisons."""
        return self.probes * self.gallery

    def threshold_at(self, fmr: float) -> float:
        """The least threshold whose false match rate is at most `fmr`, as a cosine.

        Raises
        ------
        UsageError
            If so few comparisons cannot show such a rate, or the rate is outside (0, 1).
        """
        allowed = int(fmr * self.non_mated)
        if not 0 < fmr < 1 or allowed < 1:
            raise UsageError(
                f"fmr: {self.non_mated:,} comparisons show rates from {1 / self.non_mated:.0e} "
                f"to 1; got {fmr:g}"
            )
        if allowed >= len(self.high):
            raise UsageError(f"fmr: scores below {FLOOR} were not kept; got {fmr:g}")
        place = len(self.high) - allowed - 1
        return (int(np.partition(self.high, place)[place]) + 1) / COSINE_ONE

    def false_matches(self, threshold: float) -> Rate:
        """FMR at a threshold; the interval resamples probes."""
        errors = np.bincount(self.high_probe[self._above(threshold)], minlength=self.probes)
        return by_person(errors.astype(np.int64), np.full(self.probes, self.gallery))

    def false_non_matches(self, threshold: float) -> Rate:
        """FNMR at a threshold; one comparison a person, so they are independent."""
        missed = self.mated < round(threshold * COSINE_ONE)
        return independent(int(missed.sum()), len(missed))

    def det(self, thresholds: Sequence[float]) -> list[tuple[float, float, float]]:
        """Points of the detection error trade-off: threshold, FMR, FNMR."""
        return [
            (
                threshold,
                float(np.count_nonzero(self._above(threshold)) / self.non_mated),
                self.false_non_matches(threshold).value,
            )
            for threshold in thresholds
        ]

    def _above(self, threshold: float) -> NDArray[np.bool_]:
        return self.high >= round(threshold * COSINE_ONE)


def compare(
    people: Population,
    *,
    mated: int,
    probes: int,
    gallery: int,
    hardness: float = 1.0,
    years: float = 0.0,
) -> Comparisons:
    """Compare people of a population with their references and with strangers'.

    Parameters
    ----------
    people : Population
        Whom.
    mated : int
        Persons compared with their own reference.
    probes, gallery : int
        Strangers as probes, and people they are compared with, all pairs.
    hardness, years : float
        Of the mated probes, as in `Population.captures`.
    """
    scores = np.empty(mated, dtype=np.int32)
    for first in range(0, mated, _ROWS):
        n = min(_ROWS, mated - first)
        reference = quantised(people.captures(first, n, number=ENROLMENT))
        probe = quantised(people.captures(first, n, hardness=hardness, years=years))
        scores[first : first + n] = np.einsum("ij,ij->i", reference, probe, dtype=np.int32)
    asked = quantised(people.captures(_FIRST_STRANGER, probes)).astype(np.float32)
    high: list[NDArray[np.int32]] = []
    whose: list[NDArray[np.int32]] = []
    for first in range(0, gallery, _ROWS):
        n = min(_ROWS, gallery - first)
        rows = quantised(people.captures(first, n, number=ENROLMENT)).astype(np.float32)
        found = asked @ rows.T
        probe, row = np.nonzero(found > _FLOOR_SCORE)
        high.append(found[probe, row].astype(np.int32))
        whose.append(probe.astype(np.int32))
    return Comparisons(
        mated=scores,
        high=np.concatenate(high),
        high_probe=np.concatenate(whose),
        probes=probes,
        gallery=gallery,
    )
