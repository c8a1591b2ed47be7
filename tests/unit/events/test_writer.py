import errno
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sim.errors import RunError
from sim.events.log import BLOCK_ROWS
from sim.events.store import RunWriter, open_run
from sim.events.verify import verify_run
from tests.architecture.tree import ROOT
from tests.kills import events_left
from tests.synthetic_log import STATIONS, block, blocks, header, start_run, tables, write_run

TWO_SEGMENTS = BLOCK_ROWS + 3
BLOCKS = tuple(blocks(TWO_SEGMENTS))


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the program may catch it."""


def digests(directory: Path) -> dict[str, str]:
    return {
        path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def test_a_run_is_the_documented_directory(small_run: Path) -> None:
    """Manifest, seal, three tables, numbered segments, and nothing else."""
    names = sorted(digests(small_run))

    assert names == [
        *("departures.parquet", "events/000000.parquet", "galleries.parquet"),
        *("manifest.json", "manifest.sha256", "passengers.parquet"),
    ]
    seal = (small_run / "manifest.sha256").read_text()
    assert seal == digests(small_run)["manifest.json"] + "\n"


def test_the_manifest_lists_every_file_with_size_digest_and_rows(large_run: Path) -> None:
    """Each file outside the manifest's own two, as it is on disk."""
    files = json.loads((large_run / "manifest.json").read_bytes())["files"]

    on_disk = digests(large_run)
    assert {name: entry["bytes_sha256"] for name, entry in files.items()} == {
        name: digest for name, digest in on_disk.items() if not name.startswith("manifest")
    }
    assert [files[f"events/00000{n}.parquet"]["rows"] for n in range(3)] == [
        *(BLOCK_ROWS, BLOCK_ROWS),
        4321,
    ]


def test_a_directory_in_use_is_refused_untouched(tmp_path: Path) -> None:
    """A run never writes into a directory that holds anything."""
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(RunError, match="not empty") as refused:
        start_run(tmp_path)

    assert refused.value.exit_code == 2
    assert list(digests(tmp_path)) == ["thesis.txt"]


def test_a_path_that_cannot_be_a_directory_is_refused(tmp_path: Path) -> None:
    """A file in the way is told, not crashed on."""
    (tmp_path / "file").write_text("")

    with pytest.raises(RunError, match="cannot be made"):
        start_run(tmp_path / "file")
    with pytest.raises(RunError, match="cannot be made"):
        start_run(tmp_path / "file" / "run")


def test_an_empty_directory_is_taken(tmp_path: Path) -> None:
    """`mkdir run; sim run --out run` works."""
    (tmp_path / "run").mkdir()

    write_run(tmp_path / "run", events=5)

    assert verify_run(tmp_path / "run").events == 5


def test_a_running_run_is_a_readable_prefix(tmp_path: Path) -> None:
    """From the first manifest on, what is sealed can be read, and its length is stated."""
    written = start_run(tmp_path / "run")
    assert open_run(tmp_path / "run").events == 0

    written.write(block(0))

    log = open_run(tmp_path / "run")
    assert (log.events, log.is_complete) == (BLOCK_ROWS, False)
    assert "262144 events in 1 segments are kept" in log.notices[0]


def test_a_cancelled_run_is_a_sealed_prefix(tmp_path: Path) -> None:
    """Cancelling leaves a valid run that says it was cancelled and how far it got."""
    written = start_run(tmp_path / "run")
    written.write(block(0))
    written.cancel()

    report = verify_run(tmp_path / "run")

    assert (tmp_path / "run" / "manifest.sha256").exists()
    assert (report.status, report.events) == ("interrupted", BLOCK_ROWS)
    assert "the run was cancelled; 262144 events" in report.notices[0]
    assert written.manifest.status == "cancelled"


def test_an_exception_cancels_the_run(tmp_path: Path) -> None:
    """Leaving the block through an exception, Ctrl-C included, seals what there is."""

    def interrupted() -> None:
        with start_run(tmp_path / "run") as written:
            written.write(block(0))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert verify_run(tmp_path / "run").status == "interrupted"
    assert open_run(tmp_path / "run").manifest.status == "cancelled"


