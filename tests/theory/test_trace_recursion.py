"""Trace-driven first come, first served equals an independent recursion to the microsecond."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.demand.sample import sample
from sim.demand.workload import SKIPS
from sim.scenario.load import load_scenario
from sim.scenario.program import build_program
from tests.engines import ENGINES, run_engine, visits_of
from tests.theory.cases import (
    CLOSINGS,
    US,
    Answer,
    Case,
    Desk,
    by_engine,
    by_recursion,
    random_case,
)
from tests.theory.recursions import Closing, Staffing, next_free, staffed

GRIDS = {"seconds": US, "quarters": US // 4, "microseconds": 1}
engines = pytest.mark.parametrize("engine", ENGINES)
closings = pytest.mark.parametrize("closing", CLOSINGS)


def assert_alike(case: Case, *, engine: str) -> None:
    assert not by_engine(case, engine=engine).differs_from(by_recursion(case)), str(case)


@engines
@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("servers", [1, 2, 5, 20])
def test_constant_servers(servers: int, grid: str, engine: str) -> None:
    """On servers that are always open every start is that of Kiefer and Wolfowitz."""
    rng = np.random.default_rng(servers)
    for _ in range(3):
        case = random_case(
            rng, servers=servers, is_staffed=False, grid_us=GRIDS[grid], passengers=40 * servers
        )
        seen = by_engine(case, engine=engine)
        expected = next_free(
            (case.arrivals + case.walks[:, 0]).tolist(),
            case.services[:, 0].tolist(),
            servers=servers,
        )

        if not case.walks.any():
            assert seen.started[:, 0].tolist() == expected
        assert_alike(case, engine=engine)


@engines
@closings
@pytest.mark.parametrize("grid", GRIDS)
def test_random_opening_schedules(grid: str, closing: Closing, engine: str) -> None:
    """Under changing staff everyone starts, ends and is served where the recursion says."""
    rng = np.random.default_rng(CLOSINGS.index(closing))
    for servers in (2, 3, 5, 9) * 6:
        assert_alike(
            random_case(rng, closing=closing, servers=servers, grid_us=GRIDS[grid]), engine=engine
        )


@engines
@pytest.mark.parametrize("grid", GRIDS)
def test_three_stations_in_a_row(grid: str, engine: str) -> None:
    """Walks, overtaking and desks passed by change nothing: each desk follows the recursion."""
    rng = np.random.default_rng(3)
    for _ in range(20):
        assert_alike(random_case(rng, desks=3, grid_us=GRIDS[grid]), engine=engine)


levels = st.lists(st.integers(0, 3), min_size=1, max_size=6).filter(any)
windows = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 15), st.integers(1, 2)).map(
        lambda w: (w[0], w[0] + w[1], w[2])
    ),
    min_size=1,
    max_size=4,
)
desks = st.one_of(
    st.builds(Desk.always, st.integers(1, 3)),
    st.builds(Desk.by_periods, st.integers(1, 6), levels, st.sampled_from(CLOSINGS)),
    st.builds(Desk.by_windows, windows, st.sampled_from(CLOSINGS)),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Small days on whole seconds, where nearly everything happens at once."""
    row = tuple(draw(st.lists(desks, min_size=1, max_size=3)))
    arrivals = np.array(sorted(draw(st.lists(st.integers(0, 12), min_size=1, max_size=10))))

    def table(values: st.SearchStrategy[int]) -> NDArray[np.int64]:
        size = len(arrivals) * len(row)
        drawn = draw(st.lists(values, min_size=size, max_size=size))
        return np.array(drawn, dtype=np.int64).reshape(len(arrivals), len(row))

    services = table(st.integers(-1, 5))
    return Case(
        desks=row,
        arrivals=arrivals.astype(np.int64) * US,
        services=np.where(services < 0, SKIPS, services * US),
        walks=table(st.integers(0, 2)) * US,
    )


@engines
@given(case=cases())
def test_any_small_day(case: Case, engine: str) -> None:
    """No day of a few passengers on whole seconds tells engine and recursion apart."""
    assert_alike(case, engine=engine)


def one_desk(desk: Desk, *passengers: tuple[int, int]) -> Case:
    """Passengers as ``(arrival_s, service_s)``."""
    table = np.array(passengers, dtype=np.int64) * US
    return Case((desk,), table[:, 0], table[:, 1:], np.zeros((len(passengers), 1), np.int64))


def starts_s(case: Case, engine: str) -> list[float]:
    assert_alike(case, engine=engine)
    return (by_engine(case, engine=engine).started[:, 0] / US).tolist()


@engines
@closings
def test_nobody_starts_at_the_closing_instant(closing: Closing, engine: str) -> None:
    """Openings are half-open: who arrives at 10 s to a desk open until 10 s waits until 20 s."""
    desk = Desk.by_windows([(0, 10, 1), (20, 30, 1)], closing)

    assert starts_s(one_desk(desk, (9, 1), (10, 1)), engine) == [9, 20]


