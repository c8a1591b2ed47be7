"""What a fork changes takes effect before everything else of its instant."""

from dataclasses import replace

import numpy as np
import pytest

from sim.engine.network import Patch
from sim.scenario.clock import to_us
from tests.contracts.engine.cases import Case, Simulate, events, only
from tests.contracts.engine.forks import forked, forked_day, log_of


def test_more_servers_open_before_the_completion_of_that_instant(simulate: Simulate) -> None:
    """At 5 the second server opens and takes who waits; only then the first one is done."""
    case = Case().station("desk").step("desk").passenger(0, serve=5).passenger(1, serve=2)
    day = forked(case, 5, Case().station("desk", 2).step("desk"))

    assert log_of(day, simulate) == events("""
        0 servers_changed      desk       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        1 arrived           p1
        1 queue_joined      p1 desk v0    =1
        5 servers_changed      desk       =2
        5 service_started   p1 desk v0 s1 =1
        5 service_completed p0 desk v0 s0 =1
        5 exited            p0
        7 service_completed p1 desk v0 s1 =1
        7 exited            p1
    """)


@pytest.mark.parametrize(
    ("closing", "at_five"),
    [
        ("idle_first", ["5 servers_changed desk =1", "5 service_completed p0 desk v0 s0 =1"]),
        (
            "pause",
            [
                "5 service_paused p1 desk v0 s1 =1",
                "5 servers_changed desk =1",
                "5 service_completed p0 desk v0 s0 =1",
                "5 service_started p2 desk v0 s0 =1",
            ],
        ),
    ],
)
def test_fewer_servers_go_by_the_closing_rule(
    simulate: Simulate, closing: str, at_five: list[str]
) -> None:
    """The level falls first, then the completions of that instant find fewer servers open."""
    case = Case().station("desk", 2, closing=closing).step("desk")
    for at in (0, 0, 1):
        case.passenger(at, serve=5)
    day = forked(case, 5, Case().station("desk", 1, closing=closing).step("desk"))

    at_instant = only(
        [line for line in log_of(day, simulate) if line.startswith("5 ")],
        "servers_changed",
        "service_paused",
        "service_completed",
        "service_started",
    )

    assert at_instant[: len(at_five)] == at_five


def test_later_schedule_is_that_of_the_new_plan(simulate: Simulate) -> None:
    """Levels planned before count until the instant, levels planned now from it on."""
    day = forked(
        Case().station("desk", {0: 1, 4: 3, 8: 2}).step("desk"),
        6,
        Case().station("desk", {0: 5, 2: 4, 9: 1}).step("desk"),
    )

    assert log_of(day, simulate) == events("""
        0 servers_changed desk =1
        4 servers_changed desk =3
        6 servers_changed desk =4
        9 servers_changed desk =1
    """)


def test_a_level_that_is_the_level_already_is_no_change(simulate: Simulate) -> None:
    """Three servers from 6 on where three are open: nothing is logged, later levels are gone."""
    day = forked(
        Case().station("desk", {0: 1, 4: 3, 8: 2}).step("desk"),
        6,
        Case().station("desk", 3).step("desk"),
    )

    assert log_of(day, simulate) == events("""
        0 servers_changed desk =1
        4 servers_changed desk =3
    """)


def test_added_servers_do_not_stand_in_for_broken_ones_before(simulate: Simulate) -> None:
    """With one of two broken, one is open until the instant, whatever is installed then."""
    case = Case().station("desk", 2).step("desk").outage("desk", 1, 9, server=0)
    for at in (2, 2, 2):
        case.passenger(at, serve=9)
    after = Case().station("desk", 3).step("desk").outage("desk", 1, 9, server=0)

    assert only(log_of(forked(case, 5, after), simulate), "servers_changed", "service_started") == [
        "0 servers_changed desk =2",
        "2 service_started p0 desk v0 s1 =1",
        "5 servers_changed desk =2",
        "5 service_started p1 desk v0 s2 =1",
        "9 service_started p2 desk v0 s0 =1",
    ]


