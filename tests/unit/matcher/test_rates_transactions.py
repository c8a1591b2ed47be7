"""Transactions of a few attempts: counted by hand, and as people of a population make them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.matcher.population.people import ENROLMENT, Population
from sim.matcher.rates.capture import AT_A_GATE, AT_ENROLMENT, TAKES_ALL, CaptureLaw
from sim.matcher.rates.transactions import (
    FLOOR,
    NO_CAPTURE,
    Transactions,
    if_attempts_independent,
    transact,
)
from sim.matcher.rates.verification import Comparisons, compare
from sim.matcher.templates import COSINE_ONE, quantised

PEOPLE = Population(11)
NOBODY = np.zeros(0, dtype=np.int32)


def scores(*cosines: float) -> np.ndarray:
    return np.round(np.array(cosines) * COSINE_ONE).astype(np.int32)


def others(*high: float, probes: tuple[int, ...]) -> Comparisons:
    whose = np.array(probes, dtype=np.int32)
    return Comparisons(NOBODY, scores(*high), whose, probes=2, gallery=8, floor=FLOOR)


def by_hand() -> Transactions:
    """Five persons, three attempts; the last is not enrolled."""
    own = np.stack(
        [
            scores(0.9, 0.1, 0.9),
            scores(0.1, 0.1, 0.9),
            scores(0.1, 0.2, 0.1),
            scores(0.0, 0.8, 0.1),
            scores(0.9, 0.9, 0.9),
        ]
    )
    own[3, 0] = NO_CAPTURE
    return Transactions(
        own=own,
        is_enrolled=np.array([True, True, True, True, False]),
        others=(others(0.6, probes=(0,)), others(0.6, 0.5, probes=(0, 0))),
        claimed=10,
    )


def test_attempts_are_counted_as_defined() -> None:
    """FTE of all persons, FTA of the enrolled, FNMR of what gave a template."""
    made = by_hand()

    assert made.failures_to_enrol().value == 1 / 5
    assert made.failures_to_acquire().value == 1 / 4
    assert (made.false_non_matches(0.4).errors, made.false_non_matches(0.4).trials) == (2, 3)
    assert made.non_matches_after_one(0.4).value == 1.0
    again = made.failures_after(0.4, 1)
    assert (again.errors, again.trials) == (2, 3)
    assert made.failures_after(0.4, 2).value == 1 / 2


def test_a_transaction_is_rejected_when_every_attempt_failed() -> None:
    """FRR of the enrolled; GFRR counts those without a reference as rejected."""
    made = by_hand()

    assert [made.false_rejections(0.4, k).errors for k in (1, 2, 3)] == [3, 2, 1]
    assert made.false_rejections(0.4, 3).trials == 4
    assert made.rejected_or_not_enrolled(0.4, 3).value == 2 / 5


def test_an_impostor_is_let_in_by_any_attempt() -> None:
    """FAR of claims to be somebody enrolled, GFAR of claims to be anybody."""
    made = by_hand()

    assert [made.false_acceptances(0.4, k).value for k in (1, 2)] == [1 / 16, 2 / 16]
    general = made.accepted_of_all(0.4, 2)
    assert general.value == 2 / 20
    assert general.high == pytest.approx(made.false_acceptances(0.4, 2).high * 8 / 10)
    assert made.times_accepted(0.4, 2) == (2.0, 0.0, 2.0)  # one impostor made both
    assert made.times_accepted(0.7, 2) is None


def test_one_attempt_of_whoever_is_captured_is_a_comparison() -> None:
    """Where nothing is refused the first attempts are those of `compare`, score by score."""
    made = transact(
        PEOPLE, persons=300, probes=40, gallery=900, attempts=2, gate=TAKES_ALL, desk=TAKES_ALL
    )
    found = compare(PEOPLE, mated=300, probes=40, gallery=900)

    np.testing.assert_array_equal(made.own[:, 0], found.mated)
    np.testing.assert_array_equal(made.others[0].by_probe(FLOOR), found.by_probe(FLOOR))
    assert made.is_enrolled.all()


def test_impostors_with_two_attempts_match_as_if_counted_pair_by_pair() -> None:
    """The better of the captures a gate takes, against those who have a reference."""
    gate = CaptureLaw(always=0.3, half=1.5, steepness=12, source="a test")
    desk = CaptureLaw(always=0.2, half=1.0, steepness=24, source="a test")
    made = transact(PEOPLE, persons=10, probes=50, gallery=700, attempts=2, gate=gate, desk=desk)
    has = desk.takes(PEOPLE.conditions(0, 700, number=ENROLMENT))
    rows = quantised(PEOPLE.captures(0, 700, number=ENROLMENT)).astype(np.int32)[has]
    best = np.full((50, len(rows)), NO_CAPTURE)
    for number in (1, 2):
        probes = quantised(PEOPLE.captures(1 << 30, 50, number=number)).astype(np.int32)
        is_taken = gate.takes(PEOPLE.conditions(1 << 30, 50, number=number))
        best = np.where(is_taken[:, None], np.maximum(best, probes @ rows.T), best)

    for threshold in (0.25, 0.28):
        errors = (best >= round(threshold * COSINE_ONE)).sum(axis=1)
        np.testing.assert_array_equal(made.others[1].by_probe(threshold), errors)
    assert made.others[1].gallery == has.sum() < 700


def test_a_lasting_cause_spoils_the_next_capture() -> None:
    """Where what made a capture bad stays, more transactions fail; the first attempts do not."""
    hard = {"persons": 3000, "probes": 2, "gallery": 2, "hardness": 1.3}
    fades = transact(PEOPLE, **hard)  # type: ignore[arg-type]
    stays = transact(PEOPLE, **hard, stays=1.0)  # type: ignore[arg-type]

    np.testing.assert_array_equal(fades.own[:, 0], stays.own[:, 0])
    assert fades.false_rejections(0.34, 3).errors < stays.false_rejections(0.34, 3).errors


def test_poor_captures_are_refused_more_often() -> None:
    """The law at its ends, and the shares it gives on a population."""
    chance = AT_A_GATE.chance(np.array([0.01, AT_A_GATE.half, 50.0]))
    assert chance == pytest.approx([0.007, 0.5035, 1.0], abs=1e-6)
    assert TAKES_ALL.chance(np.array([9.0])).tolist() == [0.0]
    at_gate = PEOPLE.conditions(0, 20_000)
    assert (~AT_A_GATE.takes(at_gate)).mean() == pytest.approx(0.011, abs=0.004)
    on_file = PEOPLE.conditions(0, 20_000, number=ENROLMENT)
    assert (~AT_ENROLMENT.takes(on_file)).mean() == pytest.approx(0.0025, abs=0.0015)


def test_conditions_are_those_of_the_captures() -> None:
    """A capture called bad scores as one; the reference is never one of them."""
    made = compare(PEOPLE, mated=4000, probes=1, gallery=1)
    is_bad = PEOPLE.conditions(0, 4000).is_bad

    assert 5 <= is_bad.sum() <= 40
    assert made.mated[is_bad].max() < np.median(made.mated)
    assert not PEOPLE.conditions(0, 4000, number=ENROLMENT).is_bad.any()


def test_independence_of_attempts_is_a_formula() -> None:
    """All must fail, or one may succeed."""
    assert if_attempts_independent(0.1, 3, accepts=False) == pytest.approx(0.001)
    assert if_attempts_independent(1e-6, 3, accepts=True) == pytest.approx(3e-6, rel=1e-5)
    assert if_attempts_independent(1.0, 2, accepts=True) == 1.0
