import os
import shutil
import sys
from pathlib import Path

import pytest

from sim.errors import DamagedRunError, RunError
from sim.events.log import BLOCK_ROWS
from sim.events.store import open_run
from sim.events.verify import VerifyReport, verify_run
from tests.architecture.tree import ROOT
from tests.damage import Damage, copy_of, damages
from tests.kills import events_left, kills
from tests.synthetic_log import start_run, write_run

DAMAGES = 40
"""Of each of the two runs; `make evidence` draws a thousand."""


@pytest.fixture
def run(small_run: Path, tmp_path: Path) -> Path:
    shutil.copytree(small_run, tmp_path / "run")
    return tmp_path / "run"


def named(report: VerifyReport, damage: Damage) -> bool:
    """Whether a fault names one of the files that were touched."""
    files = {Path(fault.path).relative_to(report.path).as_posix() for fault in report.faults}
    return bool(files & damage.blamed)


def refuses(directory: Path) -> bool:
    """Whether no figure can be folded over this run."""
    try:
        sum(len(block) for block in open_run(directory).blocks())
    except DamagedRunError:
        return True
    return False


def test_a_whole_run_has_no_faults(large_run: Path) -> None:
    """Its length, its head and nothing else."""
    report = verify_run(large_run)

    assert report.status == "complete"
    assert report.exit_code == 0
    assert (report.events, report.segments) == (2 * BLOCK_ROWS + 4321, 3)
    assert report.chain_head == open_run(large_run).chain_head
    assert report.faults == report.notices == ()


