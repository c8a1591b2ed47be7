"""Searches: what is asked, who answers and why, and which gallery it was."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import UsageError
from sim.matcher.choice import choose
from sim.matcher.cuts import CUTS, cut_for
from sim.matcher.gallery import Gallery, centre_of
from sim.matcher.population.people import ENROLMENT, Population
from sim.matcher.search import search
from sim.matcher.templates import quantised

PEOPLE = Population(5)


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    rows = quantised(PEOPLE.captures(0, 2000, number=ENROLMENT))
    made = Gallery(centre=centre_of(rows))
    made.enrol(rows)
    return made


def test_people_are_found(gallery: Gallery) -> None:
    """Nearly all mates above a threshold of 0.4, and no stranger."""
    found = search(gallery, PEOPLE.captures(0, 300), threshold=0.4)
    assert (found.ids[:, 0] == np.arange(300)).mean() > 0.98
    strangers = search(gallery, PEOPLE.captures(50_000, 300), threshold=0.4)
    assert (strangers.ids == -1).mean() > 0.99
    assert (strangers.cosines[strangers.ids == -1] == -1).all()


def test_every_kernel_gives_the_same_result(gallery: Gallery) -> None:
    """Ids and scores; two stages may lose a mate far beyond the cut, here none."""
    probes = PEOPLE.captures(0, 40)
    results = [
        search(gallery, probes, top=1, threshold=0.45, kernel=name)
        for name in ("naive", "gemm", "two-stage", "auto")
    ]
    for other in results[1:]:
        np.testing.assert_array_equal(other.ids, results[0].ids)
        np.testing.assert_array_equal(other.scores, results[0].scores)
        assert other.snapshot == results[0].snapshot == gallery.snapshot


def test_enrolling_and_deleting_make_another_snapshot() -> None:
    """The same steps make the same, so a result says which gallery it came from."""
    rows = quantised(PEOPLE.captures(0, 4, number=ENROLMENT))
    first, second = Gallery(), Gallery()
    first.enrol(rows)
    assert first.snapshot != second.snapshot
    second.enrol(rows)
    assert first.snapshot == second.snapshot
    first.delete(2)
    assert first.snapshot != second.snapshot
    with pytest.raises(UsageError, match="nobody is enrolled as 2"):
        first.delete(2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"top": 0}, "top: expected at least 1"),
        ({"threshold": 1.5}, "threshold: expected a cosine"),
        ({"kernel": "faiss"}, "there is no 'faiss'; there are auto, naive"),
        ({"kernel": "two-stage"}, "calibrated for thresholds from 0.26; none was given"),
        ({"kernel": "two-stage", "threshold": 0.1}, "got 0.1"),
    ],
)
def test_what_cannot_be_asked(gallery: Gallery, arguments: dict, message: str) -> None:
    """Is refused before any work, with what to do."""
    with pytest.raises(UsageError, match=message):
        search(gallery, PEOPLE.captures(0, 1), **arguments)


def test_an_empty_gallery_cannot_be_searched() -> None:
    """Nobody enrolled, or all deleted."""
    with pytest.raises(UsageError, match="it is empty"):
        search(Gallery(), PEOPLE.captures(0, 1))


def test_the_choice_follows_size_and_threshold() -> None:
    """Few people: products; a calibrated threshold: codes; else exhaustive."""
    assert choose(people=200, probes=1).kernel.name == "gemm"
    assert choose(people=1_000_000, probes=1, threshold=0.4).kernel.name == "two-stage"
    assert choose(people=1_000_000, probes=64, threshold=0.2).kernel.name != "two-stage"
    assert choose(people=1_000_000, probes=1).kernel.name == "gemm"


def test_a_cut_is_that_of_the_next_lower_threshold() -> None:
    """So that it never loses more than was measured."""
    assert cut_for(None) is None
    assert cut_for(0.2599) is None
    assert cut_for(0.26) == CUTS[0]
    assert cut_for(0.279) == CUTS[0]
    assert cut_for(0.9) == CUTS[-1]
