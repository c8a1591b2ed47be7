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


def test_a_certified_plan_carries_its_roster(tmp_path: Path) -> None:
    """Who works when is in the document and in tables, beside today, its rules stated."""
    done = planned(tmp_path, "--json", "-o", str(tmp_path / "plan"))
    document = json.loads(done.stdout)
    roster, desk = document["roster"], document["stations"]["desk"]

    assert roster["outcome"] == "OPTIMAL"
    assert "assumed" in roster["rules"]
    assert roster["people"] == max(desk["servers"])  # a shift is longer than the three periods
    assert roster["hours_needed"] == sum(desk["servers"]) / 4
    assert roster["today"]["stations"]["desk"]["hours"]["today"] == sum(desk["today"]) / 4
    people = (tmp_path / "plan" / "people.csv").read_text(encoding="utf-8").splitlines()
    assert len(people) == 1 + roster["people"]
    staff = (tmp_path / "plan" / "staff.csv").read_text(encoding="utf-8").splitlines()
    needed = [int(row.split(",")[2]) for row in staff[1:]]
    assert needed[:3] == desk["servers"]


def test_why_says_which_minutes_and_what_one_more_would_do(tmp_path: Path) -> None:
    """Too few today: the sentence has station, minutes and the gain of a server; so has JSON."""
    done = planned(tmp_path, "--json", "--set", "stations.desk.servers=2")
    (cause,) = json.loads(done.stdout)["why"]

    assert (cause["from_s"], cause["until_s"]) == (900, 1800)
    assert cause["share"] < 0.9 <= cause["one_more"]["share"]
    assert 0 < cause["one_more"]["low"] < cause["one_more"]["saved_min_per_day"]
    assert cause["queue_s"][0] <= cause["until_s"]
    for words in ("desk breaks its promise between 00:15 and 00:30", "One server more at desk"):
        assert words in cause["sentence"]
    assert "Thêm một vị trí" in cause["sentence_vi"]


def test_a_roster_nobody_can_fill_says_who_is_missing(tmp_path: Path) -> None:
    """One person for three desks: the plan is certified, the roster names station and remedy."""
    team = '[[roster.teams]]\nid = "all"\nstations = ["desk"]\npeople = 1\n'
    done = planned(tmp_path, "--json", text=DESK + team)

    assert done.returncode == 0
    assert json.loads(done.stdout)["roster"]["outcome"] == "INFEASIBLE"
    assert "everyone of all is at work elsewhere" in done.stderr
    assert "engage more" in done.stderr


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


PROMISES = """
[[plan.targets]]
id = "room"
station = "desk"
most_waiting = 5
area_m2 = 12
[[plan.targets]]
id = "space"
station = "desk"
area_m2 = 1
m2_per_person = 1.2
share = 0.9
per_min = 15
[[plan.targets]]
id = "missing"
station = "desk"
most_waiting = 5
share = 0.9
[[plan.targets]]
id = "of-nobody"
station = "desk"
most_missed = 0.01
"""


def test_promises_of_two_things_or_of_none_are_told_at_once(tmp_path: Path) -> None:
    """Each target promises one thing, with what belongs to it; `sim check` says so as well."""
    done = planned(tmp_path, text=DESK + PROMISES)
    check = [sys.executable, "-m", "sim", "check", str(tmp_path / "small-desk.toml")]
    checked = subprocess.run(check, capture_output=True, text=True, check=False, timeout=60)

    assert (done.returncode, checked.returncode) == (2, 2)
    for said in (done.stderr, checked.stdout + checked.stderr):
        assert "got most_waiting and area_m2, make a target of each" in said
        assert "the area holds nobody" in said
        assert "most_waiting needs per_min beside it" in said
        assert "station has no meaning beside most_missed; take it out" in said
        assert "Traceback" not in said


def test_promises_beyond_the_scenario_or_beyond_all_days(tmp_path: Path) -> None:
    """Departures where nobody boards, nobody's shares, days that no count shows: exit code 2."""
    cases = {
        "departures:missed:0.001": "no step of the journey boards",
        "desk:waiting:0.5:0.9:15": "holds nobody",
        "desk:0.9:60:15:1": "a share of days that can be shown lies between 0 and 1",
        "desk:0:60": "share = 0 is kept by every plan",
        "desk:waiting:5:1:15": "share = 1 asks that",
        "desk:0.9:-5": "-5",
    }
    done = planned(tmp_path, *(part for target in cases for part in ("--target", target)))
    beyond = planned(tmp_path, "--target", "desk:0.5:120:15:0.9999")

    assert (done.returncode, beyond.returncode) == (2, 2)
    for words in cases.values():
        assert words in done.stderr
    assert "days without a fault show no more than" in beyond.stderr
    assert "Traceback" not in done.stderr + beyond.stderr


def test_a_station_that_nobody_visits_is_refused(tmp_path: Path) -> None:
    """A promise of a station on nobody's way means nothing."""
    spare = '\n[[stations]]\nid = "spare"\nservers = 1\nservice = { law = "deterministic", '
    text = DESK.replace("[[journey]]", spare + "mean_s = 1 }\n[[journey]]")
    done = planned(tmp_path, "--target", "spare:0.9:60", text=text)

    assert done.returncode == 2
    assert "spare" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_infeasible_queue_names_its_period(tmp_path: Path) -> None:
    """Two erlang at one desk do not fit in a room for one person: exit code 1, period, remedy."""
    done = planned(
        tmp_path, "--target", "desk:waiting:1:0.9:15", "--set", "plan.max_servers=1", "--json"
    )

    assert done.returncode == 1
    assert json.loads(done.stdout)["outcome"] == "INFEASIBLE"
    assert json.loads(done.stdout)["roster"] is None
    assert "period from 00:15" in done.stderr
    assert "install more servers" in done.stderr
