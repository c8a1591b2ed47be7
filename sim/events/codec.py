"""Blocks and side tables as Parquet, and back, value for value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.events.canonical import dtype_tag
from sim.events.columns import strings, to_arrow, to_numpy
from sim.events.kinds import KINDS
from sim.events.log import BLOCK_ROWS, COLUMNS, DTYPES, NOWHERE, EventBlock, SideTable

_NAMED = pa.dictionary(pa.int32(), pa.string())

EVENT_SCHEMA = pa.schema(
    [
        (name, _NAMED if name in ("kind", "station") else pa.from_numpy_dtype(DTYPES[name]))
        for name in COLUMNS
    ]
)
"""Columns of a segment, in the frozen order; ``kind`` and ``station`` by name."""

_RISING = ("seq", "at_us", "passenger")
"""Columns stored as differences, and whose bounds tell a reader which segments to skip.

All others have few values, much the same in every segment, and go by dictionary.
"""

_UNKNOWN = -2
"""Code of a name in a file that neither the release nor the run knows."""

_T = TypeVar("_T")


class CodecError(ValueError):
    """A file is not the Parquet this program writes; the message says in what."""


def arrow_from_block(block: EventBlock, *, stations: Sequence[str]) -> pa.Table:
    """A block as an Arrow table, ``kind`` and ``station`` as dictionary strings.

    Parameters
    ----------
    block : EventBlock
        Events in order.
    stations : sequence of str
        Station ids by row; an event at no station gets "".
    """
    arrays = {name: to_arrow(getattr(block, name)) for name in COLUMNS}
    arrays["kind"] = _named(block.kind, [kind.value for kind in KINDS])
    rows = np.where(block.station == NOWHERE, len(stations), block.station)
    arrays["station"] = _named(rows, [*stations, ""])
    return pa.Table.from_arrays(list(arrays.values()), schema=EVENT_SCHEMA)


def block_from_arrow(table: pa.Table, *, stations: Sequence[str]) -> EventBlock:
    """The block in an Arrow table of `EVENT_SCHEMA`.

    Raises
    ------
    CodecError
        If a column is missing, foreign, of another type or has nulls, or a kind
        or station has a name that this release or this run does not know.
    """
    if table.schema != EVENT_SCHEMA:
        raise CodecError(f"its columns are {_described(table.schema)}")
    for name in COLUMNS:
        if table[name].null_count:
            raise CodecError(f"column {name} has {table[name].null_count} nulls")
    columns = {name: table[name] for name in COLUMNS}
    kinds = _codes(columns.pop("kind"), {kind.value: row for row, kind in enumerate(KINDS)}, "kind")
    known = {station: row for row, station in enumerate(stations)} | {"": NOWHERE}
    rows = _codes(columns.pop("station"), known, "station")
    block = EventBlock(
        kind=kinds.astype(np.uint8),
        station=rows.astype(np.int16),
        **{name: to_numpy(column) for name, column in columns.items()},
    )
    for name in COLUMNS:
        getattr(block, name).flags.writeable = False
    return block


def encode_block(block: EventBlock, *, stations: Sequence[str]) -> bytes:
    """A block as the bytes of a Parquet segment; equal blocks give equal bytes."""
    named: Any = [name for name in COLUMNS if name not in _RISING]  # pyarrow's stub says bool
    rising: Any = list(_RISING)
    sink = pa.BufferOutputStream()
    pq.write_table(
        arrow_from_block(block, stations=stations),
        sink,
        row_group_size=BLOCK_ROWS,
        version="2.6",
        compression="zstd",
        write_statistics=rising,
        use_dictionary=named,
        column_encoding=dict.fromkeys(_RISING, "DELTA_BINARY_PACKED"),
        write_page_checksum=True,
    )
    return sink.getvalue().to_pybytes()


def decode_block(data: bytes, *, stations: Sequence[str]) -> EventBlock:
    """The block in the bytes of a segment.

    Raises
    ------
    CodecError
        If they are not such a segment, whatever they are.
    """

    def read() -> EventBlock:
        file = _open(data)
        if not 0 < file.metadata.num_rows <= BLOCK_ROWS:
            raise CodecError(
                f"it has {file.metadata.num_rows} rows; a segment has 1 to {BLOCK_ROWS}"
            )
        return block_from_arrow(file.read(use_threads=False), stations=stations)

    return _guarded(read)


def encode_table(table: SideTable) -> bytes:
    """A side table as the bytes of a Parquet file; equal tables give equal bytes."""
    arrays = [to_arrow(column) for column in table.columns.values()]
    sink = pa.BufferOutputStream()
    pq.write_table(
        pa.Table.from_arrays(arrays, names=list(table.columns)),
        sink,
        version="2.6",
        compression="zstd",
        write_page_checksum=True,
    )
    return sink.getvalue().to_pybytes()


def decode_table(data: bytes) -> SideTable:
    """The side table in the bytes of a file.

    Raises
    ------
    CodecError
        If they are not such a table, whatever they are.
    """
    return _guarded(lambda: _side_table(_open(data).read(use_threads=False)))


def _side_table(table: pa.Table) -> SideTable:
    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if column.null_count:
            raise CodecError(f"column {name} has {column.null_count} nulls")
        if not (pa.types.is_string(column.type) or pa.types.is_primitive(column.type)):
            raise CodecError(f"column {name} holds {column.type}")
        columns[name] = to_numpy(column)
        dtype_tag(columns[name])
    if len(columns) != table.num_columns:
        raise CodecError(f"it has two columns of one name: {table.column_names}")
    return SideTable(columns)


def _named(rows: NDArray, names: list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(to_arrow(rows.astype(np.int32)), strings(names))


def _codes(column: pa.ChunkedArray, known: dict[str, int], what: str) -> NDArray[np.intp]:
    named = column.combine_chunks()
    names = named.dictionary.to_pylist()
    codes = np.array([known.get(name, _UNKNOWN) for name in names], dtype=np.intp)
    rows = to_numpy(pa.chunked_array([named.indices]))
    found = codes[rows]
    if found.min() == _UNKNOWN:
        name = names[rows[found.argmin()]]
        raise CodecError(f"it names a {what} that is not known here: {name!r}")
    return found


def _open(data: bytes) -> pq.ParquetFile:
    return pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True)


def _guarded(read: Callable[[], _T]) -> _T:
    try:
        return read()
    except CodecError:
        raise
    except Exception as error:  # noqa: BLE001 (a Parquet reader raises a dozen kinds on foreign bytes)
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise CodecError(f"it cannot be read as Parquet: {reason}") from None


def _described(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {field.type}" for field in schema)[:300]