def test_finishing_twice_is_finishing_once(tmp_path: Path) -> None:
    """A finished run can be neither finished, cancelled nor written again."""
    with start_run(tmp_path / "run") as written:
        written.write(block(0, rows=4))
        written.finish()
        before = digests(tmp_path / "run")
        written.finish()
        written.cancel()
        with pytest.raises(AssertionError, match="complete"):
            written.write(block(0, rows=4))

    assert digests(tmp_path / "run") == before


def test_stations_must_be_distinct(tmp_path: Path) -> None:
    """Two stations of one id would make events ambiguous."""
    with pytest.raises(AssertionError, match="unique"):
        RunWriter(tmp_path / "run", stations=["a", "a"], tables=tables(), header=header())

    assert not (tmp_path / "run").exists()


def test_same_events_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    """Two processes with different PYTHONHASHSEED write the same bytes in every file."""
    program = (
        "import sys; from pathlib import Path; from tests.synthetic_log import write_run; "
        "write_run(Path(sys.argv[1]), events=300_000)"
    )
    for seed in ("1", "4242"):
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / seed)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            check=True,
        )

    assert digests(tmp_path / "1") == digests(tmp_path / "4242")


def test_the_chain_head_depends_on_events_alone(tmp_path: Path) -> None:
    """Engine, run id, instant, seed, scenario and notes are in the manifest, not in the chain."""
    other = replace(header(), engine="compiled", run_id="x", seed=8, notes={"parent": "r-24"})
    with RunWriter(tmp_path / "b", stations=STATIONS, tables=tables(), header=other) as written:
        for each in blocks(1000):
            written.write(each)

    assert written.chain_head == write_run(tmp_path / "a", events=1000).chain_head


def write_and_finish(directory: Path) -> None:
    written = start_run(directory)
    for each in BLOCKS:
        written.write(each)
    written.finish()


def disk_steps(monkeypatch: pytest.MonkeyPatch, act) -> list[int]:
    """Calls `act(step)` before each fsync and each rename, and after it with the half step."""
    steps: list[int] = []

    def watched(function):
        def call(*args):
            steps.append(len(steps))
            act(2 * steps[-1])
            done = function(*args)
            act(2 * steps[-1] + 1)
            return done

        return call

    monkeypatch.setattr(os, "fsync", watched(os.fsync))
    monkeypatch.setattr(Path, "replace", watched(Path.replace))
    return steps


def test_a_kill_between_any_two_steps_leaves_nothing_or_a_valid_prefix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step of the writer, before and after it touches the disk."""
    write_and_finish(tmp_path / "whole")
    whole, left = open_run(tmp_path / "whole"), set()
    kill_at = 0
    while True:
        with monkeypatch.context() as patched:

            def kill(step: int, at: int = kill_at) -> None:
                if step == at:
                    raise Killed

            disk_steps(patched, kill)
            directory = tmp_path / f"killed-{kill_at}"
            try:
                write_and_finish(directory)
            except Killed:
                pass
            else:
                break
        left.add(events_left(directory, whole))
        kill_at += 1

    assert kill_at > 50
    assert left == {None, 0, BLOCK_ROWS, TWO_SEGMENTS}


@pytest.mark.parametrize("lasts", [False, True], ids=["once", "for good"])
def test_a_full_disk_is_told_and_leaves_a_valid_prefix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lasts: bool
) -> None:
    """Whichever write the disk refuses, once or from then on: `RunError`, and no damage."""
    write_and_finish(tmp_path / "whole")
    whole = open_run(tmp_path / "whole")
    fails_at = 0
    while True:
        with monkeypatch.context() as patched:

            def fail(step: int, at: int = fails_at) -> None:
                if step == 2 * at or (lasts and step > 2 * at):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

            disk_steps(patched, fail)
            directory = tmp_path / f"full-{fails_at}"
            try:
                with start_run(directory) as written:
                    for each in BLOCKS:
                        written.write(each)
            except RunError as error:
                assert "No space left" in str(error)  # noqa: PT017 (success ends the loop)
            else:
                break
        events_left(directory, whole)
        fails_at += 1

    assert fails_at > 25
