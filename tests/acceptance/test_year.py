"""A year of days from the command line: its answer, its refusals, and what a kill leaves."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.small_year import small_year

DAYS = 120
"""Days of the study that is killed: long enough to be killed in mid-course."""


def sim(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    return subprocess.run(
        [sys.executable, "-m", "sim", *arguments], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    """Three days of T3 around the first of the Tet peak."""
    out = tmp_path_factory.mktemp("runs") / "three"
    found = sim("run", "sgn-t3", "--days", "3", "--from", "2026-02-09", "--out", str(out), "--json")
    assert found.returncode == 0, found.stderr
    return out, json.loads(found.stdout)


def test_the_document_has_days_months_and_stations(three: tuple[Path, dict]) -> None:
    """One JSON document: outcomes sum up, every day has its head, stations their year."""
    out, document = three
    outcomes = ("boarded", "missed", "exited", "reneged", "balked", "present")

    assert document["passengers"] == sum(document[name] for name in outcomes)
    assert [day["date"] for day in document["by_day"]] == ["2026-02-09", "2026-02-10", "2026-02-11"]
    assert [month["month"] for month in document["by_month"]] == ["2026-02"]
    assert document["run_dir"] == str(out)
    assert document["by_day"][1]["passengers"] > 1.6 * 24_000
    assert document["by_day"][1]["policies"] == ["counter-rule"]
    assert set(document["stations"]["counter"]["wait_s"]) == {
        "mean", "p50", "p90", "p95", "p99", "max",
    }  # fmt: skip
    assert document["timings"]["wall_s"] > 0


def test_the_study_verifies(three: tuple[Path, dict]) -> None:
    """Hashed again and simulated again the study comes out the same."""
    found = sim("verify", str(three[0]), "--resimulate")

    assert found.returncode == 0, found.stderr
    assert "simulated again: same chain head" in found.stdout


def test_the_table_tells_months_days_and_stations(three: tuple[Path, dict]) -> None:
    """Resumed when complete it simulates nothing and prints the tables."""
    found = sim(
        "run", "sgn-t3", "--days", "3", "--from", "2026-02-09", "--out", str(three[0]), "--resume"
    )

    assert found.returncode == 0, found.stderr
    for words in ("Feb 2026", "Wed 11 Feb", "tet-peak", "security", "3 days were there before"):
        assert words in found.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "2026-01-01"], "--from goes with --days"),
        (["--resume"], "--resume goes with --days"),
        (["--keep-logs"], "--keep-logs goes with --days"),
        (["--days", "3", "--reps", "3"], "--days and --reps ask two things"),
        (["--days", "3", "--resume"], "--resume needs --out DIR"),
        (["--days", "3", "--from", "yesterday"], "--from 'yesterday' is not a date"),
        (["--days", "3", "--from", "9999-12-30"], "go beyond the calendar"),
        (["--days", "3", "--from", "2044-02-01"], "Tet 2044 is not known"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input_is_refused_in_words(arguments: list[str], words: str, tmp_path: Path) -> None:
    """Exit code 2, what is wrong and what to do, nothing on stdout, nothing written."""
    where = [] if arguments[-1] == "--resume" else ["--out", str(tmp_path / "out")]
    found = sim("run", "sgn-t3", *arguments, *where)

    assert found.returncode == 2
    assert words in found.stderr
    assert found.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_an_occupied_directory_is_refused(three: tuple[Path, dict]) -> None:
    """Without --resume a directory that is not empty is left alone."""
    found = sim("run", "sgn-t3", "--days", "3", "--out", str(three[0]))

    assert found.returncode == 2
    assert "not empty" in found.stderr


def test_a_kill_loses_only_unfinished_days(tmp_path: Path) -> None:
    """Killed twice in mid-course and resumed, the study is that of one never killed."""
    command = ["run", str(small_year(tmp_path)), "--days", str(DAYS), "--from", "2026-01-01"]
    out, whole = tmp_path / "killed", tmp_path / "whole"
    done: dict[Path, tuple[int, int]] = {}
    for jobs, more in (("2", 10), ("1", 20)):
        arguments = [*command, "--jobs", jobs, "--resume", "--out", str(out)]
        kill_when(arguments, folder=out / "days", files=len(done) + more)
        now = finished(out / "days")
        assert {path: now[path] for path in done} == done, "a finished day was written again"
        assert len(done) + more <= len(now) < DAYS, "it was not killed in mid-course"
        done = now
    resumed = sim(*command, "--resume", "--out", str(out), "--json")
    assert sim(*command, "--out", str(whole)).returncode == 0

    assert resumed.returncode == 0, resumed.stderr
    assert json.loads(resumed.stdout)["resumed"] == len(done)
    assert {path: finished(out / "days")[path] for path in done} == done
    assert (out / "study.json").read_bytes() == (whole / "study.json").read_bytes()
    assert sim("verify", str(out)).returncode == 0


def kill_when(arguments: list[str], *, folder: Path, files: int) -> None:
    """Start the command line, and SIGKILL it once so many days are there."""
    silent = subprocess.DEVNULL
    command = [sys.executable, "-m", "sim", *arguments]
    with subprocess.Popen(command, stdout=silent, stderr=silent) as process:
        while len(finished(folder)) < files:
            assert process.poll() is None, "the study ended before it was killed"
            time.sleep(0.002)
        process.kill()
    time.sleep(0.2)  # its workers see that it is gone


def finished(folder: Path) -> dict[Path, tuple[int, int]]:
    """Inode and time of change of each day's file."""
    stats = {path: path.stat() for path in folder.glob("*.json")}
    return {path: (stat.st_ino, stat.st_mtime_ns) for path, stat in stats.items()}
