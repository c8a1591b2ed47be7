"""One to many: who is found though not enrolled, and who is not found though enrolled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.matcher.gallery import Gallery
from sim.matcher.kernels.gemm import Gemm
from sim.matcher.kernels.kernel import Kernel
from sim.matcher.rates.proportion import Rate, independent
from sim.matcher.search import scan
from sim.matcher.templates import COSINE_ONE


@dataclass(frozen=True, slots=True)
class Identifications:
    """Searches of probes with and without a mate in the gallery.

    Attributes
    ----------
    enrolled : int
        *N*, people in the gallery.
    best_of_strangers : ndarray of int32, shape (probes,)
        Highest score each non-mated probe reached.
    mate_score, mate_rank : ndarray, shape (probes,)
        Score of each mated probe's mate, and its place in the list from 1; rank 0 is not in it.
    """

    enrolled: int
    best_of_strangers: NDArray[np.int32]
    mate_score: NDArray[np.int32]
    mate_rank: NDArray[np.int32]

    def false_positives(self, threshold: float) -> Rate:
        """FPIR(N, T): non-mated searches that return anybody."""
        hits = self.best_of_strangers >= round(threshold * COSINE_ONE)
        return independent(int(hits.sum()), len(hits))

    def false_negatives(self, threshold: float, *, rank: int = 1) -> Rate:
        """FNIR(N, R, T): mated searches whose mate is not among the first R, or below T."""
        found = (self.mate_rank > 0) & (self.mate_rank <= rank)
        found &= self.mate_score >= round(threshold * COSINE_ONE)
        return independent(int((~found).sum()), len(found))

    def threshold_at(self, fpir: float) -> float:
        """The least threshold whose FPIR is at most `fpir`, as a cosine.

        Raises
        ------
        UsageError
            If there were too few searches to show such a rate.
        """
        allowed = int(fpir * len(self.best_of_strangers))
        if not 0 < fpir < 1 or allowed < 1:
            raise UsageError(
                f"fpir: {len(self.best_of_strangers):,} searches cannot show a rate of {fpir:g}"
            )
        place = len(self.best_of_strangers) - allowed - 1
        return (int(np.partition(self.best_of_strangers, place)[place]) + 1) / COSINE_ONE


def identify(
    gallery: Gallery,
    *,
    strangers: NDArray[np.int8],
    mates: NDArray[np.int8],
    mate_ids: Sequence[int] | NDArray[np.int64],
    ranks: int = 10,
    kernel: Kernel | None = None,
    batch: int = 256,
) -> Identifications:
    """Search a gallery for strangers and for people who are in it.

    Parameters
    ----------
    gallery : Gallery
        Whom to search among.
    strangers, mates : ndarray of int8, shape (n, 512)
        Probes without and with a mate.
    mate_ids : sequence of int
        Who each of `mates` is.
    ranks : int
        Length of the candidate list.
    kernel : Kernel or None
        An exhaustive kernel, since no threshold is given; None is `Gemm`.
    batch : int
        Probes searched at once.
    """
    kernel = kernel or Gemm()
    best = [
        scan(kernel, gallery, strangers[first : first + batch]).scores[:, 0]
        for first in range(0, len(strangers), batch)
    ]
    score, place = [], []
    wanted = np.asarray(mate_ids, dtype=np.int64)
    for first in range(0, len(mates), batch):
        found = scan(kernel, gallery, mates[first : first + batch], top=ranks)
        is_mate = found.ids == wanted[first : first + batch, None]
        where = is_mate.argmax(axis=1)
        there = is_mate.any(axis=1)
        rows = np.arange(len(where))
        place.append(np.where(there, where + 1, 0))
        score.append(np.where(there, found.scores[rows, where], np.iinfo(np.int32).min))
    return Identifications(
        enrolled=len(gallery),
        best_of_strangers=np.concatenate(best) if best else np.zeros(0, dtype=np.int32),
        mate_score=np.concatenate(score).astype(np.int32),
        mate_rank=np.concatenate(place).astype(np.int32),
    )


@dataclass(frozen=True, slots=True)
class Heaps:
    """How false matches fall on probes: evenly, or in heaps.

    Attributes
    ----------
    mean, variance : float
        Of the number of false matches a probe has; equal if matches fell independently.
    with_any : float
        Share of probes with any.
    with_any_if_even : float
        The same if matches fell independently: ``1 - exp(-mean)``.
    of_worst_percent : float
        Share of all false matches that the worst hundredth of the probes has; NaN without any.
    """

    mean: float
    variance: float
    with_any: float
    with_any_if_even: float
    of_worst_percent: float

    @classmethod
    def of(cls, errors: NDArray[np.int64]) -> Heaps:
        """Of the false matches of each probe, shape (probes,)."""
        mean = float(errors.mean())
        worst = np.sort(errors)[-max(1, len(errors) // 100) :]
        return cls(
            mean=mean,
            variance=float(errors.var()),
            with_any=float((errors > 0).mean()),
            with_any_if_even=float(-np.expm1(-mean)),
            of_worst_percent=float(worst.sum() / errors.sum()) if mean else math.nan,
        )


def if_independent(fmr: float, enrolled: int) -> float:
    """FPIR if every comparison were a coin of its own: ``1 - (1 - FMR)^N``.

    It overstates: people who resemble one person of a cohort resemble many, so false matches
    come in heaps and fewer searches have any.
    """
    return float(-np.expm1(enrolled * np.log1p(-fmr)))
