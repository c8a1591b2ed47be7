"""Biometric attempts: accepted, tried again, referred."""

from tests.contracts.engine.cases import Case, Person, Simulate, events


def test_face_accepted_at_once(simulate: Simulate) -> None:
    """One request and one acceptance, at the end of the service time."""
    case = Case().gates("gate", attempts=3).step("gate").passenger(0, serve=5, retry=[2, 3])

    assert case.log(simulate) == events("""
        0 servers_changed      gate          =1
        0 arrived           p0
        0 queue_joined      p0 gate v0       =1
        0 service_started   p0 gate v0 s0    =1
        5 match_requested   p0 gate v0 s0 r0 =1
        5 match_accepted    p0 gate v0 s0 r0 =1
        5 service_completed p0 gate v0 s0    =1
        5 exited            p0
    """)


def test_face_accepted_on_the_third_attempt(simulate: Simulate) -> None:
    """Each further attempt takes its own time, on the same server and in one service."""
    case = Case().gates("gate", attempts=3).step("gate")
    case.passenger(0, serve=5, retry=[2, 4], accept=3).passenger(1, serve=1, retry=[0, 0])

    assert case.log(simulate) == events("""
        0  servers_changed      gate          =1
        0  arrived           p0
        0  queue_joined      p0 gate v0       =1
        0  service_started   p0 gate v0 s0    =1
        1  arrived           p1
        1  queue_joined      p1 gate v0       =1
        5  match_requested   p0 gate v0 s0 r0 =1
        5  match_rejected    p0 gate v0 s0 r0 =1
        7  match_requested   p0 gate v0 s0 r0 =2
        7  match_rejected    p0 gate v0 s0 r0 =2
        11 match_requested   p0 gate v0 s0 r0 =3
        11 match_accepted    p0 gate v0 s0 r0 =3
        11 service_completed p0 gate v0 s0    =1
        11 service_started   p1 gate v0 s0    =1
        11 exited            p0
        12 match_requested   p1 gate v0 s0 r0 =1
        12 match_accepted    p1 gate v0 s0 r0 =1
        12 service_completed p1 gate v0 s0    =1
        12 exited            p1
    """)


def test_face_never_accepted_is_referred(simulate: Simulate) -> None:
    """After the last attempt the passenger goes to the step named, and sets no trait."""
    case = Case().says(traits=[{"id": "checked"}]).gates("gate", attempts=2).station("lane")
    case.station("help")
    case.step("gate", on_reject="help", sets={"checked": True}, checks_in=True)
    case.step("lane", when="checked").step("help", when="not checked")
    case.passenger(0, serve=[3, 1, 4], retry=[1], accept=0).passenger(9, serve=2, retry=[1])

    assert case.log(simulate) == events("""
        0  servers_changed      gate          =1
        0  servers_changed      lane          =1
        0  servers_changed      help          =1
        0  arrived           p0
        0  queue_joined      p0 gate v0       =1
        0  service_started   p0 gate v0 s0    =1
        3  match_requested   p0 gate v0 s0 r0 =1
        3  match_rejected    p0 gate v0 s0 r0 =1
        4  match_requested   p0 gate v0 s0 r0 =2
        4  match_rejected    p0 gate v0 s0 r0 =2
        4  service_completed p0 gate v0 s0    =1
        4  referred          p0 gate v0       =2
        4  queue_joined      p0 help v1       =1
        4  service_started   p0 help v1 s0    =1
        8  service_completed p0 help v1 s0    =1
        8  exited            p0
        9  arrived           p1
        9  queue_joined      p1 gate v0       =1
        9  service_started   p1 gate v0 s0    =1
        11 match_requested   p1 gate v0 s0 r0 =1
        11 match_accepted    p1 gate v0 s0 r0 =1
        11 service_completed p1 gate v0 s0    =1
        11 enrolled          p1 gate v0 s0    =1
        11 checked_in        p1 gate v0 s0
        11 queue_joined      p1 lane v1       =1
        11 service_started   p1 lane v1 s0    =1
        13 service_completed p1 lane v1 s0    =1
        13 exited            p1
    """)


