"""Background traffic: what it leaves undone delays every call that starts."""

from typing import Any

import pytest

from sim.scenario.background import Background
from tests.contracts.engine.cases import Case, Simulate, events, only

HOUR = 3600


def traffic(station: str, **more: Any) -> dict[str, Any]:
    """So many requests a second in the first hour (one by default) of one second each."""
    per_s = more.pop("per_s", 1)
    return {
        "id": f"to-{station}",
        "station": station,
        "per_day": per_s * HOUR,
        "hours": [1] + [0] * 23,
        "service_s": 1,
        **more,
    }


def test_the_backlog_is_added_to_a_call(simulate: Simulate) -> None:
    """One server, two seconds of work a second: after 4 s the backlog is 4 s, after 6 s 6."""
    case = Case().station("desk", 9).station("vneid", 1)
    case.step("desk", calls=[{"station": "vneid", "after_share": 0.0}])
    case.says(background=[traffic("vneid", per_s=2)])
    case.passenger(0, serve=1, answer=[1]).passenger(4, serve=1, answer=[2])

    assert only(case.log(simulate), "service_started", "service_completed") == events("""
        0  service_started   p0 desk v0 s0  =1
        0  service_started   p0 vneid v0 s0 =1
        1  service_completed p0 vneid v0 s0 =1
        1  service_completed p0 desk v0 s0  =1
        4  service_started   p1 desk v0 s0  =1
        4  service_started   p1 vneid v0 s0 =1
        10 service_completed p1 vneid v0 s0 =1
        10 service_completed p1 desk v0 s0  =1
    """)


def test_a_batch_is_delayed_as_a_whole(simulate: Simulate) -> None:
    """The backlog of the second in which it forms is added to the time of its bucket."""
    case = Case().station("gate", 9).batches("match", 1, times=[1, 2])
    case.step("gate", calls=[{"station": "match", "after_share": 0.0}])
    case.says(background=[traffic("match", per_s=1.5)])
    for _ in range(3):
        case.passenger(6, serve=1, answer=[0])

    assert only(case.log(simulate), "service_completed")[:4] == events("""
        10 service_completed p0 match v0 s0 r0 =1
        10 service_completed p0 gate v0 s0     =1
        17 service_completed p1 match v0 s0 r1 =1
        17 service_completed p2 match v0 s0 r1 =1
    """)


def test_an_outage_grows_the_backlog_of_who_starts_after_it(simulate: Simulate) -> None:
    """Half busy and out from 2 to 8 s, it has 3 s to make up: a call started then ends at 12."""
    case = Case().station("desk", 9).station("vneid", 1).outage("vneid", 2, 8)
    case.step("desk", calls=[{"station": "vneid", "after_share": 0.0}])
    case.says(background=[traffic("vneid", per_s=0.5)])
    case.passenger(3, serve=1, answer=[1])

    assert only(case.log(simulate), "queue_joined", "service_started", "service_completed") == (
        events("""
        3  queue_joined      p0 desk v0     =1
        3  service_started   p0 desk v0 s0  =1
        3  queue_joined      p0 vneid v0    =1
        8  service_started   p0 vneid v0 s0 =1
        12 service_completed p0 vneid v0 s0 =1
        12 service_completed p0 desk v0 s0  =1
    """)
    )


def test_a_surge_multiplies_what_comes(simulate: Simulate) -> None:
    """From 2 to 4 s five times a load of one half: three seconds left undone at 4 s."""
    case = Case().station("desk", 9).station("vneid", 1)
    case.step("desk", calls=[{"station": "vneid", "after_share": 0.0}])
    surge = {"from": 2, "until": 4, "factor": 5}
    case.says(background=[traffic("vneid", per_s=0.5, surges=[surge])])
    case.passenger(4, serve=0, answer=[1]).passenger(10, serve=0, answer=[1])

    assert only(case.log(simulate), "service_completed") == events("""
        8  service_completed p0 vneid v0 s0 =1
        8  service_completed p0 desk v0 s0  =1
        11 service_completed p1 vneid v0 s0 =1
        11 service_completed p1 desk v0 s0  =1
    """)


def test_a_call_is_made_only_for_its_share(simulate: Simulate) -> None:
    """Whoever does not call is not held, and nobody answers for them."""
    case = Case().station("desk", 9).station("vneid", 1)
    case.step("desk", calls=[{"station": "vneid", "after_share": 0.5}])
    case.passenger(0, serve=4, answer=[5]).passenger(1, serve=4, answer=[-0.000_001])

    assert only(case.log(simulate), "service_completed") == events("""
        5 service_completed p1 desk v0 s1  =1
        7 service_completed p0 vneid v0 s0 =1
        7 service_completed p0 desk v0 s0  =1
    """)


def test_a_match_is_requested_at_the_end_where_no_call_is_made(simulate: Simulate) -> None:
    """With its first call the request is logged as that is sent, without one at the end."""
    case = Case().gates("gate", 9, attempts=2).station("vneid", 9)
    case.step("gate", calls=[{"station": "vneid", "after_share": 0.0}])
    case.passenger(0, serve=4, answer=[1, 1], accept=1)
    case.passenger(0, serve=4, answer=[-0.000_001, 1], accept=2, retry=[2])

    log = only(case.log(simulate), "match_requested", "match_accepted", "match_rejected")

    assert log == events("""
        0 match_requested p0 gate v0 s0 r0 =1
        4 match_accepted  p0 gate v0 s0 r0 =1
        4 match_requested p1 gate v0 s1 r0 =1
        4 match_rejected  p1 gate v0 s1 r0 =1
        4 match_requested p1 gate v0 s1 r0 =2
        6 match_accepted  p1 gate v0 s1 r0 =2
    """)


def test_growth_adds_to_the_ordinary_requests() -> None:
    """So many services, so many requests of each, as far as they are in use."""
    step = {"id": "end-to-end", "services": 25, "per_day_each": 4_000, "in_use": 0.5}
    background = Background.model_validate(traffic("vneid", per_day=1_000, growth=[step]))

    assert background.requests == pytest.approx(1_000 + 50_000)
