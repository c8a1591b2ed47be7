"""Degraded modes: in turn, as written, and nobody sent away by a station that stays open."""

from typing import Any

from sim.events.kinds import CHOOSES_AGAIN, Kind
from sim.scenario.background import Degraded
from sim.scenario.spec import ScenarioSpec
from tests.unit.projections.audit.stories import rules
from tests.unit.projections.logs import Story, spec_of

MODE = {"id": "m", "station": "gate", "service": "vneid", "after_min": 1}


def spec(**mode: Any) -> ScenarioSpec:
    own = Degraded.model_validate({**MODE, **mode})
    return spec_of("gate", "vneid").model_copy(update={"degraded": (own,)})


def gate() -> Story:
    """Passenger 0 at a gate, with nobody served."""
    return Story("gate", "vneid").open(0, "gate", 0).open(0, "vneid", 1).arrived(0, 0)


def moved(story: Story, at: float) -> Story:
    """Passenger 0 leaves the queue of the gate to choose again."""
    return story.add(at, Kind.RENEGED, 0, "gate", visit=0, detail=CHOOSES_AGAIN)


def test_who_is_moved_as_the_gate_closes_is_sound() -> None:
    """The queue is left at the instant at which the mode begins."""
    story = gate().joined(1, 0, "gate").add(5, Kind.DEGRADED_STARTED, station="gate")
    moved(story, 5).add(9, Kind.DEGRADED_ENDED, station="gate")

    assert rules(story, spec(closes=True)) == set()


def test_being_moved_at_another_instant_is_found() -> None:
    """Nobody is sent away while nothing closes."""
    story = gate().joined(1, 0, "gate").add(5, Kind.DEGRADED_STARTED, station="gate")
    moved(story, 6)

    assert rules(story, spec(closes=True)) == {"moved by a closure"}


def test_being_moved_from_where_nothing_closes_is_found() -> None:
    """A mode that only does without calls sends nobody away."""
    story = gate().joined(1, 0, "gate").add(5, Kind.DEGRADED_STARTED, station="gate")
    moved(story, 5)

    assert rules(story, spec(skips_calls=True)) == {"moved by a closure"}


def test_modes_begin_and_end_in_turn() -> None:
    """Twice begun, or ended without a beginning, is found."""
    twice = gate().add(5, Kind.DEGRADED_STARTED, station="gate")
    twice.add(6, Kind.DEGRADED_STARTED, station="gate")

    assert rules(twice, spec(closes=True)) == {"degraded in turn"}
    ended = gate().add(5, Kind.DEGRADED_ENDED, station="gate")
    assert rules(ended, spec(closes=True)) == {"degraded in turn"}


def test_a_mode_of_a_station_without_one_is_found() -> None:
    """Only stations that have a degraded mode in the file go over to it."""
    story = gate().add(5, Kind.DEGRADED_STARTED, station="vneid")

    assert rules(story, spec(closes=True)) == {"degraded as written"}


def test_a_request_that_the_mode_does_without_is_found() -> None:
    """What begins in a mode that does without a service asks nothing of it."""
    story = Story("gate", "vneid").open(0, "gate", 1).open(0, "vneid", 1).arrived(0, 0)
    story.add(1, Kind.DEGRADED_STARTED, station="gate")
    story.joined(2, 0, "gate").started(2, 0, "gate", 0)
    story.joined(3, 0, "vneid").started(3, 0, "vneid", 0)

    assert "does without" in rules(story, spec(skips_calls=True))
    assert "does without" not in rules(story, spec(closes=True))
