"""The books of a station."""

from __future__ import annotations

from tests.unit.projections.audit.stories import desk, found


def test_books_must_balance() -> None:
    """What joined has started, left, or waits still."""
    story = desk(2).joined(1, 0, "desk").started(1, 0, "desk", 0).started(1, 1, "desk", 1)

    assert [each.message for each in found(story) if each.rule == "books balance"] == [
        "desk: 1 joined and 0 came back, but 2 started, 0 left the queue and 0 still wait",
        "desk: 2 started, but 0 completed, 0 were interrupted and 1 are in service",
    ]
