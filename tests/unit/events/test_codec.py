import struct
import warnings
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.events.canonical import block_bytes, table_digest
from sim.events.codec import (
    EVENT_SCHEMA,
    CodecError,
    arrow_from_block,
    decode_block,
    decode_table,
    encode_block,
    encode_table,
)
from sim.events.kinds import KINDS
from sim.events.log import COLUMNS, EventBlock, SideTable, block_from_rows
from tests.synthetic_log import STATIONS, block, tables


def limits(dtype: type[np.signedinteger]) -> st.SearchStrategy[int]:
    info = np.iinfo(dtype)
    return st.integers(int(info.min), int(info.max))


ROWS = st.tuples(
    st.integers(0, 2**63 - 1),
    st.integers(0, len(KINDS) - 1),
    limits(np.int32),
    st.integers(-1, len(STATIONS) - 1),
    limits(np.int16),
    limits(np.int16),
    limits(np.int32),
    limits(np.int64),
)


def parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return sink.getvalue().to_pybytes()


@given(rows=st.lists(ROWS, min_size=1, max_size=50), first_seq=st.integers(0, 2**40))
def test_a_block_comes_back_value_for_value(rows: list[tuple[int, ...]], first_seq: int) -> None:
    """Any values that fit the columns survive Parquet."""
    written = block_from_rows(rows, first_seq=first_seq)

    read = decode_block(encode_block(written, stations=STATIONS), stations=STATIONS)

    assert block_bytes(read) == block_bytes(written)
    assert [getattr(read, name).dtype for name in COLUMNS] == [
        getattr(written, name).dtype for name in COLUMNS
    ]


def test_equal_blocks_give_equal_bytes() -> None:
    """The same events encode to the same file."""
    assert encode_block(block(1), stations=STATIONS) == encode_block(block(1), stations=STATIONS)


def test_a_segment_reads_in_other_tools_as_documented() -> None:
    """Columns in the frozen order with the documented types, names as text, "" for nowhere."""
    rows = [(5, 0, 7, -1, -1, -1, 3, 9), (6, 2, 7, 1, 0, -1, -1, 1)]
    data = encode_block(block_from_rows(rows, first_seq=0), stations=STATIONS)

    table = pq.read_table(pa.BufferReader(data))

    assert table.column_names == list(COLUMNS)
    assert table["kind"].to_pylist() == ["arrived", "queue_joined"]
    assert table["station"].to_pylist() == ["", "kiosk"]
    assert table["passenger"].type == pa.int32()
    assert table.to_pylist()[1] == {
        "seq": 1,
        "at_us": 6,
        "kind": "queue_joined",
        "passenger": 7,
        "station": "kiosk",
        "visit": 0,
        "server": -1,
        "ref": -1,
        "detail": 1,
    }


def test_duckdb_reads_a_segment(tmp_path: Path) -> None:
    """The encodings chosen are ones that DuckDB reads too."""
    (tmp_path / "s.parquet").write_bytes(encode_block(block(0), stations=STATIONS))

    query = f"select count(*), sum(at_us), count(distinct kind) from '{tmp_path}/s.parquet'"
    with duckdb.connect() as connection:
        found = connection.execute(query).fetchall()

    assert found == [(262_144, int(block(0).at_us.sum()), 3)]


def test_blocks_read_are_read_only() -> None:
    """The past cannot be changed by whoever reads it."""
    read = decode_block(encode_block(block(0, rows=9), stations=STATIONS), stations=STATIONS)

    assert not read.at_us.flags.writeable
    assert not read.detail.flags.writeable


def test_side_tables_come_back_value_for_value() -> None:
    """Integers, floats, booleans and Vietnamese strings survive, empty tables too."""
    for _, table in tables():
        read = decode_table(encode_table(table))

        assert table_digest(read) == table_digest(table)
        assert {name: column.dtype for name, column in read.columns.items()} == {
            name: column.dtype for name, column in table.columns.items()
        }


@pytest.mark.parametrize(
    "column",
    [
        np.array([1, 2, 3], dtype=">i4"),
        np.array([True, False, True] * 7),
        np.array([], dtype=np.bool_),
        np.array([1.5, np.nan, -0.0, np.inf], dtype=np.float32),
        np.array([0, 2**64 - 1], dtype=np.uint64),
        np.array(["", "Hà Nội", "a\0b"]),
        np.arange(20, dtype=np.int16)[::3],
    ],
    ids=["big-endian", "bits", "no bits", "floats", "unsigned", "strings", "view"],
)
def test_a_column_keeps_its_content(column: np.ndarray) -> None:
    """Every type a side table may hold comes back with the same content digest."""
    table = SideTable({"x": column})

    assert table_digest(decode_table(encode_table(table))) == table_digest(table)


def foreign_files() -> dict[str, bytes]:
    good = arrow_from_block(block(0, rows=10), stations=STATIONS)
    named = pa.array(["desk"] * 10).dictionary_encode()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nulls = good.set_column(3, "passenger", pa.array([None] * 10, pa.int32()))
    return {
        "empty": b"",
        "noise": b"PAR1" + b"\x15\x04" * 40 + struct.pack("<i", 60) + b"PAR1",
        "cut short": encode_block(block(0, rows=10), stations=STATIONS)[:-9],
        "columns in another order": parquet(good.select(list(reversed(COLUMNS)))),
        "a column less": parquet(good.drop_columns(["detail"])),
        "another type": parquet(good.set_column(3, "passenger", pa.array(range(10), pa.int64()))),
        "nulls": parquet(nulls),
        "an unknown station": parquet(good.set_column(4, EVENT_SCHEMA.field(4), named)),
        "an unknown kind": parquet(good.set_column(2, EVENT_SCHEMA.field(2), named)),
        "no rows": parquet(good.slice(0, 0)),
    }


@pytest.mark.parametrize("name", foreign_files())
def test_a_foreign_file_is_refused_with_a_reason(name: str) -> None:
    """Whatever the bytes, the answer is one exception with one line of text."""
    with pytest.raises(CodecError, match=r"^(it|its|column) [^\n]+$"):
        decode_block(foreign_files()[name], stations=STATIONS)


@pytest.mark.parametrize(
    "table",
    [
        pa.table({"id": ["a", None]}),
        pa.table({"at": pa.array([1], pa.timestamp("us"))}),
        pa.table({"list": [[1]]}),
    ],
    ids=["nulls", "timestamp", "nested"],
)
def test_a_foreign_side_table_is_refused(table: pa.Table) -> None:
    """Nulls, dates and nested values are not what a side table holds."""
    with pytest.raises(CodecError):
        decode_table(parquet(table))


@given(data=st.data())
def test_no_bytes_make_the_decoder_crash(data: st.DataObject) -> None:
    """A bit-flipped segment decodes, or is refused by a `CodecError`, and by nothing else."""
    good = bytearray(encode_block(block(0, rows=50), stations=STATIONS))
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        read = decode_block(bytes(good), stations=STATIONS)
    except CodecError:
        return
    assert isinstance(read, EventBlock)
