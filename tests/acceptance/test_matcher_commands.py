"""``sim matcher capacity`` and ``trace`` as a user meets them: answers, tables, refusals."""

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


def test_capacity_is_one_document() -> None:
    """Cores and memory of each gallery asked for, the promise as it was given."""
    arguments = ["--gallery", "city=1000000", "--gallery", "national", "--promise-ms", "300"]
    told = sim("matcher", "capacity", "vca", *arguments, "--json")
    found = json.loads(told.stdout)

    assert told.returncode == 0, told.stderr
    assert [row["people"] for row in found["rows"]] == [1_000_000, 100_000_000]
    assert [row["is_measured"] for row in found["rows"]] == [True, False]
    assert all(0 < row["p99_s"] <= found["promise_s"] == 0.3 for row in found["rows"])


def test_capacity_prints_a_table() -> None:
    """For people: what was not measured is marked."""
    told = sim("matcher", "capacity", "vca")

    assert told.returncode == 0, told.stderr
    assert "100,000,000 *" in told.stdout
    assert "in proportion to size" in told.stdout


def test_a_run_is_traced_in_virtual_and_real_time(run: Path) -> None:
    """A second of real time among a thousand people."""
    told = sim("matcher", "trace", str(run), "--gallery", "day=1000", "--seconds", "1", "--json")
    row = json.loads(told.stdout)["galleries"][0]

    assert told.returncode == 0, told.stderr
    assert "in 1 s" in told.stderr
    assert row["real_time"]["requests"] == row["virtual_time"]["requests"]
    assert row["held_bytes"] <= row["memory_bytes"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["capacity", "vca", "--gallery", "town", "--gallery", "city=0"], ["'town'", "got '0'"]),
        (["capacity", "vca", "--profile", "fast"], ["fast is no profile", "epyc-one-core"]),
        (["capacity", "metro-stop"], ["nobody asks for a match"]),
        (["capacity", "vcaa"], ["did you mean vca?"]),
        (["trace", "RUN", "--gallery", "national=9000000000"], ["GiB", "--distinct 10000000"]),
        (["trace", "RUN", "--gallery", "city=5000", "--distinct", "1000"], ["two-stage alone"]),
        (["trace", "RUN", "--threshold", "2"], ["-1 to 1, got 2"]),
    ],
    ids=" ".join,
)
def test_bad_input_is_refused_in_words(run: Path, arguments: list[str], words: list[str]) -> None:
    """Exit code 2, what is wrong and what to do, no traceback, nothing on stdout."""
    told = sim("matcher", *(str(run) if each == "RUN" else each for each in arguments))

    assert told.returncode == 2
    assert all(each in told.stderr for each in words)
    assert "Traceback" not in told.stderr
    assert told.stdout == ""
