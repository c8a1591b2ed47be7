import shutil
from pathlib import Path

import pytest

from sim.events.store import read_projection, write_projection
from sim.events.verify import verify_run
from tests.synthetic_log import write_run


@pytest.fixture
def run(small_run: Path, tmp_path: Path) -> Path:
    shutil.copytree(small_run, tmp_path / "run")
    return tmp_path / "run"


def test_a_projection_comes_back_and_does_not_disturb_the_run(run: Path) -> None:
    """Kept beside the log, found again, no fault of the run."""
    write_projection(run, "waits", {"counter": {"mean_s": 12.5, "p95_s": None}})

    assert read_projection(run, "waits") == {"counter": {"mean_s": 12.5, "p95_s": None}}
    assert verify_run(run).status == "complete"


def test_what_is_not_there_is_none(run: Path) -> None:
    """The caller builds it anew."""
    assert read_projection(run, "waits") is None


def test_a_flipped_byte_in_a_projection_is_found(run: Path) -> None:
    """Rebuildable is no excuse for a wrong figure: it is a fault, and it is not read."""
    write_projection(run, "waits", {"mean_s": 12.5})
    path = run / "projections" / "waits.json"
    path.write_bytes(path.read_bytes().replace(b"12.5", b"13.5"))

    report = verify_run(run)

    assert report.exit_code == 1
    assert str(path) in str(report.faults[0])
    assert "it can be rebuilt" in str(report.faults[0])
    assert read_projection(run, "waits") is None


def test_a_projection_of_another_run_is_found(run: Path, tmp_path: Path) -> None:
    """It carries the chain head of its events, so it cannot stand beside others."""
    other = write_run(tmp_path / "other", events=10).directory
    write_projection(other, "waits", {"mean_s": 12.5})
    shutil.copytree(other / "projections", run / "projections")

    assert read_projection(run, "waits") is None
    assert "folded from other events" in str(verify_run(run).faults[0])


def test_other_files_beside_projections_are_let_alone(run: Path) -> None:
    """Notes and caches in ``projections/`` are nobody's business."""
    (run / "projections").mkdir()
    (run / "projections" / "notes.txt").write_text("look at 06:30")

    assert verify_run(run).status == "complete"


def test_a_name_that_is_a_path_is_a_bug(run: Path) -> None:
    """A projection cannot leave its folder."""
    with pytest.raises(AssertionError, match="cannot be named"):
        write_projection(run, "../manifest", {})
