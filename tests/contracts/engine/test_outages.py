"""Outages of a server and of a whole bank."""

import pytest

from tests.contracts.engine.cases import Case, Simulate, events


def test_interrupted_passenger_is_first_in_line_and_begins_anew(simulate: Simulate) -> None:
    """The one in service when the bank fails is served first when it is back, from the start."""
    case = Case().station("desk").step("desk").outage("desk", 3, 6)
    case.passenger(0, serve=5).passenger(1, serve=1).passenger(4, serve=1)

    assert case.log(simulate) == events("""
        0  servers_changed        desk       =1
        0  arrived             p0
        0  queue_joined        p0 desk v0    =1
        0  service_started     p0 desk v0 s0 =1
        1  arrived             p1
        1  queue_joined        p1 desk v0    =1
        3  outage_started         desk
        3  service_interrupted p0 desk v0 s0 =1
        4  arrived             p2
        4  queue_joined        p2 desk v0    =1
        6  outage_ended           desk       =1
        6  service_started     p0 desk v0 s0 =1
        11 service_completed   p0 desk v0 s0 =1
        11 service_started     p1 desk v0 s0 =1
        11 exited              p0
        12 service_completed   p1 desk v0 s0 =1
        12 service_started     p2 desk v0 s0 =1
        12 exited              p1
        13 service_completed   p2 desk v0 s0 =1
        13 exited              p2
    """)


def test_interrupted_passenger_takes_another_idle_server_at_once(simulate: Simulate) -> None:
    """With a server to spare a failure costs the work done, not a wait."""
    case = Case().station("desk", 2).step("desk").outage("desk", 3, 9, server=0)
    case.passenger(0, serve=5)

    assert case.log(simulate) == events("""
        0 servers_changed        desk       =2
        0 arrived             p0
        0 queue_joined        p0 desk v0    =1
        0 service_started     p0 desk v0 s0 =1
        3 outage_started         desk    s0 =1
        3 service_interrupted p0 desk v0 s0 =1
        3 service_started     p0 desk v0 s1 =1
        8 service_completed   p0 desk v0 s1 =1
        8 exited              p0
        9 outage_ended           desk    s0 =2
    """)


def test_interrupted_passengers_keep_their_places(simulate: Simulate) -> None:
    """They come before those behind them and after a class that goes first, in their old order."""
    case = Case().says(traits=[{"id": "vip"}]).station("desk", 2, priority=[{"when": "vip"}])
    case.step("desk").outage("desk", 3, 6).passenger(0, serve=5).passenger(1, serve=5)
    case.passenger(2, serve=1).passenger(5, serve=1, traits=("vip",))

    assert case.log(simulate) == events("""
        0  servers_changed        desk       =2
        0  arrived             p0
        0  queue_joined        p0 desk v0    =1
        0  service_started     p0 desk v0 s0 =1
        1  arrived             p1
        1  queue_joined        p1 desk v0    =1
        1  service_started     p1 desk v0 s1 =1
        2  arrived             p2
        2  queue_joined        p2 desk v0    =1
        3  outage_started         desk
        3  service_interrupted p0 desk v0 s0 =1
        3  service_interrupted p1 desk v0 s1 =1
        5  arrived             p3            =1
        5  queue_joined        p3 desk v0    =1
        6  outage_ended           desk       =2
        6  service_started     p3 desk v0 s0 =1
        6  service_started     p0 desk v0 s1 =1
        7  service_completed   p3 desk v0 s0 =1
        7  service_started     p1 desk v0 s0 =1
        7  exited              p3
        11 service_completed   p0 desk v0 s1 =1
        11 service_started     p2 desk v0 s1 =1
        11 exited              p0
        12 service_completed   p1 desk v0 s0 =1
        12 exited              p1
        12 service_completed   p2 desk v0 s1 =1
        12 exited              p2
    """)


def test_interrupted_passengers_go_back_into_a_full_queue_and_stay(simulate: Simulate) -> None:
    """Neither a limit nor patience applies to someone who was being served."""
    case = Case().station("desk", queue_limit=1).step("desk").outage("desk", 3, 9)
    case.passenger(0, serve=1).passenger(0, serve=5, patience=5)
    case.passenger(1, serve=1, patience=6).passenger(4, serve=1).passenger(8, serve=1)

    assert case.log(simulate) == events("""
        0  servers_changed        desk       =1
        0  arrived             p0
        0  arrived             p1
        0  queue_joined        p0 desk v0    =1
        0  service_started     p0 desk v0 s0 =1
        0  queue_joined        p1 desk v0    =1
        1  service_completed   p0 desk v0 s0 =1
        1  service_started     p1 desk v0 s0 =1
        1  exited              p0
        1  arrived             p2
        1  queue_joined        p2 desk v0    =1
        3  outage_started         desk
        3  service_interrupted p1 desk v0 s0 =1
        4  arrived             p3
        4  balked              p3 desk v0    =1
        7  reneged             p2 desk v0    =1
        8  arrived             p4
        8  balked              p4 desk v0    =1
        9  outage_ended           desk       =1
        9  service_started     p1 desk v0 s0 =1
        14 service_completed   p1 desk v0 s0 =1
        14 exited              p1
    """)


