"""One place at a time, and requests from someone being served."""

from __future__ import annotations

import pytest

from tests.unit.projections.audit.stories import calling, desk, found, rules
from tests.unit.projections.logs import Story, spec_of


def test_being_at_two_stations_is_found() -> None:
    """Nobody joins a second queue while in the first."""
    story = Story("desk", "gate").open(0, "desk", 0).open(0, "gate", 0).arrived(0, 0)
    story.joined(1, 0, "desk").joined(2, 0, "gate", visit=1)

    assert rules(story) == {"one place at a time"}


def test_member_cannot_be_elsewhere_while_the_lead_queues_for_all() -> None:
    """A party served as one is in one place."""
    story = Story("desk", "gate").open(0, "desk", 0).open(0, "gate", 0).arrived(0, 0, 1)
    story.joined(1, 0, "desk", persons=2).joined(2, 1, "gate", visit=1)

    assert rules(story, parties=[0, 0]) == {"one place at a time"}


@pytest.mark.parametrize("persons", [0, 3])
def test_more_persons_than_the_party_has_are_found(persons: int) -> None:
    """A customer stands for somebody, and for no one outside the party."""
    story = Story("desk").open(0, "desk", 0).arrived(0, 0, 1, 2)
    story.joined(1, 0, "desk", persons=persons)

    assert rules(story, parties=[0, 0, 1]) == {"persons of a party"}


def test_request_without_service_is_found() -> None:
    """A call is made by someone who is being served."""
    story = Story("gate", "matcher").open(0, "gate", 0).open(0, "matcher", 1).arrived(0, 0)
    story.joined(1, 0, "gate").joined(2, 0, "matcher")

    assert rules(story) == {"requests during service"}


def test_second_request_before_the_answer_is_found() -> None:
    """A caller asks again only after the answer, after giving up, or after an outage."""
    answered = calling().timed_out(2, 0, "matcher").joined(2, 0, "matcher")
    forsaken = calling().fails(2, "gate", 0, up=0).interrupted(2, 0, "gate", 0)
    forsaken.repaired(3, "gate", 0, up=1).started(3, 0, "gate", 0).joined(4, 0, "matcher")

    assert rules(answered) == set()
    assert rules(forsaken) == set()
    assert rules(calling().joined(2, 0, "matcher")) == {"one request at a time"}


def test_several_requests_of_one_service_may_be_out_at_once() -> None:
    """Where the journey sends two to the same station."""
    calls = [{"station": "matcher", "after_share": share} for share in (0, 1)]
    spec = spec_of("gate", "matcher", journey=[{"station": "gate", "calls": calls}])

    assert rules(calling().joined(2, 0, "matcher"), spec) == set()


def test_leaving_from_a_queue_or_a_server_is_found() -> None:
    """A journey ends after the visit, not during it."""
    queueing = desk(0).joined(1, 0, "desk").exited(2, 0)
    served = desk(1).joined(1, 0, "desk").started(1, 0, "desk", 0).exited(2, 0)

    assert rules(queueing) == {"leaves when done"}
    assert [each.message for each in found(served)] == ["passenger 0 leaves while at desk"]
