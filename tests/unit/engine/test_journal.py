"""Rows on their way to becoming blocks."""

from sim.engine.journal import Journal
from sim.events.kinds import CODE, Kind
from sim.events.log import BLOCK_ROWS, COLUMNS


def test_what_an_event_does_not_have_is_minus_one() -> None:
    """An event of the facility names nobody; a detail not given is zero."""
    journal = Journal()

    journal.record(7, Kind.BOARDING_OPENED, ref=2)

    block = journal.take_block()
    assert {name: getattr(block, name).tolist() for name in COLUMNS} == {
        "seq": [0],
        "at_us": [7],
        "kind": [CODE[Kind.BOARDING_OPENED]],
        "passenger": [-1],
        "station": [-1],
        "visit": [-1],
        "server": [-1],
        "ref": [2],
        "detail": [0],
    }


def test_blocks_are_taken_full_and_numbered_on() -> None:
    """Rows beyond a full block stay for the next; the list that banks append to is the same."""
    journal = Journal()
    rows = journal.rows
    for at in range(BLOCK_ROWS + 3):
        journal.record(at, Kind.EXITED, passenger=at)

    assert journal.has_block
    first = journal.take_block()
    assert not journal.has_block
    second = journal.take_block()

    assert (len(first), len(second)) == (BLOCK_ROWS, 3)
    assert second.seq.tolist() == list(range(BLOCK_ROWS, BLOCK_ROWS + 3))
    assert second.passenger.tolist() == second.seq.tolist()
    assert rows is journal.rows
    assert rows == []
