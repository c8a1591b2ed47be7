"""Intervals over days."""

from __future__ import annotations

import pytest

from sim.errors import FewReplicationsWarning
from sim.experiments.intervals import over_days, student_interval, with_intervals


def test_interval_of_three_days() -> None:
    """Days 1, 2, 3 have mean 2 and half-width t(2; 0.975) / sqrt(3)."""
    interval = student_interval([1.0, 2.0, 3.0])

    assert interval.mean == 2.0
    assert interval.high is not None
    assert interval.high - 2.0 == pytest.approx(4.302652729911275 / 3**0.5)


def test_one_day_has_no_interval() -> None:
    """A single day says nothing about other days."""
    assert student_interval([5.0]).low is None


def test_few_days_are_announced() -> None:
    """Two days give an interval with a warning that it is rough."""
    with pytest.warns(FewReplicationsWarning, match="2 days"):
        over_days([{"x": 1.0}, {"x": 2.0}])


DAYS = [
    {
        "passengers": 10 + day,
        "wait_s": {"mean": 1.0 * day, "max": None},
        "level": {"verdict": "optimum" if day else "sub-optimum"},
        "worst": {"start_s": 3600.0 if day else 7200.0, "mean_s": 2.0 * day},
        "targets": [{"id": "t", "share": 0.9, "is_met": day > 0, "periods": [day, 2]}],
        "flows": [{"from": "a", "to": "b", "persons": day}],
    }
    for day in range(6)
]


def test_means_and_verdicts_of_days() -> None:
    """Numbers are means over days, verdicts and clock times the most frequent."""
    merged = with_intervals(DAYS)

    assert merged["passengers"] == 12.5
    assert merged["wait_s"]["mean"] == 2.5
    assert merged["wait_s"]["low"] < 2.5 < merged["wait_s"]["high"]
    assert merged["wait_s"]["max"] is None
    assert merged["level"]["verdict"] == "optimum"
    assert merged["worst"] == {"start_s": 3600.0, "mean_s": 5.0}


def test_a_promise_is_kept_when_every_day_keeps_it() -> None:
    """`is_met` of several days is whether each of them met it."""
    assert with_intervals(DAYS)["targets"] == [
        {"id": "t", "share": pytest.approx(0.9), "is_met": False, "periods": None}
    ]


def test_lists_that_differ_by_day_stay_with_the_days() -> None:
    """Flows of several days are not merged into something that happened on none."""
    assert with_intervals(DAYS)["flows"] is None
