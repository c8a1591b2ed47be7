"""A queue and its servers: who is served when, and by which server."""

from tests.contracts.engine.cases import Case, Simulate, events


def test_first_come_is_first_served(simulate: Simulate) -> None:
    """A single server takes passengers in the order in which they joined."""
    case = Case().station("desk").step("desk")
    case.passenger(0, serve=5).passenger(1, serve=2).passenger(2, serve=1)

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
        5 service_started   p1 desk v0 s0 =1
        5 exited            p0
        7 service_completed p1 desk v0 s0 =1
        7 service_started   p2 desk v0 s0 =1
        7 exited            p1
        8 service_completed p2 desk v0 s0 =1
        8 exited            p2
    """)


def test_order_is_that_of_joining_not_of_arriving(simulate: Simulate) -> None:
    """Whoever walks faster is in front: the queue knows nothing of the door."""
    case = Case().station("desk").step("desk")
    case.passenger(0, serve=4).passenger(1, walk=2, serve=1).passenger(2, walk=0, serve=1)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        1 arrived           p1
        2 arrived           p2
        2 queue_joined      p2 desk v0    =1
        3 queue_joined      p1 desk v0    =1
        4 service_completed p0 desk v0 s0 =1
        4 service_started   p2 desk v0 s0 =1
        4 exited            p0
        5 service_completed p2 desk v0 s0 =1
        5 service_started   p1 desk v0 s0 =1
        5 exited            p2
        6 service_completed p1 desk v0 s0 =1
        6 exited            p1
    """)


def test_idle_server_with_the_lowest_index_is_taken(simulate: Simulate) -> None:
    """Of several idle servers the first one starts, whichever was idle for longest."""
    case = Case().station("desk", 3).step("desk")
    case.passenger(0, serve=5).passenger(0, serve=2).passenger(0, serve=4)
    case.passenger(3, serve=4).passenger(6, serve=1).passenger(6, serve=3)

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
        2 service_completed p1 desk v0 s1 =1
        2 exited            p1
        3 arrived           p3
        3 queue_joined      p3 desk v0    =1
        3 service_started   p3 desk v0 s1 =1
        4 service_completed p2 desk v0 s2 =1
        4 exited            p2
        5 service_completed p0 desk v0 s0 =1
        5 exited            p0
        6 arrived           p4
        6 arrived           p5
        6 queue_joined      p4 desk v0    =1
        6 service_started   p4 desk v0 s0 =1
        6 queue_joined      p5 desk v0    =1
        6 service_started   p5 desk v0 s2 =1
        7 service_completed p3 desk v0 s1 =1
        7 exited            p3
        7 service_completed p4 desk v0 s0 =1
        7 exited            p4
        9 service_completed p5 desk v0 s2 =1
        9 exited            p5
    """)


def test_walk_lies_before_the_queue_of_each_step(simulate: Simulate) -> None:
    """A passenger reaches a station its own walk after the step before it."""
    case = Case().station("desk").station("gate").step("desk").step("gate")
    case.passenger(1, walk=[2, 4], serve=[3, 5])

    assert case.log(simulate) == events("""
        0  servers_changed      desk       =1
        0  servers_changed      gate       =1
        1  arrived           p0
        3  queue_joined      p0 desk v0    =1
        3  service_started   p0 desk v0 s0 =1
        6  service_completed p0 desk v0 s0 =1
        10 queue_joined      p0 gate v1    =1
        10 service_started   p0 gate v1 s0 =1
        15 service_completed p0 gate v1 s0 =1
        15 exited            p0
    """)


def test_station_may_be_visited_twice(simulate: Simulate) -> None:
    """Two steps at one station share its queue; the visit tells them apart."""
    case = Case().station("desk").step("desk").step("desk")
    case.passenger(0, serve=[2, 1], walk=[0, 1]).passenger(1, serve=[3, 1])

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        1 arrived           p1
        1 queue_joined      p1 desk v0    =1
        2 service_completed p0 desk v0 s0 =1
        2 service_started   p1 desk v0 s0 =1
        3 queue_joined      p0 desk v1    =1
        5 service_completed p1 desk v0 s0 =1
        5 service_started   p0 desk v1 s0 =1
        5 queue_joined      p1 desk v1    =1
        6 service_completed p0 desk v1 s0 =1
        6 service_started   p1 desk v1 s0 =1
        6 exited            p0
        7 service_completed p1 desk v1 s0 =1
        7 exited            p1
    """)


def test_time_is_exact_to_the_microsecond(simulate: Simulate) -> None:
    """Nothing is rounded between the workload and the log."""
    case = Case().station("desk").step("desk")
    case.passenger(0.000_001, walk=0.000_002, serve=0.000_003).passenger(0.000_005, serve=1.5)

    assert case.log(simulate) == events("""
        0        servers_changed      desk       =1
        0.000001 arrived           p0
        0.000003 queue_joined      p0 desk v0    =1
        0.000003 service_started   p0 desk v0 s0 =1
        0.000005 arrived           p1
        0.000005 queue_joined      p1 desk v0    =1
        0.000006 service_completed p0 desk v0 s0 =1
        0.000006 service_started   p1 desk v0 s0 =1
        0.000006 exited            p0
        1.500006 service_completed p1 desk v0 s0 =1
        1.500006 exited            p1
    """)
