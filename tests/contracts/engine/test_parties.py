"""Parties: served as one where the station says so, each on their own elsewhere."""

from tests.contracts.engine.cases import Case, Person, Simulate, events


def test_party_is_served_as_one_and_leaves_together(simulate: Simulate) -> None:
    """The lead carries the events of the queue; the detail counts the persons."""
    case = Case().station("counter", per="party").step("counter")
    case.party(0, Person(serve=4), Person(serve=9)).passenger(1, serve=1)

    assert case.log(simulate) == events("""
        0 servers_changed      counter       =1
        0 arrived           p0
        0 arrived           p1
        0 queue_joined      p0 counter v0    =2
        0 service_started   p0 counter v0 s0 =2
        1 arrived           p2
        1 queue_joined      p2 counter v0    =1
        4 service_completed p0 counter v0 s0 =2
        4 service_started   p2 counter v0 s0 =1
        4 exited            p0
        4 exited            p1
        5 service_completed p2 counter v0 s0 =1
        5 exited            p2
    """)


def test_party_takes_one_place_in_a_queue(simulate: Simulate) -> None:
    """A limit counts customers, and a party is one."""
    case = Case().station("counter", {0: 0, 5: 1}, per="party", queue_limit=2).step("counter")
    case.party(1, Person(), Person(), Person()).party(2, Person(), Person()).passenger(3)

    assert case.log(simulate) == events("""
        0 servers_changed      counter
        1 arrived           p0
        1 arrived           p1
        1 arrived           p2
        1 queue_joined      p0 counter v0    =3
        2 arrived           p3
        2 arrived           p4
        2 queue_joined      p3 counter v0    =2
        3 arrived           p5
        3 balked            p5 counter v0    =1
        5 servers_changed      counter       =1
        5 service_started   p0 counter v0 s0 =3
        6 service_completed p0 counter v0 s0 =3
        6 service_started   p3 counter v0 s0 =2
        6 exited            p0
        6 exited            p1
        6 exited            p2
        7 service_completed p3 counter v0 s0 =2
        7 exited            p3
        7 exited            p4
    """)


def test_party_parts_where_each_person_is_served(simulate: Simulate) -> None:
    """From there on each walks, queues and leaves alone; the visits go on counting."""
    case = Case().station("counter", per="party").station("lane", 2).station("gate")
    case.step("counter").step("lane").step("gate")
    case.party(0, Person(walk=[1, 3, 0], serve=2), Person(walk=[9, 1, 0], serve=[9, 4, 1]))

    assert case.log(simulate) == events("""
        0  servers_changed      counter       =1
        0  servers_changed      lane          =2
        0  servers_changed      gate          =1
        0  arrived           p0
        0  arrived           p1
        1  queue_joined      p0 counter v0    =2
        1  service_started   p0 counter v0 s0 =2
        3  service_completed p0 counter v0 s0 =2
        4  queue_joined      p1 lane v1       =1
        4  service_started   p1 lane v1 s0    =1
        6  queue_joined      p0 lane v1       =1
        6  service_started   p0 lane v1 s1    =1
        8  service_completed p0 lane v1 s1    =1
        8  service_completed p1 lane v1 s0    =1
        8  queue_joined      p0 gate v2       =1
        8  service_started   p0 gate v2 s0    =1
        8  queue_joined      p1 gate v2       =1
        10 service_completed p0 gate v2 s0    =1
        10 service_started   p1 gate v2 s0    =1
        10 exited            p0
        11 service_completed p1 gate v2 s0    =1
        11 exited            p1
    """)


def test_lead_decides_while_the_party_is_together(simulate: Simulate) -> None:
    """The lead's traits open or skip a step for all; once parted, each has its own."""
    case = Case().says(traits=[{"id": "bag"}])
    case.station("drop", per="party").station("lane", 3).station("wrap", 3)
    case.step("drop", when="bag").step("lane").step("wrap", when="bag")
    case.party(0, Person(), Person(traits=("bag",)))

    assert case.log(simulate) == events("""
        0 servers_changed      drop       =1
        0 servers_changed      lane       =3
        0 servers_changed      wrap       =3
        0 arrived           p0
        0 arrived           p1            =1
        0 queue_joined      p0 lane v0    =1
        0 service_started   p0 lane v0 s0 =1
        0 queue_joined      p1 lane v0    =1
        0 service_started   p1 lane v0 s1 =1
        1 service_completed p0 lane v0 s0 =1
        1 exited            p0
        1 service_completed p1 lane v0 s1 =1
        1 queue_joined      p1 wrap v1    =1
        1 service_started   p1 wrap v1 s0 =1
        2 service_completed p1 wrap v1 s0 =1
        2 exited            p1
    """)


def test_parting_members_choose_for_themselves(simulate: Simulate) -> None:
    """A choice among stations per person parts the party: the lead chooses, then each member."""
    options = [{"station": "lane", "share": 0.5}, {"station": "gate", "share": 0.5}]
    case = Case().station("lane", 3).station("gate").step(options=options)
    case.party(0, Person(choose=0.1), Person(choose=0.9), Person(choose=0.2))

    assert case.log(simulate) == events("""
        0 servers_changed      lane       =3
        0 servers_changed      gate       =1
        0 arrived           p0
        0 arrived           p1
        0 arrived           p2
        0 channel_chosen    p0 lane v0
        0 channel_chosen    p1 gate v0    =1
        0 channel_chosen    p2 lane v0
        0 queue_joined      p0 lane v0    =1
        0 service_started   p0 lane v0 s0 =1
        0 queue_joined      p2 lane v0    =1
        0 service_started   p2 lane v0 s1 =1
        0 queue_joined      p1 gate v0    =1
        0 service_started   p1 gate v0 s0 =1
        1 service_completed p0 lane v0 s0 =1
        1 exited            p0
        1 service_completed p2 lane v0 s1 =1
        1 exited            p2
        1 service_completed p1 gate v0 s0 =1
        1 exited            p1
    """)


def test_party_without_a_step_leaves_together(simulate: Simulate) -> None:
    """Each has an arrival and a final event even if nothing lies between."""
    case = Case().says(traits=[{"id": "bag"}]).station("drop").step("drop", when="bag")
    case.party(1, Person(), Person())

    assert case.log(simulate) == events("""
        0 servers_changed    drop =1
        1 arrived         p0
        1 arrived         p1
        1 exited          p0
        1 exited          p1
    """)
