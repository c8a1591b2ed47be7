"""Same seed, same bytes; observing changes nothing."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def sim(*arguments: str, hash_seed: str = "0") -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "sim", *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )


def digests(run: Path) -> dict[str, str]:
    """sha256 of every file of a run that holds events or tables."""
    files = [*sorted((run / "events").iterdir()), *sorted(run.glob("*.parquet"))]
    return {str(f.relative_to(run)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """A run of vca and its document."""
    run = tmp_path_factory.mktemp("runs") / "first"
    return run, json.loads(sim("run", "vca", "--json", "--out", str(run)).stdout)


def test_same_seed_same_bytes(first: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    """Two processes with different PYTHONHASHSEED write the same events and tables."""
    again = tmp_path / "again"
    document = json.loads(sim("run", "vca", "--json", "--out", str(again), hash_seed="4711").stdout)

    assert digests(again) == digests(first[0])
    assert document["chain_head"] == first[1]["chain_head"]


def test_another_seed_differs(first: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    """Another seed gives another chain head."""
    other = tmp_path / "other"
    document = json.loads(sim("run", "vca", "--seed", "2", "--json", "--out", str(other)).stdout)

    assert document["chain_head"] != first[1]["chain_head"]


def test_output_changes_nothing(first: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    """Table instead of JSON, a study instead of a run, or no log at all: the same head."""
    from sim.experiments.day import run_day
    from sim.scenario.load import load_scenario

    head = first[1]["chain_head"]
    table = tmp_path / "table"
    sim("run", "vca", "--out", str(table))
    manifest = json.loads((table / "manifest.json").read_text())
    study = json.loads(
        sim("run", "vca", "--reps", "2", "--json", "--out", str(tmp_path / "study")).stdout
    )

    assert manifest["chain_head"] == head
    assert study["replications"][0]["chain_head"] == head
    assert run_day(load_scenario("vca")).chain_head == head


def test_intervals_come_from_days(tmp_path: Path) -> None:
    """With `--reps 5` the interval of a mean is Student's over the five days' means."""
    out = tmp_path / "study"
    study = json.loads(
        sim("run", "vca", "--reps", "5", "--jobs", "2", "--json", "--out", str(out)).stdout
    )
    means = [
        json.loads((out / f"r{n:04d}" / "projections" / "summary.json").read_text())["content"][
            "stations"
        ]["security"]["wait_s"]["mean"]
        for n in range(5)
    ]
    mean = sum(means) / 5
    sd = (sum((m - mean) ** 2 for m in means) / 4) ** 0.5
    half = 2.7764451052 * sd / 5**0.5

    wait = study["stations"]["security"]["wait_s"]
    assert wait["mean"] == pytest.approx(mean)
    assert wait["low"] == pytest.approx(mean - half)
    assert wait["high"] == pytest.approx(mean + half)


def test_resimulation_gives_the_same_head(first: tuple[Path, dict[str, object]]) -> None:
    """`sim verify --resimulate` simulates the manifest's scenario again and agrees."""
    result = sim("verify", str(first[0]), "--resimulate", "--json")

    assert json.loads(result.stdout)["resimulated"] is True
