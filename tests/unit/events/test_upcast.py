"""Events of an older version are proven as they are stored and read as they are meant now.

Every kind is at version 1, so a version 0 of one is made up: it said by how many the queue
joined was longer than the persons who joined, from 10 on.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.errors import DamagedRunError
from sim.events.codec import decode_block
from sim.events.kinds import CODE, KIND_VERSIONS, Kind
from sim.events.log import BLOCK_ROWS, EventBlock, concat_blocks
from sim.events.proof import read_segment
from sim.events.reader import open_run
from sim.events.upcast import UPCASTERS, refusal, upcast, upcasts_from
from sim.events.verify import verify_run
from tests.damage import reseal
from tests.kills import same_events
from tests.synthetic_log import blocks, start_run

JOINED = Kind.QUEUE_JOINED
EVENTS = BLOCK_ROWS + 500


def from_zero(rows: EventBlock) -> EventBlock:
    """Version 0 counted persons from 10 on."""
    return replace(rows, detail=rows.detail - 10)


def in_version_zero(block: EventBlock) -> EventBlock:
    joined = block.kind == CODE[JOINED]
    return replace(block, detail=np.where(joined, block.detail + 10, block.detail))


@pytest.fixture
def old_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run as a release would have written it that knew `queue_joined` in version 0."""
    with monkeypatch.context() as then:
        then.setitem(KIND_VERSIONS, JOINED.value, 0)
        with start_run(tmp_path / "old") as writer:
            for each in blocks(EVENTS):
                writer.write(in_version_zero(each))
    return tmp_path / "old"


@pytest.fixture
def knows_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(UPCASTERS, (JOINED, 0), from_zero)


@pytest.mark.usefixtures("knows_zero")
def test_an_old_run_is_read_in_the_meaning_of_now(old_run: Path) -> None:
    """Block by block the events are those that this release would have written."""
    log = open_run(old_run)

    assert log.is_upcast
    assert log.is_complete
    assert same_events(concat_blocks(log.blocks()), concat_blocks(blocks(EVENTS)))
    assert not log.block(0).detail.flags.writeable


@pytest.mark.usefixtures("knows_zero")
def test_other_programs_get_an_old_run_in_the_meaning_of_now(
    old_run: Path, small_run: Path
) -> None:
    """As Parquet made anew; a run of this release is handed on byte for byte."""
    old, new = open_run(old_run), open_run(small_run)

    found = decode_block(old.parquet(1), stations=old.stations)

    assert same_events(found, list(blocks(EVENTS))[1])
    assert new.parquet(0) == (small_run / "events" / "000000.parquet").read_bytes()


@pytest.mark.usefixtures("knows_zero")
def test_an_old_run_is_proven_as_it_is_stored(old_run: Path) -> None:
    """Digests, links and the head are of the stored events; nothing on disk is written anew."""
    log = open_run(old_run)
    before = {path: path.read_bytes() for path in old_run.rglob("*") if path.is_file()}

    stored = read_segment(old_run, 1, log.manifest)
    report = verify_run(old_run)
    list(log.blocks())

    assert same_events(stored, in_version_zero(list(blocks(EVENTS))[1]))
    assert (report.status, report.chain_head) == ("complete", log.chain_head)
    assert log.chain_head == log.manifest.chain[-1]
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.usefixtures("knows_zero")
def test_damage_to_an_old_run_is_found_before_it_is_upcast(old_run: Path) -> None:
    """A flipped bit in a segment is a fault, whatever an upcaster would make of it."""
    path = old_run / "events" / "000001.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)

    with pytest.raises(DamagedRunError, match=r"000001\.parquet: its bytes differ"):
        open_run(old_run)


def test_an_old_run_without_a_way_to_now_is_refused(old_run: Path) -> None:
    """The manifest is named, the kind, the version, and what to do."""
    (fault,) = verify_run(old_run).faults

    assert str(fault) == (
        f"{old_run}/manifest.json: kind_versions.queue_joined: version 0, but this release has "
        "no way from version 0 to 1; use the release that wrote the run"
    )
    with pytest.raises(DamagedRunError, match="no way from version 0"):
        open_run(old_run)


def test_a_chain_goes_through_every_version(old_run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From 0 over 1 to 2, in this order; a gap in between is told."""
    monkeypatch.setitem(KIND_VERSIONS, JOINED.value, 2)
    monkeypatch.setitem(UPCASTERS, (JOINED, 0), from_zero)
    assert "no way from version 1 to 2" in refusal("queue_joined", 0)
    monkeypatch.setitem(
        UPCASTERS, (JOINED, 1), lambda rows: replace(rows, detail=rows.detail * rows.detail)
    )

    found, now = open_run(old_run).block(0), next(blocks(EVENTS))

    joined = now.kind == CODE[JOINED]
    assert np.array_equal(found.detail[joined], now.detail[joined] ** 2)
    assert np.array_equal(found.detail[~joined], now.detail[~joined])


def test_a_run_of_this_release_is_not_touched(small_run: Path) -> None:
    """No copy, no upcaster: the block that was proven is the block that is read."""
    (block,) = blocks(10)

    assert upcasts_from(KIND_VERSIONS) == {}
    assert upcast(block, {}) is block
    assert not open_run(small_run).is_upcast


def test_a_block_without_the_kind_is_not_touched() -> None:
    """Copies are made only where something changes."""
    (block,) = blocks(10)

    assert upcast(block, {Kind.BOARDED: (from_zero,)}) is block


def test_a_kind_added_later_may_be_missing(small_run: Path) -> None:
    """An older manifest does not know it; none of the events are of it."""
    older = open_run(small_run).manifest.model_dump(mode="json")
    versions = older["kind_versions"]
    older["kind_versions"] = {kind: versions[kind] for kind in versions if kind != "boarded"}

    assert upcasts_from(older["kind_versions"]) == {}


def test_events_of_a_kind_without_version_are_refused(old_run: Path) -> None:
    """A segment whose kinds the manifest does not explain is named."""
    document = json.loads((old_run / "manifest.json").read_bytes())
    del document["kind_versions"]["queue_joined"]
    reseal(old_run, document, forged=True)

    faults = [str(fault) for fault in verify_run(old_run).faults]

    assert len(faults) == 2
    assert "000000.parquet: it holds queue_joined, for which the manifest's" in faults[0]
    assert "events 0 to 262143 cannot be trusted" in faults[0]


@pytest.mark.parametrize(
    ("version", "told"),
    [(1, ""), (2, "reads up to 1; use a newer one"), (-1, "no way from version -1 to 0")],
)
def test_a_version_is_refused_in_words(version: int, told: str) -> None:
    """Newer ones and older ones, each with what to do."""
    found = refusal("arrived", version)

    assert told in found
    assert bool(found) == bool(told)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda rows: rows[1:], "of seq"),
        (lambda rows: replace(rows, at_us=rows.at_us + 1), "changes at_us"),
        (lambda rows: replace(rows, kind=rows.kind + 1), "changes kind"),
        (lambda rows: replace(rows, server=rows.server * np.int64(2)), "server int64"),
    ],
)
def test_an_upcaster_may_change_meaning_alone(
    wrong: Callable[[EventBlock], EventBlock], told: str
) -> None:
    """One that drops, moves, renames or widens is a bug, and is stopped."""
    (block,) = blocks(50)

    with pytest.raises(AssertionError, match=told):
        upcast(block, {JOINED: (wrong,)})
