"""Boarding: the own departure, in its window."""

from __future__ import annotations

from sim.events.kinds import Kind
from tests.unit.projections.audit.stories import rules
from tests.unit.projections.logs import Story


def boarding(*, opens: float = 1, leaves: float = 9, starts: float = 3, ref: int = 0) -> Story:
    """Passenger 0 of departure 0 boards at the gate, done at 10."""
    story = Story("gate").open(0, "gate", 1).arrived(0, 0, ref=0)
    events = [
        (opens, Story("gate").add(opens, Kind.BOARDING_OPENED, ref=0)),
        (starts, Story("gate").joined(starts, 0, "gate")),
        (starts, Story("gate").started(starts, 0, "gate", 0)),
        (leaves, Story("gate").add(leaves, Kind.DEPARTURE_LEFT, ref=0)),
        (10, Story("gate").completed(10, 0, "gate", 0).boarded(10, 0, "gate", 0, ref=ref)),
    ]
    for _, part in sorted(events, key=lambda event: event[0]):
        story.rows += part.rows
    return story


def test_whoever_is_being_served_when_it_leaves_still_boards() -> None:
    """The service began in the window and ends after it."""
    assert rules(boarding()) == set()


def test_boarding_before_it_opens_is_found() -> None:
    """Nobody boards a departure that has not opened."""
    assert rules(boarding(opens=11)) == {"boards after opening"}


def test_boarding_after_leaving_is_found() -> None:
    """Nobody starts to board what has left."""
    assert rules(boarding(leaves=2.5)) == {"boards before leaving"}


def test_boarding_another_departure_is_found() -> None:
    """Everyone boards their own."""
    assert "boards the own departure" in rules(boarding(ref=1))
