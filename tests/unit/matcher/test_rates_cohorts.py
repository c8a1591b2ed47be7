"""Rates by class and cohort: the same as counted pair by pair."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import UsageError
from sim.matcher.population.people import ENROLMENT, Population
from sim.matcher.rates.cohorts import by_cohort, in_the_same_cohort
from sim.matcher.rates.identification import Heaps
from sim.matcher.rates.subjects import SUBJECTS
from sim.matcher.rates.verification import FIRST_STRANGER, Comparisons, compare
from sim.matcher.templates import COSINE_ONE, quantised

PEOPLE = Population(11)
THRESHOLD = 0.22


@pytest.fixture(scope="module")
def found() -> Comparisons:
    return compare(PEOPLE, mated=500, probes=120, gallery=900)


def test_cohorts_are_counted_pair_by_pair(found: Comparisons) -> None:
    """Against anybody, and against people of the cohort alone."""
    rows = quantised(PEOPLE.captures(0, 900, number=ENROLMENT)).astype(np.int32)
    probes = quantised(PEOPLE.captures(FIRST_STRANGER, 120)).astype(np.int32)
    hits = probes @ rows.T >= round(THRESHOLD * COSINE_ONE)
    who, others = PEOPLE.traits(FIRST_STRANGER, 120), PEOPLE.traits(0, 900)
    rates = by_cohort(PEOPLE, found, THRESHOLD)

    assert [(each.trait, each.cohort) for each in rates] == [
        *(("origin", k) for k in range(4)),
        *(("sex", k) for k in range(2)),
        *(("age", k) for k in range(5)),
    ]
    for each in rates:
        theirs = getattr(who, each.trait) == each.cohort
        of_theirs = getattr(others, each.trait) == each.cohort
        assert (each.fmr.errors, each.fmr.trials) == (hits[theirs].sum(), theirs.sum() * 900)
        within = hits[theirs][:, of_theirs]
        assert (each.fmr_within.errors, each.fmr_within.trials) == (within.sum(), within.size)
        assert each.share == of_theirs.mean()
    assert sum(each.fnmr.trials for each in rates if each.trait == "sex") == 500

    same = np.ones(hits.shape, dtype=bool)
    for trait in ("origin", "sex", "age"):
        same &= getattr(who, trait)[:, None] == getattr(others, trait)[None]
    together = in_the_same_cohort(PEOPLE, found, THRESHOLD)
    assert (together.errors, together.trials) == (hits[same].sum(), same.sum())


def test_harder_classes_are_missed_more_and_likeness_confuses() -> None:
    """Scores fall with hardness; children score higher with one another, the masked lower."""
    mated, strangers = {}, {}
    for each in SUBJECTS:
        made = compare(each.of(PEOPLE), mated=400, probes=100, gallery=800, hardness=each.hardness)
        mated[each.name] = made.mated.mean()
        strangers[each.name] = made.by_probe(0.25).sum()

    assert list(mated.values()) == sorted(mated.values(), reverse=True)
    assert strangers["child 6 to 14"] > 1.5 * strangers["adult"]
    assert strangers["masked"] < strangers["adult"]


def test_a_threshold_below_what_was_kept_is_refused(found: Comparisons) -> None:
    """Rather than counted too low."""
    with pytest.raises(UsageError, match=r"scores below 0\.15 were not kept; got 0\.1"):
        found.false_matches(0.1)


def test_heaps_are_told_from_even_shares() -> None:
    """A hundred false matches on one of two hundred probes, or half a one on each."""
    heaped = np.zeros(200, dtype=np.int64)
    heaped[7] = 100
    even = np.tile([0, 1], 100)

    assert Heaps.of(heaped).mean == Heaps.of(even).mean == 0.5
    assert Heaps.of(heaped).variance > 40 * Heaps.of(even).variance
    assert Heaps.of(heaped).of_worst_percent == 1.0
    assert Heaps.of(heaped).with_any == 0.005
    assert Heaps.of(even).with_any_if_even == pytest.approx(0.3935, abs=1e-4)
    assert np.isnan(Heaps.of(np.zeros(3, dtype=np.int64)).of_worst_percent)
