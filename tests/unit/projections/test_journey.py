"""One passenger's journey."""

from sim.events.kinds import Kind
from sim.projections.journey import journey_of
from tests.unit.projections.logs import Story


def family() -> Story:
    """Passengers 0 and 1 check in together and pass the gate alone; 2 is someone else."""
    story = Story("desk", "gate").arrived(0, 0, 1, 2).joined(1, 0, "desk", persons=2)
    story.joined(1, 2, "desk").started(2, 0, "desk", 0).completed(3, 0, "desk", 0)
    story.served(0, "gate", joins=4, starts=4, ends=5, visit=1)
    story.served(1, "gate", joins=6, starts=7, ends=8, visit=1)
    return story.exited(9, 0, 1)


def test_journey_is_the_passengers_own_events_in_order() -> None:
    """Of the lead nothing else is told."""
    rows = journey_of(family().log(parties=[0, 0, 1]), 0)

    assert [row.kind for row in rows] == [
        Kind.ARRIVED,
        Kind.QUEUE_JOINED,
        Kind.SERVICE_STARTED,
        Kind.SERVICE_COMPLETED,
        Kind.QUEUE_JOINED,
        Kind.SERVICE_STARTED,
        Kind.SERVICE_COMPLETED,
        Kind.EXITED,
    ]
    assert [row.station for row in rows[1:5]] == ["desk", "desk", "desk", "gate"]
    assert not any(row.with_lead for row in rows)


def test_member_was_where_the_lead_queued_for_all() -> None:
    """The desk is in the member's journey, the lead's own way through the gate is not."""
    rows = journey_of(family().log(parties=[0, 0, 1]), 1)

    assert [(row.station, row.with_lead) for row in rows if row.kind is Kind.SERVICE_STARTED] == [
        ("desk", True),
        ("gate", False),
    ]


def test_unknown_passenger_has_no_journey() -> None:
    """Nothing is known of someone who never was."""
    assert journey_of(family().log(parties=[0, 0, 1]), 77) == ()