def test_outage_of_an_idle_server_only_narrows_the_choice(simulate: Simulate) -> None:
    """The lowest working server is taken; the repaired one serves again."""
    case = Case().station("desk", 2).step("desk").outage("desk", 1, 4, server=0)
    case.passenger(2, serve=1).passenger(4, serve=1)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =2
        1 outage_started       desk    s0 =1
        2 arrived           p0
        2 queue_joined      p0 desk v0    =1
        2 service_started   p0 desk v0 s1 =1
        3 service_completed p0 desk v0 s1 =1
        3 exited            p0
        4 outage_ended         desk    s0 =2
        4 arrived           p1
        4 queue_joined      p1 desk v0    =1
        4 service_started   p1 desk v0 s0 =1
        5 service_completed p1 desk v0 s0 =1
        5 exited            p1
    """)


def test_attempts_begin_anew_after_a_failure(simulate: Simulate) -> None:
    """The second attempt was lost with the first; both are made again."""
    case = Case().gates("gate", attempts=2).step("gate").outage("gate", 4, 5)
    case.passenger(0, serve=3, retry=[2], accept=2)

    assert case.log(simulate) == events("""
        0  servers_changed        gate          =1
        0  arrived             p0
        0  queue_joined        p0 gate v0       =1
        0  service_started     p0 gate v0 s0    =1
        3  match_requested     p0 gate v0 s0 r0 =1
        3  match_rejected      p0 gate v0 s0 r0 =1
        4  outage_started         gate
        4  service_interrupted p0 gate v0 s0    =1
        5  outage_ended           gate          =1
        5  service_started     p0 gate v0 s0    =1
        8  match_requested     p0 gate v0 s0 r0 =1
        8  match_rejected      p0 gate v0 s0 r0 =1
        10 match_requested     p0 gate v0 s0 r0 =2
        10 match_accepted      p0 gate v0 s0 r0 =2
        10 service_completed   p0 gate v0 s0    =1
        10 exited              p0
    """)


def test_service_that_ends_as_the_server_fails_is_complete(simulate: Simulate) -> None:
    """Completion comes first; the next passenger waits for the repair."""
    case = Case().station("desk").step("desk").outage("desk", 3, 6)
    case.passenger(0, serve=3).passenger(1, serve=1)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        1 arrived           p1
        1 queue_joined      p1 desk v0    =1
        3 service_completed p0 desk v0 s0 =1
        3 exited            p0
        3 outage_started       desk
        6 outage_ended         desk       =1
        6 service_started   p1 desk v0 s0 =1
        7 service_completed p1 desk v0 s0 =1
        7 exited            p1
    """)


def test_changes_of_an_instant_are_staffing_repair_failure(simulate: Simulate) -> None:
    """Nobody starts between them: only server 1, staffed and up after all three, takes one."""
    case = Case().station("desk", {0: 1, 5: 2}).step("desk")
    case.outage("desk", 2, 5, server=1).outage("desk", 5, 10, server=0)
    case.passenger(0, serve=5).passenger(1, serve=2).passenger(2, serve=2)

    assert case.log(simulate) == events("""
        0  servers_changed      desk       =1
        0  arrived           p0
        0  queue_joined      p0 desk v0    =1
        0  service_started   p0 desk v0 s0 =1
        1  arrived           p1
        1  queue_joined      p1 desk v0    =1
        2  outage_started       desk    s1 =1
        2  arrived           p2
        2  queue_joined      p2 desk v0    =1
        5  service_completed p0 desk v0 s0 =1
        5  exited            p0
        5  servers_changed      desk       =1
        5  outage_ended         desk    s1 =2
        5  outage_started       desk    s0 =1
        5  service_started   p1 desk v0 s1 =1
        7  service_completed p1 desk v0 s1 =1
        7  service_started   p2 desk v0 s1 =1
        7  exited            p1
        9  service_completed p2 desk v0 s1 =1
        9  exited            p2
        10 outage_ended         desk    s0 =2
    """)


