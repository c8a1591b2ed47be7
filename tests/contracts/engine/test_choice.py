"""Choosing among the stations of a step: by share, by estimated wait, by habit."""

from typing import Any

from tests.contracts.engine.cases import Case, Simulate, events, only

AB: list[dict[str, Any]] = [{"station": "a"}, {"station": "b"}]


def test_shortest_takes_the_least_estimated_wait(simulate: Simulate) -> None:
    """The estimate is (waiting + busy) × mean service ÷ open servers; ties go to the first."""
    case = (
        Case().station("a", 1, mean=4).station("b", 2, mean=6).step(choose="shortest", options=AB)
    )
    case.passenger(0, serve=20).passenger(1, serve=20).passenger(2, serve=20)
    case.passenger(3, serve=20).passenger(4, serve=20)

    # p0: 0, 0 → a.  p1: 4, 0 → b.  p2: 4, 3 → b.  p3: 4, 6 → a.  p4: 8, 6 → b.
    assert only(case.log(simulate), "channel_chosen", "queue_joined") == events("""
        0 channel_chosen p0 a v0
        0 queue_joined   p0 a v0 =1
        1 channel_chosen p1 b v0 =1
        1 queue_joined   p1 b v0 =1
        2 channel_chosen p2 b v0 =1
        2 queue_joined   p2 b v0 =1
        3 channel_chosen p3 a v0
        3 queue_joined   p3 a v0 =1
        4 channel_chosen p4 b v0 =1
        4 queue_joined   p4 b v0 =1
    """)


def test_choice_is_logged_before_the_walk(simulate: Simulate) -> None:
    """Passengers choose as they set out, by what they then see, and keep to it."""
    case = Case().station("a", queue_limit=9).station("b").step(choose="shortest", options=AB)
    case.passenger(0, walk=3, serve=2).passenger(1, walk=1, serve=9).passenger(4, serve=1)

    assert case.log(simulate) == events("""
        0  servers_changed      a       =1
        0  servers_changed      b       =1
        0  arrived           p0
        0  channel_chosen    p0 a v0
        1  arrived           p1
        1  channel_chosen    p1 a v0
        2  queue_joined      p1 a v0    =1
        2  service_started   p1 a v0 s0 =1
        3  queue_joined      p0 a v0    =1
        4  arrived           p2
        4  channel_chosen    p2 b v0    =1
        4  queue_joined      p2 b v0    =1
        4  service_started   p2 b v0 s0 =1
        5  service_completed p2 b v0 s0 =1
        5  exited            p2
        11 service_completed p1 a v0 s0 =1
        11 service_started   p0 a v0 s0 =1
        11 exited            p1
        13 service_completed p0 a v0 s0 =1
        13 exited            p0
    """)


def test_those_of_one_instant_see_the_same_queues(simulate: Simulate) -> None:
    """All arrive and choose before the first of them joins."""
    case = Case().station("a").station("b").step(choose="shortest", options=AB)
    case.passenger(0, serve=1).passenger(0, serve=1)

    assert case.log(simulate) == events("""
        0 servers_changed      a       =1
        0 servers_changed      b       =1
        0 arrived           p0
        0 channel_chosen    p0 a v0
        0 arrived           p1
        0 channel_chosen    p1 a v0
        0 queue_joined      p0 a v0    =1
        0 service_started   p0 a v0 s0 =1
        0 queue_joined      p1 a v0    =1
        1 service_completed p0 a v0 s0 =1
        1 service_started   p1 a v0 s0 =1
        1 exited            p0
        2 service_completed p1 a v0 s0 =1
        2 exited            p1
    """)


def test_estimate_reckons_with_servers_open_and_working(simulate: Simulate) -> None:
    """A broken server and a closed one do not shorten the queue; a closed station is the last."""
    case = (
        Case().station("a", 2, installed=3, mean=6).station("b", mean=4).station("c", {0: 0, 9: 1})
    )
    case.step(choose="shortest", options=[*AB, {"station": "c"}])
    case.outage("a", 0, 50, server=2).outage("a", 1, 50, server=1)
    case.passenger(0, serve=30).passenger(0, serve=30).passenger(0.5, serve=30)
    case.passenger(2, serve=30)

    # p0, p1 see nobody → a.  p2: a 12÷2 = 6, b 0 → b.  p3: a 12÷1 (p1 was interrupted and
    # waits), b 4, c is closed until 9 → b.
    assert only(case.log(simulate), "channel_chosen", "service_interrupted") == events("""
        0   channel_chosen      p0 a v0
        0   channel_chosen      p1 a v0
        0.5 channel_chosen      p2 b v0    =1
        1   service_interrupted p1 a v0 s1 =1
        2   channel_chosen      p3 b v0    =1
    """)


