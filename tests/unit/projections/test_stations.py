"""Figures of a station: by hand, and against counting a random world second by second."""

import numpy as np
import pytest
from hypothesis import given, settings

from sim.projections.day import fold_day
from sim.projections.occupancy import queue_length
from sim.projections.stations import StationDay, counts, station_figures, utilisation
from tests.unit.projections.logs import Story, spec_of
from tests.unit.projections.worlds import (
    END,
    SEEDS,
    SPEC,
    STATIONS,
    at_work,
    hall,
    in_queue,
    log_of,
    open_servers,
    persons_in_queue,
)


def desk(story: Story) -> StationDay:
    return fold_day(story.log(), spec_of(*story.stations)).station_days()[0]


def figures(story: Story, *, until: int, since: int = 0) -> dict:
    return station_figures(
        desk(story), from_us=0, until_us=until * 1_000_000, since_us=since * 1_000_000
    )


def two_at_one_desk() -> Story:
    """Served 0 to 4 and 4 to 6; the second has waited since 1."""
    story = Story("desk").open(0, "desk", 1).arrived(0, 0).joined(0, 0, "desk")
    story.started(0, 0, "desk", 0).arrived(1, 1).joined(1, 1, "desk").completed(4, 0, "desk", 0)
    return story.started(4, 1, "desk", 0).completed(6, 1, "desk", 0).exited(6, 1)


def test_waits_queue_and_utilisation_of_two_customers() -> None:
    """Waits 0 and 3 s; one waits for 3 s of 10; the server works 6 s of 10."""
    found = figures(two_at_one_desk(), until=10)

    assert found["wait_s"] == {
        "mean": 1.5,
        "p50": 0.0,
        "p90": 3.0,
        "p95": 3.0,
        "p99": 3.0,
        "max": 3.0,
    }
    assert found["queue"] == {"mean": 0.3, "max": 1}
    assert found["utilisation"] == 0.6
    assert (found["arrivals"], found["persons"], found["served"]) == (2, 2, 2)


def test_window_cuts_queue_and_work_but_not_waits() -> None:
    """Up to 2 s one has waited for 1 s of 2 and the server was always busy."""
    found = figures(two_at_one_desk(), until=2)

    assert found["queue"] == {"mean": 0.5, "max": 1}
    assert found["utilisation"] == 1.0
    assert found["wait_s"]["max"] == 3.0


@pytest.mark.parametrize(("since", "mean"), [(0, 1.5), (1, 3.0), (2, None)])
def test_warm_up_leaves_out_those_who_came_before_its_end(since: int, mean: float | None) -> None:
    """A customer who joins at the very end of the warm-up counts."""
    found = figures(two_at_one_desk(), until=10, since=since)

    assert found["wait_s"]["mean"] == mean
    assert found["arrivals"] == 2


def test_utilisation_is_out_of_busy_servers_where_more_work_than_are_open() -> None:
    """A desk that closes at 1 and finishes its passenger at 3 is fully used: 3 of 3."""
    story = Story("desk").open(0, "desk", 1).served(0, "desk", joins=0, starts=0, ends=3)
    story.rows.insert(3, Story("desk").open(1, "desk", 0).rows[0])

    assert figures(story, until=10)["utilisation"] == 1.0


def test_nothing_observed_is_none() -> None:
    """A station where nothing happens has no waits and no utilisation, but an empty queue."""
    found = figures(Story("desk").arrived(0, 0).exited(9, 0), until=10)

    assert found["wait_s"]["mean"] is None
    assert found["utilisation"] is None
    assert found["queue"] == {"mean": 0.0, "max": 0}
    assert figures(Story("desk"), until=0)["queue"] == {"mean": None, "max": None}


def test_starting_at_once_never_queues() -> None:
    """Joining and starting at one instant leaves the queue at zero."""
    story = Story("desk").open(0, "desk", 1).served(0, "desk", joins=2, starts=2, ends=3)

    assert figures(story, until=10)["queue"] == {"mean": 0.0, "max": 0}


