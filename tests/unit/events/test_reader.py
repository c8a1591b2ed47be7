import shutil
from pathlib import Path

import pytest

from sim.errors import DamagedRunError, RunError
from sim.events.log import BLOCK_ROWS
from sim.events.store import open_run
from tests.kills import same_events
from tests.synthetic_log import STATIONS, block


def test_a_complete_run_opens_as_a_log(large_run: Path) -> None:
    """Stations, tables, length and blocks as they were written."""
    log = open_run(large_run)

    assert log.is_complete
    assert log.notices == ()
    assert log.stations == STATIONS
    assert len(log.tables.passengers) == 1000
    assert len(log) == log.events == 2 * BLOCK_ROWS + 4321
    assert same_events(log.block(1), block(1))


def test_segments_are_read_one_by_one(large_run: Path) -> None:
    """Taking the first block reads no other."""
    log = open_run(large_run)

    first = next(log.blocks())

    assert same_events(first, block(0))


def test_no_run_no_log(tmp_path: Path) -> None:
    """A missing directory, a file and a directory of other things: exit code 2."""
    (tmp_path / "file").write_text("")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("")

    for name in ("missing", "file", "other"):
        with pytest.raises(RunError) as refused:
            open_run(tmp_path / name)
        assert refused.value.exit_code == 2


def test_a_damaged_run_does_not_open_and_names_every_file(large_run: Path, tmp_path: Path) -> None:
    """Two damages, two faults, exit code 1, before any event is handed out."""
    run = tmp_path / "run"
    shutil.copytree(large_run, run)
    (run / "events" / "000001.parquet").write_bytes(b"PAR1")
    (run / "passengers.parquet").unlink()

    with pytest.raises(DamagedRunError) as refused:
        open_run(run)

    passengers, segment = map(str, refused.value.faults)
    assert refused.value.exit_code == 1
    assert passengers == f"{run}/passengers.parquet: it is missing"
    assert segment.startswith(f"{run}/events/000001.parquet: it has 4 bytes, the manifest says ")
    assert segment.endswith("the segment is damaged, events 262144 to 524287 cannot be trusted")


def test_a_segment_damaged_after_opening_is_not_handed_out(large_run: Path, tmp_path: Path) -> None:
    """Each block is proven when it is read, not only when the run is opened."""
    run = tmp_path / "run"
    shutil.copytree(large_run, run)
    log = open_run(run)
    blocks = log.blocks()
    next(blocks)
    segment = run / "events" / "000001.parquet"
    data = bytearray(segment.read_bytes())
    data[99_999] ^= 4
    segment.write_bytes(data)

    with pytest.raises(DamagedRunError, match="events 262144 to 524287"):
        next(blocks)
