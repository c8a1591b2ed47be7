"""The fast path says of every visit what the event loop says, and expands to its log."""

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.recursion.exactness import obstacle
from sim.engine.recursion.expansion import expand
from sim.engine.recursion.times import NotExactError, visit_times
from sim.events.log import EventBlock, concat_blocks
from tests.contracts.engine.cases import Case, Person, lines_of
from tests.contracts.engine.random_cases import Roll, random_case
from tests.engines import ENGINES, NEVER, visits_of


def plain_day(roll: Roll, *, passengers: int = 8, least: int = 1) -> Case:
    """First come first served: schedules, patience, choices by share, blanks, routes, a cut.

    Parameters
    ----------
    least : int
        Least service time and patience, in seconds.
    """
    case = Case().says(traits=[{"id": "x", "share": 0.5}])
    names = "abcd"[: roll(1, 4)]
    for name in names:
        levels = {0: roll(0, 3), **{roll(1, 12): roll(0, 3) for _ in range(roll(0, 3))}}
        case.station(name, levels, closing=("idle_first", "named")[roll(0, 1)])
    is_routed = roll(0, 4) == 4
    may_skip = _steps(case, roll, names, is_routed=is_routed)
    if roll(0, 3) == 3:
        case.says(end_of_run="cut", horizon_s=roll(1, 30))
    at = 0
    for _ in range(roll(1, passengers)):
        at += roll(0, 3)
        case.party(at, _person(roll, may_skip, is_routed=is_routed, least=least))
    return case


def _steps(case: Case, roll: Roll, names: str, *, is_routed: bool) -> list[bool]:
    """Add steps of one station or two; returns by row of draws whether it may be blank."""
    may_skip, rest = [], list(names)
    while rest:
        here = [rest.pop(0) for _ in range(min(1 if is_routed else roll(1, 2), len(rest)))]
        more: dict[str, Any] = {"when": "x"} if not is_routed and roll(0, 2) == 2 else {}
        if len(here) > 1:
            options = [{"station": name, "share": 0.5} for name in here]
            case.step(options=options, **more)
        else:
            case.step(here[0], on_renege=("leave", "")[roll(0, 1)], **more)
        may_skip += [len(here) == 1 and not is_routed] * len(here)
    return may_skip


def _person(roll: Roll, may_skip: list[bool], *, is_routed: bool, least: int) -> Person:
    places = sorted({roll(0, len(may_skip) - 1) for _ in may_skip})
    rows = len(places) if is_routed else len(may_skip)
    return Person(
        traits=("x",) if roll(0, 1) else (),
        serve=[
            None if may_skip[row] and roll(0, 6) == 6 else roll(least, 5) for row in range(rows)
        ],
        walk=[roll(0, 2) for _ in range(rows)],
        patience=[None if roll(0, 1) else roll(least, 6) for _ in range(rows)],
        choose=roll(0, 9) / 10,
        route=places if is_routed else None,
    )


def _expanded(case: Case) -> EventBlock:
    network, workload = case.network(), case.workload()
    assert obstacle(network, workload) is None
    return concat_blocks(expand(network, workload, visit_times(network, workload, whole=True)))


def _lines(case: Case, block: EventBlock) -> list[str]:
    return lines_of(block, [station["id"] for station in case.stations])


@st.composite
def _plain_days(draw: st.DrawFn, least: int = 1) -> Case:
    return plain_day(lambda low, high: draw(st.integers(low, high)), least=least)


@given(case=_plain_days())
def test_expansion_is_the_log(case: Case) -> None:
    """Event for event, ties within an instant included."""
    assert _lines(case, _expanded(case)) == _lines(case, case.block(ENGINES["reference"]))


def test_expansion_is_the_log_of_busier_days() -> None:
    """The same for fixed days with more passengers than a shrinking search can afford."""
    for seed in range(300):
        case = plain_day(random.Random(seed).randint, passengers=60)

        assert _lines(case, _expanded(case)) == _lines(case, case.block(ENGINES["compiled"])), seed


@given(case=_plain_days(least=0))
def test_times_are_those_of_the_log(case: Case) -> None:
    """Where services and patience may have no length, times still agree."""
    network, workload = case.network(), case.workload()
    seen = visits_of(
        case.block(ENGINES["reference"]), passengers=len(workload), visits=4, by="station"
    )

    for visits in visit_times(network, workload):
        for name in ("joined_us", "started_us", "completed_us", "reneged_us"):
            found = np.full(len(workload), NEVER)
            if getattr(visits, name) is not None:
                found[visits.passenger] = getattr(visits, name)
            assert found.tolist() == getattr(seen, name)[:, visits.station].tolist(), name


@pytest.mark.parametrize("servers", [1, 2, 12, 13, 40])
def test_many_servers_constant_staff(servers: int) -> None:
    """Few servers are looked at one by one, many are kept in a heap; both give the log."""
    rng = random.Random(servers)
    case = Case().station("a", servers).step("a")
    at = 0
    for _ in range(20 * servers):
        at += rng.randint(0, 1)
        case.passenger(at, serve=rng.randint(1, 2 * servers))

    assert _lines(case, _expanded(case)) == _lines(case, case.block(ENGINES["compiled"]))


def test_what_it_cannot_do_is_said() -> None:
    """Most random days of every behaviour are refused, with what stands in the way."""
    reasons = set()
    for seed in range(200):
        case = random_case(random.Random(seed).randint, 10)
        reason = obstacle(case.network(), case.workload())
        reasons.add(reason)
        if reason is not None:
            with pytest.raises(NotExactError, match=reason):
                visit_times(case.network(), case.workload())

    assert len(reasons) >= 9


def test_a_service_without_length_is_not_expanded() -> None:
    """It would end in the middle of another's instant."""
    case = Case().station("a").step("a").passenger(0, serve=0)

    with pytest.raises(NotExactError, match="has no length"):
        _expanded(case)
