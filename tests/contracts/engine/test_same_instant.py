"""The order of one instant: completion, facility, patience, arrival; station; passenger; visit."""

from tests.contracts.engine.cases import Case, Simulate, events


def test_completion_comes_before_arrival(simulate: Simulate) -> None:
    """Who arrives as a server frees finds it free, where nobody may wait."""
    case = Case().station("desk", queue_limit=0).step("desk")
    case.passenger(0, serve=5).passenger(5, serve=1)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        5 service_completed p0 desk v0 s0 =1
        5 exited            p0
        5 arrived           p1
        5 queue_joined      p1 desk v0    =1
        5 service_started   p1 desk v0 s0 =1
        6 service_completed p1 desk v0 s0 =1
        6 exited            p1
    """)


def test_facility_change_comes_before_the_end_of_patience(simulate: Simulate) -> None:
    """A desk that opens as patience ends still serves."""
    case = Case().station("desk", {0: 0, 5: 1}).step("desk")
    case.passenger(1, patience=4, serve=1)

    assert case.log(simulate) == events("""
        0 servers_changed      desk
        1 arrived           p0
        1 queue_joined      p0 desk v0    =1
        5 servers_changed      desk       =1
        5 service_started   p0 desk v0 s0 =1
        6 service_completed p0 desk v0 s0 =1
        6 exited            p0
    """)


def test_completion_comes_before_the_end_of_patience(simulate: Simulate) -> None:
    """Patience that ends as a server frees has not ended: the passenger is served."""
    case = Case().station("desk").step("desk")
    case.passenger(0, serve=5).passenger(2, patience=3, serve=1)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        2 arrived           p1
        2 queue_joined      p1 desk v0    =1
        5 service_completed p0 desk v0 s0 =1
        5 service_started   p1 desk v0 s0 =1
        5 exited            p0
        6 service_completed p1 desk v0 s0 =1
        6 exited            p1
    """)


def test_end_of_patience_comes_before_arrival(simulate: Simulate) -> None:
    """Who arrives as another gives up finds the place in a full queue."""
    case = Case().station("desk", queue_limit=1).step("desk")
    case.passenger(0, serve=9).passenger(2, patience=3).passenger(5, serve=1)

    assert case.log(simulate) == events("""
        0  servers_changed      desk       =1
        0  arrived           p0
        0  queue_joined      p0 desk v0    =1
        0  service_started   p0 desk v0 s0 =1
        2  arrived           p1
        2  queue_joined      p1 desk v0    =1
        5  reneged           p1 desk v0    =1
        5  arrived           p2
        5  queue_joined      p2 desk v0    =1
        9  service_completed p0 desk v0 s0 =1
        9  service_started   p2 desk v0 s0 =1
        9  exited            p0
        10 service_completed p2 desk v0 s0 =1
        10 exited            p2
    """)


def test_stations_take_turns_in_the_order_of_the_file(simulate: Simulate) -> None:
    """Within a class the station comes before the passenger."""
    case = Case().says(traits=[{"id": "first"}]).station("a").station("b")
    case.step("a", when="first").step("b", when="not first")
    case.passenger(0, serve=5).passenger(0, serve=5, traits=("first",))

    assert case.log(simulate) == events("""
        0 servers_changed      a       =1
        0 servers_changed      b       =1
        0 arrived           p0
        0 arrived           p1         =1
        0 queue_joined      p1 a v0    =1
        0 service_started   p1 a v0 s0 =1
        0 queue_joined      p0 b v0    =1
        0 service_started   p0 b v0 s0 =1
        5 service_completed p1 a v0 s0 =1
        5 exited            p1
        5 service_completed p0 b v0 s0 =1
        5 exited            p0
    """)


def test_passengers_take_turns_by_number(simulate: Simulate) -> None:
    """The lower passenger completes first, though the higher one started earlier."""
    case = Case().station("desk", 2).step("desk")
    case.passenger(0, walk=2, serve=3).passenger(0, serve=5).passenger(1, serve=1)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =2
        0 arrived           p0
        0 arrived           p1
        0 queue_joined      p1 desk v0    =1
        0 service_started   p1 desk v0 s0 =1
        1 arrived           p2
        1 queue_joined      p2 desk v0    =1
        1 service_started   p2 desk v0 s1 =1
        2 service_completed p2 desk v0 s1 =1
        2 exited            p2
        2 queue_joined      p0 desk v0    =1
        2 service_started   p0 desk v0 s1 =1
        5 service_completed p0 desk v0 s1 =1
        5 exited            p0
        5 service_completed p1 desk v0 s0 =1
        5 exited            p1
    """)


def test_everybody_comes_in_before_anybody_joins_a_queue(simulate: Simulate) -> None:
    """The door is before the first station: all arrivals, then all who reach a queue."""
    case = Case().station("desk", 3).step("desk")
    case.passenger(0, walk=3).passenger(3).passenger(3)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =3
        0 arrived           p0
        3 arrived           p1
        3 arrived           p2
        3 queue_joined      p0 desk v0    =1
        3 service_started   p0 desk v0 s0 =1
        3 queue_joined      p1 desk v0    =1
        3 service_started   p1 desk v0 s1 =1
        3 queue_joined      p2 desk v0    =1
        3 service_started   p2 desk v0 s2 =1
        4 service_completed p0 desk v0 s0 =1
        4 exited            p0
        4 service_completed p1 desk v0 s1 =1
        4 exited            p1
        4 service_completed p2 desk v0 s2 =1
        4 exited            p2
    """)


