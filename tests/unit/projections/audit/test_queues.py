"""Queues: in order, and within their limit."""

from __future__ import annotations

from tests.unit.projections.audit.stories import desk, found, rules
from tests.unit.projections.logs import Story, spec_of


def overtaking() -> Story:
    """Passenger 1 joined after passenger 0 and starts before."""
    story = desk(0).joined(1, 0, "desk").joined(1, 1, "desk").open(2, "desk", 1)
    return story.started(2, 1, "desk", 0).completed(3, 1, "desk", 0).started(3, 0, "desk", 0)


def test_overtaking_is_found() -> None:
    """First come, first served, where the station has no priorities."""
    assert [each.message for each in found(overtaking())] == [
        "passenger 1 is started at desk before passenger 0, who joined first"
    ]


def test_priorities_may_overtake() -> None:
    """Where some go first, order of joining is not promised."""
    assert rules(overtaking(), spec_of({"id": "desk", "priority": [{"when": ""}]})) == set()


def test_order_is_that_of_the_log_within_an_instant() -> None:
    """Two who join at one microsecond are served in the order of the log."""
    story = desk(1).joined(1, 1, "desk").joined(1, 0, "desk").started(1, 0, "desk", 0)

    assert rules(story) == {"first come, first served"}


def test_overtaking_someone_who_gives_up_later_is_found() -> None:
    """Who still waits is overtaken even if never served."""
    story = desk(1).joined(1, 0, "desk").joined(1, 1, "desk")
    story.started(1, 1, "desk", 0).reneged(3, 0, "desk")

    assert rules(story) == {"first come, first served"}


def test_interrupted_passenger_goes_first() -> None:
    """An outage sends back to the head of the queue."""
    story = desk(1).joined(1, 0, "desk").started(1, 0, "desk", 0).joined(2, 1, "desk")
    story.fails(3, "desk", 0, up=0).interrupted(3, 0, "desk", 0).repaired(4, "desk", 0, up=1)
    story.started(4, 1, "desk", 0)

    assert [each.message for each in found(story)] == [
        (
            "passenger 1 is started at desk before passenger 0, "
            "whom an outage sent back to the head of the queue"
        )
    ]


def test_lanes_by_departure_are_queues_of_their_own() -> None:
    """At another gate a later passenger may start earlier; at the same one not."""
    spec = spec_of({"id": "gate", "lanes": "by_departure"})

    def boarding(*departures: int) -> Story:
        story = Story("gate").open(0, "gate", 2)
        for passenger, departure in enumerate(departures):
            story.arrived(0, passenger, ref=departure)
        story.joined(1, 0, "gate").joined(1, 1, "gate")
        story.started(2, 1, "gate", departures[1]).completed(3, 1, "gate", departures[1])
        return story.started(4, 0, "gate", departures[0])

    assert rules(boarding(0, 1), spec) == set()
    assert rules(boarding(1, 1), spec) == {"first come, first served"}


def test_queue_above_its_limit_is_found() -> None:
    """Two wait where one may; who starts at once never waited."""
    spec = spec_of({"id": "desk", "queue_limit": 1})
    full = desk(1).joined(1, 0, "desk").started(1, 0, "desk", 0).joined(1, 1, "desk")
    over = desk(0).joined(1, 0, "desk").joined(1, 1, "desk")

    assert rules(full, spec) == set()
    assert [each.message for each in found(over, spec)] == ["2 wait at desk; its queue takes 1"]