@engines
@closings
def test_a_completion_hands_on_after_the_change(closing: Closing, engine: str) -> None:
    """Who waits for the one that ends at 10 s is not served if the desk closes at 10 s."""
    desk = Desk.by_windows([(0, 10, 1), (20, 30, 1)], closing)

    assert starts_s(one_desk(desk, (0, 10), (1, 1)), engine) == [0, 20]


@engines
def test_an_arrival_comes_after_the_completion_of_its_instant(engine: str) -> None:
    """A desk free from 5 s on serves who waits before who arrives at 5 s."""
    desk = Desk.always(1)

    assert starts_s(one_desk(desk, (0, 5), (4, 3), (5, 1)), engine) == [0, 5, 8]


@engines
@pytest.mark.parametrize(
    ("closing", "third_starts", "second_ends"),
    [("idle_first", 10, 12), ("named", 7, 12), ("pause", 7, 17)],
)
def test_closing_rules_part_ways(
    closing: Closing, third_starts: int, second_ends: int, engine: str
) -> None:
    """Desk 1 of two closes from 5 s to 10 s while desk 0 ends at 7 s and desk 1 would at 12 s.

    With ``idle_first`` the one still busy counts, so the third passenger waits for the
    change; otherwise desk 0 takes them, and with ``pause`` desk 1 loses five seconds.
    """
    desk = Desk.by_windows([(0, 5, 2), (5, 10, 1), (10, 99, 2)], closing)
    case = one_desk(desk, (0, 7), (0, 12), (6, 1))

    assert starts_s(case, engine) == [0, 0, third_starts]
    assert by_engine(case, engine=engine).completed[1, 0] == second_ends * US


def test_days_are_full_of_ties() -> None:
    """Cases on whole seconds have passengers who arrive, start and end at the same instants."""
    rng = np.random.default_rng(0)
    at_once = at_change = 0
    for _ in range(20):
        case = random_case(rng)
        answer = by_recursion(case)
        at_once += len(case.arrivals) - len(np.unique(case.arrivals))
        at_change += np.isin(answer.completed, case.desks[0].staffing.changes[1:]).sum()

    assert at_once > 20 * 20
    assert at_change > 20


@closings
def test_another_rule_would_be_noticed(closing: Closing) -> None:
    """The recursion under one closing rule does not match the engine under another."""
    rng = np.random.default_rng(7)
    noticed = 0
    for _ in range(10):
        case = random_case(rng, closing=closing)
        seen = by_engine(case, engine="reference")
        for other in set(CLOSINGS) - {closing}:
            twisted = replace(case, desks=(replace(case.desks[0], closing=other),))
            noticed += bool(by_recursion(twisted).differs_from(seen))

    assert noticed >= 10


def test_the_two_recursions_agree() -> None:
    """With constant staff the schedule pointer changes nothing."""
    rng = np.random.default_rng(11)
    arrivals = np.sort(rng.integers(0, 500, 400)).tolist()
    services = rng.integers(0, 9, 400).tolist()
    for servers in (1, 3, 7):
        starts = [
            service.start
            for service in staffed(arrivals, services, staffing=Staffing((0,), (servers,)))
        ]

        assert starts == next_free(arrivals, services, servers=servers)


@engines
def test_a_trace_file_is_replayed_to_the_microsecond(tmp_path: Path, engine: str) -> None:
    """A CSV of seconds, with blanks and rows in any order, gives the recursion's every instant.

    Times are rounded to the nearest microsecond once; rows of one instant keep their order.
    """
    rng = np.random.default_rng(5)
    case = random_case(rng, desks=3, grid_us=1, is_staffed=False, servers=2)
    case = replace(case, walks=np.zeros_like(case.walks), arrivals=case.arrivals // US * US)
    rows = [
        ",".join(["" if us == SKIPS else f"{us / US:.7f}" for us in (at, *works)])
        for at, works in zip(case.arrivals.tolist(), case.services.tolist(), strict=True)
    ]
    late_first = sorted(rows, key=lambda row: -float(row.split(",")[0]))
    (tmp_path / "day.csv").write_text("\n".join(["arrival_s,a,b,c", *late_first]) + "\n")
    stations = "".join(f'[[stations]]\nid = "{name}"\nservers = 2\n' for name in "abc")
    journey = "".join(f'[[journey]]\nstation = "{name}"\n' for name in "abc")
    file = tmp_path / "replay.toml"
    head = 'id = "replay"\nkind = "generic"\n[demand]\ntrace = "day.csv"\n'
    file.write_text(head + stations + journey)
    scenario = load_scenario(file)

    program = build_program(scenario.spec)
    events = run_engine(scenario.spec, sample(scenario, program=program, seed=1), engine=engine)

    seen = visits_of(events, passengers=len(rows), visits=3, by="station")
    answer = Answer(seen.joined_us, seen.started_us, seen.completed_us, seen.server)
    assert not answer.differs_from(by_recursion(case))
