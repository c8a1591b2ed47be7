"""How much is enough: capacity against a desk whose answer is known, and years of growth."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.planner.infrastructure import Horizon, equipment, hourly_capacity, opened
from sim.scenario.dated import scenario_scaled
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario

DESK = """
id = "desk"
kind = "generic"
date = 2026-01-01
horizon_s = 28_800
demand = { arrivals = { law = "poisson", rate_per_min = 2.0 } }
journey = [{ station = "desk" }]
[[stations]]
id = "desk"
servers = 4
service = { law = "deterministic", mean_s = 60 }
[[prices]]
station = "desk"
capital = 100
per_month = 2
[[targets]]
station = "desk"
share = 0.5
within_s = 600
"""


@pytest.fixture
def desk(tmp_path: Path) -> Scenario:
    file = tmp_path / "desk.toml"
    file.write_text(DESK.replace("rate_per_min = 2.0", "period_min = 480, rate_per_min = [2.0]"))
    return load_scenario(str(file))


def test_capacity_is_near_what_four_desks_can_do(desk: Scenario) -> None:
    """Four desks of a minute do 240 an hour; half may wait ten minutes only a little above."""
    found = hourly_capacity(desk, days=1)

    assert found["outcome"] == "FOUND"
    assert found["gives_way"] == ["target"]
    assert 1.9 < found["factor"] < 2.4


def test_too_few_desks_are_said(desk: Scenario) -> None:
    """One desk for two minutes' work a minute is broken today, and holds at about half of it."""
    found = hourly_capacity(opened(desk, {"desk": 1}), days=1)

    assert found["outcome"] == "ALREADY_BROKEN"
    assert 0.4 < found["factor"] < 0.6


def test_growth_runs_a_desk_out_and_is_paid_once(desk: Scenario) -> None:
    """Doubling each year, four desks do for a year; a fifth and more are bought as needed."""
    months = tuple(date(year, 1, 1) for year in (2026, 2027, 2028))

    found = equipment(desk, Horizon(months, growth=1.0, public_share=0.25), days=1)

    now, _, last = found["months"]
    assert now["added"] == {}
    assert found["runs_out"]["desk"] in {"2027-01", "2028-01"}
    assert 6 <= last["servers"]["desk"] <= 8
    assert last["running"] == 2 * last["servers"]["desk"]
    assert sum(each["capital"] for each in found["months"]) == 100 * (last["servers"]["desk"] - 4)
    assert last["capital_public"] == pytest.approx(last["capital"] / 4)


def test_demand_that_cannot_be_scaled_says_so() -> None:
    """A list of departures has no factor."""
    with pytest.raises(ScenarioError, match="cannot be scaled"):
        scenario_scaled(load_scenario("hanoi-station"), 1.5)
