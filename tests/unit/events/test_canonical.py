import hashlib
import struct

import numpy as np
import pytest

from sim.events.canonical import block_bytes, block_digest, dtype_tag, frame, table_digest
from sim.events.log import SideTable, block_from_rows
from tests.synthetic_log import block


def test_bytes_of_a_block_are_its_columns_one_after_another() -> None:
    """Each column whole, in the frozen order and width, little-endian, nothing between them."""
    two = block_from_rows(
        [(5, 0, 7, -1, -1, -1, 3, 9), (6, 2, 7, 1, 0, -1, -1, 1)], first_seq=262_144
    )

    assert block_bytes(two) == struct.pack(
        "<2q 2q 2B 2i 2h 2h 2h 2i 2q",
        *(262_144, 262_145, 5, 6, 0, 2, 7, 7, -1, 1, -1, 0, -1, -1, 3, -1, 9, 1),
    )
    assert len(block_bytes(two)) == 2 * 39


def test_digest_of_a_block_is_that_of_its_bytes() -> None:
    """Hashing column by column gives the same as hashing the whole."""
    some = block(0, rows=999)

    assert block_digest(some) == hashlib.sha256(block_bytes(some)).hexdigest()


def test_a_view_has_the_bytes_of_its_copy() -> None:
    """Where the values lie in memory does not matter, only what they are."""
    some = block(0, rows=999)
    every_other = some[np.arange(0, 999, 2)]

    assert block_bytes(some[::2]) == block_bytes(every_other)
    assert block_bytes(some[:0]) == b""


def test_digest_of_a_table_is_the_documented_one() -> None:
    """Rows, columns, then name, type and values of each; strings as offsets and UTF-8."""
    table = SideTable(
        {
            "size": np.array([3, -4], dtype=np.int32),
            "id": np.array(["é", ""], dtype=object),
            "open": np.array([True, False]),
        }
    )

    expected = struct.pack("<QQ", 2, 3)
    expected += frame("size") + frame("<i4") + struct.pack("<2i", 3, -4)
    expected += frame("id") + frame("str") + struct.pack("<3q", 0, 2, 2) + "é".encode()
    expected += frame("open") + frame("|b1") + b"\1\0"
    assert table_digest(table) == hashlib.sha256(expected).hexdigest()


def test_digest_of_a_table_sees_values_not_memory() -> None:
    """Byte order in memory and the kind of string array do not enter."""
    native = SideTable({"n": np.array([1, 2], "<i8"), "s": np.array(["a", "b"], object)})
    foreign = SideTable({"n": np.array([1, 2], ">i8"), "s": np.array(["a", "b"])})

    assert table_digest(native) == table_digest(foreign)


@pytest.mark.parametrize(
    "other",
    [
        {"n": np.array([1, 3], np.int64), "s": np.array(["ab", "c"], object)},
        {"n": np.array([1, 2], np.int32), "s": np.array(["ab", "c"], object)},
        {"n": np.array([1, 2], np.uint64), "s": np.array(["ab", "c"], object)},
        {"n": np.array([1, 2], np.int64), "s": np.array(["a", "bc"], object)},
        {"m": np.array([1, 2], np.int64), "s": np.array(["ab", "c"], object)},
        {"s": np.array(["ab", "c"], object), "n": np.array([1, 2], np.int64)},
        {"n": np.array([1, 2], np.int64)},
    ],
    ids=["value", "width", "sign", "boundary", "name", "order", "missing"],
)
def test_digest_of_a_table_sees_every_difference(other: dict[str, np.ndarray]) -> None:
    """A changed value, type, name, column order or string boundary changes the digest."""
    table = SideTable({"n": np.array([1, 2], np.int64), "s": np.array(["ab", "c"], object)})

    assert table_digest(SideTable(other)) != table_digest(table)


def test_a_type_without_a_tag_is_a_bug() -> None:
    """Dates and complex numbers have no place in a side table."""
    with pytest.raises(AssertionError, match="datetime64"):
        dtype_tag(np.array(["2026-02-10"], dtype="datetime64[D]"))