def test_where_all_are_closed_the_first_is_chosen(simulate: Simulate) -> None:
    """Of stations that are all closed the first option is taken, and waited for."""
    case = Case().station("a", {0: 0, 9: 1}).station("b", {0: 0, 5: 1})
    case.step(choose="shortest", options=AB).passenger(0, serve=1)

    assert only(case.log(simulate), "channel_chosen", "service_started") == events("""
        0 channel_chosen  p0 a v0
        9 service_started p0 a v0 s0 =1
    """)


def test_nobody_keeps_to_a_preferred_station_that_is_closed(simulate: Simulate) -> None:
    """However patient, a passenger leaves a preferred station that is closed for an open one."""
    case = Case().station("a", {0: 0, 9: 1}).station("b")
    case.step(choose="prefer", options=AB, switch_after={"law": "deterministic", "mean_s": 1})
    case.passenger(0, serve=1, switch=1_000)

    assert only(case.log(simulate), "channel_chosen") == events("""
        0 channel_chosen  p0 b v0 =1
    """)


def test_estimate_is_whole_microseconds_rounded_down(simulate: Simulate) -> None:
    """A third of two microseconds is nothing: the first option wins the tie."""
    case = Case().station("a", 3, mean=0.000_002).station("b")
    case.step(choose="shortest", options=AB).passenger(0, serve=9).passenger(1)

    assert only(case.log(simulate), "channel_chosen") == events("""
        0 channel_chosen p0 a v0
        1 channel_chosen p1 a v0
    """)


def test_share_divides_the_open_options(simulate: Simulate) -> None:
    """A uniform draw falls into the options' weights in the order of the file."""
    options = [{"station": "a", "share": 0.5}, {"station": "b", "share": 0.25}]
    options += [{"station": "c", "share": 0.25, "when": "bag"}]
    case = Case().says(traits=[{"id": "bag"}]).station("a", 9).station("b", 9).station("c", 9)
    case.step(options=options)
    case.passenger(0, choose=0.499, traits=("bag",)).passenger(1, choose=0.5, traits=("bag",))
    case.passenger(2, choose=0.749, traits=("bag",)).passenger(3, choose=0.75, traits=("bag",))
    case.passenger(4, choose=0.66).passenger(5, choose=0.67).passenger(6, choose=0.999)

    assert only(case.log(simulate), "channel_chosen") == events("""
        0 channel_chosen p0 a v0
        1 channel_chosen p1 b v0 =1
        2 channel_chosen p2 b v0 =1
        3 channel_chosen p3 c v0 =2
        4 channel_chosen p4 a v0
        5 channel_chosen p5 b v0 =1
        6 channel_chosen p6 b v0 =1
    """)


def _ruled(*, choose: str = "share", on: str = "2025-12-01") -> Case:
    """A counter restricted to passengers with bags from December on, and two machines."""
    options = [{"station": "counter", "share": 0.5}, {"station": "kiosk", "share": 0.25}]
    options += [{"station": "web", "share": 0.25}]
    rule = {"id": "rule", "effective": "2025-12-01"}
    restrict = [{"station": "counter", "to": "bag"}]
    case = Case().says(traits=[{"id": "bag"}], date=on, policy=[{**rule, "restrict": restrict}])
    case.station("counter", 9).station("kiosk", 9).station("web", 9)
    return case.step(choose=choose, options=options)


def test_policy_makes_only_the_excluded_choose_again(simulate: Simulate) -> None:
    """Whose first choice is still allowed keeps it; the others draw again among what is left."""

    def chosen(on: str) -> list[str]:
        case = _ruled(on=on)
        case.passenger(0, choose=0.4, again=0.49).passenger(1, choose=0.4, again=0.5)
        case.passenger(2, choose=0.4, again=0.9, traits=("bag",))
        case.passenger(3, choose=0.6, again=0.9).passenger(4, choose=0.8, again=0.0)
        return only(case.log(simulate), "channel_chosen", "policy_effective")

    assert chosen("2025-11-30") == events("""
        0 channel_chosen   p0 counter v0
        1 channel_chosen   p1 counter v0
        2 channel_chosen   p2 counter v0
        3 channel_chosen   p3 kiosk   v0 =1
        4 channel_chosen   p4 web     v0 =2
    """)
    assert chosen("2025-12-01") == events("""
        0 policy_effective
        0 channel_chosen   p0 kiosk   v0 =1
        1 channel_chosen   p1 web     v0 =2
        2 channel_chosen   p2 counter v0
        3 channel_chosen   p3 kiosk   v0 =1
        4 channel_chosen   p4 web     v0 =2
    """)