def test_completion_made_during_the_instant_comes_next(simulate: Simulate) -> None:
    """A service of no length ends before the next passenger of the instant joins."""
    case = Case().station("desk").step("desk")
    case.passenger(1, serve=0).passenger(1, serve=0)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =1
        1 arrived           p0
        1 arrived           p1
        1 queue_joined      p0 desk v0    =1
        1 service_started   p0 desk v0 s0 =1
        1 service_completed p0 desk v0 s0 =1
        1 exited            p0
        1 queue_joined      p1 desk v0    =1
        1 service_started   p1 desk v0 s0 =1
        1 service_completed p1 desk v0 s0 =1
        1 exited            p1
    """)


def test_arrival_made_during_the_instant_waits_for_its_station(simulate: Simulate) -> None:
    """Who walks on in no time joins b after everybody of the instant has joined a."""
    case = Case().station("a", 2).station("b").step("a").step("b")
    case.passenger(1, serve=0).passenger(1, serve=[2, 0])

    assert case.log(simulate) == events("""
        0 servers_changed      a       =2
        0 servers_changed      b       =1
        1 arrived           p0
        1 arrived           p1
        1 queue_joined      p0 a v0    =1
        1 service_started   p0 a v0 s0 =1
        1 service_completed p0 a v0 s0 =1
        1 queue_joined      p1 a v0    =1
        1 service_started   p1 a v0 s0 =1
        1 queue_joined      p0 b v1    =1
        1 service_started   p0 b v1 s0 =1
        1 service_completed p0 b v1 s0 =1
        1 exited            p0
        3 service_completed p1 a v0 s0 =1
        3 queue_joined      p1 b v1    =1
        3 service_started   p1 b v1 s0 =1
        3 service_completed p1 b v1 s0 =1
        3 exited            p1
    """)


def test_patience_of_nought_ends_before_the_rest_of_the_instant(simulate: Simulate) -> None:
    """The impatient one leaves before the next of the instant joins, and makes room."""
    case = Case().station("desk", {0: 0, 9: 1}, queue_limit=1).step("desk")
    case.passenger(1, patience=0).passenger(1, serve=1)

    assert case.log(simulate) == events("""
        0  servers_changed      desk
        1  arrived           p0
        1  arrived           p1
        1  queue_joined      p0 desk v0    =1
        1  reneged           p0 desk v0    =1
        1  queue_joined      p1 desk v0    =1
        9  servers_changed      desk       =1
        9  service_started   p1 desk v0 s0 =1
        10 service_completed p1 desk v0 s0 =1
        10 exited            p1
    """)


def test_visits_of_one_passenger_take_turns_by_number(simulate: Simulate) -> None:
    """Two requests of one passenger end together: the earlier visit's goes first.

    That of visit 0 timed out, was interrupted and begun anew at 3, after that of visit 1.
    """
    case = Case().station("a").station("b").station("m", 2)
    case.step("a", calls=[{"station": "m", "after_share": 0.0, "timeout_s": 1.0}])
    case.step("b", calls=[{"station": "m", "after_share": 0.0}])
    case.outage("m", 2, 3, server=0).passenger(0, serve=1, answer=[[4], [6]])

    assert case.log(simulate) == events("""
        0 servers_changed        a       =1
        0 servers_changed        b       =1
        0 servers_changed        m       =2
        0 arrived             p0
        0 queue_joined        p0 a v0    =1
        0 service_started     p0 a v0 s0 =1
        0 queue_joined        p0 m v0    =1
        0 service_started     p0 m v0 s0 =1
        1 call_timed_out      p0 m v0
        1 service_completed   p0 a v0 s0 =1
        1 queue_joined        p0 b v1    =1
        1 service_started     p0 b v1 s0 =1
        1 queue_joined        p0 m v1    =1
        1 service_started     p0 m v1 s1 =1
        2 outage_started         m    s0 =1
        2 service_interrupted p0 m v0 s0 =1
        3 outage_ended           m    s0 =2
        3 service_started     p0 m v0 s0 =1
        7 service_completed   p0 m v0 s0 =1
        7 service_completed   p0 m v1 s1 =1
        7 service_completed   p0 b v1 s0 =1
        7 exited              p0
    """)


def test_equal_turns_are_in_the_order_they_were_set(simulate: Simulate) -> None:
    """Two calls of one service to one station at one instant: the first listed goes first."""
    call = {"station": "m", "after_share": 0.0}
    case = Case().station("desk").station("m").step("desk", calls=[call, call])
    case.passenger(0, serve=1, answer=[2, 3])

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =1
        0 servers_changed      m          =1
        0 arrived           p0
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        0 queue_joined      p0 m    v0    =1
        0 service_started   p0 m    v0 s0 =1
        0 queue_joined      p0 m    v0    =1
        2 service_completed p0 m    v0 s0 =1
        2 service_started   p0 m    v0 s0 =1
        5 service_completed p0 m    v0 s0 =1
        5 service_completed p0 desk v0 s0 =1
        5 exited            p0
    """)


def test_who_is_let_in_and_balks_goes_on_before_the_next(simulate: Simulate) -> None:
    """As boarding opens to a full queue, each misses the departure before the next balks."""
    case = Case().station("gate", queue_limit=0).departure(20)
    case.step("gate", boards=True, opens_before=10, closes_before=4)
    case.passenger(0, 0, serve=2).passenger(1, 0).passenger(2, 0)

    assert case.log(simulate)[4:10] == events("""
        10 boarding_opened                r0
        10 queue_joined     p0 gate v0       =1
        10 service_started  p0 gate v0 s0    =1
        10 balked           p1 gate v0
        10 missed_departure p1            r0
        10 balked           p2 gate v0
    """)