def test_outage_begins_before_the_completion_of_that_instant(simulate: Simulate) -> None:
    """Who would be done at 5 is interrupted at 5, and begins anew after the repair."""
    case = Case().station("desk").step("desk").passenger(0, serve=5)
    after = Case().station("desk").step("desk").outage("desk", 5, 7)

    assert log_of(forked(case, 5, after), simulate)[4:] == events("""
        5  outage_started         desk
        5  service_interrupted p0 desk v0 s0 =1
        7  outage_ended           desk       =1
        7  service_started     p0 desk v0 s0 =1
        12 service_completed   p0 desk v0 s0 =1
        12 exited              p0
    """)


def test_outage_that_is_called_off_ends_at_the_instant(simulate: Simulate) -> None:
    """A server that is out until 9 is back at 5; one that would fail at 8 does not."""
    case = Case().station("desk", 2).step("desk")
    case.outage("desk", 1, 9, server=0).outage("desk", 8, 10, server=1)

    assert log_of(forked(case, 5, Case().station("desk", 2).step("desk")), simulate) == events("""
        0 servers_changed desk    =2
        1 outage_started  desk s0 =1
        5 outage_ended    desk s0 =2
    """)


def test_outage_goes_on_where_both_plans_have_it(simulate: Simulate) -> None:
    """Out until 9 by the old plan, until 12 by the new one: nothing happens at the instant."""
    day = forked(
        Case().station("desk", 2).step("desk").outage("desk", 1, 9, server=0),
        5,
        Case().station("desk", 2).step("desk").outage("desk", 3, 12, server=0),
    )

    assert log_of(day, simulate) == events("""
        0  servers_changed desk    =2
        1  outage_started  desk s0 =1
        12 outage_ended    desk s0 =2
    """)


def test_choices_of_that_instant_are_made_by_the_new_shares(simulate: Simulate) -> None:
    """From 5 on everyone goes to the machine, who arrives at 5 included."""

    def hall(share: float) -> Case:
        options = [{"station": "desk", "share": 1 - share}, {"station": "machine", "share": share}]
        return Case().station("desk", 9).station("machine", 9).step(id="in", options=options)

    case = hall(0)
    for at in (4, 5, 6):
        case.passenger(at, choose=0.5)

    assert only(log_of(forked(case, 5, hall(1)), simulate), "channel_chosen") == [
        "4 channel_chosen p0 desk v0",
        "5 channel_chosen p1 machine v0 =1",
        "6 channel_chosen p2 machine v0 =1",
    ]


def test_policies_of_a_fork_come_first_of_all(simulate: Simulate) -> None:
    """The policy is logged, then stations change in their order, then the instant goes on."""
    case = Case().station("one").station("two").step("one").passenger(0, serve=5)
    network = replace(
        case.network(),
        patches=(
            Patch(to_us(5), policies=(3,), servers=((0, 1, 0), (1, 1, 0)), failures=((1, 0),)),
        ),
    )

    assert log_of((network, case.workload()), simulate)[5:] == events("""
        5 policy_effective =3
        5 servers_changed one
        5 servers_changed two
        5 outage_started two s0
        5 service_completed p0 one v0 s0 =1
        5 exited p0
    """)


def test_fork_at_the_start_of_the_day(simulate: Simulate) -> None:
    """The first level of a station may be changed, too."""
    day = forked(Case().station("desk", 1).step("desk"), 0, Case().station("desk", 2).step("desk"))

    assert log_of(day, simulate) == ["0 servers_changed desk =2"]


def test_fork_of_a_fork(simulate: Simulate) -> None:
    """Each plan holds from its own instant on."""
    one, two, three = (Case().station("desk", n).step("desk") for n in (1, 2, 3))
    first = forked(one, 4, two)
    again = forked_day(
        (replace(first[0], patches=first[0].patches), first[1]),
        (three.network(), three.workload()),
        at_us=to_us(6),
    )

    assert log_of(again, simulate) == events("""
        0 servers_changed desk =1
        4 servers_changed desk =2
        6 servers_changed desk =3
    """)
    assert np.array_equal(again[1].arrival_us, first[1].arrival_us)
