from dataclasses import replace

import numpy as np
import pytest

from sim.events.kinds import KINDS
from sim.events.log import BLOCK_ROWS, EventBlock
from sim.events.order import BlockOrder
from tests.synthetic_log import STATIONS, block


def order() -> BlockOrder:
    return BlockOrder(len(STATIONS))


def test_blocks_in_order_are_counted() -> None:
    """Full blocks and a short last one are taken; their events are counted."""
    watched = order()

    assert watched.admit(block(0))
    assert watched.admit(block(1, rows=5))
    assert watched.events == BLOCK_ROWS + 5


def test_an_empty_block_changes_nothing() -> None:
    """An engine may end with an empty block; more may follow it."""
    watched = order()

    assert not watched.admit(block(0, rows=0))
    assert watched.admit(block(0, rows=3))
    assert not watched.admit(block(1, rows=0))


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        (block(1), "seq 262144 to 524287 where 0 to 262143"),
        (block(0)[np.r_[0, 0, 2:BLOCK_ROWS]], "seq 0 to 262143"),
        (block(0)[np.r_[0:BLOCK_ROWS, 0]], "at most 262144"),
        (replace(block(0), detail=block(0).detail.astype(np.int32)), "detail is int32"),
        (replace(block(0), ref=block(0).ref[:-1]), "ref has shape"),
        (replace(block(0), kind=block(0).kind + np.uint8(len(KINDS))), "has no name"),
        (replace(block(0), station=block(0).station + np.int16(1)), "station rows 0 to 5"),
        (replace(block(0), station=block(0).station - np.int16(1)), "station rows -2 to 3"),
    ],
    ids=["gap", "repeat", "long", "type", "ragged", "kind", "station", "nowhere"],
)
def test_a_block_that_cannot_be_stored_is_a_bug(changed: EventBlock, complaint: str) -> None:
    """A gap, a wrong column or an unknown code is refused by an assertion that says what."""
    with pytest.raises(AssertionError, match=complaint):
        order().admit(changed)


def test_only_the_last_block_may_be_short() -> None:
    """After a short block there is no next one."""
    watched = order()
    watched.admit(block(0, rows=10))

    with pytest.raises(AssertionError, match="follows a short one"):
        watched.admit(block(0, rows=20)[10:])
