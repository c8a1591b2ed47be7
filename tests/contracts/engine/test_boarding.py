"""Departures: windows, lanes by departure, and everybody who misses one."""

from typing import Any

import pytest

from tests.contracts.engine.cases import Case, Person, Simulate, events

BOARDS: dict[str, Any] = {"boards": True, "opens_before": 10, "closes_before": 4}


def test_passengers_are_held_until_boarding_opens(simulate: Simulate) -> None:
    """They join in the order in which they came to the gate, at the instant it opens."""
    case = Case().station("gate").step("gate", **BOARDS).departure(20)
    case.passenger(0, 0, walk=5, serve=2).passenger(1, 0, walk=3, serve=2)
    case.passenger(12, 0, serve=2)

    assert case.log(simulate) == events("""
        0  servers_changed      gate          =1
        0  arrived           p0            r0
        1  arrived           p1            r0
        10 boarding_opened                 r0
        10 queue_joined      p1 gate v0       =1
        10 service_started   p1 gate v0 s0    =1
        10 queue_joined      p0 gate v0       =1
        12 service_completed p1 gate v0 s0    =1
        12 boarded           p1 gate v0 s0 r0
        12 service_started   p0 gate v0 s0    =1
        12 arrived           p2            r0
        12 queue_joined      p2 gate v0       =1
        14 service_completed p0 gate v0 s0    =1
        14 boarded           p0 gate v0 s0 r0
        14 service_started   p2 gate v0 s0    =1
        16 service_completed p2 gate v0 s0    =1
        16 boarded           p2 gate v0 s0 r0
        16 boarding_closed                 r0
        20 departure_left                  r0
    """)


def test_who_comes_to_a_closed_gate_has_missed(simulate: Simulate) -> None:
    """Just before closing is in time, the instant of closing is too late."""
    case = Case().station("gate").step("gate", **BOARDS).departure(20)
    case.passenger(15, 0, serve=2).passenger(16, 0, serve=2).passenger(30, 0, serve=2)

    assert case.log(simulate) == events("""
        0  servers_changed       gate          =1
        10 boarding_opened                  r0
        15 arrived            p0            r0
        15 queue_joined       p0 gate v0       =1
        15 service_started    p0 gate v0 s0    =1
        16 boarding_closed                  r0
        16 arrived            p1            r0
        16 missed_departure   p1 gate v0    r0
        17 service_completed  p0 gate v0 s0    =1
        17 boarded            p0 gate v0 s0 r0
        20 departure_left                   r0
        30 arrived            p2            r0
        30 missed_departure   p2 gate v0    r0
    """)


def test_who_waits_when_the_departure_leaves_is_turned_away(simulate: Simulate) -> None:
    """Those in line miss it, in the order of the line; the one at the gate still boards."""
    case = Case().says(traits=[{"id": "vip"}]).station("gate", priority=[{"when": "vip"}])
    case.step("gate", **BOARDS).departure(20).departure(25)
    case.passenger(14, 0, serve=9).passenger(14, 0, serve=1).passenger(15, 1, serve=3)
    case.passenger(15, 0, serve=1, traits=("vip",))

    assert case.log(simulate) == events("""
        0  servers_changed       gate          =1
        10 boarding_opened                  r0
        14 arrived            p0            r0
        14 arrived            p1            r0
        14 queue_joined       p0 gate v0       =1
        14 service_started    p0 gate v0 s0    =1
        14 queue_joined       p1 gate v0       =1
        15 boarding_opened                  r1
        15 arrived            p2            r1
        15 arrived            p3            r0 =1
        15 queue_joined       p2 gate v0       =1
        15 queue_joined       p3 gate v0       =1
        16 boarding_closed                  r0
        20 departure_left                   r0
        20 missed_departure   p3 gate v0    r0
        20 missed_departure   p1 gate v0    r0
        21 boarding_closed                  r1
        23 service_completed  p0 gate v0 s0    =1
        23 boarded            p0 gate v0 s0 r0
        23 service_started    p2 gate v0 s0    =1
        25 departure_left                   r1
        26 service_completed  p2 gate v0 s0    =1
        26 boarded            p2 gate v0 s0 r1
    """)


