"""Snapshots beside a run: made when missing, never believed unproven, the same state."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.events import documents
from sim.events.log import BLOCK_ROWS
from sim.events.store import open_run, verify_run
from sim.experiments import day
from sim.experiments.day import run_day
from sim.projections.snapshots import ALWAYS, snapshot_name, stored_state
from sim.projections.state_at import packed, state_at, unpacked
from sim.scenario.load import load_scenario

PLAIN = """
id = "plain"
kind = "generic"
horizon_s = 9_000
[demand]
arrivals = { law = "poisson", rate_per_s = 15 }
[[stations]]
id = "desk"
servers = 200
service = { law = "exponential", mean_s = 14 }
[[journey]]
station = "desk"
"""


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day of more than two full segments."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "plain.toml").write_text(PLAIN, encoding="utf-8")
    run_day(load_scenario(folder / "plain.toml"), out=folder / "run")
    return folder / "run"


@pytest.fixture
def run(sealed: Path, tmp_path: Path) -> Path:
    """A copy of it, without snapshots."""
    return Path(shutil.copytree(sealed, tmp_path / "run"))


def _snapshots(run: Path) -> list[Path]:
    return sorted((run / "projections").glob("state-*.json"))


def _instants(run: Path) -> list[int]:
    """Instants in every segment, at their borders, before the first and after the last event."""
    log = open_run(run)
    assert log.manifest.segments == 3
    borders = [int(block.at_us[row]) for block in log.blocks() for row in (0, 9_000, -1)]
    return [-1, *borders, *(at - 1 for at in borders), ALWAYS]


def test_state_from_snapshots_is_the_state(run: Path) -> None:
    """At any instant; the first question makes a snapshot of each full segment."""
    log = open_run(run)
    assert not _snapshots(run)

    for at_us in _instants(run):
        assert stored_state(log, at_us) == state_at(log, at_us)

    assert [path.stem for path in _snapshots(run)] == [snapshot_name(0), snapshot_name(1)]
    assert verify_run(run).exit_code == 0


def test_only_the_segment_of_the_instant_is_read(run: Path) -> None:
    """With snapshots an answer takes at most one segment."""
    log, read = open_run(run), list[int]()
    stored_state(log, ALWAYS)
    read_block = log.block
    log.block = lambda number: read.append(number) or read_block(number)

    stored_state(log, ALWAYS)

    assert read == [2]


@pytest.mark.parametrize("harm", ["missing", "cut", "changed", "of another run", "misplaced"])
def test_wrong_snapshot_is_made_again(run: Path, harm: str) -> None:
    """Whatever became of it; the state is right, and the snapshot, too."""
    log = open_run(run)
    stored_state(log, ALWAYS)
    right = [path.read_bytes() for path in _snapshots(run)]
    path = _snapshots(run)[1]
    document = json.loads(right[1])
    del document[documents.SEAL]
    match harm:
        case "missing":
            path.unlink()
        case "cut":
            path.write_bytes(right[1][:999])
        case "changed":
            path.write_bytes(right[1].replace(b'"arrived": ', b'"arrived": 1'))
        case "of another run":
            document["chain_head"] = "0" * 64
            path.write_bytes(documents.seal(document))
        case _:
            first = json.loads(right[0])["content"]
            path.write_bytes(documents.seal({**document, "content": first}))

    assert stored_state(log, ALWAYS) == state_at(log, ALWAYS)
    assert [each.read_bytes() for each in _snapshots(run)] == right


def test_sealed_nonsense_is_no_snapshot(run: Path) -> None:
    """A document that proves itself but says nothing is made again like any other."""
    log = open_run(run)
    stored_state(log, ALWAYS)
    path = _snapshots(run)[1]
    right = json.loads(path.read_bytes())
    del right[documents.SEAL]
    for key in right["content"]["state"]:
        state = {**right["content"]["state"], key: "nonsense"}
        path.write_bytes(
            documents.seal({**right, "content": {"link": right["content"]["link"], "state": state}})
        )

        assert stored_state(log, ALWAYS) == state_at(log, ALWAYS), key


def test_long_run_is_sealed_with_snapshots(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that even the first question is answered at once."""
    monkeypatch.setattr(day, "LONG", BLOCK_ROWS)
    stored_state(open_run(run), 0)
    (tmp_path / "plain.toml").write_text(PLAIN, encoding="utf-8")

    run_day(load_scenario(tmp_path / "plain.toml"), out=tmp_path / "again")

    kept = [path.read_bytes() for path in _snapshots(tmp_path / "again")]
    assert kept == [path.read_bytes() for path in _snapshots(run)]


def test_columns_are_packed_whole() -> None:
    """Any type, any length; what is no column is refused."""
    for column in (np.arange(5, dtype="<i8"), np.zeros(0, dtype="u1"), np.array([-1], "<i2")):
        assert unpacked(packed(column), column.dtype).tolist() == column.tolist()
    for text in ("nonsense", "!", packed(np.arange(3, dtype="u1"))):
        with pytest.raises(ValueError, match=r"packed column|buffer size"):
            unpacked(text, np.dtype("<i8"))
