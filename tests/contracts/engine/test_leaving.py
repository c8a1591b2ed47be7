"""Balking at a full queue, and running out of patience."""

from tests.contracts.engine.cases import Case, Person, Simulate, events


def test_arrival_at_a_full_queue_leaves(simulate: Simulate) -> None:
    """With one place to wait the third passenger balks, and that is its last event."""
    case = Case().station("desk", queue_limit=1).step("desk")
    case.passenger(0, serve=5).passenger(1, serve=1).passenger(2, serve=1).passenger(5, serve=1)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        1 arrived           p1
        1 queue_joined      p1 desk v0    =1
        2 arrived           p2
        2 balked            p2 desk v0    =1
        5 service_completed p0 desk v0 s0 =1
        5 service_started   p1 desk v0 s0 =1
        5 exited            p0
        5 arrived           p3
        5 queue_joined      p3 desk v0    =1
        6 service_completed p1 desk v0 s0 =1
        6 service_started   p3 desk v0 s0 =1
        6 exited            p1
        7 service_completed p3 desk v0 s0 =1
        7 exited            p3
    """)


def test_balking_may_lead_to_another_step(simulate: Simulate) -> None:
    """Whoever finds the desk full tries the step it names; the event says it goes on."""
    case = Case().station("desk", queue_limit=0).station("gate").station("help")
    case.step("desk", on_balk="help").step("gate").step("help")
    case.passenger(0, serve=9).passenger(1, serve=2, walk=[0, 0, 3])

    assert case.log(simulate) == events("""
        0  servers_changed      desk       =1
        0  servers_changed      gate       =1
        0  servers_changed      help       =1
        0  arrived           p0
        0  queue_joined      p0 desk v0    =1
        0  service_started   p0 desk v0 s0 =1
        1  arrived           p1
        1  balked            p1 desk v0
        4  queue_joined      p1 help v1    =1
        4  service_started   p1 help v1 s0 =1
        6  service_completed p1 help v1 s0 =1
        6  exited            p1
        9  service_completed p0 desk v0 s0 =1
        9  queue_joined      p0 gate v1    =1
        9  service_started   p0 gate v1 s0 =1
        18 service_completed p0 gate v1 s0 =1
        18 queue_joined      p0 help v2    =1
        18 service_started   p0 help v2 s0 =1
        27 service_completed p0 help v2 s0 =1
        27 exited            p0
    """)


def test_balking_may_lead_to_the_next_step(simulate: Simulate) -> None:
    """With nothing named the journey goes on; after the last step it is complete."""
    case = Case().station("desk", {0: 0}, queue_limit=0, installed=1).step("desk", on_balk="")
    case.passenger(1)

    assert case.log(simulate) == events("""
        0 servers_changed    desk
        1 arrived         p0
        1 balked          p0 desk v0
        1 exited          p0
    """)


def test_whole_party_balks(simulate: Simulate) -> None:
    """Members leave with their lead; each has a last event, only the lead's has a visit."""
    case = Case().station("desk", queue_limit=0, per="party").step("desk")
    case.passenger(0, serve=5).party(1, Person(), Person(), Person())

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        1 arrived           p1
        1 arrived           p2
        1 arrived           p3
        1 balked            p1 desk v0    =1
        1 balked            p2 desk       =1
        1 balked            p3 desk       =1
        5 service_completed p0 desk v0 s0 =1
        5 exited            p0
    """)


def test_patience_ends_in_the_queue(simulate: Simulate) -> None:
    """Who has waited for its patience leaves, and those behind move up."""
    case = Case().station("desk").step("desk")
    case.passenger(0, serve=9).passenger(1, patience=4).passenger(2, patience=8, serve=1)

    assert case.log(simulate) == events("""
        0  servers_changed      desk       =1
        0  arrived           p0
        0  queue_joined      p0 desk v0    =1
        0  service_started   p0 desk v0 s0 =1
        1  arrived           p1
        1  queue_joined      p1 desk v0    =1
        2  arrived           p2
        2  queue_joined      p2 desk v0    =1
        5  reneged           p1 desk v0    =1
        9  service_completed p0 desk v0 s0 =1
        9  service_started   p2 desk v0 s0 =1
        9  exited            p0
        10 service_completed p2 desk v0 s0 =1
        10 exited            p2
    """)


def test_reneging_may_lead_to_another_step(simulate: Simulate) -> None:
    """Who gives up at the desk goes to the machine."""
    case = Case().station("desk").station("machine")
    case.step("desk", on_renege="machine").step("machine", when="late")
    case.says(traits=[{"id": "late"}])
    case.passenger(0, serve=9).passenger(1, patience=[4, None], serve=2, traits=("late",))

    assert case.log(simulate) == events("""
        0 servers_changed      desk          =1
        0 servers_changed      machine       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0       =1
        0 service_started   p0 desk v0 s0    =1
        1 arrived           p1               =1
        1 queue_joined      p1 desk v0       =1
        5 reneged           p1 desk v0
        5 queue_joined      p1 machine v1    =1
        5 service_started   p1 machine v1 s0 =1
        7 service_completed p1 machine v1 s0 =1
        7 exited            p1
        9 service_completed p0 desk v0 s0    =1
        9 exited            p0
    """)


def test_patience_counts_only_in_the_queue(simulate: Simulate) -> None:
    """A service longer than the patience is endured; no patience at all finds an idle server."""
    case = Case().station("desk").step("desk").passenger(0, patience=0, serve=5)

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        5 service_completed p0 desk v0 s0 =1
        5 exited            p0
    """)


def test_patience_of_nought_is_served_by_a_server_freed_at_that_instant(
    simulate: Simulate,
) -> None:
    """The service of no length in front ends before the patience of none."""
    case = Case().station("desk").step("desk")
    case.passenger(1, serve=0).passenger(1, patience=0, serve=1)

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
        2 service_completed p1 desk v0 s0 =1
        2 exited            p1
    """)


def test_whole_party_gives_up(simulate: Simulate) -> None:
    """The lead's patience is the party's."""
    case = Case().station("desk", {0: 0}, installed=1, per="party").step("desk")
    case.party(1, Person(patience=3), Person(patience=1))

    assert case.log(simulate) == events("""
        0 servers_changed    desk
        1 arrived         p0
        1 arrived         p1
        1 queue_joined    p0 desk v0 =2
        4 reneged         p0 desk v0 =1
        4 reneged         p1 desk    =1
    """)
