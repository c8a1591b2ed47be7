"""The order of one instant on SimPy's heap."""

import random
from itertools import product

import simpy

from sim.engine.calendar import FIRST_RANK, Calendar, Turn


def _calendar(start_us: int = 0) -> Calendar:
    return Calendar(start_us=start_us, stations=3, passengers=4, visits=5)


def test_rank_orders_by_turn_station_passenger_visit() -> None:
    """Ranks sort as the tuples they stand for, and stay above SimPy's own priorities."""
    calendar = _calendar()
    keys = list(product(Turn, range(-1, 3), range(-1, 4), range(5)))

    ranks = [calendar.rank(*key) for key in keys]

    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(keys)
    assert min(ranks) >= FIRST_RANK


def test_dues_happen_by_instant_then_rank_then_creation() -> None:
    """However they were made, dues take their turns."""
    calendar, seen = _calendar(), []
    keys = [(at, turn, number) for at in (3, 5) for turn in Turn for number in range(2)]
    for at, turn, number in random.Random(1).sample(keys, len(keys)):
        rank = calendar.rank(turn, 0, number, 0)
        calendar.call(at, rank, lambda _, key=(at, turn, number): seen.append(key))
    for name in ("first", "second"):
        calendar.call(9, FIRST_RANK, lambda _, name=name: seen.append(name))

    while calendar.advance(-1):
        pass

    assert seen == [*keys, "first", "second"]


def test_due_made_during_an_instant_joins_what_remains_of_it() -> None:
    """A completion set by an arrival goes before the next arrival of that instant."""
    calendar, seen = _calendar(), []
    completion = calendar.rank(Turn.COMPLETION, 0, 0, 0)

    def arrive(_: object) -> None:
        seen.append("arrival 0")
        calendar.call(7, completion, lambda _: seen.append("completion"))

    calendar.call(7, calendar.rank(Turn.ARRIVAL, 0, 1, 0), lambda _: seen.append("arrival 1"))
    calendar.call(7, calendar.rank(Turn.ARRIVAL, 0, 0, 0), arrive)
    while calendar.advance(-1):
        pass

    assert seen == ["arrival 0", "completion", "arrival 1"]


def test_what_an_event_sets_off_happens_before_the_next_rank() -> None:
    """SimPy's own events and processes of an instant run before any other due."""
    calendar, seen = _calendar(), []
    signal = simpy.Event(calendar.env)

    def waits():
        yield signal
        seen.append("process")

    def fire(_: object) -> None:
        signal.succeed()
        seen.append("signal")

    calendar.env.process(waits())
    calendar.call(2, calendar.rank(Turn.FACILITY, 0, 0, 0), fire)
    calendar.call(2, calendar.rank(Turn.FACILITY, 0, 1, 0), lambda _: seen.append("next"))
    while calendar.advance(-1):
        pass

    assert seen == ["signal", "process", "next"]


def test_advance_stops_before_the_cut() -> None:
    """An event at the cut itself is not processed; -1 is no cut."""
    calendar = _calendar(start_us=4)
    calendar.call(6, FIRST_RANK, lambda _: None)

    assert not calendar.advance(6)
    assert int(calendar.env.now) == 4
    assert calendar.advance(7)
    assert int(calendar.env.now) == 6
    assert not calendar.advance(-1)
