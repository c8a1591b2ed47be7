"""Work goes on while there is any."""

from __future__ import annotations

from tests.unit.projections.audit.stories import calling, desk, found, rules
from tests.unit.projections.logs import Story, spec_of


def test_idle_server_beside_a_queue_is_found() -> None:
    """Where any server may serve anyone, none is idle while someone waits."""
    story = desk(2).joined(1, 0, "desk").started(1, 0, "desk", 0).joined(2, 1, "desk")
    story.completed(5, 0, "desk", 0)

    assert [each.message for each in found(story)] == [
        "at 2.000000 s 1 wait at desk while 1 of 2 open servers are busy"
    ]
    assert rules(story, spec_of({"id": "desk", "closing": "named"})) != set()


def test_named_server_that_is_down_may_be_one_of_the_open_ones() -> None:
    """Of servers 0 and 1 open by name the one that works is busy; a third is installed."""
    story = desk(2).fails(1, "desk", 0, up=2).joined(2, 0, "desk").started(2, 0, "desk", 1)
    story.joined(3, 1, "desk").arrived(9, 3)

    assert rules(story, spec_of({"id": "desk", "closing": "named"})) == set()
    assert rules(story) == {"no idle server beside a queue"}


def test_last_instant_of_a_log_cut_off_may_be_half_told() -> None:
    """The start that follows the joining is missing only because the log stops."""
    story = Story("desk").open(0, "desk", 1).arrived(1, 0).joined(1, 0, "desk")

    assert rules(story, is_complete=False) == set()
    assert rules(story, is_complete=True) == {"no idle server beside a queue"}


def test_service_that_never_ends_is_found() -> None:
    """In a drained run only who is paused, or waits for an answer, is still with a server."""
    story = Story("desk").open(0, "desk", 1).arrived(0, 0).joined(0, 0, "desk")
    story.started(0, 0, "desk", 0)
    paused = spec_of({"id": "desk", "closing": "pause"})

    assert rules(story, is_complete=True) == {"every service ends"}
    assert rules(story.paused(1, 0, "desk", 0), paused, is_complete=True) == set()
    assert rules(calling(), is_complete=True) == set()
