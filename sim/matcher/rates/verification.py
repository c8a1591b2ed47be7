"""One to one: false matches and false non-matches, and the threshold between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.matcher.population.people import ENROLMENT, Population
from sim.matcher.rates.proportion import Rate, by_person, independent
from sim.matcher.templates import COSINE_ONE, quantised

_ROWS = 4096
FLOOR = 0.15
"""Scores below are not kept one by one: no threshold of use lies there."""

FIRST_STRANGER = 1 << 30
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
    high_row : ndarray of int32, shape (k,)
        Whom of the gallery each score is with; empty where nobody kept it.
    floor : float
        Cosine above which scores are kept.
    """

    mated: NDArray[np.int32]
    high: NDArray[np.int32]
    high_probe: NDArray[np.int32]
    probes: int
    gallery: int
    high_row: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    floor: float = FLOOR

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
            raise UsageError(f"fmr: scores below {self.floor} were not kept; got {fmr:g}")
        place = len(self.high) - allowed - 1
        return (int(np.partition(self.high, place)[place]) + 1) / COSINE_ONE

    def false_matches(self, threshold: float) -> Rate:
        """FMR at a threshold; the interval resamples probes."""
        return by_person(self.by_probe(threshold), np.full(self.probes, self.gallery))

    def by_probe(self, threshold: float) -> NDArray[np.int64]:
        """False matches of each probe, shape (probes,)."""
        errors = np.bincount(self.high_probe[self.is_above(threshold)], minlength=self.probes)
        return errors.astype(np.int64)

    def false_non_matches(self, threshold: float) -> Rate:
        """FNMR at a threshold; one comparison a person, so they are independent."""
        missed = self.mated < round(threshold * COSINE_ONE)
        return independent(int(missed.sum()), len(missed))

    def det(self, thresholds: Sequence[float]) -> list[tuple[float, float, float]]:
        """Points of the detection error trade-off: threshold, FMR, FNMR."""
        return [
            (
                threshold,
                float(np.count_nonzero(self.is_above(threshold)) / self.non_mated),
                self.false_non_matches(threshold).value,
            )
            for threshold in thresholds
        ]

    def is_above(self, threshold: float) -> NDArray[np.bool_]:
        """Which of the scores kept are false matches, shape (k,).

        Raises
        ------
        UsageError
            If scores at this threshold were not kept.
        """
        if threshold < self.floor:
            raise UsageError(
                f"threshold: scores below {self.floor} were not kept; got {threshold:g}"
            )
        return self.high >= round(threshold * COSINE_ONE)


def compare(
    people: Population,
    *,
    mated: int,
    probes: int,
    gallery: int,
    hardness: float = 1.0,
    years: float = 0.0,
    floor: float = FLOOR,
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
        Of all probes, as in `Population.captures`.
    floor : float
        Cosine above which scores of strangers are kept.
    """
    scores = np.empty(mated, dtype=np.int32)
    for first in range(0, mated, _ROWS):
        n = min(_ROWS, mated - first)
        reference = quantised(people.captures(first, n, number=ENROLMENT))
        probe = quantised(people.captures(first, n, hardness=hardness, years=years))
        scores[first : first + n] = np.einsum("ij,ij->i", reference, probe, dtype=np.int32)
    strangers = people.captures(FIRST_STRANGER, probes, hardness=hardness, years=years)
    asked = quantised(strangers).astype(np.float32)
    least = int(floor * COSINE_ONE)
    high: list[NDArray[np.int32]] = []
    whose: list[NDArray[np.int32]] = []
    with_whom: list[NDArray[np.int32]] = []
    for first in range(0, gallery, _ROWS):
        n = min(_ROWS, gallery - first)
        rows = quantised(people.captures(first, n, number=ENROLMENT)).astype(np.float32)
        found = asked @ rows.T
        probe, row = np.nonzero(found > least)
        high.append(found[probe, row].astype(np.int32))
        whose.append(probe.astype(np.int32))
        with_whom.append((row + first).astype(np.int32))
    return Comparisons(
        mated=scores,
        high=np.concatenate(high),
        high_probe=np.concatenate(whose),
        probes=probes,
        gallery=gallery,
        high_row=np.concatenate(with_whom),
        floor=floor,
    )
