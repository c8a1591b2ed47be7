"""What days say of a share, with confidence."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta

from sim.planner.tally import Tally
from sim.planner.targets import Promise

PROMISE = Promise("p", "desk", 0.9, 60_000_000, 900_000_000)
DOUBT = 0.02


def test_independent_customers_have_the_bound_of_clopper_and_pearson() -> None:
    """One customer a day: so many days, so many independent trials."""
    kept = np.array([[1.0]] * 80 + [[0.0]] * 20)

    tally = Tally(PROMISE, np.ones((100, 1)), kept)

    assert tally.low(DOUBT)[0] == pytest.approx(beta.ppf(DOUBT, 80, 21), abs=0.004)
    assert tally.high(DOUBT)[0] == pytest.approx(beta.ppf(1 - DOUBT, 81, 20), abs=0.004)


def test_customers_late_together_count_as_fewer() -> None:
    """The same share late, all on the same days: the bound is farther."""
    came = np.full((100, 1), 10.0)
    spread = Tally(PROMISE, came, np.tile([[8.0]], (100, 1)) + np.resize([[1.0], [-1.0]], (100, 1)))
    together = Tally(PROMISE, came, np.array([[10.0]] * 80 + [[0.0]] * 20))

    assert spread.estimate[0] == together.estimate[0] == 0.8
    assert together.low(DOUBT)[0] < spread.low(DOUBT)[0] - 0.03


def test_the_tightest_period_is_one_that_is_judged() -> None:
    """Not the first, where all judged ones are kept; nor one to which hardly anybody comes."""
    came = np.array([[0.0, 0.2, 9.0, 5.0]] * 10)

    def kept(*shares: float) -> Tally:
        return Tally(PROMISE, came, came * np.array(shares))

    assert kept(1, 0, 1, 1).tightest == 2
    assert kept(1, 0, 0.9, 0.8).tightest == 3
    assert Tally(PROMISE, came[:, :2], came[:, :2]).tightest is None


@pytest.mark.parametrize("size", [1.5, 4.0])
def test_bounds_are_as_seldom_wrong_as_said_where_few_days_are_bad(size: float) -> None:
    """Few are late, and late together: five a day, on 60 days, in 1,500 studies."""
    rng = np.random.default_rng(5)
    studies, days, share = 1_500, 60, 0.96
    came = rng.poisson(5.0, (days, studies)).astype(float)
    groups = rng.poisson(5.0 * (1 - share) / size, (days, studies))
    late = np.minimum(rng.poisson(groups * size), came)
    truth = 1 - late.sum() / came.sum()

    tally = Tally(PROMISE, came, came - late)

    assert (tally.low(DOUBT) > truth).mean() <= 1.5 * DOUBT
    assert (tally.high(DOUBT) < truth).mean() <= 1.5 * DOUBT