def test_rejection_may_lead_to_the_next_step(simulate: Simulate) -> None:
    """With nothing named the journey goes on."""
    case = Case().gates("gate").station("lane").step("gate").step("lane").passenger(0, accept=0)

    assert case.log(simulate) == events("""
        0 servers_changed      gate          =1
        0 servers_changed      lane          =1
        0 arrived           p0
        0 queue_joined      p0 gate v0       =1
        0 service_started   p0 gate v0 s0    =1
        1 match_requested   p0 gate v0 s0 r0 =1
        1 match_rejected    p0 gate v0 s0 r0 =1
        1 service_completed p0 gate v0 s0    =1
        1 referred          p0 gate v0       =1
        1 queue_joined      p0 lane v1       =1
        1 service_started   p0 lane v1 s0    =1
        2 service_completed p0 lane v1 s0    =1
        2 exited            p0
    """)


def test_rejection_may_send_away(simulate: Simulate) -> None:
    """Without a departure the rejected leave; with one they miss it."""
    case = Case().gates("gate", 2).step("gate", on_reject="leave").departure(99)
    case.passenger(0, accept=0).passenger(0, 0, accept=0)

    assert case.log(simulate) == events("""
        0 servers_changed      gate          =2
        0 arrived           p0
        0 arrived           p1            r0
        0 queue_joined      p0 gate v0       =1
        0 service_started   p0 gate v0 s0    =1
        0 queue_joined      p1 gate v0       =1
        0 service_started   p1 gate v0 s1    =1
        1 match_requested   p0 gate v0 s0 r0 =1
        1 match_rejected    p0 gate v0 s0 r0 =1
        1 service_completed p0 gate v0 s0    =1
        1 referred          p0 gate v0       =1
        1 exited            p0
        1 match_requested   p1 gate v0 s1 r0 =1
        1 match_rejected    p1 gate v0 s1 r0 =1
        1 service_completed p1 gate v0 s1    =1
        1 referred          p1 gate v0       =1
        1 missed_departure  p1            r0
    """)


def test_gallery_may_be_that_of_the_departure(simulate: Simulate) -> None:
    """The reference of a match is the slot's first gallery, plus the departure where per one."""
    case = Case().gates("door", 9).gates("gate", 9, gallery="departure").step("door").step("gate")
    case.departure(50).departure(60).departure(70)
    case.passenger(0, 2).passenger(5, 0)

    assert case.log(simulate) == events("""
        0 servers_changed      door          =9
        0 servers_changed      gate          =9
        0 arrived           p0            r2
        0 queue_joined      p0 door v0       =1
        0 service_started   p0 door v0 s0    =1
        1 match_requested   p0 door v0 s0 r0 =1
        1 match_accepted    p0 door v0 s0 r0 =1
        1 service_completed p0 door v0 s0    =1
        1 queue_joined      p0 gate v1       =1
        1 service_started   p0 gate v1 s0    =1
        2 match_requested   p0 gate v1 s0 r3 =1
        2 match_accepted    p0 gate v1 s0 r3 =1
        2 service_completed p0 gate v1 s0    =1
        2 exited            p0
        5 arrived           p1            r0
        5 queue_joined      p1 door v0       =1
        5 service_started   p1 door v0 s0    =1
        6 match_requested   p1 door v0 s0 r0 =1
        6 match_accepted    p1 door v0 s0 r0 =1
        6 service_completed p1 door v0 s0    =1
        6 queue_joined      p1 gate v1       =1
        6 service_started   p1 gate v1 s0    =1
        7 match_requested   p1 gate v1 s0 r1 =1
        7 match_accepted    p1 gate v1 s0 r1 =1
        7 service_completed p1 gate v1 s0    =1
        7 exited            p1
    """)


def test_party_matches_by_its_lead(simulate: Simulate) -> None:
    """Where a party is served as one, so is its match."""
    case = Case().gates("gate", per="party").step("gate", on_reject="leave")
    case.party(0, Person(accept=0), Person(accept=1))

    assert case.log(simulate) == events("""
        0 servers_changed      gate          =1
        0 arrived           p0
        0 arrived           p1
        0 queue_joined      p0 gate v0       =2
        0 service_started   p0 gate v0 s0    =2
        1 match_requested   p0 gate v0 s0 r0 =1
        1 match_rejected    p0 gate v0 s0 r0 =1
        1 service_completed p0 gate v0 s0    =2
        1 referred          p0 gate v0       =1
        1 exited            p0
        1 exited            p1
    """)
