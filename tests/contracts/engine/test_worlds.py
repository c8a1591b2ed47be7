"""Several facilities in one world: each goes its own way, but for what they share."""

from tests.contracts.engine.cases import Case, Simulate, events, only
from tests.contracts.engine.worlds import world_of

VNEID = {"id": "vneid", "servers": 1, "service": {"law": "exponential", "mean_s": 1}}


def gate_and_vneid() -> Case:
    """A gate that asks VNeID at once."""
    case = Case().station("gate").station("vneid", 2)
    return case.step("gate", calls=[{"station": "vneid", "after_share": 0.0}])


def test_each_makes_the_journey_of_their_facility(simulate: Simulate) -> None:
    """The first step of a facility is no step of another, nor is its last followed by one."""
    one = Case().station("desk").step("desk").passenger(1, serve=2)
    other = Case().station("door").station("desk").step("door").step("desk")
    other.passenger(0, serve=[1, 3])

    assert only(world_of(one, other).log(simulate), "queue_joined", "exited") == events("""
        0 queue_joined p0 f1/door v0 =1
        1 queue_joined p1 f0/desk v0 =1
        1 queue_joined p0 f1/desk v1 =1
        3 exited       p1
        4 exited       p0
    """)


def test_those_of_one_instant_come_in_the_order_of_facilities(simulate: Simulate) -> None:
    """Passengers are numbered by arrival, then by facility."""
    one, other = (Case().station("desk").step("desk") for _ in range(2))
    one.passenger(1, serve=1).passenger(1, serve=1)
    other.passenger(0, serve=1).passenger(1, serve=1)

    assert only(world_of(one, other).log(simulate), "queue_joined") == events("""
        0 queue_joined p0 f1/desk v0 =1
        1 queue_joined p1 f0/desk v0 =1
        1 queue_joined p2 f0/desk v0 =1
        1 queue_joined p3 f1/desk v0 =1
    """)


def test_facilities_wait_for_one_service(simulate: Simulate) -> None:
    """A request of one facility queues behind that of another at what they share."""
    one = gate_and_vneid().passenger(0, serve=1, answer=[4])
    other = gate_and_vneid().passenger(1, serve=1, answer=[2])
    log = world_of(one, other, stations=[VNEID], shared=["vneid"]).log(simulate)

    assert only(log, "service_started", "service_completed") == events("""
        0 service_started   p0 f0/gate v0 s0 =1
        0 service_started   p0 vneid   v0 s0 =1
        1 service_started   p1 f1/gate v0 s0 =1
        4 service_completed p0 vneid   v0 s0 =1
        4 service_started   p1 vneid   v0 s0 =1
        4 service_completed p0 f0/gate v0 s0 =1
        6 service_completed p1 vneid   v0 s0 =1
        6 service_completed p1 f1/gate v0 s0 =1
    """)


def test_each_departure_has_the_window_of_its_own_facility(simulate: Simulate) -> None:
    """Boarding opens and closes by the last step of the departure's own journey."""
    one, other = (
        Case().station("door").step("door", boards=True, opens_before=opens, closes_before=closes)
        for opens, closes in ((50, 10), (20, 5))
    )
    one.departure(100).passenger(0, serve=1, departure=0)
    other.departure(90).passenger(1, serve=1, departure=0)
    log = world_of(one, other).log(simulate)

    kinds = ("boarding_opened", "boarding_closed", "boarded", "departure_left")
    assert only(log, *kinds) == events("""
        50  boarding_opened r0
        51  boarded         p0 f0/door v0 s0 r0
        70  boarding_opened r1
        71  boarded         p1 f1/door v0 s0 r1
        85  boarding_closed r1
        90  boarding_closed r0
        90  departure_left  r1
        100 departure_left  r0
    """)


def test_a_facility_without_departures_lets_people_go(simulate: Simulate) -> None:
    """Beside one that boards, the people of another exit."""
    one = Case().station("door").step("door", boards=True, opens_before=50, closes_before=1)
    one.departure(100).passenger(0, serve=1, departure=0)
    other = Case().station("desk").step("desk").passenger(0, serve=1)

    assert only(world_of(one, other).log(simulate), "boarded", "exited") == events("""
        1  exited  p1
        51 boarded p0 f0/door v0 s0 r0
    """)


def test_galleries_of_departures_are_found_past_those_of_others(simulate: Simulate) -> None:
    """The gallery of a departure is its own facility's, whatever comes before."""
    one = Case().gates("eye").step("eye").passenger(0, serve=1)
    one.passenger(0, serve=1)
    two = Case().gates("eye", gallery="departure").station("door").step("eye")
    two.step("door", boards=True, opens_before=90, closes_before=1)
    two.departure(95).departure(100)
    two.passenger(3, serve=1, accept=1, departure=1)

    assert only(world_of(one, two, two).log(simulate), "match_requested")[2:] == events("""
        4 match_requested p2 f1/eye v0 s0 r2 =1
        4 match_requested p3 f2/eye v0 s0 r4 =1
    """)


def test_a_departure_leaves_the_gates_of_other_facilities_alone(simulate: Simulate) -> None:
    """Its gate may be a number that another facility has not."""
    doors = [Case().station("door", gates, lanes="by_departure") for gates in (1, 3)]
    for case, gate in zip(doors, (0, 2), strict=True):
        case.step("door", boards=True, opens_before=50, closes_before=1)
        case.departure(100, gate=gate).passenger(0, serve=60, departure=0)
        case.passenger(0, serve=60, departure=0)

    log = only(world_of(*doors).log(simulate), "missed_departure", "boarded")
    assert log == events("""
        100 missed_departure p1 f0/door v0 r0
        100 missed_departure p3 f1/door v0 r1
        110 boarded          p0 f0/door v0 s0 r0
        110 boarded          p2 f1/door v0 s2 r1
    """)
