"""Records sorted on disk."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.export import spool
from sim.export.spool import Spool

RECORD = np.dtype([("passenger", "<i4"), ("at", "<i8")])


@pytest.fixture(scope="module", autouse=True)
def little_memory() -> object:
    """Few records at once, so that there are many ranges."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "RECORDS_AT_ONCE", 4)
        yield


@given(st.lists(st.lists(st.integers(0, 9), max_size=12), max_size=6))
def test_what_is_put_in_comes_out_by_passenger(pieces: list[list[int]]) -> None:
    """Every record once, by passenger and then in the order in which it came."""
    number = 0
    everything = []
    with Spool(Path(), passengers=10, records=sum(map(len, pieces))) as file:
        for piece in pieces:
            records = np.array(
                [(passenger, number + row) for row, passenger in enumerate(piece)], dtype=RECORD
            )
            number += len(piece)
            everything += records.tolist()
            file.put(records)
        found = [record for part in file.ranges() for record in part.tolist()]
        parts = [set(part["passenger"].tolist()) for part in file.ranges()]

    assert found == sorted(everything)
    assert sum(map(len, parts)) == len(set().union(*parts)), "a passenger in two ranges"
