import hashlib
from dataclasses import replace

import numpy as np
import pytest

from sim.events.canonical import block_bytes, frame, table_digest
from sim.events.chain import FORMAT_NAME, Chain, genesis, link
from sim.events.log import BLOCK_ROWS, COLUMNS, SideTable, SideTables
from tests.synthetic_log import STATIONS, block, tables


def test_the_start_is_the_documented_digest() -> None:
    """Format name, number of stations, each station, each table's name and digest."""
    expected = frame(FORMAT_NAME) + (2).to_bytes(8, "little") + frame("a") + frame("bé")
    expected += frame("passengers") + b"\x11" * 32

    assert genesis(["a", "bé"], {"passengers": "11" * 32}) == hashlib.sha256(expected).hexdigest()


def test_a_link_is_the_digest_of_the_one_before_and_the_segment() -> None:
    """``chain[n] = sha256(chain[n-1] || canonical bytes)``, the link as 32 bytes."""
    some = block(0, rows=77)

    expected = hashlib.sha256(bytes.fromhex("22" * 32) + block_bytes(some)).hexdigest()
    assert link("22" * 32, some) == expected


def test_the_chain_starts_from_stations_and_tables_and_grows_by_a_link_per_block() -> None:
    """A fold over blocks: one more link than blocks, empty blocks leave none."""
    chain = Chain(STATIONS, tables())
    start = genesis(STATIONS, {name: table_digest(table) for name, table in tables()})

    chain.write(block(0))
    chain.write(block(1, rows=0))
    chain.write(block(1, rows=9))

    first = link(start, block(0))
    assert chain.links == [start, first, link(first, block(1, rows=9))]
    assert chain.head == chain.links[-1]
    assert chain.events == BLOCK_ROWS + 9


def test_moving_a_boundary_between_stations_changes_the_start() -> None:
    """Names are framed by their length, so ("ab", "c") is not ("a", "bc")."""
    assert genesis(["ab", "c"], {}) != genesis(["a", "bc"], {})


def test_any_other_value_of_any_column_changes_the_head() -> None:
    """One event changed in one column gives another head."""
    some = block(0, rows=10)
    heads = {link("00" * 32, some)}
    for name in COLUMNS:
        values = getattr(some, name).copy()
        values[5] ^= 1
        heads.add(link("00" * 32, replace(some, **{name: values})))

    assert len(heads) == 1 + len(COLUMNS)


@pytest.mark.parametrize("name", ["passengers", "departures", "galleries"])
def test_another_side_table_changes_the_head_of_a_run_without_events(name: str) -> None:
    """The chain stands on the tables that events refer to."""
    same = dict(tables())
    other = SideTables(**{**same, name: SideTable({"x": np.array([1])})})

    assert Chain(STATIONS, other).head != Chain(STATIONS, tables()).head
