"""Comparing what was simulated before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.errors import RunError, UsageError
from sim.experiments.compare import Side, compare_stored, run_comparison
from sim.experiments.stored_days import stored_days
from sim.experiments.study import run_study
from tests.unit.experiments.test_compare import desks


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studies")
    for servers in (20, 21):
        run_study(desks(servers), reps=5, out=folder / str(servers))
    return folder


def test_studies_compare_as_if_simulated_now(studies: Path) -> None:
    """Two studies on disk, or one and a scenario: the figures of two scenarios."""
    a, b = (stored_days(studies / name) for name in ("20", "21"))
    fresh = run_comparison(Side(desks(20)), Side(desks(21)), reps=5)

    for found in (compare_stored(a, b), compare_stored(a, Side(desks(21)))):
        assert found.figures == fresh.figures
        assert found.periods == fresh.periods


def test_a_run_is_one_day(studies: Path) -> None:
    """Single runs have differences without intervals, and a warning says so."""
    runs = [stored_days(studies / name / "r0003") for name in ("20", "21")]

    with pytest.warns(UserWarning, match="1 day gives no interval"):
        found = compare_stored(*runs)

    wait = found.figures["stations.desk.wait_s.mean"]
    assert wait.mean < 0
    assert (wait.low, wait.outcome) == (None, "undecided")


def test_only_the_same_days_are_compared(studies: Path) -> None:
    """A run and a study do not have the same days."""
    with pytest.raises(UsageError, match="5 and 1 days"):
        compare_stored(stored_days(studies / "20"), stored_days(studies / "21" / "r0003"))


def test_half_a_study_is_refused(studies: Path, tmp_path: Path) -> None:
    """A study that was cancelled, or is none."""
    document = json.loads((studies / "20" / "study.json").read_text(encoding="utf-8"))
    (tmp_path / "study.json").write_text(json.dumps({**document, "status": "cancelled"}))
    with pytest.raises(RunError, match="the study is cancelled"):
        stored_days(tmp_path)

    (tmp_path / "study.json").write_text("[]")
    with pytest.raises(RunError, match="no study that can be read"):
        stored_days(tmp_path)
