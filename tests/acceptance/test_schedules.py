"""Schedules on the command line: what was read, what was refused, and a day that uses it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.acceptance.test_command_line import sim
from tests.unit.scenario.schedules.files import made_up_ssim
from tests.unit.scenario.schedules.test_in_scenarios import put


def test_the_flights_of_a_day_are_shown() -> None:
    """With the fate of every line, which adds up."""
    document = json.loads(sim("schedule", "vca-summer", "--json").stdout)
    (found,) = document["schedules"]
    lines = found["lines"]

    assert document["date"] == "2026-06-12"
    assert len(found["flights"]) == 15
    assert lines["read"] == lines["used"] + lines["framing"] + sum(lines["left_out"].values())


def test_departures_to_edit(tmp_path: Path) -> None:
    """`--csv` prints a table that a scenario takes as its departures."""
    text = sim("schedule", "vca-summer", "--date", "2026-07-04", "--csv").stdout
    (tmp_path / "own.csv").write_text(text)
    scenario = tmp_path / "own.toml"
    scenario.write_text(
        'extends = "vca"\nid = "own"\n[demand]\ndepartures = "own.csv"\nsource = "assumed"\n'
    )

    assert len(list(csv.DictReader(io.StringIO(text)))) == 13
    assert sim("check", str(scenario)).returncode == 0


def test_check_opens_the_schedule(tmp_path: Path) -> None:
    """A rejected line is told by `sim check`, `run` and `schedule`; exit 2, no traceback."""
    path = put(tmp_path)
    data = made_up_ssim(fill=False).replace(b"0905", b"0960")
    (tmp_path / "s26.ssim").write_bytes(data)

    for command in (["check"], ["schedule"], ["run", "--out", str(tmp_path / "run")]):
        refused = sim(command[0], str(path), *command[1:])
        assert refused.returncode == 2
        assert 's26.ssim:4: departure_time: got "0960" in columns 40 to 43' in refused.stderr
        assert "Traceback" not in refused.stderr
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["vca"], "vca has no schedule"),
        (["vca-summer", "--date", "12 June"], "write 2026-06-12"),
        (["vca-summer", "--date", "2027-06-12"], "has nothing that is asked for on 2027-06-12"),
        (["vca-summer", "--csv", "--json"], "give one of them"),
    ],
)
def test_what_cannot_be_shown(arguments: list[str], words: str) -> None:
    """Told in a sentence, exit 2."""
    refused = sim("schedule", *arguments)

    assert refused.returncode == 2
    assert words in refused.stderr


def test_a_day_of_a_schedule_with_delays(tmp_path: Path) -> None:
    """Both engines give one log, and the run says how punctual its departures were."""
    heads = []
    for engine in ("compiled", "reference"):
        out = tmp_path / engine
        ran = sim("run", "vca-summer", "--engine", engine, "--out", str(out))
        assert ran.returncode == 0, ran.stderr
        assert "Of 15 departures" in ran.stdout
        heads.append(json.loads((out / "manifest.json").read_text())["chain_head"])

    assert heads[0] == heads[1]


def test_dates_have_their_own_flights(tmp_path: Path) -> None:
    """A study of dates reads the schedule for each, and can be proven again."""
    out = tmp_path / "study"
    ran = sim(
        "run", "vca-summer", "--days", "2", "--from", "2026-07-04", "--out", str(out), "--json"
    )
    document = json.loads(ran.stdout)

    assert [day["passengers"] for day in document["by_day"]] != 2 * [
        document["by_day"][0]["passengers"]
    ]
    assert sim("verify", str(out), "--resimulate").returncode == 0