def test_gates_have_lanes_of_their_own(simulate: Simulate) -> None:
    """An idle server does not help at another departure's gate; the limit is by lane."""
    case = Case().station("gate", 2, lanes="by_departure", queue_limit=1)
    case.step("gate", on_balk="leave", **BOARDS).departure(20, gate=1).departure(20, gate=0)
    case.passenger(12, 0, serve=3).passenger(12, 0, serve=3).passenger(12, 0, serve=3)
    case.passenger(13, 1, serve=1)

    assert case.log(simulate) == events("""
        0  servers_changed       gate          =2
        10 boarding_opened                  r0
        10 boarding_opened                  r1
        12 arrived            p0            r0
        12 arrived            p1            r0
        12 arrived            p2            r0
        12 queue_joined       p0 gate v0       =1
        12 service_started    p0 gate v0 s1    =1
        12 queue_joined       p1 gate v0       =1
        12 balked             p2 gate v0
        12 missed_departure   p2            r0
        13 arrived            p3            r1
        13 queue_joined       p3 gate v0       =1
        13 service_started    p3 gate v0 s0    =1
        14 service_completed  p3 gate v0 s0    =1
        14 boarded            p3 gate v0 s0 r1
        15 service_completed  p0 gate v0 s1    =1
        15 boarded            p0 gate v0 s1 r0
        15 service_started    p1 gate v0 s1    =1
        16 boarding_closed                  r0
        16 boarding_closed                  r1
        18 service_completed  p1 gate v0 s1    =1
        18 boarded            p1 gate v0 s1 r0
        20 departure_left                   r0
        20 departure_left                   r1
    """)


def test_departures_at_one_gate_share_its_lane(simulate: Simulate) -> None:
    """Only those of the departure that leaves are turned away."""
    case = Case().station("gate", 1, lanes="by_departure").step("gate", **BOARDS)
    case.departure(20, gate=0).departure(22, gate=0)
    case.passenger(15, 0, serve=9).passenger(15, 0, serve=1).passenger(15, 1, serve=1)

    assert case.log(simulate) == events("""
        0  servers_changed       gate          =1
        10 boarding_opened                  r0
        12 boarding_opened                  r1
        15 arrived            p0            r0
        15 arrived            p1            r0
        15 arrived            p2            r1
        15 queue_joined       p0 gate v0       =1
        15 service_started    p0 gate v0 s0    =1
        15 queue_joined       p1 gate v0       =1
        15 queue_joined       p2 gate v0       =1
        16 boarding_closed                  r0
        18 boarding_closed                  r1
        20 departure_left                   r0
        20 missed_departure   p1 gate v0    r0
        22 departure_left                   r1
        22 missed_departure   p2 gate v0    r1
        24 service_completed  p0 gate v0 s0    =1
        24 boarded            p0 gate v0 s0 r0
    """)


def test_staff_short_of_gates_goes_where_somebody_waits(simulate: Simulate) -> None:
    """One member of staff for two gates finishes a lane, then takes the other one."""
    case = Case().station("gate", 1, installed=2, lanes="by_departure").step("gate", **BOARDS)
    case.departure(40, gate=0).departure(40, gate=1)
    case.passenger(30, 1, serve=2).passenger(30, 1, serve=2).passenger(30, 0, serve=1)

    assert case.log(simulate) == events("""
        0  servers_changed       gate          =1
        30 boarding_opened                  r0
        30 boarding_opened                  r1
        30 arrived            p0            r1
        30 arrived            p1            r1
        30 arrived            p2            r0
        30 queue_joined       p0 gate v0       =1
        30 service_started    p0 gate v0 s1    =1
        30 queue_joined       p1 gate v0       =1
        30 queue_joined       p2 gate v0       =1
        32 service_completed  p0 gate v0 s1    =1
        32 boarded            p0 gate v0 s1 r1
        32 service_started    p1 gate v0 s1    =1
        34 service_completed  p1 gate v0 s1    =1
        34 boarded            p1 gate v0 s1 r1
        34 service_started    p2 gate v0 s0    =1
        35 service_completed  p2 gate v0 s0    =1
        35 boarded            p2 gate v0 s0 r0
        36 boarding_closed                  r0
        36 boarding_closed                  r1
        40 departure_left                   r0
        40 departure_left                   r1
    """)


