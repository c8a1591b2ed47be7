"""Degraded modes: what a station does while a service it calls is down or slow."""

from typing import Any

from tests.contracts.engine.cases import Case, Simulate, events, only
from tests.contracts.engine.test_background import traffic


def mode(station: str, **more: Any) -> dict[str, Any]:
    """A degraded mode of a station that watches vneid; times in seconds."""
    minutes = {f"{key}_min": more.pop(key, 0) / 60 for key in ("after", "recovers")}
    if "repost" in more:
        minutes["repost_min"] = more.pop("repost") / 60
    return {"id": station, "station": station, "service": "vneid", **minutes, **more}


def gate_and_officer(**more: Any) -> Case:
    """A gate that asks vneid, beside an officer who does not."""
    case = Case().station("gate", 1).station("officer", 1, installed=3).station("vneid", 1)
    options = [
        {"station": "gate", "calls": [{"station": "vneid", "after_share": 0.0}], "share": 1.0},
        {"station": "officer", "share": 1.0},
    ]
    return case.step(options=options).says(degraded=[mode("gate", closes=True, **more)])


def test_who_waits_at_a_closed_gate_chooses_again(simulate: Simulate) -> None:
    """Down from 2 s, closed from 5: who waits goes to the officer, who is served stays."""
    case = gate_and_officer(after=3, recovers=4).outage("vneid", 2, 20)
    case.passenger(1, serve=2, answer=[5])
    case.passenger(3, serve=2, answer=[1], choose=0.1, again=0.3)
    case.passenger(6, serve=2, answer=[1], choose=0.1, again=0.3)

    assert case.log(simulate) == events("""
        0  servers_changed      gate         =1
        0  servers_changed      officer      =1
        0  servers_changed      vneid        =1
        1  arrived           p0
        1  channel_chosen    p0 gate v0
        1  queue_joined      p0 gate v0      =1
        1  service_started   p0 gate v0 s0   =1
        1  queue_joined      p0 vneid v0     =1
        1  service_started   p0 vneid v0 s0  =1
        2  outage_started       vneid
        2  service_interrupted p0 vneid v0 s0 =1
        3  arrived           p1
        3  channel_chosen    p1 gate v0
        3  queue_joined      p1 gate v0      =1
        5  degraded_started     gate
        5  reneged           p1 gate v0      =2
        5  channel_chosen    p1 officer v1   =1
        5  servers_changed      gate
        5  queue_joined      p1 officer v1   =1
        5  service_started   p1 officer v1 s0 =1
        6  arrived           p2
        6  channel_chosen    p2 officer v0   =1
        6  queue_joined      p2 officer v0   =1
        7  service_completed p1 officer v1 s0 =1
        7  service_started   p2 officer v0 s0 =1
        7  exited            p1
        9  service_completed p2 officer v0 s0 =1
        9  exited            p2
        20 outage_ended         vneid        =1
        20 service_started   p0 vneid v0 s0  =1
        24 degraded_ended       gate
        24 servers_changed      gate         =1
        25 service_completed p0 vneid v0 s0  =1
        25 service_completed p0 gate v0 s0   =1
        25 exited            p0
    """)


def test_staff_are_reposted_some_time_later(simulate: Simulate) -> None:
    """Two more officers from 4 s after the gate closed until it opens again."""
    case = gate_and_officer(
        after=3, recovers=1, repost_to="officer", repost_servers=2, repost=4
    ).outage("vneid", 2, 20)

    assert only(case.log(simulate), "servers_changed", "degraded_started", "degraded_ended") == (
        events("""
        0  servers_changed   gate    =1
        0  servers_changed   officer =1
        0  servers_changed   vneid   =1
        5  degraded_started  gate
        5  servers_changed   gate
        9  servers_changed   officer =3
        21 degraded_ended    gate
        21 servers_changed   gate    =1
        21 servers_changed   officer =1
    """)
    )


