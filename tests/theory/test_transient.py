"""The exact law of a day that changes and the engines agree, period by period.

The planner screens with this law and certifies with the engine. Student's intervals over days,
Bonferroni over all periods at 1 in 1,000 for the whole file; `tests.evidence.time_varying` has
the full size.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.theory.cases import by_recursion, random_case
from tests.theory.student import Comparison
from tests.theory.systems import Size, comparisons_of
from tests.theory.time_varying import DESKS, Desk

FAMILY = sum(len(desk.system().references) for desk in DESKS)
SAMPLE = Size(replications=100, visits=90_000)


def compared(desk: Desk, *, engine: str, twist: float = 1.0) -> list[Comparison]:
    return comparisons_of(desk.system(), size=SAMPLE, family=FAMILY, engine=engine, twist=twist)


@pytest.mark.statistical
@pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.name)
def test_share_within_by_period(desk: Desk) -> None:
    """Every interval holds the exact share, and is narrow enough to mean something."""
    found = compared(desk, engine="compiled")

    assert [str(each) for each in found if not each.agrees] == []
    assert max(each.half_width for each in found) < 0.15


@pytest.mark.statistical
def test_five_percent_slower_service_is_noticed() -> None:
    """With every service 5 % longer than the law assumes, the same sample disagrees."""
    found = compared(DESKS[1], engine="compiled", twist=1.05)

    assert not all(each.agrees for each in found), [str(each) for each in found]


def test_named_desks_start_nobody_later() -> None:
    """Passenger by passenger, ``named`` starts no later than ``idle_first``: the law is a bound."""
    rng = np.random.default_rng(12)
    earlier = 0
    for _ in range(60):
        case = random_case(rng, closing="idle_first")
        (desk,) = case.desks
        named = type(case)(
            (type(desk)(desk.staffing, desk.servers, "named"),),
            case.arrivals,
            case.services,
            case.walks,
        )
        first, other = by_recursion(case).started[:, 0], by_recursion(named).started[:, 0]
        late = np.where(first < 0, np.iinfo(np.int64).max, first)
        soon = np.where(other < 0, np.iinfo(np.int64).max, other)
        assert (soon <= late).all()
        earlier += int((soon < late).sum())

    assert earlier > 100
