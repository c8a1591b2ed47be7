"""The batch discipline: an idle server takes all that wait, up to a cap."""

from typing import Any

from tests.contracts.engine.cases import Case, Simulate, events

CALL: dict[str, Any] = {"station": "m", "after_share": 0.0}


def test_idle_server_takes_all_that_wait_up_to_the_cap(simulate: Simulate) -> None:
    """The first request starts alone at once; the four behind it go as three and one.

    All of a batch are answered before the next one is formed, and that before any desk goes on.
    """
    case = Case().station("desk", 9).batches("m", times=[5, 6, 8]).step("desk", calls=[CALL])
    for at in (0, 1, 2, 3, 4):
        case.passenger(at, serve=1)

    assert case.log(simulate) == events("""
        0  servers_changed      desk       =9
        0  servers_changed      m          =1
        0  arrived           p0
        0  queue_joined      p0 desk v0    =1
        0  service_started   p0 desk v0 s0 =1
        0  queue_joined      p0 m v0       =1
        0  service_started   p0 m v0 s0 r0 =1
        1  arrived           p1
        1  queue_joined      p1 desk v0    =1
        1  service_started   p1 desk v0 s1 =1
        1  queue_joined      p1 m v0       =1
        2  arrived           p2
        2  queue_joined      p2 desk v0    =1
        2  service_started   p2 desk v0 s2 =1
        2  queue_joined      p2 m v0       =1
        3  arrived           p3
        3  queue_joined      p3 desk v0    =1
        3  service_started   p3 desk v0 s3 =1
        3  queue_joined      p3 m v0       =1
        4  arrived           p4
        4  queue_joined      p4 desk v0    =1
        4  service_started   p4 desk v0 s4 =1
        4  queue_joined      p4 m v0       =1
        5  service_completed p0 m v0 s0 r0 =1
        5  service_started   p1 m v0 s0 r1 =1
        5  service_started   p2 m v0 s0 r1 =1
        5  service_started   p3 m v0 s0 r1 =1
        5  service_completed p0 desk v0 s0 =1
        5  exited            p0
        13 service_completed p1 m v0 s0 r1 =1
        13 service_completed p2 m v0 s0 r1 =1
        13 service_completed p3 m v0 s0 r1 =1
        13 service_started   p4 m v0 s0 r2 =1
        13 service_completed p1 desk v0 s1 =1
        13 service_completed p2 desk v0 s2 =1
        13 service_completed p3 desk v0 s3 =1
        13 exited            p1
        13 exited            p2
        13 exited            p3
        18 service_completed p4 m v0 s0 r2 =1
        18 service_completed p4 desk v0 s4 =1
        18 exited            p4
    """)


def test_batch_takes_the_time_of_the_smallest_bucket_that_holds_it(simulate: Simulate) -> None:
    """With buckets of 1, 4 and 5, two requests take the time of four."""
    buckets = [
        {"size": 1, "service_s": 3},
        {"size": 4, "service_s": 7},
        {"size": 5, "service_s": 8},
    ]
    case = Case().station("desk", 9).station("m", batch={"cap": 5, "buckets": buckets})
    case.step("desk", calls=[CALL]).passenger(0, serve=1).passenger(1, serve=1).passenger(
        2, serve=1
    )

    assert case.log(simulate) == events("""
        0  servers_changed      desk       =9
        0  servers_changed      m          =1
        0  arrived           p0
        0  queue_joined      p0 desk v0    =1
        0  service_started   p0 desk v0 s0 =1
        0  queue_joined      p0 m v0       =1
        0  service_started   p0 m v0 s0 r0 =1
        1  arrived           p1
        1  queue_joined      p1 desk v0    =1
        1  service_started   p1 desk v0 s1 =1
        1  queue_joined      p1 m v0       =1
        2  arrived           p2
        2  queue_joined      p2 desk v0    =1
        2  service_started   p2 desk v0 s2 =1
        2  queue_joined      p2 m v0       =1
        3  service_completed p0 m v0 s0 r0 =1
        3  service_started   p1 m v0 s0 r1 =1
        3  service_started   p2 m v0 s0 r1 =1
        3  service_completed p0 desk v0 s0 =1
        3  exited            p0
        10 service_completed p1 m v0 s0 r1 =1
        10 service_completed p2 m v0 s0 r1 =1
        10 service_completed p1 desk v0 s1 =1
        10 service_completed p2 desk v0 s2 =1
        10 exited            p1
        10 exited            p2
    """)


