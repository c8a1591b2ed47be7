"""A desk planned by the exact law: as small as any plan can be."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from sim.planner.desk import plan_desk
from sim.planner.exact import ExactDesk
from sim.planner.grid import Grid
from sim.planner.markov import MarkovDesk
from sim.planner.targets import Promise
from sim.queueing.steps import Steps
from sim.queueing.transient import transient

PERIOD_S = 900.0


def desk(rates_per_min: list[float], *, share: float, within_s: float, mean_s: float) -> ExactDesk:
    arrivals = Steps.rates(np.array(rates_per_min) / 60, period=PERIOD_S)
    promise = Promise("p", "desk", share, round(within_s * 1e6), round(PERIOD_S * 1e6))
    grid = Grid(round(PERIOD_S * 1e6), len(rates_per_min))
    return ExactDesk(MarkovDesk(arrivals, mean_s), (promise,), grid)


def shares_by_the_whole_law(oracle: ExactDesk, levels: tuple[int, ...]) -> np.ndarray:
    return transient(
        arrivals=oracle.desk.arrivals,
        servers=Steps.servers(levels, period=PERIOD_S),
        mean_service=oracle.desk.mean_service_s,
        within=oracle.promises[0].within_us / 1e6,
        periods=PERIOD_S * np.arange(len(levels) + 1),
    ).served_within


@pytest.mark.parametrize("levels", [(1, 2, 2), (2, 1, 3), (3, 3, 1)])
def test_shares_are_those_of_the_whole_day(levels: tuple[int, ...]) -> None:
    """Followed period by period, a day has the shares of the law over the whole of it."""
    oracle = desk([0.5, 1.2, 0.8], share=0.9, within_s=120, mean_s=70)

    oracle.shares((2, 2, 2))
    found = oracle.shares(levels)[0]

    np.testing.assert_allclose(found, shares_by_the_whole_law(oracle, levels), atol=2e-9)


@pytest.mark.parametrize(
    ("rates", "share", "within_s", "mean_s"),
    [([0.5, 1.2, 0.8], 0.9, 120, 70), ([1.5, 0.3, 1.0], 0.8, 60, 60)],
)
def test_plan_is_the_least_of_all_plans(
    rates: list[float], share: float, within_s: float, mean_s: float
) -> None:
    """Every plan of up to five servers, each judged by the law: none that keeps it is smaller."""
    oracle = desk(rates, share=share, within_s=within_s, mean_s=mean_s)
    cap = (5,) * len(rates)

    found = plan_desk(oracle, cap=cap, progress=lambda text: None)
    least = min(
        sum(levels)
        for levels in product(range(1, 6), repeat=len(rates))
        if sum(levels) <= sum(found.levels)
        and np.nanmin(shares_by_the_whole_law(oracle, levels)) >= share
    )

    assert sum(found.levels) == least
    assert found.lower_bound is not None
    assert found.lower_bound <= least


def test_too_few_servers_are_named() -> None:
    """Where all servers together break the promise, the period is said."""
    oracle = desk([3.0, 0.5], share=0.95, within_s=60, mean_s=60)

    found = plan_desk(oracle, cap=(2, 2), progress=lambda text: None)

    assert found.lower_bound is None
    assert "period from 00:00" in found.broken[0]
