"""The stated trade-off between misses and false matches."""

from __future__ import annotations

import pytest

from sim.experiments.operating_points import at_point, false_accept, let_in
from sim.scenario.load import load_scenario
from sim.scenario.operating import load_operating_points
from sim.scenario.stations import Match


def gate(scenario, name: str = "id-gate") -> Match:
    found = next(each.match for each in scenario.spec.stations if each.id == name)
    assert found is not None
    return found


def test_a_stricter_threshold_misses_more() -> None:
    """The known point is met, and misses fall as false matches rise."""
    trade = load_operating_points().trade_off
    misses = [trade.fnmr_at(fmr) for fmr in sorted(trade.points)]

    assert trade.fnmr_at(trade.fmr) == pytest.approx(trade.fnmr.value)
    assert misses == sorted(misses, reverse=True)
    assert 0 < misses[-1] < misses[0] < 0.1


def test_the_known_point_is_the_scenario_itself() -> None:
    """At the threshold the scenario has, its error shares stay; special passengers miss twice."""
    scenario = load_scenario("sgn-t3")
    points = load_operating_points()
    own, there = gate(scenario), gate(at_point(scenario, points, points.trade_off.fmr))
    strict = gate(at_point(scenario, points, 1e-6))
    grown = [b.share.value - a.share.value for a, b in zip(own.errors, strict.errors, strict=True)]

    assert [e.share.value for e in there.errors] == pytest.approx(
        [e.share.value for e in own.errors]
    )
    assert grown[0] == pytest.approx(2 * grown[-1])
    assert grown[-1] == pytest.approx(points.trade_off.fnmr_at(1e-6) - 0.01)


def test_a_gallery_lets_an_impostor_in_by_any_of_its_comparisons() -> None:
    """1 - (1 - FMR)^N for one search, and so on again for every attempt."""
    match = gate(load_scenario("sgn-t3"))

    assert match.mode == "1:N"
    assert false_accept(match, 1e-5) == pytest.approx(1 - (1 - 1e-5) ** 160)
    assert let_in(match, 0.1) == pytest.approx(1 - 0.9**match.attempts)
