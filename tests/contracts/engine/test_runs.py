"""How a run begins and ends, and how its events are handed on."""

import numpy as np

from sim.demand.workload import SKIPS
from sim.events.log import BLOCK_ROWS
from tests.contracts.engine.cases import Case, Simulate, events
from tests.engines import day_of


def _queue(**scenario: object) -> Case:
    case = Case().says(**scenario).station("desk", {0: 1, 12: 2}).step("desk")
    return case.passenger(0, serve=5).passenger(1, serve=5).passenger(9, walk=2, serve=1)


def test_drain_lets_everyone_finish(simulate: Simulate) -> None:
    """The horizon does not stop what is going on, nor changes after it."""
    assert _queue(horizon_s=5, end_of_run="drain").log(simulate) == events("""
        0  servers_changed      desk       =1
        0  arrived           p0
        0  queue_joined      p0 desk v0    =1
        0  service_started   p0 desk v0 s0 =1
        1  arrived           p1
        1  queue_joined      p1 desk v0    =1
        5  service_completed p0 desk v0 s0 =1
        5  service_started   p1 desk v0 s0 =1
        5  exited            p0
        9  arrived           p2
        10 service_completed p1 desk v0 s0 =1
        10 exited            p1
        11 queue_joined      p2 desk v0    =1
        11 service_started   p2 desk v0 s0 =1
        12 service_completed p2 desk v0 s0 =1
        12 exited            p2
        12 servers_changed      desk       =2
    """)


def test_cut_stops_at_the_horizon(simulate: Simulate) -> None:
    """What happens at that instant or later is not in the log; some are still present."""
    assert _queue(horizon_s=10, end_of_run="cut").log(simulate) == events("""
        0 servers_changed      desk       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        1 arrived           p1
        1 queue_joined      p1 desk v0    =1
        5 service_completed p0 desk v0 s0 =1
        5 service_started   p1 desk v0 s0 =1
        5 exited            p0
        9 arrived           p2
    """)


def test_policies_in_force_are_announced_first(simulate: Simulate) -> None:
    """One event each at the start of the day, numbered in the order of the file."""
    rules = [("new", "2025-12-01"), ("old", "2020-01-01"), ("future", "2030-01-01")]
    policy = [{"id": name, "effective": day} for name, day in rules]
    case = Case().says(date="2026-02-10", policy=policy, day_starts=7200)
    case.station("desk").step("desk")

    assert case.log(simulate) == events("""
        7200 policy_effective
        7200 policy_effective      =1
        7200 servers_changed  desk =1
    """)


def test_day_without_passengers_has_the_facility_only(simulate: Simulate) -> None:
    """Stations open and close though nobody comes."""
    case = Case().station("a", {0: 1, 3: 2, 5: 0}).station("b", {0: 0, 3: 1}).step("a").step("b")

    assert case.log(simulate) == events("""
        0 servers_changed a =1
        0 servers_changed b
        3 servers_changed a =2
        3 servers_changed b =1
        5 servers_changed a
    """)


def test_unchanged_levels_are_not_logged(simulate: Simulate) -> None:
    """A period with as many servers as the one before is no change."""
    case = Case().station("desk", {0: 1, 1: 1, 2: 3, 4: 3, 5: 1}).step("desk")

    assert case.log(simulate) == events("""
        0 servers_changed desk =1
        2 servers_changed desk =3
        5 servers_changed desk =1
    """)


def test_blocks_are_full_but_the_last(simulate: Simulate) -> None:
    """Events come in blocks of one size, numbered without a gap."""
    passengers = BLOCK_ROWS // 2 + 5
    network = Case().station("desk").step("desk").network()
    workload = day_of(np.arange(passengers), np.full((passengers, 1), SKIPS))

    blocks = list(simulate(network, workload))

    assert [len(block) for block in blocks] == [BLOCK_ROWS, 11]
    assert np.array_equal(np.concatenate([b.seq for b in blocks]), np.arange(BLOCK_ROWS + 11))


def test_engine_keeps_nothing_between_runs(simulate: Simulate) -> None:
    """The same network and workload, run again, give the same events; inputs are not changed."""
    case = Case().says(traits=[{"id": "face"}]).station("desk").step("desk", sets={"face": True})
    case.passenger(0).passenger(1)
    network, workload = case.network(), case.workload()
    traits = workload.traits.copy()

    first, second = ([*simulate(network, workload)] for _ in range(2))

    for mine, other in zip(first, second, strict=True):
        for column in ("seq", "at_us", "kind", "passenger", "station", "visit", "server", "detail"):
            assert np.array_equal(getattr(mine, column), getattr(other, column))
    assert np.array_equal(workload.traits, traits)