def test_policy_narrows_the_shortest_queue(simulate: Simulate) -> None:
    """An excluded passenger does not even look at the empty counter."""
    case = _ruled(choose="shortest").passenger(0).passenger(0, traits=("bag",))

    assert only(case.log(simulate), "channel_chosen") == events("""
        0 channel_chosen p0 kiosk   v0 =1
        0 channel_chosen p1 counter v0
    """)


def test_policy_that_leaves_nothing_is_not_applied(simulate: Simulate) -> None:
    """Nobody is stranded: who may choose nothing else is served where the rule forbids it."""
    rule = {"id": "rule", "effective": "2025-12-01"}
    restrict = [{"station": "desk", "to": "bag"}]
    case = Case().says(
        traits=[{"id": "bag"}], date="2025-12-01", policy=[{**rule, "restrict": restrict}]
    )
    case.station("desk").step("desk").passenger(0)

    assert case.log(simulate) == events("""
        0 policy_effective
        0 servers_changed      desk       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        1 service_completed p0 desk v0 s0 =1
        1 exited            p0
    """)


def test_policies_that_forbid_every_option_forbid_none(simulate: Simulate) -> None:
    """With nothing left the passenger chooses as if there were no rule."""
    rule = {"id": "rule", "effective": "2025-12-01"}
    restrict = [{"station": station, "to": "bag"} for station in "ab"]
    case = Case().says(
        traits=[{"id": "bag"}], date="2025-12-01", policy=[{**rule, "restrict": restrict}]
    )
    case.station("a").station("b").step(options=[{**option, "share": 0.5} for option in AB])
    case.passenger(0, choose=0.2, again=0.7).passenger(1, choose=0.7, again=0.2)

    assert only(case.log(simulate), "channel_chosen") == events("""
        0 channel_chosen p0 a v0
        1 channel_chosen p1 b v0 =1
    """)


def test_habit_holds_until_the_wait_passes_the_threshold(simulate: Simulate) -> None:
    """At a wait of the threshold itself the passenger stays; above, the least wait is taken."""
    case = (
        Case()
        .station("a", mean=10)
        .station("b", mean=10)
        .step(choose="prefer", options=AB, switch_after={"law": "deterministic", "mean_s": 1})
    )
    case.passenger(0, serve=99, switch=0).passenger(1, serve=99, switch=10)
    case.passenger(2, serve=99, switch=19.999_999).passenger(3, serve=99, switch=20)

    assert only(case.log(simulate), "channel_chosen") == events("""
        0 channel_chosen p0 a v0
        1 channel_chosen p1 a v0
        2 channel_chosen p2 b v0 =1
        3 channel_chosen p3 a v0
    """)


def test_who_leaves_a_habit_may_find_it_still_the_best(simulate: Simulate) -> None:
    """Past the threshold all options count, the preferred one among them."""
    case = (
        Case()
        .station("a", mean=10)
        .station("b", mean=30)
        .step(choose="prefer", options=AB, switch_after={"law": "deterministic", "mean_s": 1})
    )
    case.passenger(0, serve=99).passenger(1, serve=99, switch=5).passenger(2, serve=99, switch=5)
    case.passenger(3, serve=99, switch=5)

    # b stays empty only until p1: 10, 0 → b.  p2: 10, 30 → a.  p3: 20, 30 → a.
    assert only(case.log(simulate), "channel_chosen") == events("""
        0 channel_chosen p0 a v0
        1 channel_chosen p1 b v0 =1
        2 channel_chosen p2 a v0
        3 channel_chosen p3 a v0
    """)


def test_preferred_is_the_first_option_open_to_the_passenger(simulate: Simulate) -> None:
    """A class to whom the first option is closed prefers the second; nothing open, no step."""
    options = [{**AB[0], "when": "vip"}, {**AB[1], "when": "vip or known"}]
    case = (
        Case()
        .says(traits=[{"id": "vip"}, {"id": "known"}])
        .station("a")
        .station("b")
        .step(choose="prefer", options=options, switch_after={"law": "deterministic", "mean_s": 1})
    )
    case.passenger(0, switch=9, traits=("known",)).passenger(3)

    assert case.log(simulate) == events("""
        0 servers_changed      a       =1
        0 servers_changed      b       =1
        0 arrived           p0         =2
        0 channel_chosen    p0 b v0    =1
        0 queue_joined      p0 b v0    =1
        0 service_started   p0 b v0 s0 =1
        1 service_completed p0 b v0 s0 =1
        1 exited            p0
        3 arrived           p1
        3 exited            p1
    """)