def test_outage_puts_the_customer_back_in_the_queue() -> None:
    """Interrupted at 2, started again at 5: in the queue and not at work for 3 s."""
    story = Story("desk").open(0, "desk", 1).joined(0, 0, "desk").started(0, 0, "desk", 0)
    story.fails(2, "desk", 0, up=0).interrupted(2, 0, "desk", 0)
    story.repaired(5, "desk", 0, up=1).started(5, 0, "desk", 0).completed(8, 0, "desk", 0)

    found = figures(story, until=10)

    assert found["queue"] == {"mean": 0.3, "max": 1}
    assert found["utilisation"] == pytest.approx(5 / 7)
    assert found["wait_s"]["max"] == 0.0


def test_batch_keeps_one_server_busy() -> None:
    """Three requests in one batch of 2 s are 2 s of work, not 6."""
    story = Story("matcher").open(0, "matcher", 1)
    for passenger in range(3):
        story.joined(1, passenger, "matcher")
    for passenger in range(3):
        story.started(2, passenger, "matcher", 0, ref=0)
    for passenger in range(3):
        story.completed(4, passenger, "matcher", 0, ref=0)

    assert figures(story, until=10)["utilisation"] == 0.2


def test_party_is_one_customer_and_several_persons() -> None:
    """Arrivals and the queue count customers; persons are beside them."""
    story = Story("desk").open(0, "desk", 1).joined(0, 0, "desk", persons=3)
    story.started(4, 0, "desk", 0).completed(5, 0, "desk", 0)
    day = desk(story)

    assert (counts(day.visits)["arrivals"], counts(day.visits)["persons"]) == (1, 3)
    assert day.queue.maximum(0, 10**7) == 1
    assert queue_length(day.visits, in_persons=True).maximum(0, 10**7) == 3


@given(SEEDS)
@settings(max_examples=40)
def test_station_is_as_counted_second_by_second(seed: int) -> None:
    """Queue, persons waiting, busy and open servers in every unit of time."""
    world = hall(seed)
    instants = np.arange(END)

    for row, day in enumerate(fold_day(log_of(world), SPEC).station_days()):
        where = STATIONS[row]
        in_persons = queue_length(day.visits, in_persons=True)
        assert np.array_equal(day.queue.at(instants), in_queue(world, row)), where
        assert np.array_equal(in_persons.at(instants), persons_in_queue(world, row)), where
        assert np.array_equal(day.busy.at(instants), at_work(world, row)), where
        assert np.array_equal(day.open.at(instants), open_servers(world, row)), where


@given(SEEDS)
@settings(max_examples=40)
def test_figures_are_as_counted_second_by_second(seed: int) -> None:
    """Mean and longest queue and utilisation of a window of a random world."""
    world = hall(seed)
    window = slice(10, 80)

    for row, day in enumerate(fold_day(log_of(world), SPEC).station_days()):
        found = station_figures(day, from_us=10, until_us=80, since_us=0)
        queue, busy = in_queue(world, row)[window], at_work(world, row)[window]
        there = np.maximum(busy, open_servers(world, row)[window])
        assert found["queue"] == {"mean": queue.sum() / 70, "max": queue.max()}
        assert found["utilisation"] == (busy.sum() / there.sum() if there.any() else None)
        assert found["arrivals"] == sum(guest.station == row for guest in world.guests)


@given(SEEDS)
@settings(max_examples=20)
def test_customers_are_accounted_for(seed: int) -> None:
    """Outcomes sum to arrivals at every station."""
    for day in fold_day(log_of(hall(seed)), SPEC).station_days():
        found = counts(day.visits)
        outcomes = ("served", "balked", "reneged", "missed", "timed_out", "present")

        assert found["arrivals"] == sum(found[outcome] for outcome in outcomes)


def test_utilisation_of_a_closed_station_is_none() -> None:
    """0/0 is None: nobody was there to be busy."""
    day = desk(Story("desk").open(0, "desk", 0).arrived(5, 0))

    assert utilisation(day, from_us=0, until_us=5_000_000) is None
