"""Rates of error: counted by hand on small cases, and as people of one cohort make them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.errors import UsageError
from sim.matcher.gallery import Gallery
from sim.matcher.population.people import ENROLMENT, Population
from sim.matcher.rates.identification import Identifications, identify, if_independent
from sim.matcher.rates.proportion import by_person, independent
from sim.matcher.rates.verification import Comparisons, compare
from sim.matcher.templates import COSINE_ONE, quantised

PEOPLE = Population(11)


def scores(*cosines: float) -> np.ndarray:
    return np.round(np.array(cosines) * COSINE_ONE).astype(np.int32)


def test_no_error_follows_the_rule_of_three() -> None:
    """None in n: below 3 / n."""
    rate = independent(0, 3000)
    assert rate.high == pytest.approx(3 / 3000, rel=0.01)
    assert not rate.is_sound
    assert "rule of 3" in rate.words


def test_thirty_errors_are_enough() -> None:
    """About ±30 % at 90 %; the 95 % interval is a little wider."""
    rate = independent(30, 100_000)
    assert rate.is_sound
    assert rate.low == pytest.approx(0.7 * rate.value, rel=0.05)
    assert rate.high == pytest.approx(1.4 * rate.value, rel=0.05)


def test_without_trials_there_is_no_rate() -> None:
    """Nor is it zero."""
    assert math.isnan(independent(0, 0).value)
    assert independent(0, 0).words == "no trials"


def test_errors_of_few_persons_make_a_wide_interval() -> None:
    """The same count is less certain where one person made all of it."""
    trials = np.full(400, 100)
    spread, heaped = np.zeros(400, dtype=np.int64), np.zeros(400, dtype=np.int64)
    spread[:60], heaped[:3] = 1, 20
    one, other = by_person(spread, trials), by_person(heaped, trials)
    assert one.value == other.value
    assert other.high - other.low > 3 * (one.high - one.low)
    assert by_person(np.zeros(40, dtype=np.int64), np.full(40, 100)).high > 0.05


def test_a_threshold_is_the_least_that_keeps_the_rate() -> None:
    """With ties, and rates by hand: ten comparisons, three above the floor."""
    found = Comparisons(
        mated=scores(0.2, 0.5, 0.7, 0.9),
        high=scores(0.3, 0.4, 0.4),
        high_probe=np.array([0, 1, 1], dtype=np.int32),
        probes=2,
        gallery=5,
    )
    threshold = found.threshold_at(0.2)
    assert 0.3 < threshold <= 0.4
    assert found.false_matches(threshold).errors == 2
    assert found.false_non_matches(threshold).value == 0.25
    assert found.threshold_at(0.1) > 0.4  # of two equal scores both match or neither
    points = found.det([0.25, 0.45])
    assert [point[1:] for point in points] == [(0.3, 0.25), (0.0, 0.25)]


@pytest.mark.parametrize("fmr", [0.0, 1.0, 0.01, 0.5])
def test_a_rate_that_cannot_be_seen_is_refused(fmr: float) -> None:
    """Too few comparisons, or none kept so low."""
    found = Comparisons(scores(0.5), scores(0.4), np.zeros(1, dtype=np.int32), 1, 10)
    with pytest.raises(UsageError, match="fmr"):
        found.threshold_at(fmr)


def test_identification_is_counted_as_defined() -> None:
    """FPIR over strangers, FNIR over mates by rank and threshold."""
    found = Identifications(
        enrolled=100,
        best_of_strangers=scores(0.1, 0.2, 0.3, 0.4),
        mate_score=scores(0.9, 0.5, 0.25, 0.0),
        mate_rank=np.array([1, 2, 1, 0], dtype=np.int32),
    )
    assert found.false_positives(0.3).value == 0.5
    assert found.false_negatives(0.3).value == 0.75
    assert found.false_negatives(0.3, rank=2).value == 0.5
    assert 0.3 < found.threshold_at(0.25) <= 0.4
    with pytest.raises(UsageError, match="4 searches cannot show"):
        found.threshold_at(0.1)


def test_mates_are_found_and_strangers_seldom() -> None:
    """Searching real templates."""
    gallery = Gallery()
    gallery.enrol(quantised(PEOPLE.captures(0, 1000, number=ENROLMENT)))
    found = identify(
        gallery,
        strangers=quantised(PEOPLE.captures(90_000, 200)),
        mates=quantised(PEOPLE.captures(0, 200)),
        mate_ids=range(200),
    )
    assert found.false_negatives(0.4).value < 0.03
    assert found.false_positives(0.4).value < 0.02
    assert (found.mate_rank == 1).mean() > 0.98


def test_the_population_meets_its_operating_point() -> None:
    """FNMR near 0.2 % at FMR one in a million; here coarsely, in full as evidence."""
    found = compare(PEOPLE, mated=6000, probes=500, gallery=6000)
    threshold = found.threshold_at(1e-5)
    assert threshold == pytest.approx(0.315, abs=0.025)
    assert found.false_matches(threshold).value <= 1e-5
    assert found.false_non_matches(threshold).value < 0.006
    harder = compare(PEOPLE, mated=3000, probes=2, gallery=2, hardness=2.2)
    assert harder.false_non_matches(threshold).value > 0.01


def test_independence_is_a_formula() -> None:
    """Small rates add up, large ones saturate."""
    assert if_independent(1e-6, 1000) == pytest.approx(1e-3, rel=0.001)
    assert if_independent(1e-3, 100_000) == pytest.approx(1)
