"""What a certificate will ask is known before it is tried."""

from __future__ import annotations

import numpy as np
from scipy.stats import t as student

from sim.planner.margin import MOST_DAYS, Margin, days_for, slack_of
from sim.planner.tally import FEW_BAD_DAYS, Tally
from sim.planner.targets import US_PER_MIN, Promise

PROMISE = Promise("soon", "desk", share=0.95, within_us=0, per_us=30 * US_PER_MIN)
DOUBT = 1e-4


def tally(came: list[list[float]], late: list[list[float]]) -> Tally:
    arrived = np.array(came, dtype=float)
    return Tally(PROMISE, arrived, arrived - np.array(late, dtype=float))


def with_bad_days(days: int, bad: int) -> Tally:
    """One customer a day, late on so many days."""
    return tally([[1.0]] * days, [[1.0]] * bad + [[0.0]] * (days - bad))


def test_plan_that_just_keeps_its_margin_is_mostly_certified() -> None:
    """Of 2,000 certificates of such a plan, judged on other days, 19 in 20 pass."""
    rng = np.random.default_rng(1)
    searched, fresh, spread, asked = 80, 400, 0.06, 0.9
    estimate = asked + Margin(DOUBT, fresh).of(searched) * spread
    true = estimate + rng.normal(0, spread / searched**0.5, 2_000)
    low = true + rng.normal(0, spread / fresh**0.5, 2_000)
    low -= student.ppf(1 - DOUBT, fresh - 1) * spread / fresh**0.5

    assert 0.95 < (low >= asked).mean() < 0.99


def test_more_days_ask_less() -> None:
    """More days searched on, more fresh days or more doubt: a smaller margin."""
    base = Margin(DOUBT, 400)

    assert base.of(400) < base.of(80)
    assert Margin(DOUBT, 800).of(80) < base.of(80)
    assert Margin(10 * DOUBT, 400).of(80) < base.of(80)


def test_periods_that_might_be_judged_are_heeded() -> None:
    """Half a customer a day counts, since other days may show one; a tenth does not."""
    half, tenth = [[0.5, 0.1]] * 10, [[0.5, 0.1]] * 10
    slack = slack_of([tally(half, tenth)], margin=0.0)

    assert np.isfinite(slack[0])
    assert slack[0] < 0
    assert np.isinf(slack[1])


def test_days_are_enough_for_a_few_bad_ones() -> None:
    """So many days certify whatever few have anybody late; three quarters of them do not."""
    days = days_for([with_bad_days(100, 0)], doubt=DOUBT, at_least=30)
    bad = FEW_BAD_DAYS - 1
    fewer = with_bad_days(3 * days // 4, bad)

    assert with_bad_days(days, bad).low(DOUBT)[0] >= PROMISE.share
    assert fewer.low(DOUBT)[0] < PROMISE.share


def test_days_grow_where_people_seldom_come() -> None:
    """Half of the days without anybody: twice the days, those asked for at least, and a limit."""
    always = days_for([tally([[2.0]] * 100, [[0.0]] * 100)], doubt=DOUBT, at_least=30)
    seldom = tally([[4.0], [0.0]] * 50, [[0.0]] * 100)
    rare = tally([[100.0]] + [[0.0]] * 99, [[0.0]] * 100)

    assert abs(days_for([seldom], doubt=DOUBT, at_least=30) - 2 * always) <= 1
    assert days_for([seldom], doubt=DOUBT, at_least=5_000) == 5_000
    assert days_for([rare], doubt=DOUBT, at_least=30) == MOST_DAYS
