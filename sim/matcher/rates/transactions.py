"""Transactions of a few attempts: who is rejected in the end, and which impostor is let in.

The words are those of ISO/IEC 19795-1: a *comparison* errs by FMR and FNMR, an *attempt* may
fail to be acquired as well, a *transaction* of up to k attempts errs by FAR and FRR, and the
generalised rates count those who could not be enrolled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.matcher.population.people import ENROLMENT, Population
from sim.matcher.rates.capture import AT_A_GATE, AT_ENROLMENT, CaptureLaw
from sim.matcher.rates.proportion import Rate, independent, resampled
from sim.matcher.rates.verification import FIRST_STRANGER, Comparisons
from sim.matcher.templates import COSINE_ONE, quantised

NO_CAPTURE = np.iinfo(np.int32).min
"""Score of an attempt that gave no template."""

FLOOR = 0.24
"""Scores of impostors below are not kept: a false match rate of one in a thousand lies there."""

_ROWS = 4096


@dataclass(frozen=True, slots=True)
class Transactions:
    """Attempts of people and of impostors.

    Attributes
    ----------
    own : ndarray of int32, shape (persons, attempts)
        Scores with the own reference; `NO_CAPTURE` where there was none.
    is_enrolled : ndarray of bool, shape (persons,)
        Who has a reference.
    others : tuple of Comparisons
        Of impostors with enrolled people: the best of their first, of their first two
        attempts, and so on.
    claimed : int
        People impostors claim to be, those not enrolled included.
    """

    own: NDArray[np.int32]
    is_enrolled: NDArray[np.bool_]
    others: tuple[Comparisons, ...]
    claimed: int

    @property
    def attempts(self) -> int:
        """Most attempts of a transaction."""
        return self.own.shape[1]

    def failures_to_enrol(self) -> Rate:
        """FTE: persons without a reference."""
        return independent(int((~self.is_enrolled).sum()), len(self.is_enrolled))

    def failures_to_acquire(self) -> Rate:
        """FTA: first attempts of enrolled persons that gave no template."""
        first = self.own[self.is_enrolled, 0]
        return independent(int((first == NO_CAPTURE).sum()), len(first))

    def false_non_matches(self, threshold: float) -> Rate:
        """FNMR of the first attempts that gave a template."""
        first = self.own[self.is_enrolled, 0]
        first = first[first != NO_CAPTURE]
        return independent(int((first < _least(threshold)).sum()), len(first))

    def non_matches_after_one(self, threshold: float) -> Rate:
        """FNMR of the second attempts of those whose first gave a template and no match."""
        own = self.own[self.is_enrolled]
        has_both = (own[:, :2] != NO_CAPTURE).all(axis=1)
        missed = has_both & (own[:, 0] < _least(threshold))
        again = missed & (own[:, 1] < _least(threshold))
        return independent(int(again.sum()), int(missed.sum()))

    def failures_after(self, threshold: float, failed: int) -> Rate:
        """Failed attempts, for whatever reason, of those whose first `failed` all failed."""
        fails = self.own[self.is_enrolled] < _least(threshold)
        again = fails[fails[:, :failed].all(axis=1), failed]
        return independent(int(again.sum()), len(again))

    def false_rejections(self, threshold: float, attempts: int) -> Rate:
        """FRR: transactions of enrolled persons in which every attempt failed."""
        rejected = (self.own[self.is_enrolled, :attempts] < _least(threshold)).all(axis=1)
        return independent(int(rejected.sum()), int(self.is_enrolled.sum()))

    def rejected_or_not_enrolled(self, threshold: float, attempts: int) -> Rate:
        """GFRR: the same of all persons; who is not enrolled is rejected."""
        rejected = (self.own[:, :attempts] < _least(threshold)).all(axis=1)
        persons = len(self.is_enrolled)
        return independent(int((rejected | ~self.is_enrolled).sum()), persons)

    def false_acceptances(self, threshold: float, attempts: int) -> Rate:
        """FAR: transactions of impostors against enrolled people in which any attempt matched."""
        return self.others[attempts - 1].false_matches(threshold)

    def accepted_of_all(self, threshold: float, attempts: int) -> Rate:
        """GFAR: the same of claims to be anybody; nobody passes as one who is not enrolled."""
        rate = self.false_acceptances(threshold, attempts)
        found = self.others[attempts - 1]
        share = found.gallery / self.claimed
        return Rate(rate.errors, found.probes * self.claimed, rate.low * share, rate.high * share)

    def times_accepted(self, threshold: float, attempts: int) -> tuple[float, float, float] | None:
        """How many times FAR grows from one attempt to several, with its interval by impostor."""
        one = self.others[0].by_probe(threshold)
        many = self.others[attempts - 1].by_probe(threshold)
        if not one.sum():
            return None
        spread = resampled(
            len(one), lambda chosen: float(many[chosen].sum() / max(1, one[chosen].sum()))
        )
        return (float(many.sum() / one.sum()), *spread)


def if_attempts_independent(rate: float, attempts: int, *, accepts: bool) -> float:
    """A transaction's rate were its attempts independent, from that of one attempt.

    Parameters
    ----------
    rate : float
        FRR or FAR of one attempt.
    attempts : int
        Most attempts.
    accepts : bool
        Whether one such attempt decides (FAR) or it takes all (FRR).

    Examples
    --------
    >>> if_attempts_independent(0.01, 2, accepts=False)
    0.0001
    >>> round(if_attempts_independent(0.01, 2, accepts=True), 6)
    0.0199
    """
    if accepts:
        return float(-np.expm1(attempts * np.log1p(-rate))) if rate < 1 else 1.0
    return rate**attempts


def transact(
    people: Population,
    *,
    persons: int,
    probes: int,
    gallery: int,
    attempts: int = 3,
    hardness: float = 1.0,
    stays: float = 0.0,
    gate: CaptureLaw = AT_A_GATE,
    desk: CaptureLaw = AT_ENROLMENT,
) -> Transactions:
    """Let people and impostors try a few times.

    Parameters
    ----------
    people : Population
        Whom.
    persons : int
        People who claim to be themselves.
    probes, gallery : int
        Impostors, and people each of them claims to be, all pairs.
    attempts : int
        Most attempts of a transaction.
    hardness : float
        Of all probes, as in `Population.captures`.
    stays : float
        Chance that what made a capture bad is still there at the next attempt.
    gate, desk : CaptureLaw
        Which captures give no template, at a gate and at enrolment.
    """
    way = _Way(attempts, hardness, stays, gate)
    own = np.empty((persons, attempts), dtype=np.int32)
    is_enrolled = np.empty(persons, dtype=bool)
    for first in range(0, persons, _ROWS):
        part = slice(first, min(first + _ROWS, persons))
        many = part.stop - first
        is_enrolled[part] = desk.takes(people.conditions(first, many, number=ENROLMENT))
        reference = quantised(people.captures(first, many, number=ENROLMENT))
        tries = way.tries(people, first, many)
        for column, (probe, is_taken) in enumerate(tries):
            scores = np.einsum("ij,ij->i", reference, probe, dtype=np.int32)
            own[part, column] = np.where(is_taken, scores, NO_CAPTURE)
    return Transactions(
        own=own,
        is_enrolled=is_enrolled,
        others=_impostors(people, way, desk, probes=probes, gallery=gallery),
        claimed=gallery,
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """How people try; the figures are those of `transact`."""

    attempts: int
    hardness: float
    stays: float
    gate: CaptureLaw

    def tries(
        self, people: Population, first: int, many: int
    ) -> Iterator[tuple[NDArray[np.int8], NDArray[np.bool_]]]:
        """Probes of each attempt, and which of them the gate takes."""
        lasts = np.zeros(many, dtype=bool)
        for number in range(1, self.attempts + 1):
            met = people.conditions(first, many, number=number, hardness=self.hardness)
            worse = np.where(lasts & ~met.is_bad, people.quality.worse, 1.0)
            factors = self.hardness * worse
            templates = people.captures(first, many, number=number, hardness=factors)
            yield quantised(templates), met.luck >= self.gate.chance(met.sigma * worse)
            lasts = (lasts | met.is_bad) & (met.cause < self.stays)


def _impostors(
    people: Population, way: _Way, desk: CaptureLaw, *, probes: int, gallery: int
) -> tuple[Comparisons, ...]:
    tries = list(way.tries(people, FIRST_STRANGER, probes))
    asked = [probe.astype(np.float32) for probe, _ in tries]
    least, enrolled = _least(FLOOR), 0
    high: list[list[NDArray[np.int32]]] = [[] for _ in tries]
    whose: list[list[NDArray[np.int32]]] = [[] for _ in tries]
    for first in range(0, gallery, _ROWS):
        many = min(_ROWS, gallery - first)
        has = desk.takes(people.conditions(first, many, number=ENROLMENT))
        rows = quantised(people.captures(first, many, number=ENROLMENT))[has].astype(np.float32)
        best = np.full((probes, len(rows)), -np.inf, dtype=np.float32)
        for number, (_, is_taken) in enumerate(tries):
            found = asked[number] @ rows.T
            np.maximum(best, found, out=best, where=is_taken[:, None])
            probe, row = np.nonzero(best >= least)
            high[number].append(best[probe, row].astype(np.int32))
            whose[number].append(probe.astype(np.int32))
        enrolled += len(rows)
    none = np.zeros(0, dtype=np.int32)
    return tuple(
        Comparisons(
            mated=none,
            high=np.concatenate(scores or [none]),
            high_probe=np.concatenate(probe or [none]),
            probes=probes,
            gallery=enrolled,
            floor=FLOOR,
        )
        for scores, probe in zip(high, whose, strict=True)
    )


def _least(threshold: float) -> int:
    return round(threshold * COSINE_ONE)
