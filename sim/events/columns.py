"""NumPy columns as Arrow arrays, and back.

Arrow's own conversions import pandas the first time they are used, which takes
longer than most runs; buffers do the same at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.events.canonical import STRING_TAG, dtype_tag


def to_arrow(column: NDArray) -> pa.Array:
    """A column of integers, floats, booleans or strings as an Arrow array without nulls."""
    if dtype_tag(column) == STRING_TAG:
        return strings([str(text) for text in column])
    if column.dtype.kind == "b":
        bits = np.packbits(column, bitorder="little")
        return pa.Array.from_buffers(pa.bool_(), len(column), [None, pa.py_buffer(bits)])
    values = np.ascontiguousarray(column, dtype=column.dtype.newbyteorder("="))
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])


def strings(texts: Sequence[str]) -> pa.Array:
    """Texts as an Arrow array."""
    encoded = [text.encode("utf-8") for text in texts]
    offsets = np.zeros(len(encoded) + 1, dtype=np.int32)
    np.cumsum([len(text) for text in encoded], out=offsets[1:])
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(encoded), buffers)


def to_numpy(column: pa.ChunkedArray) -> NDArray:
    """A column without nulls as a read-only NumPy array; strings as objects."""
    chunks = [_chunk_to_numpy(chunk) for chunk in column.chunks]
    values = chunks[0] if len(chunks) == 1 else _joined(chunks, column.type)
    values.flags.writeable = False
    return values


def _chunk_to_numpy(chunk: pa.Array) -> NDArray:
    if pa.types.is_string(chunk.type):
        return np.array(chunk.to_pylist(), dtype=object)
    values, rows = chunk.buffers()[1], slice(chunk.offset, chunk.offset + len(chunk))
    if pa.types.is_boolean(chunk.type):
        bits = np.frombuffer(values, dtype=np.uint8)
        return np.unpackbits(bits, bitorder="little")[rows].astype(np.bool_)
    return np.frombuffer(values, dtype=_dtype(chunk.type))[rows]


def _joined(chunks: list[NDArray], kind: pa.DataType) -> NDArray:
    if chunks:
        return np.concatenate(chunks)
    return np.zeros(0, dtype=object if pa.types.is_string(kind) else _dtype(kind))


def _dtype(kind: pa.DataType) -> np.dtype:
    return np.dtype(kind.to_pandas_dtype())
