"""The tipping share: what is set, what is measured, where it crosses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sim.errors import ScenarioError
from sim.experiments.tipping import crossing, flow_overrides, reached_on, tipping
from sim.scenario.load import load_scenario

T3 = load_scenario("sgn-t3", overrides=["demand.timetable.load_factor=0.08"])


def test_a_share_sets_the_whole_flow_and_nobody_else() -> None:
    """Checked in, enrolled and at the gate together; who may not check in online still may not."""
    found = {each.key: each.value["value"] for each in flow_overrides(T3, 0.3)}

    assert found == {
        "traits.online_checkin.shares.1.share": 0.3,
        "traits.online_checkin.shares.2.share": 0.3,
        "traits.biometric_enrolled.shares.0.share": 1.0,
        "traits.biometric_enrolled.shares.1.share": 0.0,
        "traits.wants_gate.share": 1.0,
    }


def test_a_scenario_without_the_flow_is_refused() -> None:
    """Which traits are missing is told."""
    spec = T3.spec.model_copy(update={"traits": T3.spec.traits[:3]})

    with pytest.raises(ScenarioError, match="no trait online_checkin, biometric_enrolled"):
        flow_overrides(replace(T3, spec=spec), 0.3)


@pytest.mark.parametrize(
    ("differences", "share"),
    [
        ([0.3, 0.1, -0.1], 0.75),
        ([0.3, 0.2, 0.1], None),
        ([-0.1, -0.2, -0.3], None),
        ([0.2, 0.0, -1.0], 0.5),
    ],
)
def test_crossings(differences: list[float], share: float | None) -> None:
    """In a straight line between two shares; none where one side is worse throughout."""
    assert crossing([0.0, 0.5, 1.0], differences) == share


def test_more_in_the_flow_means_less_for_counters_and_more_at_gates() -> None:
    """A small terminal, with the same passengers at every share."""
    found = tipping(T3, shares=(0.0, 0.5, 1.0), reps=2)
    rows = found["rows"]

    counters = [row["load"]["counter"] for row in rows]
    gates = [row["through_face_gates"] for row in rows]
    assert counters == sorted(counters, reverse=True)
    assert gates == sorted(gates)
    assert found["tips"]["load"]["days"] == 2


def test_the_day_a_curve_reaches_a_share() -> None:
    """The base curve reaches 0.40 on the date it is known for; the low one never 0.60."""
    adoption = T3.spec.adoption
    assert adoption is not None
    curve = next(each for each in adoption.curves if each.trait == "wants_gate")

    assert reached_on(curve, 0.3999, pace="base", until=date(2026, 12, 31)) == date(2026, 2, 10)
    assert reached_on(curve, 0.6, pace="low", until=date(2027, 12, 31)) is None
