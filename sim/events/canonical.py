"""The bytes that are hashed: the same events give the same digest on every machine."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from sim.events.log import COLUMNS, DTYPES, EventBlock, SideTable

STRING_TAG = "str"
"""Type tag of a column of strings; other columns use NumPy's, such as ``<i4``."""


def frame(text: str) -> bytes:
    """Text as hashed: its length in bytes as a little-endian uint64, then UTF-8."""
    data = text.encode("utf-8")
    return _count(len(data)) + data


def block_parts(block: EventBlock) -> Iterator[memoryview]:
    """Canonical bytes of a block, column after column, without a copy where possible."""
    for name in COLUMNS:
        column = np.ascontiguousarray(getattr(block, name), dtype=DTYPES[name])
        yield _bytes(column)


def block_bytes(block: EventBlock) -> bytes:
    """Canonical bytes of a block: columns in order, little-endian, no padding, no nulls."""
    return b"".join(block_parts(block))


def block_digest(block: EventBlock) -> str:
    """SHA-256 of a block's canonical bytes, in hex: its ``content_sha256``."""
    state = hashlib.sha256()
    for part in block_parts(block):
        state.update(part)
    return state.hexdigest()


def table_digest(table: SideTable) -> str:
    """SHA-256 of a side table's logical content, in hex: its ``content_sha256``.

    Parameters
    ----------
    table : SideTable
        Columns of integers, floats, booleans or strings.

    Returns
    -------
    str
        64 hex digits.

    Notes
    -----
    Hashed are the number of rows and of columns (uint64 each), then for each
    column in order its framed name, its framed type tag and its values: numbers
    as little-endian bytes, booleans as one byte, strings as ``rows + 1`` int64
    offsets followed by the UTF-8 of all of them. How the file is compressed,
    and by which version of which library, does not enter.
    """
    state = hashlib.sha256(_count(len(table)) + _count(len(table.columns)))
    for name, column in table.columns.items():
        for part in _column_parts(name, column):
            state.update(part)
    return state.hexdigest()


def dtype_tag(column: NDArray) -> str:
    """Type tag of a side table's column: ``<i4``, ``|u1``, ``|b1``, ``<f8``, ``str`` and so on."""
    kind, size = column.dtype.kind, column.dtype.itemsize
    assert kind in "iubOU" or (kind == "f" and size in (4, 8)), (
        f"a side table holds integers, floats, booleans or strings, not {column.dtype}"
    )
    return STRING_TAG if kind in "OU" else column.dtype.newbyteorder("<").str


def _column_parts(name: str, column: NDArray) -> Iterator[bytes | memoryview]:
    tag = dtype_tag(column)
    yield frame(name)
    yield frame(tag)
    if tag == STRING_TAG:
        texts = [str(text).encode("utf-8") for text in column]
        yield np.array([0, *accumulate(map(len, texts))], dtype="<i8").tobytes()
        yield b"".join(texts)
    else:
        yield _bytes(np.ascontiguousarray(column, dtype=np.dtype(tag)))


def _bytes(column: NDArray) -> memoryview:
    return column.data.cast("B") if len(column) else memoryview(b"")


def _count(number: int) -> bytes:
    return struct.pack("<Q", number)
