"""Everyone comes once, leaves at most once, does nothing before or after."""

from __future__ import annotations

from tests.unit.projections.audit.stories import BATCH, desk, found, rules
from tests.unit.projections.logs import Story, spec_of


def test_second_arrival_is_found() -> None:
    """Everyone arrives once."""
    assert rules(Story("desk").arrived(0, 0).arrived(1, 0)) == {
        "arrives once",
        "all accounted for",
    }


def test_event_before_arrival_is_found() -> None:
    """No service, nor anything else, before arriving."""
    story = Story("desk").open(0, "desk", 1).served(0, "desk", joins=1, starts=1, ends=2)

    assert "nothing before arrival" in rules(story.arrived(3, 0))


def test_second_final_event_is_found() -> None:
    """Nobody leaves twice."""
    assert rules(Story("desk").arrived(0, 0).exited(1, 0).missed(2, 0)) == {
        "nothing after the end",
        "all accounted for",
    }


def test_event_after_the_end_is_found() -> None:
    """Who has left does not come back."""
    story = desk().exited(1, 0).balked(2, 0, "desk", leaves=False)

    assert rules(story) == {"nothing after the end", "leaves when done"}


def test_answer_to_someone_who_has_left_is_no_contradiction() -> None:
    """A request outlives the journey of its passenger."""
    spec = spec_of(
        "gate",
        BATCH,
        journey=[{"station": "gate", "calls": [{"station": "matcher", "after_share": 0.5}]}],
    )
    story = Story("gate", "matcher").open(0, "gate", 1).open(0, "matcher", 1).arrived(0, 0)
    story.joined(0, 0, "gate").started(0, 0, "gate", 0).joined(1, 0, "matcher")
    story.started(1, 0, "matcher", 0, ref=0).timed_out(2, 0, "matcher")
    story.completed(3, 0, "gate", 0).exited(3, 0).completed(4, 0, "matcher", 0, ref=0)

    assert found(story, spec, is_complete=True) == ()


def test_passenger_who_never_arrives_is_found() -> None:
    """In a run that drained everyone of the passenger table has come."""
    story = Story("desk").arrived(0, 0).exited(1, 0)

    assert rules(story, parties=[0, 1], is_complete=True) == {"everyone arrives"}
    assert rules(story, parties=[0, 1], is_complete=False) == set()


def test_lost_passenger_is_found() -> None:
    """At the end of a drained run everyone has left, or waits for a station that is closed."""
    waiting = Story("desk").open(0, "desk", 0).arrived(0, 0).joined(1, 0, "desk")
    lost = desk(2).served(0, "desk", joins=1, starts=1, ends=2).exited(3, 1, 2)

    assert rules(waiting, is_complete=True) == set()
    assert rules(lost, is_complete=True) == {"nobody is lost"}


def test_member_of_a_party_that_waits_is_not_lost() -> None:
    """Only the lead is in the log of the queue."""
    story = Story("desk").open(0, "desk", 0).arrived(0, 0, 1).joined(1, 0, "desk", persons=2)

    assert rules(story, parties=[0, 0], is_complete=True) == set()
