"""The course of a visit, and of a match."""

from __future__ import annotations

import pytest

from sim.events.kinds import Kind
from tests.unit.projections.audit.stories import calling, desk, found, rules
from tests.unit.projections.logs import Story


@pytest.mark.parametrize(
    "story",
    [
        desk().started(1, 0, "desk", 0),
        desk().completed(1, 0, "desk", 0),
        desk().reneged(1, 0, "desk"),
        desk().timed_out(1, 0, "desk"),
        desk().served(0, "desk", joins=1, starts=1, ends=2).completed(3, 0, "desk", 0),
    ],
    ids=["started", "completed", "reneged", "timed out", "completed twice"],
)
def test_service_without_joining_is_found(story: Story) -> None:
    """Nobody starts, completes or gives up who is in no queue and with no server."""
    assert "joins before all else" in rules(story)


@pytest.mark.parametrize(
    ("story", "words"),
    [
        (
            desk().joined(1, 0, "desk").completed(2, 0, "desk", 0),
            "passenger 0 at desk has service_completed after queue_joined",
        ),
        (
            desk().joined(1, 0, "desk").started(1, 0, "desk", 0).started(2, 0, "desk", 0),
            "passenger 0 at desk has service_started after service_started",
        ),
        (
            desk().joined(1, 0, "desk").started(1, 0, "desk", 0).reneged(2, 0, "desk"),
            "passenger 0 at desk has reneged after service_started",
        ),
        (
            desk().joined(1, 0, "desk").started(1, 0, "desk", 0).resumed(2, 0, "desk", 0),
            "passenger 0 at desk has service_resumed after service_started",
        ),
    ],
)
def test_impossible_course_of_a_visit_is_found(story: Story, words: str) -> None:
    """No completion without a start, no second start, no leaving the queue from a server."""
    contradictions = [each for each in found(story) if each.rule == "course of a visit"]

    assert [each.message for each in contradictions] == [words]


def test_completion_at_another_server_is_found() -> None:
    """A passenger stays with the server that started the service."""
    story = desk(2).joined(1, 0, "desk").started(1, 0, "desk", 0).completed(2, 0, "desk", 1)

    assert rules(story) == {"one server to the end"}


def match(*kinds: tuple[Kind, int]) -> Story:
    """Passenger 0 at the gate, in service, with these biometric events."""
    story = Story("gate").open(0, "gate", 1).arrived(0, 0).joined(0, 0, "gate")
    story.started(0, 0, "gate", 0)
    for second, (kind, attempt) in enumerate(kinds, start=1):
        story.match(second, kind, 0, "gate", 0, attempt)
    return story.completed(9, 0, "gate", 0)


REQUESTED, REJECTED, ACCEPTED = Kind.MATCH_REQUESTED, Kind.MATCH_REJECTED, Kind.MATCH_ACCEPTED


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([(REQUESTED, 1), (REJECTED, 1), (REQUESTED, 2), (ACCEPTED, 2)], set()),
        ([(REQUESTED, 1)], set()),
        ([(REQUESTED, 1), (ACCEPTED, 1), (ACCEPTED, 1)], {"course of a match"}),
        ([(REQUESTED, 1), (ACCEPTED, 1), (REQUESTED, 2)], {"course of a match"}),
        ([(ACCEPTED, 1)], {"course of a match", "attempts in order"}),
        ([(REQUESTED, 1), (REJECTED, 1), (REQUESTED, 3)], {"attempts in order"}),
        ([(REQUESTED, 1), (REJECTED, 2)], {"attempts in order"}),
        ([(REQUESTED, 2)], {"attempts in order"}),
    ],
)
def test_attempts_follow_each_other(kinds: list[tuple[Kind, int]], expected: set[str]) -> None:
    """Requested, then accepted for good or rejected; attempts are counted from 1."""
    assert rules(match(*kinds)) == expected


def test_match_outside_service_is_found() -> None:
    """Nobody is compared while waiting, and attempts begin anew after an outage."""
    waiting = Story("gate").open(0, "gate", 0).arrived(0, 0).joined(0, 0, "gate")
    waiting.match(1, REQUESTED, 0, "gate", 0, 1)
    anew = Story("gate").open(0, "gate", 1).arrived(0, 0).joined(0, 0, "gate")
    anew.started(0, 0, "gate", 0).match(1, REQUESTED, 0, "gate", 0, 1)
    anew.fails(2, "gate", 0, up=0).interrupted(2, 0, "gate", 0).repaired(3, "gate", 0, up=1)
    anew.started(3, 0, "gate", 0).match(4, REQUESTED, 0, "gate", 0, 1)

    assert "course of a match" in rules(waiting)
    assert rules(anew) == set()


def test_giving_up_twice_is_found() -> None:
    """A request that is being answered is given up once."""
    story = calling().open(2, "matcher", 1).started(2, 0, "matcher", 0)
    story.timed_out(3, 0, "matcher").timed_out(4, 0, "matcher")

    assert rules(story) == {"gives up once"}