def test_named_gate_that_is_not_staffed_serves_nobody(simulate: Simulate) -> None:
    """With servers named, level 1 opens gate 0 alone."""
    case = Case().station("gate", 1, installed=2, lanes="by_departure", closing="named")
    case.step("gate", **BOARDS).departure(20, gate=1).passenger(12, 0)

    assert case.log(simulate) == events("""
        0  servers_changed      gate       =1
        10 boarding_opened              r0
        12 arrived           p0         r0
        12 queue_joined      p0 gate v0    =1
        16 boarding_closed              r0
        20 departure_left               r0
        20 missed_departure  p0 gate v0 r0
    """)


def test_check_in_closes(simulate: Simulate) -> None:
    """Who reaches the counter too late has missed there; who waits at it does not."""
    case = Case().station("counter", per="party").station("gate")
    case.step("counter", closes_before=15).step("gate", **BOARDS).departure(20)
    case.party(4, Person(serve=[6, 1]), departure=0).party(4, Person(serve=[5, 1]), departure=0)
    case.party(5, Person(), Person(), departure=0)

    assert case.log(simulate) == events("""
        0  servers_changed       counter          =1
        0  servers_changed       gate             =1
        4  arrived            p0               r0
        4  arrived            p1               r0
        4  queue_joined       p0 counter v0       =1
        4  service_started    p0 counter v0 s0    =1
        4  queue_joined       p1 counter v0       =1
        5  arrived            p2               r0
        5  arrived            p3               r0
        5  missed_departure   p2 counter v0    r0
        5  missed_departure   p3 counter       r0
        10 service_completed  p0 counter v0 s0    =1
        10 service_started    p1 counter v0 s0    =1
        10 boarding_opened                     r0
        10 queue_joined       p0 gate v1          =1
        10 service_started    p0 gate v1 s0       =1
        11 service_completed  p0 gate v1 s0       =1
        11 boarded            p0 gate v1 s0    r0
        15 service_completed  p1 counter v0 s0    =1
        15 queue_joined       p1 gate v1          =1
        15 service_started    p1 gate v1 s0       =1
        16 service_completed  p1 gate v1 s0       =1
        16 boarded            p1 gate v1 s0    r0
        16 boarding_closed                     r0
        20 departure_left                      r0
    """)


def test_party_boards_as_one_where_the_gate_says_so(simulate: Simulate) -> None:
    """Each of them has the event; a party turned away misses as one."""
    case = Case().station("gate", per="party").step("gate", **BOARDS).departure(20)
    case.party(12, Person(serve=9), Person(), departure=0)
    case.party(13, Person(), Person(), departure=0)

    assert case.log(simulate) == events("""
        0  servers_changed      gate          =1
        10 boarding_opened                 r0
        12 arrived           p0            r0
        12 arrived           p1            r0
        12 queue_joined      p0 gate v0       =2
        12 service_started   p0 gate v0 s0    =2
        13 arrived           p2            r0
        13 arrived           p3            r0
        13 queue_joined      p2 gate v0       =2
        16 boarding_closed                 r0
        20 departure_left                  r0
        20 missed_departure  p2 gate v0    r0
        20 missed_departure  p3 gate       r0
        21 service_completed p0 gate v0 s0    =2
        21 boarded           p0 gate v0 s0 r0
        21 boarded           p1 gate v0 s0 r0
    """)


def test_who_gives_up_at_the_gate_has_missed(simulate: Simulate) -> None:
    """Reneging and balking are not the last event of someone with a departure."""
    case = Case().station("gate", queue_limit=1).step("gate", **BOARDS).departure(20)
    case.passenger(11, 0, serve=8).passenger(12, 0, patience=2).passenger(13, 0)

    assert case.log(simulate) == events("""
        0  servers_changed      gate          =1
        10 boarding_opened                 r0
        11 arrived           p0            r0
        11 queue_joined      p0 gate v0       =1
        11 service_started   p0 gate v0 s0    =1
        12 arrived           p1            r0
        12 queue_joined      p1 gate v0       =1
        13 arrived           p2            r0
        13 balked            p2 gate v0
        13 missed_departure  p2            r0
        14 reneged           p1 gate v0
        14 missed_departure  p1            r0
        16 boarding_closed                 r0
        19 service_completed p0 gate v0 s0    =1
        19 boarded           p0 gate v0 s0 r0
        20 departure_left                  r0
    """)


