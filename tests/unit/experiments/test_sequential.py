"""How many days are enough."""

from __future__ import annotations

import pytest

from sim.errors import UsageError
from sim.experiments.compare import Side, run_comparison
from sim.experiments.sequential import SETTLES, Precision, days_enough, parse_precision
from sim.reporting.comparison import comparison_document, verdict
from tests.unit.experiments.test_compare import desks

WAIT = "stations.desk.wait_s.mean"


def test_stops_once_narrow_and_settled() -> None:
    """Days 1 apart and alternating: t(n - 1) s / sqrt(n) first falls below 0.3 at n = 14."""
    days = [float(n % 2) for n in range(60)]

    found = days_enough(days, days, precision=Precision("x", 0.3), least=5)

    assert found == 14 + SETTLES


def test_a_lucky_streak_does_not_stop_it() -> None:
    """Equal days look sure; a different one within the look-ahead shows that they were not."""
    days = [1.0] * 7 + [50.0] * 4

    assert days_enough(days, days, precision=Precision("x", 1.0), least=5) is None
    assert days_enough([1.0] * 11, days, precision=Precision("x", 1.0), least=5) == 10


def test_a_share_is_of_the_mean() -> None:
    """Five per cent of a level of 200 are 10."""
    assert parse_precision("x=5%").wanted(-200) == pytest.approx(10)
    assert parse_precision("x=30").wanted(-200) == 30


@pytest.mark.parametrize("text", ["missed", "missed=", "=5", "x=-1", "x=nan", "x=inf", "x=many"])
def test_what_is_no_precision(text: str) -> None:
    """A width is positive, and of a figure."""
    with pytest.raises(UsageError, match="FIGURE=WIDTH"):
        parse_precision(text)


@pytest.mark.statistical
def test_a_comparison_goes_on_until_narrow() -> None:
    """A wider promise takes fewer days; the number does not depend on processes or batches."""
    precision = Precision(WAIT, 30.0)

    found = run_comparison(Side(desks(20)), Side(desks(21)), reps=5, precision=precision)
    wait = found.figures[WAIT]

    assert found.is_precise
    assert wait.high is not None
    assert wait.high - wait.mean <= 30
    assert 5 + SETTLES <= wait.days < 60
    assert comparison_document(found)["precision"]["is_reached"]


def test_it_gives_up_and_says_so() -> None:
    """What cannot be reached in the days allowed is told, not hidden."""
    found = run_comparison(
        Side(desks(20)), Side(desks(21)), reps=5, precision=Precision(WAIT, 1e-6), most=12
    )

    assert found.is_precise is False
    assert len(found.a.replications) == 12
    assert "still wider than asked after 12 days" in list(verdict(found))[-1]


def test_unknown_figures_are_refused() -> None:
    """A figure that no day has: told, with some that there are."""
    with pytest.raises(UsageError, match=r"no figure 'x\.y'"):
        run_comparison(Side(desks(20)), Side(desks(21)), reps=5, precision=Precision("x.y", 1))
