"""Shares of days, proven exactly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from sim.errors import UsageError
from sim.experiments.proportions import days_to_certify, quantile_rank, share_low


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 3000), st.data())
def test_lower_bound_is_where_so_many_successes_become_unlikely(
    days: int, data: st.DataObject
) -> None:
    """At the bound, as many successes or more have a chance of 5 %."""
    successes = data.draw(st.integers(1, days))

    low = share_low(successes=successes, days=days)

    assert 0 < low < successes / days + 1e-12
    assert binom.sf(successes - 1, days, low) == pytest.approx(0.05, rel=1e-6)


def test_no_success_proves_nothing() -> None:
    """The bound of a share never seen is zero."""
    assert share_low(successes=0, days=40) == 0


@pytest.mark.parametrize(("failures", "days"), list(enumerate([59, 93, 124, 153, 181, 208])))
def test_days_that_certify(failures: int, days: int) -> None:
    """The textbook's numbers for 95 % with 95 % confidence; one day fewer proves less."""
    assert days_to_certify(share=0.95, failures=failures) == days
    assert share_low(successes=days - failures, days=days) >= 0.95
    assert share_low(successes=days - 1 - failures, days=days - 1) < 0.95


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 2000), st.floats(0.05, 0.95))
def test_rank_is_the_lowest_that_bounds(days: int, quantile: float) -> None:
    """The quantile exceeds the ranked day once in twenty at most, the one below it oftener."""
    rank = quantile_rank(days=days, quantile=quantile)

    if rank is None:
        assert quantile**days > 0.05
    else:
        assert binom.cdf(rank - 1, days, quantile) >= 0.95
        assert rank == 1 or binom.cdf(rank - 2, days, quantile) < 0.95


@pytest.mark.parametrize(
    "ask",
    [
        lambda: share_low(successes=5, days=4),
        lambda: share_low(successes=1, days=4, confidence=1.0),
        lambda: days_to_certify(share=1.0),
        lambda: days_to_certify(share=0.9, failures=-1),
        lambda: days_to_certify(share=1 - 1e-9),
        lambda: quantile_rank(days=0, quantile=0.5),
    ],
)
def test_absurd_questions_are_refused(ask: Callable[[], object]) -> None:
    """Shares beyond their bounds, no days, or more days than anybody simulates."""
    with pytest.raises(UsageError):
        ask()
