"""``sim fork`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.test_command_line import sim


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of vca."""
    path = tmp_path_factory.mktemp("runs") / "vca"
    assert sim("run", "vca", "--out", str(path)).returncode == 0
    return path


def test_a_run_is_reproduced(run: Path, tmp_path: Path) -> None:
    """Without ``--set`` the chain head is the run's."""
    told = sim("fork", str(run), "--at", "08:00", "--out", str(tmp_path / "fork"), "--json")
    document = json.loads(told.stdout)

    assert document["is_identical"]
    assert document["chain_head"] == document["parent"]["chain_head"]
    assert document["prefix"]["events_in_common"] == document["events"]
    assert document["run_dir"] == str((tmp_path / "fork").resolve())


def test_a_changed_future_is_compared(run: Path, tmp_path: Path) -> None:
    """Who waits, how long, and who misses the departure, with the change and without."""
    fork = str(tmp_path / "fork")
    change = ["--set", "stations.security.servers=1"]

    document = json.loads(
        sim("fork", str(run), "--at", "08:00", *change, "--out", fork, "--json").stdout
    )

    security = document["stations"]["security"]
    assert document["changes"] == ["stations.security.servers=1"]
    assert security["fork"]["wait_s"]["mean"] > security["parent"]["wait_s"]["mean"]
    assert security["fork"]["waiting"] >= security["parent"]["waiting"]
    assert document["outcomes"]["fork"]["missed"] >= document["outcomes"]["parent"]["missed"]
    assert sum(document["outcomes"]["fork"].values()) == document["passengers"]
    assert document["prefix"]["events_in_common"] >= document["prefix"]["events_before"] > 0
    assert sim("verify", fork, "--resimulate").returncode == 0
    shown = json.loads(sim("show", fork, "--json").stdout)
    assert shown["fork"]["parent"]["chain_head"] == document["parent"]["chain_head"]


def test_the_table_has_both(run: Path, tmp_path: Path) -> None:
    """Station by station, parent and fork, and where the fork is."""
    told = sim(
        "fork",
        str(run),
        "--at",
        "08:00",
        "--set",
        "stations.security.servers=1",
        "--out",
        str(tmp_path / "fork"),
    ).stdout

    assert "From 08:00: stations.security.servers=1" in told
    assert "parent → fork" in told
    assert "events before 08:00 are the parent's" in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--at", "8"], "'8' is not a time of day"),
        (["--at", "10:75"], "'10:75' is not a time of day"),
        (["--at", "10:00", "--set", "demand.show_up=[]"], "who comes and when is drawn before"),
        (["--at", "10:00", "--set", "stations.secur.servers=3"], "did you mean security?"),
        (["--at", "10:00", "--set", "stations.security.servers=-3"], "stations.security.servers"),
        (["--at", "10:00", "--set", "stations.security.servers=2.5"], "stations.security.servers"),
        (["--at", "10:00", "--set", "outages=[{station='security'}]"], "outages"),
        (["--at", "10:00", "--engine", "steam"], "'compiled', 'reference'"),
        ([], "--at"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input_is_refused_in_words(
    run: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    """Exit code 2, what is wrong, no traceback, nothing on stdout, nothing written."""
    out = tmp_path / "fork"

    result = sim("fork", str(run), *arguments, "--out", str(out))

    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert not out.exists()