@pytest.mark.parametrize("closing", ["idle_first", "named"])
def test_bank_may_close_during_an_outage(simulate: Simulate, closing: str) -> None:
    """Repaired after closing time, nobody is started until it opens again."""
    case = Case().station("desk", {0: 1, 4: 0, 9: 1}, closing=closing).step("desk")
    case.outage("desk", 3, 6).passenger(0, serve=5)

    assert case.log(simulate) == events("""
        0  servers_changed        desk       =1
        0  arrived             p0
        0  queue_joined        p0 desk v0    =1
        0  service_started     p0 desk v0 s0 =1
        3  outage_started         desk
        3  service_interrupted p0 desk v0 s0 =1
        4  servers_changed        desk
        6  outage_ended           desk
        9  servers_changed        desk       =1
        9  service_started     p0 desk v0 s0 =1
        14 service_completed   p0 desk v0 s0 =1
        14 exited              p0
    """)


def test_staff_moves_to_a_working_server_unless_servers_are_named(simulate: Simulate) -> None:
    """One clerk, two desks, the first fails: by name it stays closed, else the second is used."""

    def log(closing: str) -> list[str]:
        case = Case().station("desk", 1, installed=2, closing=closing).step("desk")
        return case.outage("desk", 2, 9, server=0).passenger(0, serve=5).log(simulate)

    assert log("idle_first") == events("""
        0 servers_changed        desk       =1
        0 arrived             p0
        0 queue_joined        p0 desk v0    =1
        0 service_started     p0 desk v0 s0 =1
        2 outage_started         desk    s0 =1
        2 service_interrupted p0 desk v0 s0 =1
        2 service_started     p0 desk v0 s1 =1
        7 service_completed   p0 desk v0 s1 =1
        7 exited              p0
        9 outage_ended           desk    s0 =1
    """)
    assert log("named") == events("""
        0  servers_changed        desk       =1
        0  arrived             p0
        0  queue_joined        p0 desk v0    =1
        0  service_started     p0 desk v0 s0 =1
        2  outage_started         desk    s0
        2  service_interrupted p0 desk v0 s0 =1
        9  outage_ended           desk    s0 =1
        9  service_started     p0 desk v0 s0 =1
        14 service_completed   p0 desk v0 s0 =1
        14 exited              p0
    """)


def test_paused_server_may_fail(simulate: Simulate) -> None:
    """Its passenger goes back in line and begins anew on server 0, which stayed open."""
    case = Case().station("desk", {0: 2, 3: 1, 20: 2}, closing="pause").step("desk")
    case.outage("desk", 5, 7, server=1).passenger(0, serve=6).passenger(0, serve=9)
    case.passenger(1, serve=1)

    assert case.log(simulate) == events("""
        0  servers_changed        desk       =2
        0  arrived             p0
        0  arrived             p1
        0  queue_joined        p0 desk v0    =1
        0  service_started     p0 desk v0 s0 =1
        0  queue_joined        p1 desk v0    =1
        0  service_started     p1 desk v0 s1 =1
        1  arrived             p2
        1  queue_joined        p2 desk v0    =1
        3  service_paused      p1 desk v0 s1 =1
        3  servers_changed        desk       =1
        5  outage_started         desk    s1 =1
        5  service_interrupted p1 desk v0 s1 =1
        6  service_completed   p0 desk v0 s0 =1
        6  service_started     p1 desk v0 s0 =1
        6  exited              p0
        7  outage_ended           desk    s1 =1
        15 service_completed   p1 desk v0 s0 =1
        15 service_started     p2 desk v0 s0 =1
        15 exited              p1
        16 service_completed   p2 desk v0 s0 =1
        16 exited              p2
        20 servers_changed        desk       =2
    """)


def test_server_may_be_down_within_an_outage_of_the_bank(simulate: Simulate) -> None:
    """The bank's repair does not bring back a server with an outage of its own."""
    case = Case().station("desk", 2).step("desk")
    case.outage("desk", 1, 8, server=0).outage("desk", 2, 5)
    case.passenger(0, serve=4).passenger(3, serve=4)

    assert case.log(simulate) == events("""
        0  servers_changed        desk       =2
        0  arrived             p0
        0  queue_joined        p0 desk v0    =1
        0  service_started     p0 desk v0 s0 =1
        1  outage_started         desk    s0 =1
        1  service_interrupted p0 desk v0 s0 =1
        1  service_started     p0 desk v0 s1 =1
        2  outage_started         desk
        2  service_interrupted p0 desk v0 s1 =1
        3  arrived             p1
        3  queue_joined        p1 desk v0    =1
        5  outage_ended           desk       =1
        5  service_started     p0 desk v0 s1 =1
        8  outage_ended           desk    s0 =2
        8  service_started     p1 desk v0 s0 =1
        9  service_completed   p0 desk v0 s1 =1
        9  exited              p0
        12 service_completed   p1 desk v0 s0 =1
        12 exited              p1
    """)
