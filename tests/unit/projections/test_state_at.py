"""The facility at an instant."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.events.kinds import Kind
from sim.events.state import SystemState
from sim.projections.fold import run_fold
from sim.projections.state_at import StateAt, state_at
from tests.unit.projections.logs import Story
from tests.unit.projections.worlds import CUTS, SEEDS, STATIONS, hall, log_of, pieces


def test_state_holds_all_events_of_its_instant() -> None:
    """What happens at the instant has happened; what comes later has not."""
    story = Story("desk").open(0, "desk", 2).arrived(1, 0, 1).joined(1, 0, "desk")
    story.started(1, 0, "desk", 0).joined(2, 1, "desk").completed(3, 0, "desk", 0).exited(3, 0)

    state = state_at(story.log(), 2_000_000)

    (desk,) = state.stations
    assert (state.events, state.arrived, state.left) == (6, 2, 0)
    assert desk.open == 2
    assert [(each.server, each.passenger) for each in desk.in_service] == [(0, 0)]
    assert [each.passenger for each in desk.waiting] == [1]


def test_who_is_at_no_station_is_elsewhere() -> None:
    """On the way; but not a member whose lead queues for the party."""
    story = Story("desk").arrived(0, 0, 1, 2).joined(1, 0, "desk", persons=2)

    assert state_at(story.log(), 5_000_000).elsewhere == (2,)


def test_departures_that_board() -> None:
    """Boarding is open from its opening to its closing, or the departure."""
    story = Story("gate").add(1, Kind.BOARDING_OPENED, ref=0).add(2, Kind.BOARDING_OPENED, ref=1)
    story.add(3, Kind.BOARDING_CLOSED, ref=0).add(4, Kind.DEPARTURE_LEFT, ref=1)
    log = story.log()

    boarding = [state_at(log, at * 1_000_000).boarding for at in range(5)]

    assert boarding == [(), (0,), (0, 1), (1,), ()]


def test_outage_shows_what_is_down_and_who_was_sent_back() -> None:
    """The interrupted passenger waits again, ahead of those who joined later."""
    story = Story("desk").open(0, "desk", 1).joined(0, 0, "desk").started(0, 0, "desk", 0)
    story.joined(1, 1, "desk").fails(2, "desk", 0, up=0).interrupted(2, 0, "desk", 0)

    (desk,) = state_at(story.log(), 2_000_000).stations

    assert (desk.open, desk.down) == (0, (0,))
    assert [(each.passenger, each.was_interrupted) for each in desk.waiting] == [
        (0, True),
        (1, False),
    ]


def test_paused_passenger_keeps_the_server() -> None:
    """A closed desk may hold its passenger until it opens again."""
    story = Story("desk").joined(0, 0, "desk").started(0, 0, "desk", 0).paused(1, 0, "desk", 0)

    (desk,) = state_at(story.log(), 1_000_000).stations

    assert [each.is_paused for each in desk.in_service] == [True]


def test_before_the_first_event_all_is_empty() -> None:
    """An instant before the day has no one in it."""
    state = state_at(Story("desk").open(5, "desk", 1).log(), 4_000_000)

    assert state.events == 0
    assert state.stations[0].open == 0


@given(SEEDS, st.integers(0, 90), CUTS)
@settings(max_examples=60)
def test_state_of_a_random_world(seed: int, at: int, places: list[int]) -> None:
    """Who waits in which order, who is served where, as it really was, from any blocks."""
    world = hall(seed)

    state = run_fold(StateAt(at, stations=STATIONS), pieces(world, places))

    for row, station in enumerate(state.stations):
        guests = [g for g in world.guests if g.station == row and g.joined <= at]
        waiting = [
            g.passenger for g in guests if any(a <= at and not 0 <= b <= at for a, b in g.waits)
        ]
        working = [
            g.passenger for g in guests if any(a <= at and not 0 <= b <= at for a, b, _ in g.works)
        ]
        assert [each.passenger for each in station.waiting] == waiting
        assert sorted(e.passenger for e in station.in_service if not e.is_paused) == sorted(working)
        assert station.open == [open_ for when, open_ in world.open_at[row] if when <= at][-1]
    assert state.arrived == sum(when <= at for when in world.arrived.values())
    assert state.left == sum(when <= at for when in world.ended.values())


def test_reading_stops_after_the_instant() -> None:
    """The fold says when further blocks cannot matter, and ignores them."""
    first, second = pieces(hall(1), [200])
    at = int(first.at_us[-1])
    fold = StateAt(at - 1, stations=STATIONS)

    assert fold.update(first) is False
    before: SystemState = fold.result()
    fold.update(second)
    assert fold.result() == before
    assert log_of(hall(1)).stations == STATIONS
