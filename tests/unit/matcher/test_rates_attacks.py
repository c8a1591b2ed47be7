"""Presentation attacks: counted as defined, and as the stated model says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from sim.errors import UsageError
from sim.matcher.population.people import Population
from sim.matcher.rates.attacks import SPECIES, Presentations, present
from sim.matcher.templates import COSINE_ONE

PEOPLE = Population(11)


def by_hand() -> Presentations:
    return Presentations(
        bona_fide=np.array([[0.0, 1.0], [-3.0, 2.0], [0.5, 0.1], [3.0, 4.0]]),
        attacks={"print": np.array([[-4.0, -1.0], [0.2, 0.3]])},
        likeness={"print": (np.array([[0.9, 0.9], [0.9, 0.1]]) * COSINE_ONE).astype(np.int32)},
    )


def test_errors_of_a_check_are_counted_as_defined() -> None:
    """BPCER of bona fide below the threshold, APCER of attacks at or above, IAPAR of matches."""
    shown = by_hand()

    assert shown.bona_fide_turned_away(0.2).value == 3 / 8
    assert shown.attacks_passed("print", 0.2).value == 2 / 4
    assert shown.attacks_accepted("print", 0.2, 0.5).value == 1 / 4


def test_thresholds_keep_what_is_asked() -> None:
    """The highest that turns away so few, the least that lets so few pass."""
    shown = by_hand()

    assert shown.threshold_at(0.25) == 0.1
    assert shown.bona_fide_turned_away(0.1).value == 2 / 8
    assert shown.attacks_passed("print", shown.threshold_at_worst(0.25)).value == 1 / 4
    assert shown.attacks_passed("print", shown.threshold_at_worst(0.5)).value == 2 / 4


@pytest.mark.parametrize("share", [0.0, 1.0, 0.01])
def test_a_share_that_cannot_be_seen_is_refused(share: float) -> None:
    """Eight presentations show no hundredth."""
    with pytest.raises(UsageError, match="bpcer: 8 presentations"):
        by_hand().threshold_at(share)
    with pytest.raises(UsageError, match="apcer: 4 presentations"):
        by_hand().threshold_at_worst(share)


@pytest.mark.statistical
def test_counts_agree_with_the_law() -> None:
    """Five intervals of 95 % hold the closed form; by chance one would not in 1 of 4 seeds."""
    shown = present(PEOPLE, persons=400, artefacts=400, presentations=5)
    threshold = float(norm.ppf(0.015))

    rate = shown.bona_fide_turned_away(threshold)
    assert rate.low < 0.015 < rate.high
    for each in SPECIES:
        rate = shown.attacks_passed(each.name, threshold)
        spread = math.hypot(each.between, each.within)
        assert rate.low < norm.sf(threshold, each.mean, spread) < rate.high, each.name


def test_presentations_of_one_artefact_hang_together() -> None:
    """So the interval over artefacts is wider than if presentations were independent."""
    scores = present(PEOPLE, persons=300, artefacts=300, presentations=4).attacks[SPECIES[3].name]
    between = np.corrcoef(scores[:, 0], scores[:, 1])[0, 1]

    assert between == pytest.approx(1 / (1 + 0.9**2), abs=0.12)
