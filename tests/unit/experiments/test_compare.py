"""Two plans over the same days."""

from __future__ import annotations

import doctest
from types import ModuleType
from typing import Any

import pytest

from sim.errors import FewReplicationsWarning, UsageError
from sim.experiments import paired as paired_module
from sim.experiments import proportions, sequential
from sim.experiments.compare import Side
from sim.experiments.compare import run_comparison as compare
from sim.experiments.comparison import Comparison, compare_studies
from sim.experiments.paired import Difference, headlines, paired
from sim.experiments.study import run_study
from sim.reporting.comparison import comparison_document, comparison_tables, verdict
from sim.scenario.load import Scenario, scenario_from_document


def desks(servers: Any, *, rate_per_s: float = 0.43) -> Scenario:
    """An overloaded bank of desks, and gates after it that nothing changes at."""
    return scenario_from_document(
        {
            "id": "desks",
            "kind": "generic",
            "horizon_s": 7200,
            "demand": {"arrivals": {"law": "poisson", "rate_per_s": rate_per_s}},
            "stations": [
                {
                    "id": "desk",
                    "servers": servers,
                    "service": {"law": "exponential", "mean_s": 50},
                },
                {
                    "id": "gate",
                    "servers": 30,
                    "service": {"law": "deterministic", "mean_s": 5},
                },
            ],
            "journey": [{"station": "desk"}, {"station": "gate"}],
        }
    )


@pytest.fixture(scope="module")
def one_more() -> Comparison:
    """Twenty-one desks in place of twenty, thirty days."""
    return compare(Side(desks(20)), Side(desks(21)), reps=30)


def figure(comparison: Comparison, key: str) -> Any:
    return next(each for each in comparison.headlines if each.key == key)


def width(each: Difference) -> float:
    assert each.low is not None
    assert each.high is not None
    return each.high - each.low


def test_interval_is_that_of_the_differences() -> None:
    """Days -1, -2, -3 apart have mean -2 and half-width t(2; 0.975) / sqrt(3)."""
    a = [{"x": {"mean": each}} for each in (10.0, 20.0, 30.0)]
    b = [{"x": {"mean": each}} for each in (9.0, 18.0, 27.0)]

    found = paired(a, b)["x.mean"]

    assert (found.a, found.b, found.mean, found.days) == (20.0, 18.0, -2.0, 3)
    assert found.high == pytest.approx(-2 + 4.302652729911275 / 3**0.5)
    assert found.sharper == pytest.approx(100 + 81)
    assert found.outcome == "undecided"


def test_days_without_a_figure_are_left_out() -> None:
    """A day on which nobody was served in one plan says nothing of the difference."""
    a = [{"x": 1.0}, {"x": None}, {"x": 3.0}]
    b = [{"x": 2.0}, {"x": 9.0}, {"x": 4.0}]

    found = paired(a, b)["x"]

    assert (found.days, found.mean, found.outcome) == (2, 1.0, "higher")


def test_headlines_hold_all_at_once() -> None:
    """With two figures that differ each interval is wider; what never differs does not count."""
    a = [{"missed": n, "balked": 2 * n, "reneged": 7} for n in (3, 9, 6, 7)]
    b = [{"missed": n, "balked": n, "reneged": 7} for n in (2, 9, 5, 6)]

    alone, together = paired(a, b), {each.key: each for each in headlines(a, b)}

    assert width(together["missed"]) > width(alone["missed"])
    assert together["reneged"].outcome == "identical"
    assert together["balked"] == paired(a, b, confidence=0.975)["balked"]


@pytest.mark.statistical
def test_one_desk_more_is_seen(one_more: Comparison) -> None:
    """The wait falls, surely; the same passengers make the difference sharper threefold."""
    wait = figure(one_more, "stations.desk.wait_s.mean")

    assert wait.outcome == "lower"
    assert wait.sharper > 3
    assert one_more.has_same_passengers
    assert not one_more.is_identical


def test_verdict_in_words(one_more: Comparison) -> None:
    """Sentences say what differs, by how much, from where to where, and what does not."""
    told = list(verdict(one_more))

    assert any("ean wait at desk" in line and "shorter in B" in line for line in told)
    assert not any("wait at gate" in line for line in told)
    assert any(line.startswith("The same on every day") for line in told)
    assert len(list(comparison_tables(one_more))) == 3 + len(told)


def test_document_is_plain_and_whole(one_more: Comparison) -> None:
    """Every common figure has both means, the difference, its interval and outcome."""
    document = comparison_document(one_more)

    wait = document["figures"]["stations.desk.wait_s.mean"]
    assert wait["difference"] == pytest.approx(wait["b"] - wait["a"])
    assert wait["low"] < wait["difference"] < wait["high"]
    assert document["days"] == 30
    assert {each["key"] for each in document["headlines"]} <= document["figures"].keys()


def test_the_same_plan_is_the_same() -> None:
    """Nothing differs, and the verdict says so, not that nothing was found."""
    found = compare(Side(desks(20)), Side(desks(20)), reps=5)

    assert found.is_identical
    assert {each.outcome for each in found.headlines} == {"identical"}
    assert list(verdict(found)) == ["A and B are the same plan to the last event of all 5 days."]


def test_other_passengers_are_announced() -> None:
    """Where demand differs pairing means little, and the verdict begins with that."""
    found = compare(Side(desks(20)), Side(desks(20, rate_per_s=0.42)), reps=5)

    assert not found.has_same_passengers
    assert "do not have the same passengers" in next(iter(verdict(found)))


def test_only_the_same_days_are_compared() -> None:
    """Other seeds, other numbers of days, a single day: refused."""
    twenty = run_study(desks(20), reps=2, seed=1)

    with pytest.raises(UsageError, match="seeds 1 and 2"):
        compare_studies(twenty, run_study(desks(20), reps=2, seed=2))
    with pytest.raises(UsageError, match="2 and 3 days"):
        compare_studies(twenty, run_study(desks(20), reps=3, seed=1))
    with pytest.raises(UsageError, match="2 days at least"):
        compare(Side(desks(20)), Side(desks(20)), reps=1)
    with pytest.warns(FewReplicationsWarning, match="2 days"):
        compare_studies(twenty, twenty)


def test_progress_counts_both_plans() -> None:
    """Days of A, then of B."""
    told: list[int] = []

    compare(Side(desks(20)), Side(desks(21)), reps=5, progress=told.append)

    assert told == list(range(1, 11))


@pytest.mark.parametrize("module", [paired_module, proportions, sequential])
def test_examples_hold(module: ModuleType) -> None:
    """Examples in docstrings say what happens."""
    assert doctest.testmod(module).failed == 0
