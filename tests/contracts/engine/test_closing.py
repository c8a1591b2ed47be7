"""Opening schedules, and the three rules for closing servers that are busy."""

import pytest

from tests.contracts.engine.cases import Case, Simulate, events


def test_idle_first_starts_nobody_until_fewer_are_busy_than_open(simulate: Simulate) -> None:
    """After a cut to one server, the first to finish closes, whatever its index."""
    case = Case().station("desk", {0: 2, 3: 1}, closing="idle_first").step("desk")
    case.passenger(0, serve=4).passenger(0, serve=6).passenger(1, serve=2)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =2
        0 arrived           p0
        0 arrived           p1
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        0 queue_joined      p1 desk v0    =1
        0 service_started   p1 desk v0 s1 =1
        1 arrived           p2
        1 queue_joined      p2 desk v0    =1
        3 servers_changed      desk       =1
        4 service_completed p0 desk v0 s0 =1
        4 exited            p0
        6 service_completed p1 desk v0 s1 =1
        6 service_started   p2 desk v0 s0 =1
        6 exited            p1
        8 service_completed p2 desk v0 s0 =1
        8 exited            p2
    """)


def test_named_closes_the_highest_index(simulate: Simulate) -> None:
    """Server 1 closes and finishes its passenger; server 0 goes on with the next meanwhile."""
    case = Case().station("desk", {0: 2, 3: 1}, closing="named").step("desk")
    case.passenger(0, serve=4).passenger(0, serve=6).passenger(1, serve=2)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =2
        0 arrived           p0
        0 arrived           p1
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        0 queue_joined      p1 desk v0    =1
        0 service_started   p1 desk v0 s1 =1
        1 arrived           p2
        1 queue_joined      p2 desk v0    =1
        3 servers_changed      desk       =1
        4 service_completed p0 desk v0 s0 =1
        4 service_started   p2 desk v0 s0 =1
        4 exited            p0
        6 service_completed p1 desk v0 s1 =1
        6 exited            p1
        6 service_completed p2 desk v0 s0 =1
        6 exited            p2
    """)


def test_pause_stops_the_highest_index_in_mid_service(simulate: Simulate) -> None:
    """Server 1 stops at 3 with 3 to go, and does them when it opens again."""
    case = Case().station("desk", {0: 2, 3: 1, 10: 2}, closing="pause").step("desk")
    case.passenger(0, serve=4).passenger(0, serve=6).passenger(1, serve=2)

    assert case.log(simulate) == events("""
        0  servers_changed      desk       =2
        0  arrived           p0
        0  arrived           p1
        0  queue_joined      p0 desk v0    =1
        0  service_started   p0 desk v0 s0 =1
        0  queue_joined      p1 desk v0    =1
        0  service_started   p1 desk v0 s1 =1
        1  arrived           p2
        1  queue_joined      p2 desk v0    =1
        3  service_paused    p1 desk v0 s1 =1
        3  servers_changed      desk       =1
        4  service_completed p0 desk v0 s0 =1
        4  service_started   p2 desk v0 s0 =1
        4  exited            p0
        6  service_completed p2 desk v0 s0 =1
        6  exited            p2
        10 service_resumed   p1 desk v0 s1 =1
        10 servers_changed      desk       =2
        13 service_completed p1 desk v0 s1 =1
        13 exited            p1
    """)


def test_idle_first_reopened_takes_the_next_at_once(simulate: Simulate) -> None:
    """A second server at 5 starts who waits since the first one finished."""
    case = Case().station("desk", {0: 2, 3: 1, 5: 2}, closing="idle_first").step("desk")
    case.passenger(0, serve=4).passenger(0, serve=9).passenger(1, serve=2)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =2
        0 arrived           p0
        0 arrived           p1
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        0 queue_joined      p1 desk v0    =1
        0 service_started   p1 desk v0 s1 =1
        1 arrived           p2
        1 queue_joined      p2 desk v0    =1
        3 servers_changed      desk       =1
        4 service_completed p0 desk v0 s0 =1
        4 exited            p0
        5 servers_changed      desk       =2
        5 service_started   p2 desk v0 s0 =1
        7 service_completed p2 desk v0 s0 =1
        7 exited            p2
        9 service_completed p1 desk v0 s1 =1
        9 exited            p1
    """)


def test_named_reopened_uses_the_same_server(simulate: Simulate) -> None:
    """Server 1, idle but closed from 4, starts the next when it opens at 5."""
    case = Case().station("desk", {0: 2, 3: 1, 5: 2}, closing="named").step("desk")
    case.passenger(0, serve=9).passenger(0, serve=4).passenger(1, serve=2)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =2
        0 arrived           p0
        0 arrived           p1
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        0 queue_joined      p1 desk v0    =1
        0 service_started   p1 desk v0 s1 =1
        1 arrived           p2
        1 queue_joined      p2 desk v0    =1
        3 servers_changed      desk       =1
        4 service_completed p1 desk v0 s1 =1
        4 exited            p1
        5 servers_changed      desk       =2
        5 service_started   p2 desk v0 s1 =1
        7 service_completed p2 desk v0 s1 =1
        7 exited            p2
        9 service_completed p0 desk v0 s0 =1
        9 exited            p0
    """)


