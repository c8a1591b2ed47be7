"""Synthetic people: made again alike, one by one or together, and alike as people are."""

from __future__ import annotations

import numpy as np
import pytest

from sim.matcher.population.chance import draws
from sim.matcher.population.people import ENROLMENT, Population
from sim.matcher.population.rotation import rotated
from sim.matcher.templates import DIMENSIONS

PEOPLE = Population(7)


def test_anybody_can_be_made_again_alone() -> None:
    """To the last bit, whoever was made before and with whom."""
    together = PEOPLE.captures(0, 3000, number=ENROLMENT)
    for person in (0, 1, 1023, 1024, 2999):
        alone = PEOPLE.captures(person, 1, number=ENROLMENT)
        np.testing.assert_array_equal(alone[0], together[person])


def test_another_seed_makes_other_people() -> None:
    """Nobody of one population is in the other."""
    assert np.abs(PEOPLE.faces(0, 50) @ Population(8).faces(0, 50).T).max() < 0.5


def test_draws_are_normal_and_uniform() -> None:
    """Mean, variance and tails; streams differ."""
    found = draws(1, "person", 0, 2000)
    assert abs(found.normals.mean()) < 0.004
    assert found.normals.std() == pytest.approx(1, abs=0.003)
    assert (np.abs(found.normals) > 3).mean() == pytest.approx(0.0027, rel=0.1)
    assert 0 < found.uniforms.min() < found.uniforms.max() < 1
    assert not np.array_equal(found.normals, draws(1, "other", 0, 2000).normals)


def test_the_rotation_changes_no_inner_product() -> None:
    """It is orthogonal."""
    rows = draws(3, "rows", 0, 40).normals
    signs = np.where(draws(3, "signs", 0, 1).normals[0] < 0, -1, 1).astype(np.float32)
    np.testing.assert_allclose(
        rotated(rows, signs) @ rotated(rows, signs).T, rows @ rows.T, atol=0.01
    )


def test_captures_are_of_unit_length() -> None:
    """They are templates."""
    lengths = np.linalg.norm(PEOPLE.captures(0, 200), axis=1)
    np.testing.assert_allclose(lengths, 1, atol=1e-5)


def test_strangers_of_one_cohort_are_more_alike() -> None:
    """The same origin, sex and age have something in common; origins follow their shares."""
    people = 3000
    rows, who = PEOPLE.captures(0, people, number=ENROLMENT), PEOPLE.traits(0, people)
    scores = rows[:600] @ rows[600:].T
    same = np.ones(scores.shape, dtype=bool)
    for trait in (who.origin, who.sex, who.age):
        same &= trait[:600, None] == trait[None, 600:]
    assert scores[same].mean() > scores[~same].mean() + 0.03
    assert (who.origin == 0).mean() == pytest.approx(0.86, abs=0.03)


def test_a_mate_scores_far_above_strangers() -> None:
    """About 0.72 on average, as modern algorithms do; strangers 0.07."""
    enrolled, probes = PEOPLE.captures(0, 1500, number=ENROLMENT), PEOPLE.captures(0, 1500)
    scores = probes @ enrolled.T
    genuine = np.diag(scores)
    assert genuine.mean() == pytest.approx(0.72, abs=0.01)
    assert (scores.sum() - genuine.sum()) / (1500 * 1499) == pytest.approx(0.067, abs=0.02)


def test_harder_captures_and_years_score_less() -> None:
    """A mask, a child, an old photograph."""
    enrolled = PEOPLE.captures(0, 800, number=ENROLMENT)

    def mean(**how: float) -> float:
        return float((PEOPLE.captures(0, 800, **how) * enrolled).sum(axis=1).mean())  # type: ignore[arg-type]

    assert mean() > mean(years=5) > mean(years=10)
    assert mean() > mean(hardness=1.25) > mean(hardness=1.6)


def test_a_look_alike_lies_between_a_stranger_and_the_person() -> None:
    """The more alike the faces, the higher the score."""
    enrolled = PEOPLE.captures(0, 500, number=ENROLMENT)
    means = [
        float((PEOPLE.look_alikes(0, 500, likeness=likeness) * enrolled).sum(axis=1).mean())
        for likeness in (0.0, 0.35, 0.7)
    ]
    assert means == sorted(means)
    assert means[2] - means[0] == pytest.approx(0.7 * 0.72, abs=0.08)
    assert PEOPLE.look_alikes(0, 3, likeness=0.3).shape == (3, DIMENSIONS)
