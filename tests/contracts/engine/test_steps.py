"""The journey: who takes which step, and what a step changes."""

from tests.contracts.engine.cases import Case, Person, Simulate, events


def test_steps_whose_condition_fails_are_skipped(simulate: Simulate) -> None:
    """A skipped step takes no time and is not counted as a visit."""
    case = Case().says(traits=[{"id": "bag"}]).station("desk").station("drop").station("gate")
    case.step("desk", when="not bag").step("drop", when="bag").step("gate")
    case.passenger(1, walk=[5, 1, 1], traits=("bag",))

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =1
        0 servers_changed      drop       =1
        0 servers_changed      gate       =1
        1 arrived           p0            =1
        2 queue_joined      p0 drop v0    =1
        2 service_started   p0 drop v0 s0 =1
        3 service_completed p0 drop v0 s0 =1
        4 queue_joined      p0 gate v1    =1
        4 service_started   p0 gate v1 s0 =1
        5 service_completed p0 gate v1 s0 =1
        5 exited            p0
    """)


def test_passenger_for_whom_no_step_holds_leaves_at_once(simulate: Simulate) -> None:
    """Nothing to do is a complete journey."""
    case = Case().says(traits=[{"id": "bag"}]).station("desk").step("desk", when="bag")
    case.passenger(1)

    assert case.log(simulate) == events("""
        0 servers_changed    desk =1
        1 arrived         p0
        1 exited          p0
    """)


def test_blanks_in_a_trace_are_skipped(simulate: Simulate) -> None:
    """A station without a service time is not visited; a service time of nought is."""
    case = Case().station("a").station("b").step("a").step("b")
    case.passenger(0, serve=[None, 2]).passenger(1, serve=[0, None]).passenger(2, serve=None)

    assert case.log(simulate) == events("""
        0 servers_changed      a       =1
        0 servers_changed      b       =1
        0 arrived           p0
        0 queue_joined      p0 b v0    =1
        0 service_started   p0 b v0 s0 =1
        1 arrived           p1
        1 queue_joined      p1 a v0    =1
        1 service_started   p1 a v0 s0 =1
        1 service_completed p1 a v0 s0 =1
        1 exited            p1
        2 service_completed p0 b v0 s0 =1
        2 exited            p0
        2 arrived           p2
        2 exited            p2
    """)


def test_step_may_set_traits_that_later_steps_ask_for(simulate: Simulate) -> None:
    """A face collected at the counter opens the gate; the event tells which bits changed."""
    case = Case().says(traits=[{"id": "face"}, {"id": "papers"}])
    case.station("counter").station("gate").station("officer")
    case.step("counter", sets={"face": True, "papers": False})
    case.step("gate", when="face").step("officer", when="papers")
    case.passenger(0, traits=("papers",)).passenger(5, traits=("face",))

    assert case.log(simulate) == events("""
        0 servers_changed      counter       =1
        0 servers_changed      gate          =1
        0 servers_changed      officer       =1
        0 arrived           p0               =2
        0 queue_joined      p0 counter v0    =1
        0 service_started   p0 counter v0 s0 =1
        1 service_completed p0 counter v0 s0 =1
        1 enrolled          p0 counter v0 s0 =3
        1 queue_joined      p0 gate v1       =1
        1 service_started   p0 gate v1 s0    =1
        2 service_completed p0 gate v1 s0    =1
        2 exited            p0
        5 arrived           p1               =1
        5 queue_joined      p1 counter v0    =1
        5 service_started   p1 counter v0 s0 =1
        6 service_completed p1 counter v0 s0 =1
        6 queue_joined      p1 gate v1       =1
        6 service_started   p1 gate v1 s0    =1
        7 service_completed p1 gate v1 s0    =1
        7 exited            p1
    """)


def test_traits_are_set_for_those_the_condition_admits(simulate: Simulate) -> None:
    """Of a party served as one, those who agree are enrolled, each with an event."""
    case = Case().says(traits=[{"id": "face"}, {"id": "agrees"}]).station("counter", per="party")
    case.step("counter", sets={"face": True}, sets_when="agrees")
    case.party(0, Person(), Person(traits=("agrees",)), Person(traits=("agrees", "face")))
    case.passenger(5, traits=("agrees",))

    assert case.log(simulate) == events("""
        0 servers_changed      counter       =1
        0 arrived           p0
        0 arrived           p1               =2
        0 arrived           p2               =3
        0 queue_joined      p0 counter v0    =3
        0 service_started   p0 counter v0 s0 =3
        1 service_completed p0 counter v0 s0 =3
        1 enrolled          p1 counter v0 s0 =1
        1 exited            p0
        1 exited            p1
        1 exited            p2
        5 arrived           p3               =2
        5 queue_joined      p3 counter v0    =1
        5 service_started   p3 counter v0 s0 =1
        6 service_completed p3 counter v0 s0 =1
        6 enrolled          p3 counter v0 s0 =1
        6 exited            p3
    """)


def test_check_in_is_logged_for_everyone_served(simulate: Simulate) -> None:
    """Completion of the check-in is that of each of the party, in their order."""
    case = Case().station("counter", per="party").step("counter", checks_in=True)
    case.departure(99).party(0, Person(), Person(), departure=0)

    assert case.log(simulate) == events("""
        0 servers_changed      counter          =1
        0 arrived           p0               r0
        0 arrived           p1               r0
        0 queue_joined      p0 counter v0       =2
        0 service_started   p0 counter v0 s0    =2
        1 service_completed p0 counter v0 s0    =2
        1 checked_in        p0 counter v0 s0 r0
        1 checked_in        p1 counter v0 s0 r0
        1 exited            p0
        1 exited            p1
    """)


def test_random_routes_are_followed_as_drawn(simulate: Simulate) -> None:
    """A drawn route may come back to a station, with draws of its own for each visit."""
    case = Case().station("a").station("b").step("a").step("b")
    case.passenger(0, route=[0, 1, 0], serve=[1, 2, 3], walk=[0, 1, 0])
    case.passenger(1, route=[1], serve=[1])

    assert case.log(simulate) == events("""
        0 servers_changed      a       =1
        0 servers_changed      b       =1
        0 arrived           p0
        0 queue_joined      p0 a v0    =1
        0 service_started   p0 a v0 s0 =1
        1 service_completed p0 a v0 s0 =1
        1 arrived           p1
        1 queue_joined      p1 b v0    =1
        1 service_started   p1 b v0 s0 =1
        2 service_completed p1 b v0 s0 =1
        2 exited            p1
        2 queue_joined      p0 b v1    =1
        2 service_started   p0 b v1 s0 =1
        4 service_completed p0 b v1 s0 =1
        4 queue_joined      p0 a v2    =1
        4 service_started   p0 a v2 s0 =1
        7 service_completed p0 a v2 s0 =1
        7 exited            p0
    """)


def test_random_route_ends_where_the_passenger_gives_up(simulate: Simulate) -> None:
    """Leaving ends a route; going on is to its next visit, whatever step is named."""
    case = Case().station("a", queue_limit=0).station("b")
    case.step("a", on_balk="").step("b", on_renege="leave")
    case.passenger(0, route=[0, 1], serve=[9, 1], patience=[None, 3])
    case.passenger(1, route=[0, 1], serve=[1, 20], patience=[None, 3])
    case.passenger(2, route=[0, 1, 0], serve=[1, 1, 1], patience=[None, 3, None])

    assert case.log(simulate) == events("""
        0  servers_changed      a       =1
        0  servers_changed      b       =1
        0  arrived           p0
        0  queue_joined      p0 a v0    =1
        0  service_started   p0 a v0 s0 =1
        1  arrived           p1
        1  balked            p1 a v0
        1  queue_joined      p1 b v1    =1
        1  service_started   p1 b v1 s0 =1
        2  arrived           p2
        2  balked            p2 a v0
        2  queue_joined      p2 b v1    =1
        5  reneged           p2 b v1    =1
        9  service_completed p0 a v0 s0 =1
        9  queue_joined      p0 b v1    =1
        12 reneged           p0 b v1    =1
        21 service_completed p1 b v1 s0 =1
        21 exited            p1
    """)


def test_members_of_a_party_have_routes_of_their_own(simulate: Simulate) -> None:
    """Where routes are random a party parts at the door."""
    case = Case().station("a").station("b", per="party").step("a").step("b")
    case.party(0, Person(route=[0], serve=[2]), Person(route=[1], serve=[1]))

    assert case.log(simulate) == events("""
        0 servers_changed      a       =1
        0 servers_changed      b       =1
        0 arrived           p0
        0 arrived           p1
        0 queue_joined      p0 a v0    =1
        0 service_started   p0 a v0 s0 =1
        0 queue_joined      p1 b v0    =1
        0 service_started   p1 b v0 s0 =1
        1 service_completed p1 b v0 s0 =1
        1 exited            p1
        2 service_completed p0 a v0 s0 =1
        2 exited            p0
    """)
