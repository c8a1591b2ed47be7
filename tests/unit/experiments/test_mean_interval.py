"""The interval of a mean over skewed days."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.intervals import Interval, mean_interval, student_interval
from sim.experiments.paired import difference

ONE_BAD_DAY = [0.0] * 7 + [8.0]
"""Mean 1, standard error 1, skewness √8: Willink's a is 1/6, and so 6 a is 1."""

T7 = 2.3646242515927853
DAYS = st.lists(st.integers(-50, 50).map(float), min_size=8, max_size=30)


def test_one_bad_day_by_hand() -> None:
    """With a = 1/6 the quantile is 3 (cbrt(r + 5/6) - 1); the lower end is Student's."""
    found = mean_interval(ONE_BAD_DAY)

    assert found.mean == 1.0
    assert found.high == pytest.approx(1 + 3 * (1 + math.cbrt(T7 - 5 / 6)), rel=1e-12)
    assert found.low == pytest.approx(1 - T7, rel=1e-12)


def test_mirrored_days_have_the_mirrored_interval() -> None:
    """Good days among bad ones are bad days among good ones, seen from the other side."""
    found, mirrored = mean_interval(ONE_BAD_DAY), mean_interval([-each for each in ONE_BAD_DAY])

    assert mirrored.low == pytest.approx(-(found.high or 0))
    assert mirrored.high == pytest.approx(-(found.low or 0))


def test_symmetric_days_have_students_interval() -> None:
    """Where nothing is skewed, nothing is corrected."""
    days = [3.0, 5.0, 5.0, 6.0, 8.0, 8.0, 9.0, 11.0, 11.0, 13.0, 2.0, 14.0]
    days += [16.0 - each for each in days]

    found, student = mean_interval(days), student_interval(days)

    assert (found.low, found.high) == pytest.approx((student.low, student.high), rel=1e-12)


@pytest.mark.parametrize("days", [[1.0, 9.0], [0.0, 0.0, 7.0], [0.0] * 6 + [8.0]])
def test_few_days_have_students_interval(days: list[float]) -> None:
    """Fewer than eight days hardly measure a third moment, so nothing is made of it."""
    assert mean_interval(days) == student_interval(days)


def test_days_that_never_differ_have_no_width() -> None:
    """Ten equal days: the mean itself, on both sides."""
    found = mean_interval([0.1] * 10)

    assert found.low == found.mean == found.high


def test_one_day_has_no_interval() -> None:
    """A single day says nothing about other days, and reaches infinitely far."""
    found = mean_interval([5.0])

    assert (found.low, found.high) == (None, None)
    assert found.reach == math.inf


def test_reach_is_to_the_farther_end() -> None:
    """What a precision asks for is the side that is less sure."""
    found = mean_interval(ONE_BAD_DAY)

    assert found.high is not None
    assert found.reach == found.high - 1.0


@given(DAYS, st.sampled_from([0.8, 0.95, 0.999]))
def test_never_tighter_than_student(days: list[float], confidence: float) -> None:
    """Each end is Student's or farther, so no verdict is surer than it was."""
    low, high = _ends(mean_interval(days, confidence=confidence))
    student_low, student_high = _ends(student_interval(days, confidence=confidence))

    assert low <= student_low <= student_high <= high


@given(DAYS)
def test_unit_and_origin_do_not_matter(days: list[float]) -> None:
    """Seconds or minutes, less a constant or not: the same days have the same interval."""
    low, high = _ends(mean_interval(days))
    moved = _ends(mean_interval([60 * each + 1000 for each in days]))

    assert moved == pytest.approx((60 * low + 1000, 60 * high + 1000), rel=1e-9, abs=1e-6)


def test_two_odd_days_of_forty_prove_nothing() -> None:
    """Two days with one missed departure more, thirty-eight without: not told as a difference.

    Willink's interval by itself ends just above zero here.
    """
    found = difference("missed", [(0.0, 1.0)] * 2 + [(0.0, 0.0)] * 38, confidence=0.95)

    assert found.outcome == "undecided"


def test_exponential_days_are_covered() -> None:
    """Of 2,000 studies of 20 exponential days 93.5 to 97 % hold the mean; Student 90 to 93 %.

    The standard error is half a point: a true coverage of 95.3 % fails once in 3,000 seeds.
    """
    studies = np.random.default_rng(20).exponential(size=(2_000, 20)).tolist()

    def held(interval: Callable[[list[float]], Interval]) -> float:
        found = [interval(each) for each in studies]
        return sum(low <= 1.0 <= high for low, high in map(_ends, found)) / len(found)

    assert 0.935 <= held(mean_interval) <= 0.97
    assert 0.90 <= held(student_interval) <= 0.93


def _ends(interval: Interval) -> tuple[float, float]:
    assert interval.low is not None
    assert interval.high is not None
    return interval.low, interval.high
