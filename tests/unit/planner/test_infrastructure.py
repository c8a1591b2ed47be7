"""How much is enough: capacity against a desk whose answer is known, and years of growth."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sim.errors import InvalidInputError, ScenarioError
from sim.planner.hourly_capacity import hourly_capacity
from sim.planner.infrastructure import Horizon, equipment
from sim.planner.kept import kept, opened, promised
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


GATES = """
id = "gates"
kind = "generic"
date = 2026-01-01
horizon_s = 3_600
demand = { arrivals = { law = "poisson", period_min = 60, rate_per_min = [30] } }
[[stations]]
id = "gate"
servers = 20
service = { law = "deterministic", mean_s = 10 }
[[stations]]
id = "match"
kind = "match-server"
servers = 1
batch = { cap = 1, buckets = [{ size = 1, service_s = 2 }] }
[[journey]]
station = "gate"
calls = [{ station = "match", after_share = 0.5 }]
[[targets]]
station = "gate"
share = 0.9
within_s = 60
[plan]
[[plan.targets]]
id = "waiting"
station = "gate"
share = 0.9
per_min = 30
most_waiting = 20
"""


@pytest.fixture
def gates(tmp_path: Path) -> Scenario:
    file = tmp_path / "gates.toml"
    file.write_text(GATES)
    return load_scenario(str(file))


def test_match_servers_are_sized_before_the_gates_that_ask_them(gates: Scenario) -> None:
    """Thirty requests a minute of two seconds want two servers; more gates would not help."""
    asked = promised(gates, ["match:0.95:5"])

    found = equipment(asked, Horizon((date(2026, 1, 1),), growth=0.0), days=1)

    (month,) = found["months"]
    assert month["outcome"] == "KEPT"
    assert month["added"] == {"match": 1}
    assert found["runs_out"] == {"match": "2026-01"}
    assert found["unpriced"] == ["match"]


def test_promises_of_queues_are_left_to_the_plan(gates: Scenario) -> None:
    """A station whose plan promises no wait is judged by the wait that days are judged by."""
    assert [each.station for each in promised(gates).spec.targets] == ["gate"]
    assert promised(gates).spec.targets[0].within_s.value == 60


def test_plan_and_command_line_come_first(desk: Scenario, tmp_path: Path) -> None:
    """What the command line promises of a station replaces what the file does."""
    (target,) = promised(desk, ["desk:0.8:120:30"]).spec.targets

    assert (target.share.value, target.within_s.value) == (0.8, 120.0)
    assert target.per_min is not None
    assert promised(desk).spec.targets == desk.spec.targets


def test_promises_that_make_no_sense_are_told_at_once(desk: Scenario) -> None:
    """No such station, no wait: both in one message."""
    with pytest.raises(InvalidInputError, match=r"(?s)no such station.*promises no wait"):
        promised(desk, ["nowhere:0.9:60", "desk:waiting:5:0.9:30"])


def test_a_period_of_few_is_not_judged(desk: Scenario) -> None:
    """Of nine customers in a period one late is more than a tenth: luck, not a broken promise."""
    asked = promised(desk, ["desk:0.999:0:1"])

    assert kept(asked, days=1, seed=1).broken == ()
