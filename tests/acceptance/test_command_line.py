"""The command line as a user meets it: answers, refusals, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def sim(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    return subprocess.run(
        [sys.executable, "-m", "sim", *arguments], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of vca."""
    path = tmp_path_factory.mktemp("runs") / "vca"
    assert sim("run", "vca", "--out", str(path)).returncode == 0
    return path


def test_scenarios_are_listed() -> None:
    """`sim scenarios` names the four terminals."""
    listed = {row["id"] for row in json.loads(sim("scenarios", "--json").stdout)["scenarios"]}

    assert {"sgn-t1", "sgn-t3", "sgn-t3-tet", "vca"} <= listed


@pytest.mark.parametrize("name", ["sgn-t1", "sgn-t3", "sgn-t3-tet", "vca"])
def test_every_figure_has_a_source(name: str) -> None:
    """No figure of a shipped scenario lacks a source or the word assumed."""
    document = json.loads(sim("sources", name, "--json").stdout)

    assert document["figures"] > 100
    assert document["without_source"] == 0
    assert 0 < document["assumed_share"] < 1


def test_state_at_an_instant(run: Path) -> None:
    """At 10:00 everyone who arrived is waiting, served, elsewhere or gone."""
    state = json.loads(sim("show", str(run), "--at", "10:00", "--json").stdout)
    inside = sum(s["waiting_persons"] for s in state["stations"].values())

    assert state["arrived"] > state["left"] > 0
    assert state["arrived"] - state["left"] - state["elsewhere"] >= inside


def test_a_passengers_journey(run: Path) -> None:
    """A journey begins with arriving and ends with boarding or missing."""
    journey = json.loads(sim("show", str(run), "--passenger", "7", "--json").stdout)
    kinds = [event["kind"] for event in journey["events"]]

    assert kinds[0] == "arrived"
    assert kinds[-1] in {"boarded", "missed_departure"}


def test_show_repeats_the_figures_of_the_run(run: Path) -> None:
    """`sim show RUN` folds to the figures the run printed."""
    kept = json.loads((run / "projections" / "summary.json").read_text())["content"]
    shown = json.loads(sim("show", str(run), "--json").stdout)

    assert shown["stations"] == kept["stations"]


def test_show_prints_the_tables_of_the_run(run: Path) -> None:
    """Without `--json` they are for people, and no stored run knows how long it took."""
    shown = sim("show", str(run))

    assert shown.returncode == 0, shown.stderr
    assert "Service level" in shown.stdout
    assert "Chain head" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "sgn-t33"], "did you mean sgn-t3?"),
        (["run", "vca", "--on", "yesterday"], "write 2025-12-01"),
        (["run", "vca", "--set", "stations.securty.servers=3"], "did you mean security?"),
        (["run", "vca", "--set", "stations.counter.servers=-1"], "stations.counter.servers"),
        (["run", "vca", "--engine", "steam"], "'compiled', 'reference'"),
        (["run", "vca", "--reps", "0"], "--reps"),
        (["show", "nowhere"], "no such run"),
        (["verify", "nowhere"], "no such run"),
        (["check", "nowhere.toml"], "nowhere.toml"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input_is_refused_in_words(arguments: list[str], words: str) -> None:
    """Exit code 2, what is wrong and what to do, no traceback, nothing on stdout."""
    result = sim(*arguments)

    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_an_occupied_directory_is_left_alone(run: Path) -> None:
    """`--out` of a directory that is not empty is refused before anything is written."""
    before = sorted(path.name for path in run.rglob("*"))

    result = sim("run", "vca", "--out", str(run))

    assert result.returncode == 2
    assert "not empty" in result.stderr
    assert sorted(path.name for path in run.rglob("*")) == before


def test_questions_about_what_is_not_there(run: Path) -> None:
    """An instant that is none and a passenger nobody has are refused."""
    for arguments in (
        ["--at", "25h"],
        ["--passenger", "99999999"],
        ["--at", "9", "--passenger", "1"],
    ):
        assert sim("show", str(run), *arguments).returncode == 2


def test_a_flipped_byte_is_named(run: Path) -> None:
    """`sim verify` names the file and exits 1."""
    file = run / "events" / "000000.parquet"
    original = file.read_bytes()
    file.write_bytes(original[:1000] + bytes([original[1000] ^ 1]) + original[1001:])
    try:
        result = sim("verify", str(run))
    finally:
        file.write_bytes(original)

    assert result.returncode == 1
    assert "000000.parquet" in result.stderr
