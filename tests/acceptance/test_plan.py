"""``sim plan``: outcomes, exit codes, and an overlay that ``sim run`` takes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from sim.scenario.load import load_scenario
from sim.scenario.stations import Periods

DESK = """
id = "small-desk"
kind = "generic"
horizon_s = 2_700
[demand]
arrivals = { law = "poisson", period_min = 15, rate_per_min = [1.0, 2.0, 1.0] }
[[stations]]
id = "desk"
servers = 3
service = { law = "exponential", mean_s = 60 }
[[journey]]
station = "desk"
[[targets]]
station = "desk"
share = 0.9
within_s = 120
per_min = 15
[plan]
period_min = 15
max_servers = 6
"""


def planned(folder: Path, *options: str, text: str = DESK) -> subprocess.CompletedProcess[str]:
    path = folder / "small-desk.toml"
    path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sim", "plan", str(path), "--days", "60", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)


def test_plan_is_certified_and_runs(tmp_path: Path) -> None:
    """The fixed keys are there, and the scenario with the overlay loads with those servers."""
    done = planned(tmp_path, "--json", "-o", str(tmp_path / "plan"))
    document = json.loads(done.stdout)
    desk = document["stations"]["desk"]

    assert done.returncode == 0, done.stderr
    assert document["outcome"] == "CERTIFIED"
    assert desk["server_periods"] == sum(desk["servers"]) >= desk["lower_bound"]
    assert all(row["low"] >= 0.9 for row in desk["served_within"])
    assert {"days", "confidence", "simultaneous", "seeds"} <= document["certificate"].keys()
    assert json.loads((tmp_path / "plan" / "plan.json").read_text()) == document
    text = 'id = "planned"\nextends = "small-desk.toml"\noverlay = ["plan/overlay.toml"]\n'
    (tmp_path / "planned.toml").write_text(text, encoding="utf-8")
    (station,) = load_scenario(tmp_path / "planned.toml").spec.stations
    assert isinstance(station.servers, Periods)
    assert [int(level.value) for level in station.servers.open] == desk["servers"]


def test_infeasible_is_an_outcome(tmp_path: Path) -> None:
    """One server for two erlang: exit code 1, the period and a remedy, no traceback."""
    done = planned(tmp_path, "--json", "--set", "plan.max_servers=1")

    assert done.returncode == 1
    assert json.loads(done.stdout)["outcome"] == "INFEASIBLE"
    assert "period from 00:15" in done.stderr
    assert "install more servers" in done.stderr
    assert "Traceback" not in done.stderr


def test_contradictory_and_absurd_targets_are_bad_input(tmp_path: Path) -> None:
    """A daily promise without days, a share of one and an unknown station: exit code 2."""
    text = DESK.replace("per_min = 15\n[plan]", 'per_min = 15\nmeaning = "daily"\n[plan]')
    done = planned(tmp_path, text=text)
    absurd = planned(tmp_path, "--target", "desk:1:60", "--target", "dask:0.9:60")

    assert (done.returncode, absurd.returncode) == (2, 2)
    assert "day_share" in done.stderr
    assert "share = 1" in absurd.stderr
    assert "dask" in absurd.stderr
    assert "Traceback" not in done.stderr + absurd.stderr
