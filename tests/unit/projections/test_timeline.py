"""A station by periods, and its worst half hour."""

import numpy as np
import pytest
from hypothesis import given, settings

from sim.projections.day import fold_day
from sim.projections.stations import StationDay
from sim.projections.timeline import (
    HALF_HOUR_US,
    Timeline,
    timeline,
    waits_by_period,
    worst_half_hour,
)
from sim.projections.waits import nearest_rank
from tests.unit.projections.logs import Story, in_order, spec_of
from tests.unit.projections.worlds import (
    SEEDS,
    SPEC,
    at_work,
    hall,
    in_queue,
    log_of,
    open_servers,
)

HALF_HOUR = 1800


def desk(story: Story) -> StationDay:
    return fold_day(story.log(), spec_of("desk")).station_days()[0]


def morning() -> Story:
    """Two come in the first half hour (waits 10 and 20 s), one in the third (wait 60 s)."""
    story = Story("desk").open(0, "desk", 2)
    story.served(0, "desk", joins=0, starts=10, ends=11)
    story.served(1, "desk", joins=1799, starts=1819, ends=1820)
    return story.served(2, "desk", joins=3600, starts=3660, ends=3700)


def by_half_hour(story: Story, *, since_us: int = 0) -> Timeline:
    return timeline(
        desk(story),
        period_us=HALF_HOUR_US,
        from_us=0,
        until_us=4 * HALF_HOUR_US,
        since_us=since_us,
    )


def test_arrivals_and_waits_go_by_the_period_of_arrival() -> None:
    """Who comes in a half hour and is served in the next counts where they came."""
    found = by_half_hour(morning())

    assert found.arrivals.tolist() == [2, 0, 1, 0]
    assert found.waits.tolist() == [2, 0, 1, 0]
    assert found.as_json()["wait_mean_s"] == [15.0, None, 60.0, None]
    assert found.as_json()["wait_p95_s"] == [20.0, None, 60.0, None]


def test_queue_busy_and_open_are_means_of_the_period() -> None:
    """10 s + 1 s of waiting in the first half hour, 19 s in the second."""
    found = by_half_hour(morning())

    assert found.queue.tolist() == pytest.approx([11 / 1800, 19 / 1800, 60 / 1800, 0])
    assert found.busy.tolist() == pytest.approx([1 / 1800, 1 / 1800, 40 / 1800, 0])
    assert found.open.tolist() == [2, 2, 2, 2]
    assert found.queue_max.tolist() == [1, 1, 1, 0]


def test_periods_are_those_of_the_clock() -> None:
    """A window from 00:40 begins with the half hour from 00:30."""
    found = timeline(desk(morning()), period_us=HALF_HOUR_US, from_us=2_400_000_000, until_us=0)
    later = timeline(
        desk(morning()), period_us=HALF_HOUR_US, from_us=2_400_000_000, until_us=3_700_000_000
    )

    assert len(found) == 0
    assert later.start_us.tolist() == [HALF_HOUR_US, 2 * HALF_HOUR_US]
    assert later.arrivals.tolist() == [0, 1]


def test_worst_half_hour_has_the_longest_mean_wait() -> None:
    """It is named with its start, its arrivals and their waits."""
    assert worst_half_hour(desk(morning()).visits.rows, since_us=0) == {
        "start_s": 3600.0,
        "arrivals": 1,
        "mean_s": 60.0,
        "p95_s": 60.0,
    }


def test_earliest_of_equal_half_hours_is_the_worst() -> None:
    """Of two with the same mean the first is named."""
    story = Story("desk")
    for passenger in range(2):
        at = passenger * HALF_HOUR
        story.served(passenger, "desk", joins=at, starts=at + 5, ends=at + 6)

    found = worst_half_hour(desk(story).visits.rows, since_us=0)

    assert found is not None
    assert found["start_s"] == 0.0


def test_nobody_served_no_worst_half_hour() -> None:
    """Where all who came left the queue there is no wait to judge."""
    story = Story("desk").joined(0, 0, "desk").reneged(50, 0, "desk")

    assert worst_half_hour(desk(story).visits.rows, since_us=0) is None
    assert waits_by_period(
        desk(story).visits.rows, period_us=HALF_HOUR_US, since_us=0
    ).arrivals.tolist() == [1]


def test_warm_up_is_left_out() -> None:
    """Customers of the warm-up count neither as arrivals nor for waits."""
    found = by_half_hour(morning(), since_us=1_799_000_000)

    assert found.arrivals.tolist() == [1, 0, 1, 0]
    assert found.as_json()["wait_mean_s"] == [20.0, None, 60.0, None]


def test_balks_are_arrivals_without_a_wait() -> None:
    """Whoever turns away at a full queue came too."""
    story = in_order(morning().balked(3601, 3, "desk"))

    found = by_half_hour(story)

    assert found.arrivals.tolist() == [2, 0, 2, 0]
    assert found.waits.tolist() == [2, 0, 1, 0]


@given(SEEDS)
@settings(max_examples=30)
def test_timeline_is_as_counted_second_by_second(seed: int) -> None:
    """Every column of a random world, in periods of 7 units."""
    world, period = hall(seed), 7

    for row, day in enumerate(fold_day(log_of(world), SPEC).station_days()):
        found = timeline(day, period_us=period, from_us=0, until_us=98)
        grids = [in_queue(world, row), at_work(world, row), open_servers(world, row)]
        means = [grid[:98].reshape(-1, period).sum(axis=1) / period for grid in grids]
        guests = [guest for guest in world.guests if guest.station == row]
        waits = [
            np.sort([g.started - g.joined for g in guests if g.joined // 7 == n and g.started >= 0])
            for n in range(14)
        ]
        assert np.array_equal([found.queue, found.busy, found.open], means)
        assert np.array_equal(found.queue_max, grids[0][:98].reshape(-1, period).max(axis=1))
        assert found.arrivals.tolist() == [
            sum(g.joined // 7 == n for g in guests) for n in range(14)
        ]
        assert found.wait_us.tolist() == [sum(each) for each in waits]
        assert found.wait_p95_us.tolist() == [
            nearest_rank(each, 95) if len(each) else -1 for each in waits
        ]