def test_who_has_no_other_way_stays(simulate: Simulate) -> None:
    """Where nothing else is open to them, people wait until the gate opens again."""
    case = Case().says(traits=[{"id": "x"}]).station("gate", 1).station("officer").station("vneid")
    options = [
        {"station": "gate", "calls": [{"station": "vneid", "after_share": 1.0}], "share": 1.0},
        {"station": "officer", "share": 1.0, "when": "x"},
    ]
    case.step(options=options).says(degraded=[mode("gate", closes=True, after=1)])
    case.outage("vneid", 2, 9)
    case.passenger(1, serve=3, answer=[1]).passenger(2, serve=1, answer=[1])

    assert only(case.log(simulate), "reneged", "service_started", "degraded_ended") == events("""
        1  service_started p0 gate v0 s0  =1
        9  degraded_ended     gate
        9  service_started p0 vneid v0 s0 =1
        10 service_started p1 gate v0 s0  =1
        11 service_started p1 vneid v0 s0 =1
    """)


def test_a_short_trouble_changes_nothing(simulate: Simulate) -> None:
    """An outage must have lasted so long; one that ends at that very instant has not."""
    case = gate_and_officer(after=3).outage("vneid", 2, 5).outage("vneid", 6, 9)

    assert only(case.log(simulate), "degraded_started", "degraded_ended") == []


def test_trouble_that_comes_back_keeps_the_mode(simulate: Simulate) -> None:
    """Well for less than the time to recover does not count; the mode ends once."""
    case = gate_and_officer(after=3, recovers=4).outage("vneid", 2, 8).outage("vneid", 10, 11)

    assert only(case.log(simulate), "degraded_started", "degraded_ended") == events("""
        5  degraded_started gate
        15 degraded_ended   gate
    """)


def test_a_station_does_without_asking(simulate: Simulate) -> None:
    """In its degraded mode it sends nothing and takes its own time, half as long again here."""
    case = Case().station("desk", 2, mean=2).station("vneid")
    case.step("desk", calls=[{"station": "vneid", "after_share": 0.5}])
    case.says(degraded=[mode("desk", skips_calls=True, mean_s=3, after=1)]).outage("vneid", 2, 9)
    case.passenger(4, serve=2, answer=[1]).passenger(10, serve=2, answer=[1])

    assert only(case.log(simulate), "queue_joined", "service_completed") == events("""
        4  queue_joined      p0 desk v0     =1
        7  service_completed p0 desk v0 s0  =1
        10 queue_joined      p1 desk v0     =1
        11 queue_joined      p1 vneid v0    =1
        12 service_completed p1 vneid v0 s0 =1
        12 service_completed p1 desk v0 s0  =1
    """)


def test_calls_already_sent_are_waited_for(simulate: Simulate) -> None:
    """What began before the mode goes on as it began."""
    case = Case().station("desk", 2).station("vneid")
    case.step("desk", calls=[{"station": "vneid", "after_share": 0.0}])
    case.says(degraded=[mode("desk", skips_calls=True, after=1)]).outage("vneid", 2, 9)
    case.passenger(1, serve=2, answer=[4])

    assert only(case.log(simulate), "service_completed", "exited") == events("""
        13 service_completed p0 vneid v0 s0 =1
        13 service_completed p0 desk v0 s0  =1
        13 exited            p0
    """)


def test_slowness_is_trouble_too(simulate: Simulate) -> None:
    """At twice its capacity for 10 s vneid is more than 4 s behind from 5 s until after 16."""
    case = Case().station("desk", 2).station("vneid", 1)
    case.step("desk", calls=[{"station": "vneid", "after_share": 0.0}])
    surges = [{"from": 0, "until": 10, "factor": 4}]
    case.says(
        background=[traffic("vneid", per_s=0.5, surges=surges)],
        degraded=[mode("desk", skips_calls=True, after=2, recovers=1, delay_s=4)],
    )

    # Behind by 1 s more each second: over 4 s from second 5; from 10 s on half a second less.
    assert only(case.log(simulate), "degraded_started", "degraded_ended") == events("""
        7  degraded_started desk
        23 degraded_ended   desk
    """)