@pytest.mark.parametrize("size", ["small", "large"])
def test_every_damage_is_found_and_named(
    size: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Flipped, cut, swapped, dropped, doubled, edited, forged: exit 1, the file, and no figure."""
    run = request.getfixturevalue(f"{size}_run")
    for damage in damages(run, count=DAMAGES, seed=24):
        damaged = copy_of(run, damage, tmp_path)

        report = verify_run(damaged)

        assert report.status == "damaged", damage.name
        assert report.exit_code == 1, damage.name
        assert named(report, damage), (damage.name, report.faults)
        assert refuses(damaged), damage.name


def test_a_flipped_bit_is_found_wherever_it_is(small_run: Path, tmp_path: Path) -> None:
    """The first, middle and last byte of every file, the manifest and its seal included."""
    for name in sorted(path.name for path in small_run.rglob("*.*")):
        for place in (0, 0.5, 1):
            run = tmp_path / f"{name}-{place}"
            shutil.copytree(small_run, run)
            (path,) = run.rglob(name)
            data = bytearray(path.read_bytes())
            data[int(place * (len(data) - 1))] ^= 1
            path.write_bytes(data)

            report = verify_run(run)

            assert report.exit_code == 1
            assert any(name in fault.path or "manifest" in name for fault in report.faults)


def test_all_faults_are_told_at_once_and_the_good_prefix_is_stated(
    large_run: Path, tmp_path: Path
) -> None:
    """One damaged segment casts no doubt on the next; what comes before it can be trusted."""
    run = tmp_path / "run"
    shutil.copytree(large_run, run)
    (run / "events" / "000001.parquet").write_bytes(b"")
    (run / "galleries.parquet").rename(run / "galeries.parquet")
    shutil.copytree(large_run / "events", run / "old")

    report = verify_run(run)

    places = [Path(fault.path).relative_to(run).as_posix() for fault in report.faults]
    assert places == ["galeries.parquet", "old", "galleries.parquet", "events/000001.parquet"]
    assert report.events == 0  # not even the start can be trusted

    (run / "galeries.parquet").rename(run / "galleries.parquet")
    report = verify_run(run)
    assert (report.events, report.segments) == (BLOCK_ROWS, 1)
    assert report.chain_head == open_run(large_run).manifest.chain[1]


def test_only_a_missing_run_is_bad_input(run: Path, tmp_path: Path) -> None:
    """Exit 2 where there is no run; a run without one of its manifest files is damaged."""
    (run / "manifest.json").unlink()
    assert verify_run(run).exit_code == 1

    (run / "manifest.sha256").unlink()
    for path in (run, tmp_path / "missing"):
        with pytest.raises(RunError) as refused:
            verify_run(path)
        assert refused.value.exit_code == 2


def test_a_lost_seal_is_damage(run: Path) -> None:
    """A complete run without its seal is not one that was interrupted."""
    (run / "manifest.sha256").unlink()

    report = verify_run(run)

    assert "is missing, but the manifest says the run is complete" in str(report.faults[0])


@pytest.mark.parametrize("name", ["manifest.json", "manifest.sha256", "events/000000.parquet"])
@pytest.mark.parametrize(
    "make",
    [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/zero")],
    ids=["folder", "pipe", "device"],
)
def test_anything_in_place_of_a_file_is_damage(run: Path, name: str, make) -> None:
    """A directory, a pipe or an endless device: told, never read, never waited for."""
    (run / name).unlink()
    make(run / name)

    report = verify_run(run)

    assert report.exit_code == 1
    assert any(fault.path.endswith(name) for fault in report.faults)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"null", b"\0" * 99, b"[" * 10**6, b'{"format": "hanh-trinh-run"}', b"9" * 10**5],
    ids=lambda raw: repr(raw[:10]),
)
def test_no_manifest_makes_verify_crash(run: Path, raw: bytes) -> None:
    """Empty, foreign, hostile or huge: an unreadable manifest is damage."""
    (run / "manifest.json").write_bytes(raw)

    report = verify_run(run)

    assert (report.status, report.events, report.chain_head) == ("damaged", 0, "")
    assert any(fault.path.endswith("manifest.json") for fault in report.faults)


def test_names_that_no_terminal_can_print_are_told(run: Path) -> None:
    """A stray file whose name is not UTF-8 is a fault like any other."""
    Path(os.fsdecode(os.fsencode(run / "events") + b"/\xff\xfe")).write_bytes(b"")

    (fault,) = verify_run(run).faults

    assert str(fault).encode("utf-8")


def test_events_in_place_of_a_directory(run: Path) -> None:
    """A file or a link where ``events/`` should be."""
    shutil.rmtree(run / "events")
    (run / "events").write_bytes(b"")

    assert verify_run(run).exit_code == 1


@pytest.mark.slow
def test_a_killed_run_leaves_nothing_or_a_prefix(tmp_path: Path) -> None:
    """SIGKILL at eight instants over the life of a run of four segments."""
    program = (
        "import sys; from pathlib import Path; from tests.synthetic_log import write_run; "
        f"write_run(Path(sys.argv[1]), events={4 * BLOCK_ROWS - 99})"
    )

    def command(directory: Path) -> list[str]:
        return [sys.executable, "-c", program, str(directory)]

    left = [
        events_left(kill.directory, open_run(tmp_path / "whole"))
        for kill in kills(command, tmp_path, count=8, seed=24, cwd=ROOT)
    ]

    assert len(left) == 8
    assert sum(events is not None for events in left) >= 7  # killed after the first manifest


def test_what_a_kill_leaves_behind_is_ignored_and_said(large_run: Path, tmp_path: Path) -> None:
    """A segment not yet listed and half-written files beside a running manifest."""
    run = tmp_path / "run"
    start_run(run)
    shutil.copy(large_run / "events" / "000000.parquet", run / "events")
    (run / "manifest.json.partial").write_bytes(b"{")
    (run / "events" / "000000.parquet.partial").write_bytes(b"PAR")

    report = verify_run(run)

    assert (report.status, report.events, report.exit_code) == ("interrupted", 0, 0)
    assert report.notices[0] == "the run was interrupted; 0 events in 0 segments are kept"
    assert all(notice.endswith("; ignored") for notice in report.notices[1:])
    assert len(report.notices) == 4

    (run / "events" / "000001.parquet").write_bytes(b"")  # no killed writer leaves this one
    assert verify_run(run).exit_code == 1


def test_verify_does_not_need_the_run_to_be_writable(tmp_path: Path) -> None:
    """Verifying leaves every file as it was, and adds none."""
    run = write_run(tmp_path / "run", events=100).directory
    before = {path: path.stat().st_mtime_ns for path in run.rglob("*")}

    verify_run(run)

    assert {path: path.stat().st_mtime_ns for path in run.rglob("*")} == before
