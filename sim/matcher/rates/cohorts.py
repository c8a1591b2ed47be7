"""Rates by cohort: who is missed, and who is taken for whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.matcher.population.people import Population, Traits
from sim.matcher.rates.proportion import Rate, by_person, independent
from sim.matcher.rates.verification import FIRST_STRANGER, Comparisons
from sim.matcher.templates import COSINE_ONE

TRAITS = ("origin", "sex", "age")


@dataclass(frozen=True, slots=True)
class CohortRates:
    """Errors of the people of one cohort, at the threshold of all.

    Attributes
    ----------
    trait, cohort : str, int
        Which.
    share : float
        Of the enrolled.
    fnmr : Rate
        Their own comparisons missed.
    fmr : Rate
        Their probes matched with anybody else.
    fmr_within : Rate
        Their probes matched with other people of the cohort.
    """

    trait: str
    cohort: int
    share: float
    fnmr: Rate
    fmr: Rate
    fmr_within: Rate


def by_cohort(people: Population, found: Comparisons, threshold: float) -> list[CohortRates]:
    """Rates of each cohort of each trait.

    Parameters
    ----------
    people : Population
        Whose comparisons.
    found : Comparisons
        As `compare` makes them, with `high_row`.
    threshold : float
        Cosine.
    """
    traits = _Seen.of(people, found)
    return [
        rates
        for trait in TRAITS
        for rates in _of_trait(trait, traits, found, round(threshold * COSINE_ONE))
    ]


def in_the_same_cohort(people: Population, found: Comparisons, threshold: float) -> Rate:
    """FMR among people of one origin, one sex and one age."""
    seen = _Seen.of(people, found)
    probes, rows = _together(seen.probes), _together(seen.enrolled)
    high = found.is_above(threshold)
    hits = high & (probes[found.high_probe] == rows[found.high_row])
    errors = np.bincount(found.high_probe[hits], minlength=found.probes)
    trials = np.bincount(rows, minlength=int(probes.max()) + 1)[probes]
    return by_person(errors.astype(np.int64), trials.astype(np.int64))


@dataclass(frozen=True, slots=True)
class _Seen:
    """Traits of everybody compared."""

    probes: Traits
    enrolled: Traits
    mated: Traits

    @classmethod
    def of(cls, people: Population, found: Comparisons) -> _Seen:
        return cls(
            people.traits(FIRST_STRANGER, found.probes),
            people.traits(0, found.gallery),
            people.traits(0, len(found.mated)),
        )


def _of_trait(trait: str, seen: _Seen, found: Comparisons, least: int) -> Iterator[CohortRates]:
    probes, rows = getattr(seen.probes, trait), getattr(seen.enrolled, trait)
    mated = getattr(seen.mated, trait)
    high = found.high >= least
    whose, with_whom = found.high_probe[high], found.high_row[high]
    all_ = np.bincount(whose, minlength=found.probes)
    within = np.bincount(whose[probes[whose] == rows[with_whom]], minlength=found.probes)
    for cohort in range(int(rows.max()) + 1):
        theirs = probes == cohort
        many = int((rows == cohort).sum())
        missed = found.mated[mated == cohort] < least
        yield CohortRates(
            trait=trait,
            cohort=cohort,
            share=many / found.gallery,
            fnmr=independent(int(missed.sum()), len(missed)),
            fmr=_of_probes(all_[theirs], found.gallery),
            fmr_within=_of_probes(within[theirs], many),
        )


def _of_probes(errors: NDArray[np.intp], others: int) -> Rate:
    return by_person(errors.astype(np.int64), np.full(len(errors), others))


def _together(traits: Traits) -> NDArray[np.int64]:
    """One number for each combination of traits."""
    found = np.zeros(len(traits.origin), dtype=np.int64)
    for trait in TRAITS:
        found = found * 128 + getattr(traits, trait)
    return found
