"""Cuts that no plan keeping the promise breaks, and the bound they give."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from sim.planner.cuts import Learning, least_plan, lifted
from tests.unit.planner.test_desk import desk

CAP = (5, 5, 5)


def keeping(oracle, cap: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Every plan that keeps the promise."""
    plans = product(*(range(1, most + 1) for most in cap))
    return [levels for levels in plans if oracle.slacks(levels).min() >= 0]


@pytest.mark.parametrize("broken", [(1, 1, 1), (2, 1, 2), (1, 3, 1)])
def test_every_plan_that_keeps_the_promise_satisfies_the_cuts(broken: tuple[int, ...]) -> None:
    oracle = desk([0.5, 1.2, 0.8], share=0.9, within_s=120, mean_s=70)
    kept = keeping(oracle, CAP)
    numbers = np.flatnonzero(oracle.slacks(broken) < 0).tolist()

    assert numbers
    for number in numbers:
        for cut in lifted(oracle, broken, number, CAP):
            assert all(level > broken[period] for period, level in cut)
            assert all(any(plan[p] >= level for p, level in cut) for plan in kept)


def test_one_slack_is_that_of_all() -> None:
    """A slack asked by itself is the one worked out with the others."""
    asked, whole = (desk([0.5, 1.2, 0.8], share=0.9, within_s=120, mean_s=70) for _ in range(2))

    found = [asked.slack((2, 3, 1), number) for number in range(3)]

    np.testing.assert_allclose(found, whole.slacks((2, 3, 1)), atol=1e-9)


def test_least_plan_satisfies_cuts() -> None:
    """By hand: either period has three, and the second two in any case."""
    found = least_plan((1, 2), (4, 4), [((0, 3), (1, 3))])

    assert found.bound == 4
    assert found.levels == (1, 3)


def test_learning_ends_with_the_least_plan() -> None:
    oracle = desk([1.5, 0.3, 1.0], share=0.8, within_s=60, mean_s=60)
    least = min(sum(levels) for levels in keeping(oracle, CAP))

    learning = Learning(oracle, single=(1, 1, 1), cap=CAP, best=CAP, mend=lambda levels: CAP)
    learning.learn(keep_going=lambda: True, progress=lambda text: None)

    assert learning.bound == sum(learning.best) == least