def test_requests_of_one_instant_are_not_waited_for(simulate: Simulate) -> None:
    """Greedy: of three at once two idle servers take one each, the third waits."""
    case = Case().station("desk", 9).batches("m", 2, times=[2, 3]).step("desk", calls=[CALL])
    case.passenger(0, serve=1).passenger(0, serve=1).passenger(0, serve=1)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =9
        0 servers_changed      m          =2
        0 arrived           p0
        0 arrived           p1
        0 arrived           p2
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        0 queue_joined      p1 desk v0    =1
        0 service_started   p1 desk v0 s1 =1
        0 queue_joined      p2 desk v0    =1
        0 service_started   p2 desk v0 s2 =1
        0 queue_joined      p0 m v0       =1
        0 service_started   p0 m v0 s0 r0 =1
        0 queue_joined      p1 m v0       =1
        0 service_started   p1 m v0 s1 r1 =1
        0 queue_joined      p2 m v0       =1
        2 service_completed p0 m v0 s0 r0 =1
        2 service_started   p2 m v0 s0 r2 =1
        2 service_completed p0 desk v0 s0 =1
        2 exited            p0
        2 service_completed p1 m v0 s1 r1 =1
        2 service_completed p1 desk v0 s1 =1
        2 exited            p1
        4 service_completed p2 m v0 s0 r2 =1
        4 service_completed p2 desk v0 s2 =1
        4 exited            p2
    """)


def test_request_timed_out_leaves_the_queue_but_not_a_batch(simulate: Simulate) -> None:
    """The batch formed at 5 is without the request that timed out at 4."""
    case = Case().station("desk", 9).batches("m", times=[5, 6])
    case.step("desk", calls=[{**CALL, "timeout_s": 3.0}])
    case.passenger(0, serve=1).passenger(1, serve=1).passenger(3, serve=1)

    assert case.log(simulate) == events("""
        0  servers_changed      desk       =9
        0  servers_changed      m          =1
        0  arrived           p0
        0  queue_joined      p0 desk v0    =1
        0  service_started   p0 desk v0 s0 =1
        0  queue_joined      p0 m v0       =1
        0  service_started   p0 m v0 s0 r0 =1
        1  arrived           p1
        1  queue_joined      p1 desk v0    =1
        1  service_started   p1 desk v0 s1 =1
        1  queue_joined      p1 m v0       =1
        3  call_timed_out    p0 m v0
        3  service_completed p0 desk v0 s0 =1
        3  exited            p0
        3  arrived           p2
        3  queue_joined      p2 desk v0    =1
        3  service_started   p2 desk v0 s0 =1
        3  queue_joined      p2 m v0       =1
        4  call_timed_out    p1 m v0
        4  service_completed p1 desk v0 s1 =1
        4  exited            p1
        5  service_completed p0 m v0 s0 r0 =1
        5  service_started   p2 m v0 s0 r1 =1
        6  call_timed_out    p2 m v0
        6  service_completed p2 desk v0 s0 =1
        6  exited            p2
        10 service_completed p2 m v0 s0 r1 =1
    """)


def test_failed_server_puts_its_whole_batch_back(simulate: Simulate) -> None:
    """The two interrupted come first again, in a new batch; the free server takes them."""
    case = Case().station("desk", 9).batches("m", {0: 1, 5: 2}, times=[4, 6])
    case.step("desk", calls=[CALL]).outage("m", 7, 9, server=0)
    case.passenger(0, serve=1).passenger(1, serve=1).passenger(2, serve=1)

    assert case.log(simulate) == events("""
        0  servers_changed        desk       =9
        0  servers_changed        m          =1
        0  arrived             p0
        0  queue_joined        p0 desk v0    =1
        0  service_started     p0 desk v0 s0 =1
        0  queue_joined        p0 m v0       =1
        0  service_started     p0 m v0 s0 r0 =1
        1  arrived             p1
        1  queue_joined        p1 desk v0    =1
        1  service_started     p1 desk v0 s1 =1
        1  queue_joined        p1 m v0       =1
        2  arrived             p2
        2  queue_joined        p2 desk v0    =1
        2  service_started     p2 desk v0 s2 =1
        2  queue_joined        p2 m v0       =1
        4  service_completed   p0 m v0 s0 r0 =1
        4  service_started     p1 m v0 s0 r1 =1
        4  service_started     p2 m v0 s0 r1 =1
        4  service_completed   p0 desk v0 s0 =1
        4  exited              p0
        5  servers_changed        m          =2
        7  outage_started         m    s0    =1
        7  service_interrupted p1 m v0 s0 r1 =1
        7  service_interrupted p2 m v0 s0 r1 =1
        7  service_started     p1 m v0 s1 r2 =1
        7  service_started     p2 m v0 s1 r2 =1
        9  outage_ended           m    s0    =2
        13 service_completed   p1 m v0 s1 r2 =1
        13 service_completed   p2 m v0 s1 r2 =1
        13 service_completed   p1 desk v0 s1 =1
        13 service_completed   p2 desk v0 s2 =1
        13 exited              p1
        13 exited              p2
    """)


def test_batch_of_answers_moves_journeys_in_order(simulate: Simulate) -> None:
    """All desks of a batch are done before anybody chooses where to go next."""
    case = Case().station("desk", 9).batches("m", {0: 0, 4: 1}, times=[1, 1])
    case.station("a").station("b").step("desk", calls=[CALL])
    case.step(choose="shortest", options=[{"station": "a"}, {"station": "b"}])
    case.passenger(1, serve=1).passenger(2, serve=1)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =9
        0 servers_changed      m
        0 servers_changed      a          =1
        0 servers_changed      b          =1
        1 arrived           p0
        1 queue_joined      p0 desk v0    =1
        1 service_started   p0 desk v0 s0 =1
        1 queue_joined      p0 m v0       =1
        2 arrived           p1
        2 queue_joined      p1 desk v0    =1
        2 service_started   p1 desk v0 s1 =1
        2 queue_joined      p1 m v0       =1
        4 servers_changed      m          =1
        4 service_started   p0 m v0 s0 r0 =1
        4 service_started   p1 m v0 s0 r0 =1
        5 service_completed p0 m v0 s0 r0 =1
        5 service_completed p1 m v0 s0 r0 =1
        5 service_completed p0 desk v0 s0 =1
        5 service_completed p1 desk v0 s1 =1
        5 channel_chosen    p0 a v1
        5 channel_chosen    p1 a v1
        5 queue_joined      p0 a v1       =1
        5 service_started   p0 a v1 s0    =1
        5 queue_joined      p1 a v1       =1
        6 service_completed p0 a v1 s0    =1
        6 service_started   p1 a v1 s0    =1
        6 exited            p0
        7 service_completed p1 a v1 s0    =1
        7 exited            p1
    """)
