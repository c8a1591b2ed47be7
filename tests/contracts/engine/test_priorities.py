"""Who goes before whom in a queue."""

from tests.contracts.engine.cases import Case, Simulate, events


def test_earlier_rule_goes_first(simulate: Simulate) -> None:
    """Special before online before the others, first come first served among equals."""
    case = Case().says(traits=[{"id": "special"}, {"id": "online"}])
    case.station("desk", priority=[{"when": "special"}, {"when": "online"}]).step("desk")
    case.passenger(0, serve=9).passenger(1, serve=1).passenger(2, serve=1, traits=("online",))
    case.passenger(3, serve=1, traits=("special",)).passenger(4, serve=1, traits=("online",))
    case.passenger(5, serve=1, traits=("online", "special"))

    assert case.log(simulate) == events("""
        0  servers_changed      desk       =1
        0  arrived           p0
        0  queue_joined      p0 desk v0    =1
        0  service_started   p0 desk v0 s0 =1
        1  arrived           p1
        1  queue_joined      p1 desk v0    =1
        2  arrived           p2            =2
        2  queue_joined      p2 desk v0    =1
        3  arrived           p3            =1
        3  queue_joined      p3 desk v0    =1
        4  arrived           p4            =2
        4  queue_joined      p4 desk v0    =1
        5  arrived           p5            =3
        5  queue_joined      p5 desk v0    =1
        9  service_completed p0 desk v0 s0 =1
        9  service_started   p3 desk v0 s0 =1
        9  exited            p0
        10 service_completed p3 desk v0 s0 =1
        10 service_started   p5 desk v0 s0 =1
        10 exited            p3
        11 service_completed p5 desk v0 s0 =1
        11 service_started   p2 desk v0 s0 =1
        11 exited            p5
        12 service_completed p2 desk v0 s0 =1
        12 service_started   p4 desk v0 s0 =1
        12 exited            p2
        13 service_completed p4 desk v0 s0 =1
        13 service_started   p1 desk v0 s0 =1
        13 exited            p4
        14 service_completed p1 desk v0 s0 =1
        14 exited            p1
    """)


def test_late_passengers_go_first(simulate: Simulate) -> None:
    """Late is who joins within 10 of the departure, 10 included; who grows late waiting is not."""
    case = Case().station("desk", priority=[{"late_within": 10}]).step("desk")
    case.departure(13).departure(20)
    case.passenger(0, serve=9).passenger(1, 1, serve=1).passenger(2, 0, serve=1)
    case.passenger(3, 0, serve=1)

    assert case.log(simulate) == events("""
        0  servers_changed      desk         =1
        0  arrived           p0
        0  queue_joined      p0 desk v0      =1
        0  service_started   p0 desk v0 s0   =1
        1  arrived           p1           r1
        1  queue_joined      p1 desk v0      =1
        2  arrived           p2           r0
        2  queue_joined      p2 desk v0      =1
        3  arrived           p3           r0
        3  queue_joined      p3 desk v0      =1
        9  service_completed p0 desk v0 s0   =1
        9  service_started   p3 desk v0 s0   =1
        9  exited            p0
        10 service_completed p3 desk v0 s0   =1
        10 service_started   p1 desk v0 s0   =1
        10 exited            p3
        11 service_completed p1 desk v0 s0   =1
        11 service_started   p2 desk v0 s0   =1
        11 exited            p1
        12 service_completed p2 desk v0 s0   =1
        12 exited            p2
    """)


def test_lateness_may_be_asked_of_a_class_only(simulate: Simulate) -> None:
    """A rule with both a condition and a limit needs both; without a departure nobody is late."""
    case = Case().says(traits=[{"id": "bag"}]).departure(12)
    case.station("desk", {0: 0, 5: 1}, priority=[{"when": "bag", "late_within": 10}]).step("desk")
    case.passenger(1, 0, serve=1, traits=("bag",)).passenger(2, 0, serve=1)
    case.passenger(3, serve=1, traits=("bag",)).passenger(4, 0, serve=1, traits=("bag",))

    assert case.log(simulate) == events("""
        0 servers_changed      desk
        1 arrived           p0        r0  =1
        1 queue_joined      p0 desk v0    =1
        2 arrived           p1        r0
        2 queue_joined      p1 desk v0    =1
        3 arrived           p2            =1
        3 queue_joined      p2 desk v0    =1
        4 arrived           p3        r0  =1
        4 queue_joined      p3 desk v0    =1
        5 servers_changed      desk       =1
        5 service_started   p3 desk v0 s0 =1
        6 service_completed p3 desk v0 s0 =1
        6 service_started   p0 desk v0 s0 =1
        6 exited            p3
        7 service_completed p0 desk v0 s0 =1
        7 service_started   p1 desk v0 s0 =1
        7 exited            p0
        8 service_completed p1 desk v0 s0 =1
        8 service_started   p2 desk v0 s0 =1
        8 exited            p1
        9 service_completed p2 desk v0 s0 =1
        9 exited            p2
    """)


def test_priority_does_not_widen_a_full_queue(simulate: Simulate) -> None:
    """Whoever finds no place balks, however urgent."""
    case = Case().says(traits=[{"id": "special"}])
    case.station("desk", {0: 0}, installed=1, queue_limit=1, priority=[{"when": "special"}])
    case.step("desk").passenger(1).passenger(2, traits=("special",))

    assert case.log(simulate) == events("""
        0 servers_changed    desk
        1 arrived         p0
        1 queue_joined    p0 desk v0 =1
        2 arrived         p1         =1
        2 balked          p1 desk v0 =1
    """)
