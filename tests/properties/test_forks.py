"""Forks of random days: both engines alike, the past as it was, the future as planned."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.events.log import concat_blocks
from sim.events.memory import MemoryLog
from sim.projections.audit.fold import audit
from sim.scenario.clock import to_us
from tests.contracts.engine.agreement import difference, tell_day
from tests.contracts.engine.cases import Case
from tests.contracts.engine.forks import (
    forked_day,
    past,
    random_fork,
    with_level,
    without_outages,
)
from tests.contracts.engine.random_cases import cases
from tests.engines import ENGINES


@given(case=cases(), other=cases(), data=st.data())
@settings(max_examples=150)
def test_engines_tell_forks_alike(case: Case, other: Case, data: st.DataObject) -> None:
    """Under any patch the logs are equal, and before it those of the day without it."""
    day = (case.network(), case.workload())

    fork, at_us = random_fork(day, other, lambda low, high: data.draw(st.integers(low, high)))
    told = tell_day(*fork)

    assert told.difference == ""
    assert past(told.events, at_us) == past(tell_day(*day).events, at_us)


@given(case=cases(), other=cases(), data=st.data())
@settings(max_examples=150)
def test_audit_of_a_fork_finds_nothing(case: Case, other: Case, data: st.DataObject) -> None:
    """Nobody is lost, overtaken, served twice at once, or left waiting by an idle server."""
    network, work = case.network(), case.workload()
    fork, _ = random_fork(
        (network, work), other, lambda low, high: data.draw(st.integers(low, high))
    )
    events = concat_blocks(ENGINES["compiled"](*fork))
    log = MemoryLog([events], stations=[each.id for each in network.stations], tables=work.tables)

    assert audit(log, case.spec()) == ()


@given(case=cases(), at=st.integers(0, 30), data=st.data())
@settings(max_examples=150)
def test_fork_is_the_day_with_that_schedule(case: Case, at: int, data: st.DataObject) -> None:
    """Where nothing else happens at its instant, a fork is a run whose schedule says so.

    Servers that fail are left out: a server that is added at noon does not stand in for a
    broken one in the morning, one that was always installed does.
    """
    network, work = case.network(), without_outages(case.workload())
    at_us = network.start_us + to_us(at + 0.123_457)
    stations = [each for each in network.stations if not each.by_departure]
    number = data.draw(st.sampled_from(stations or network.stations)).index
    most = 5 if stations else network.stations[number].installed
    level = data.draw(st.integers(0, most))
    planned = with_level(network, number, level, from_us=at_us)

    fork = forked_day((network, work), (planned, work), at_us=at_us)

    names = [each.id for each in network.stations]
    for simulate in ENGINES.values():
        forked, run = (concat_blocks(simulate(*day)) for day in (fork, (planned, work)))
        assert difference(forked, run, names) == ""
