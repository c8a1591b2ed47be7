"""What every event log and every sink promises, wherever it keeps its events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from sim.events.canonical import table_digest
from sim.events.chain import Chain
from sim.events.log import BLOCK_ROWS, EventBlock, EventLog, EventSink, concat_blocks
from sim.events.memory import MemorySink, remember
from sim.events.store import open_run
from tests.kills import same_events
from tests.synthetic_log import STATIONS, block, blocks, start_run, tables

SIZES = (0, 1, 1000, BLOCK_ROWS - 1, BLOCK_ROWS, BLOCK_ROWS + 1, 2 * BLOCK_ROWS)


class HeadedLog(EventLog, Protocol):
    @property
    def chain_head(self) -> str: ...


Store = Callable[[Iterable[EventBlock]], HeadedLog]


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Takes the blocks of a run and gives back its log."""

    def on_disk(parts: Iterable[EventBlock]) -> HeadedLog:
        with start_run(tmp_path / "run") as writer:
            for part in parts:
                writer.write(part)
        return open_run(tmp_path / "run")

    def in_memory(parts: Iterable[EventBlock]) -> HeadedLog:
        return remember(parts, stations=STATIONS, tables=tables())

    return on_disk if request.param == "disk" else in_memory


@pytest.fixture(params=["memory", "disk", "chain"])
def sink(request: pytest.FixtureRequest, tmp_path: Path) -> EventSink:
    match request.param:
        case "memory":
            return MemorySink(stations=STATIONS, tables=tables())
        case "disk":
            return start_run(tmp_path / "run")
        case _:
            return Chain(STATIONS, tables())


@pytest.mark.parametrize("events", SIZES)
def test_a_log_holds_what_was_written(store: Store, events: int) -> None:
    """Every event, in order, in full blocks but the last, each time it is read."""
    log = store(blocks(events))

    assert len(log) == events
    for _ in range(2):
        sizes = [len(each) for each in log.blocks()]
        assert sizes == [len(each) for each in blocks(events)]
    assert same_events(concat_blocks(log.blocks()), concat_blocks(blocks(events)))


def test_a_log_keeps_stations_and_tables(store: Store) -> None:
    """What events refer to comes back as it was given, in order and type."""
    log = store(blocks(10))

    assert log.stations == STATIONS
    for (name, found), (expected_name, expected) in zip(log.tables, tables(), strict=True):
        assert name == expected_name
        assert list(found.columns) == list(expected.columns)
        assert table_digest(found) == table_digest(expected)


@pytest.mark.parametrize("events", [0, 7, BLOCK_ROWS + 1])
def test_the_chain_head_is_that_of_the_fold(store: Store, events: int) -> None:
    """Kept on disk, kept in memory or not kept at all: the same events, the same head."""
    chain = Chain(STATIONS, tables())
    for each in blocks(events):
        chain.write(each)

    assert store(blocks(events)).chain_head == chain.head


def test_events_of_a_log_cannot_be_changed(store: Store) -> None:
    """A reader that writes into a block gets an error, not another past."""
    (found,) = store(blocks(10)).blocks()

    for column in (found.seq, found.kind, found.station, found.detail):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1


def test_an_empty_block_at_the_end_changes_nothing(store: Store) -> None:
    """An engine whose run ends on a full block may say so with an empty one."""
    log = store([block(0), block(1, rows=0)])

    assert len(log) == BLOCK_ROWS
    assert [len(each) for each in log.blocks()] == [BLOCK_ROWS]


def test_a_sink_may_be_given_the_same_memory_again(store: Store) -> None:
    """Engines reuse their block; what was written before stays as it was."""

    def reused() -> Iterable[EventBlock]:
        same = block(0)[np.arange(BLOCK_ROWS)]
        for each in blocks(2 * BLOCK_ROWS):
            for name in ("seq", "at_us", "kind", "passenger", "station"):
                getattr(same, name)[:] = getattr(each, name)
            for name in ("visit", "server", "ref", "detail"):
                getattr(same, name)[:] = getattr(each, name)
            yield same

    log = store(reused())

    assert same_events(concat_blocks(log.blocks()), concat_blocks(blocks(2 * BLOCK_ROWS)))


def test_a_gap_is_refused(sink: EventSink) -> None:
    """A block that does not go on where the last one ended is a bug."""
    with pytest.raises(AssertionError, match="seq"):
        sink.write(block(1))


def test_a_repeated_block_is_refused(sink: EventSink) -> None:
    """The same block twice is a bug."""
    sink.write(block(0))

    with pytest.raises(AssertionError, match="seq"):
        sink.write(block(0))


def test_a_short_block_is_the_last(sink: EventSink) -> None:
    """Whatever comes after a short block is refused."""
    sink.write(block(0, rows=10))

    with pytest.raises(AssertionError, match="short"):
        sink.write(block(0, rows=20)[10:])