@pytest.mark.parametrize("on_reject", ["", "leave"])
def test_who_is_rejected_at_the_gate_has_missed(simulate: Simulate, on_reject: str) -> None:
    """After the last step without boarding there is nothing but a missed departure."""
    case = Case().gates("gate").step("gate", on_reject=on_reject, **BOARDS).departure(20)
    case.passenger(11, 0, accept=0)

    assert case.log(simulate) == events("""
        0  servers_changed      gate          =1
        10 boarding_opened                 r0
        11 arrived           p0            r0
        11 queue_joined      p0 gate v0       =1
        11 service_started   p0 gate v0 s0    =1
        12 match_requested   p0 gate v0 s0 r0 =1
        12 match_rejected    p0 gate v0 s0 r0 =1
        12 service_completed p0 gate v0 s0    =1
        12 referred          p0 gate v0       =1
        12 missed_departure  p0            r0
        16 boarding_closed                 r0
        20 departure_left                  r0
    """)


def test_boarding_may_be_at_several_stations(simulate: Simulate) -> None:
    """A choice of gates: opening frees those held at each, leaving turns all away."""
    options = [{"station": "face", **BOARDS}, {"station": "desk", **BOARDS}]
    options = [{**option, "share": 0.5} for option in options]
    case = Case().station("face").station("desk").step(options=options).departure(20)
    case.passenger(1, 0, choose=0.9, serve=1).passenger(2, 0, choose=0.1, serve=1)
    for choose in (0.1, 0.9):
        case.passenger(13, 0, choose=choose, serve=9).passenger(13, 0, choose=choose, serve=9)

    assert case.log(simulate) == events("""
        0  servers_changed      face          =1
        0  servers_changed      desk          =1
        1  arrived           p0            r0
        1  channel_chosen    p0 desk v0       =1
        2  arrived           p1            r0
        2  channel_chosen    p1 face v0
        10 boarding_opened                 r0
        10 queue_joined      p0 desk v0       =1
        10 service_started   p0 desk v0 s0    =1
        10 queue_joined      p1 face v0       =1
        10 service_started   p1 face v0 s0    =1
        11 service_completed p1 face v0 s0    =1
        11 boarded           p1 face v0 s0 r0
        11 service_completed p0 desk v0 s0    =1
        11 boarded           p0 desk v0 s0 r0
        13 arrived           p2            r0
        13 channel_chosen    p2 face v0
        13 arrived           p3            r0
        13 channel_chosen    p3 face v0
        13 arrived           p4            r0
        13 channel_chosen    p4 desk v0       =1
        13 arrived           p5            r0
        13 channel_chosen    p5 desk v0       =1
        13 queue_joined      p2 face v0       =1
        13 service_started   p2 face v0 s0    =1
        13 queue_joined      p3 face v0       =1
        13 queue_joined      p4 desk v0       =1
        13 service_started   p4 desk v0 s0    =1
        13 queue_joined      p5 desk v0       =1
        16 boarding_closed                 r0
        20 departure_left                  r0
        20 missed_departure  p3 face v0    r0
        20 missed_departure  p5 desk v0    r0
        22 service_completed p2 face v0 s0    =1
        22 boarded           p2 face v0 s0 r0
        22 service_completed p4 desk v0 s0    =1
        22 boarded           p4 desk v0 s0 r0
    """)


def test_gate_that_closes_as_boarding_opens_starts_nobody(simulate: Simulate) -> None:
    """Those let in at the first station's turn do not slip in before the second one's change."""
    options = [{"station": "face", **BOARDS}, {"station": "desk", **BOARDS}]
    options = [{**option, "share": 0.5} for option in options]
    case = Case().station("face").station("desk", {0: 1, 10: 0, 12: 1}).step(options=options)
    case.departure(20).passenger(1, 0, choose=0.9, serve=1)

    assert case.log(simulate) == events("""
        0  servers_changed      face          =1
        0  servers_changed      desk          =1
        1  arrived           p0            r0
        1  channel_chosen    p0 desk v0       =1
        10 boarding_opened                 r0
        10 queue_joined      p0 desk v0       =1
        10 servers_changed      desk
        12 servers_changed      desk          =1
        12 service_started   p0 desk v0 s0    =1
        13 service_completed p0 desk v0 s0    =1
        13 boarded           p0 desk v0 s0 r0
        16 boarding_closed                 r0
        20 departure_left                  r0
    """)