def test_paused_servers_resume_before_waiting_passengers_start(simulate: Simulate) -> None:
    """Of three servers that open again two go on with their passengers, one takes the next."""
    case = Case().station("desk", {0: 3, 2: 0, 5: 3}, closing="pause").step("desk")
    case.passenger(0, serve=1).passenger(0, serve=4).passenger(0, serve=5).passenger(3, serve=2)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =3
        0 arrived           p0
        0 arrived           p1
        0 arrived           p2
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        0 queue_joined      p1 desk v0    =1
        0 service_started   p1 desk v0 s1 =1
        0 queue_joined      p2 desk v0    =1
        0 service_started   p2 desk v0 s2 =1
        1 service_completed p0 desk v0 s0 =1
        1 exited            p0
        2 service_paused    p1 desk v0 s1 =1
        2 service_paused    p2 desk v0 s2 =1
        2 servers_changed      desk
        3 arrived           p3
        3 queue_joined      p3 desk v0    =1
        5 service_resumed   p1 desk v0 s1 =1
        5 service_resumed   p2 desk v0 s2 =1
        5 servers_changed      desk       =3
        5 service_started   p3 desk v0 s0 =1
        7 service_completed p1 desk v0 s1 =1
        7 exited            p1
        7 service_completed p3 desk v0 s0 =1
        7 exited            p3
        8 service_completed p2 desk v0 s2 =1
        8 exited            p2
    """)


def test_pause_after_pause_keeps_what_remains(simulate: Simulate) -> None:
    """A service of 5 stopped twice takes 5 of open time."""
    levels = {0: 1, 2: 0, 4: 1, 6: 0, 9: 1}
    case = Case().station("desk", levels, closing="pause").step("desk").passenger(0, serve=5)

    assert case.log(simulate) == events("""
        0  servers_changed      desk       =1
        0  arrived           p0
        0  queue_joined      p0 desk v0    =1
        0  service_started   p0 desk v0 s0 =1
        2  service_paused    p0 desk v0 s0 =1
        2  servers_changed      desk
        4  service_resumed   p0 desk v0 s0 =1
        4  servers_changed      desk       =1
        6  service_paused    p0 desk v0 s0 =1
        6  servers_changed      desk
        9  service_resumed   p0 desk v0 s0 =1
        9  servers_changed      desk       =1
        10 service_completed p0 desk v0 s0 =1
        10 exited            p0
    """)


@pytest.mark.parametrize("closing", ["idle_first", "named", "pause"])
def test_station_that_closes_as_a_service_ends_starts_nobody(
    simulate: Simulate, closing: str
) -> None:
    """The completion does not hand its server on, since the bank closes at that instant."""
    case = Case().station("desk", {0: 1, 5: 0, 8: 1}, closing=closing).step("desk")
    case.passenger(0, serve=5).passenger(1, serve=1)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        1 arrived           p1
        1 queue_joined      p1 desk v0    =1
        5 service_completed p0 desk v0 s0 =1
        5 exited            p0
        5 servers_changed      desk
        8 servers_changed      desk       =1
        8 service_started   p1 desk v0 s0 =1
        9 service_completed p1 desk v0 s0 =1
        9 exited            p1
    """)


@pytest.mark.parametrize("closing", ["idle_first", "named", "pause"])
def test_station_that_grows_as_a_service_ends_starts_all_after_the_change(
    simulate: Simulate, closing: str
) -> None:
    """Both waiting passengers start once the change is logged, in the order of the queue."""
    case = Case().station("desk", {0: 1, 5: 2}, closing=closing).step("desk")
    case.passenger(0, serve=5).passenger(1, serve=1).passenger(2, serve=1)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        1 arrived           p1
        1 queue_joined      p1 desk v0    =1
        2 arrived           p2
        2 queue_joined      p2 desk v0    =1
        5 service_completed p0 desk v0 s0 =1
        5 exited            p0
        5 servers_changed      desk       =2
        5 service_started   p1 desk v0 s0 =1
        5 service_started   p2 desk v0 s1 =1
        6 service_completed p1 desk v0 s0 =1
        6 exited            p1
        6 service_completed p2 desk v0 s1 =1
        6 exited            p2
    """)


@pytest.mark.parametrize("closing", ["idle_first", "named", "pause"])
def test_queue_forms_before_a_station_opens(simulate: Simulate, closing: str) -> None:
    """Passengers join a closed station and are served in order once it opens."""
    case = Case().station("desk", {0: 0, 5: 2}, closing=closing).step("desk")
    case.passenger(1, serve=3).passenger(2, serve=1).passenger(3, serve=1)

    assert case.log(simulate) == events("""
        0 servers_changed      desk
        1 arrived           p0
        1 queue_joined      p0 desk v0    =1
        2 arrived           p1
        2 queue_joined      p1 desk v0    =1
        3 arrived           p2
        3 queue_joined      p2 desk v0    =1
        5 servers_changed      desk       =2
        5 service_started   p0 desk v0 s0 =1
        5 service_started   p1 desk v0 s1 =1
        6 service_completed p1 desk v0 s1 =1
        6 service_started   p2 desk v0 s1 =1
        6 exited            p1
        7 service_completed p2 desk v0 s1 =1
        7 exited            p2
        8 service_completed p0 desk v0 s0 =1
        8 exited            p0
    """)


def test_day_may_start_in_the_middle_of_a_schedule(simulate: Simulate) -> None:
    """The first event of a station is its level at the start of the day."""
    case = Case().says(day_starts=4).station("desk", {0: 1, 3: 2, 6: 1}).step("desk")
    case.passenger(4, serve=1)

    assert case.log(simulate) == events("""
        4 servers_changed      desk       =2
        4 arrived           p0
        4 queue_joined      p0 desk v0    =1
        4 service_started   p0 desk v0 s0 =1
        5 service_completed p0 desk v0 s0 =1
        5 exited            p0
        6 servers_changed      desk       =1
    """)
