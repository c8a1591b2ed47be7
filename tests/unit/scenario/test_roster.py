"""The roster of a scenario file: what is refused, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load_scenario

DESK = """
id = "desk"
kind = "generic"
horizon_s = 3600
demand = { arrivals = { law = "poisson", rate_per_s = 0.1 } }
stations = [{ id = "desk", servers = 3, service = { law = "exponential", mean_s = 20 } }]
journey = [{ station = "desk" }]
"""

FAULTS = """
[roster]
period_min = 15
[roster.rest]
rest_min = 20
[[roster.shifts]]
id = "day"
shortest_h = 4.1
[[roster.teams]]
id = "floaters"
stations = ["desk", "dsk"]
[[prices]]
station = "gate"
capital = 5
per_month = 1
"""


def test_every_fault_of_a_roster_is_said_at_once(tmp_path: Path) -> None:
    """Lengths off the grid and unknown stations are all named with their keys."""
    file = tmp_path / "desk.toml"
    file.write_text(DESK + FAULTS)

    with pytest.raises(ScenarioError) as caught:
        load_scenario(str(file))

    assert {each.key for each in caught.value.faults} == {
        "roster.rest.rest_min",
        "roster.shifts.day.shortest_h",
        "roster.teams.floaters.stations[1]",
        "prices.gate.station",
    }


def test_a_file_without_a_roster_stays_what_it_was(tmp_path: Path) -> None:
    """The sections leave no trace in the resolved scenario of a file that has none."""
    file = tmp_path / "desk.toml"
    file.write_text(DESK)

    document = load_scenario(str(file)).document

    assert not {"roster", "prices"} & set(document)