def test_gate_that_fails_after_the_departure_turns_its_passenger_away(simulate: Simulate) -> None:
    """Interrupted before the departure one waits on, at its instant or later one has missed."""
    case = Case().station("gate", 3).step("gate", **BOARDS).departure(20)
    case.outage("gate", 17, 18, server=0).outage("gate", 20, 21, server=1)
    case.outage("gate", 22, 23, server=2)
    case.passenger(11, 0, serve=7).passenger(12, 0, serve=20).passenger(13, 0, serve=20)

    assert case.log(simulate) == events("""
        0  servers_changed        gate          =3
        10 boarding_opened                   r0
        11 arrived             p0            r0
        11 queue_joined        p0 gate v0       =1
        11 service_started     p0 gate v0 s0    =1
        12 arrived             p1            r0
        12 queue_joined        p1 gate v0       =1
        12 service_started     p1 gate v0 s1    =1
        13 arrived             p2            r0
        13 queue_joined        p2 gate v0       =1
        13 service_started     p2 gate v0 s2    =1
        16 boarding_closed                   r0
        17 outage_started         gate    s0    =2
        17 service_interrupted p0 gate v0 s0    =1
        18 outage_ended           gate    s0    =3
        18 service_started     p0 gate v0 s0    =1
        20 outage_started         gate    s1    =2
        20 service_interrupted p1 gate v0 s1    =1
        20 missed_departure    p1 gate v0    r0
        20 departure_left                    r0
        21 outage_ended           gate    s1    =3
        22 outage_started         gate    s2    =2
        22 service_interrupted p2 gate v0 s2    =1
        22 missed_departure    p2 gate v0    r0
        23 outage_ended           gate    s2    =3
        25 service_completed   p0 gate v0 s0    =1
        25 boarded             p0 gate v0 s0 r0
    """)


def test_changes_at_a_gate_come_before_its_departures(simulate: Simulate) -> None:
    """At one instant: staffing, repair, failure, then who waits, then opening, closing, leaving."""
    case = Case().station("gate", {0: 1, 16: 2}, closing="named").step("gate", **BOARDS)
    case.departure(16).departure(20).departure(26)
    case.outage("gate", 3, 16, server=0).outage("gate", 16, 17, server=1)
    case.passenger(10, 0).passenger(10, 0).passenger(11, 1).passenger(15, 2)

    assert case.log(simulate) == events("""
        0  servers_changed      gate          =1
        3  outage_started       gate    s0
        6  boarding_opened                 r0
        10 boarding_opened                 r1
        10 arrived           p0            r0
        10 arrived           p1            r0
        10 queue_joined      p0 gate v0       =1
        10 queue_joined      p1 gate v0       =1
        11 arrived           p2            r1
        11 queue_joined      p2 gate v0       =1
        12 boarding_closed                 r0
        15 arrived           p3            r2
        16 servers_changed      gate          =1
        16 outage_ended         gate    s0    =2
        16 outage_started       gate    s1    =1
        16 service_started   p0 gate v0 s0    =1
        16 boarding_opened                 r2
        16 queue_joined      p3 gate v0       =1
        16 boarding_closed                 r1
        16 departure_left                  r0
        16 missed_departure  p1 gate v0    r0
        17 service_completed p0 gate v0 s0    =1
        17 boarded           p0 gate v0 s0 r0
        17 outage_ended         gate    s1    =2
        17 service_started   p2 gate v0 s0    =1
        17 service_started   p3 gate v0 s1    =1
        18 service_completed p2 gate v0 s0    =1
        18 boarded           p2 gate v0 s0 r1
        18 service_completed p3 gate v0 s1    =1
        18 boarded           p3 gate v0 s1 r2
        20 departure_left                  r1
        22 boarding_closed                 r2
        26 departure_left                  r2
    """)


def test_without_boarding_the_journey_simply_ends(simulate: Simulate) -> None:
    """Where no step boards, a departure only makes people late."""
    case = Case().station("gate").step("gate").departure(5).passenger(1, 0, serve=9)

    assert case.log(simulate) == events("""
        0  servers_changed      gate          =1
        1  arrived           p0            r0
        1  queue_joined      p0 gate v0       =1
        1  service_started   p0 gate v0 s0    =1
        10 service_completed p0 gate v0 s0    =1
        10 exited            p0
    """)
