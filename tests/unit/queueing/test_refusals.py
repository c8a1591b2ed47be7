"""Questions that a law cannot answer are refused, with the reason and what to ask instead."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.errors import SimError, TheoryError, UnstableSystemError
from sim.queueing import modified_load, phase_type, pointwise, priority
from sim.queueing.blocking_line import blocking_line
from sim.queueing.bulk import bulk
from sim.queueing.dmc import dmc
from sim.queueing.erlang_a import erlang_a
from sim.queueing.erlang_b import erlang_b
from sim.queueing.erlang_c import erlang_c
from sim.queueing.fluid import fluid
from sim.queueing.fork_join import fork_join
from sim.queueing.jackson import jackson, visit_rates
from sim.queueing.little import little
from sim.queueing.mdc import mdc
from sim.queueing.mg1 import mg1
from sim.queueing.mgc import mgc
from sim.queueing.mmc import mmc
from sim.queueing.mmck import mmck
from sim.queueing.mph1 import mph1
from sim.queueing.mphc import mphc
from sim.queueing.platoon import even_platoon
from sim.queueing.staffing import fewest, servers_for_wait
from sim.queueing.steps import Steps
from sim.queueing.transient import transient

Ask = Callable[[], Any]
DAY = Steps.rates([1.0, 2.0], period=30)
TWO = phase_type.erlang(phases=2, mean=1.0)

OVERLOADED: dict[str, Ask] = {
    "erlang_c": lambda: erlang_c(servers=12, offered_load=14.2),
    "erlang_c at the edge": lambda: erlang_c(servers=12, offered_load=12),
    "erlang_c in a vector": lambda: erlang_c(servers=2, offered_load=np.array([1.0, 2.5])),
    "mmc": lambda: mmc(servers=1, arrival_rate=2, mean_service=1),
    "mdc": lambda: mdc(servers=1, arrival_rate=2, service=1),
    "mg1": lambda: mg1(arrival_rate=2, mean_service=1, scv=1),
    "mgc": lambda: mgc(servers=1, arrival_rate=2, mean_service=1, scv=2),
    "mph1": lambda: mph1(arrival_rate=2, service=TWO),
    "mphc": lambda: mphc(servers=2, arrival_rate=2, service=TWO),
    "dmc": lambda: dmc(servers=1, interval=1, mean_service=1),
    "bulk": lambda: bulk(servers=1, batch_rate=0.5, sizes={4: 1.0}, mean_service=1),
    "fork-join": lambda: fork_join(arrival_rate=2, mean_service=1),
    "priority": lambda: priority.mmc_priority(servers=1, arrival_rates=[0.5, 0.6], mean_service=1),
    "jackson": lambda: jackson(
        entering=[1, 0], routing=[[0, 1], [0, 0]], servers=[2, 1], mean_services=[1, 1]
    ),
}

UNSOUND: dict[str, tuple[Ask, str]] = {
    "no servers": (lambda: erlang_c(servers=0, offered_load=0.0), "servers must be"),
    "half a server": (lambda: erlang_b(servers=np.array([2.5]), offered_load=1.0), "got 2.5"),
    "negative load": (lambda: erlang_b(servers=2, offered_load=-1.0), "offered_load must be"),
    "no number": (lambda: erlang_b(servers=2, offered_load=float("nan")), "got nan"),
    "no patience": (
        lambda: erlang_a(servers=2, arrival_rate=1, mean_service=1, mean_patience=0),
        "mean_patience must be",
    ),
    "endless sum": (
        lambda: erlang_a(servers=10, arrival_rate=20, mean_service=1, mean_patience=1e12),
        "Erlang C",
    ),
    "room for fewer than serve": (
        lambda: mmck(servers=4, room=3, arrival_rate=1, mean_service=1),
        "count those in service",
    ),
    "nearly saturated": (lambda: mdc(servers=1, arrival_rate=1 - 1e-9, service=1), "Kimura"),
    "wild services": (
        lambda: mgc(servers=2, arrival_rate=1, mean_service=1, scv=50),
        "two moments",
    ),
    "too many phases": (
        lambda: mphc(servers=200, arrival_rate=100, service=phase_type.erlang(phases=4, mean=1)),
        "Kimura",
    ),
    "a mixture that hardly varies": (
        lambda: phase_type.balanced_hyperexponential(mean=1, scv=0.5),
        "use erlang",
    ),
    "phases without an end": (
        lambda: phase_type.PhaseType(np.array([1.0]), np.array([[0.0]])),
        "a way to the end",
    ),
    "no classes": (
        lambda: priority.mmc_priority(servers=1, arrival_rates=[], mean_service=1),
        "arrival_rates is empty",
    ),
    "classes without services": (
        lambda: priority.mg1_priority(arrival_rates=[0.1, 0.1], mean_services=[1], scvs=[1]),
        "one of each",
    ),
    "sizes that do not sum": (
        lambda: bulk(servers=1, batch_rate=0.1, sizes={2: 0.4}, mean_service=1),
        "sum to 1",
    ),
    "nobody": (lambda: even_platoon(size=0, servers=1, service=1), "size must be"),
    "a station too few": (lambda: blocking_line(buffers=[1, 1], mean_services=[1, 1]), "buffer"),
    "a huge line": (lambda: blocking_line(buffers=[99] * 4, mean_services=[1] * 5), "simulate"),
    "round for ever": (lambda: visit_rates(entering=[1.0], routing=[[1.0]]), "for ever"),
    "more leave than come": (
        lambda: visit_rates(entering=[1.0, 0], routing=[[0, 1.5], [0, 0]]),
        "summing to 1",
    ),
    "little of one": (lambda: little(arrival_rate=1.0), "give two"),
    "little of nothing": (lambda: little(mean_number=1.0, arrival_rate=0.0), "above 0"),
    "impossible promise": (lambda: fewest(lambda _: False, at_least=1), "ask for less"),
    "a share of everybody": (
        lambda: servers_for_wait(arrival_rate=1, mean_service=1, within=1, share_of_all=1.0),
        "strictly between 0 and 1",
    ),
    "edges that fall": (lambda: Steps(np.array([0.0, 2.0, 1.0]), np.array([1.0, 1.0])), "rising"),
    "negative rates": (lambda: Steps.rates([1, -2], period=30), "from 0 on"),
    "no periods": (lambda: Steps.rates([], period=30), "at least one period"),
    "half a desk by period": (lambda: Steps.servers([1.5], period=30), "whole number"),
    "a day before it begins": (
        lambda: fluid(arrivals=DAY, servers=Steps.always(1), mean_service=1, until=-5),
        "after the first",
    ),
    "no planning periods": (
        lambda: pointwise.sipp(
            arrivals=DAY, period=30, periods=0, mean_service=1, within=1, share_of_all=0.9
        ),
        "at least one",
    ),
    "load below zero": (
        lambda: modified_load.servers_by_margin(load=[-1.0], margin=1.0),
        "from 0 on",
    ),
    "nothing asked": (
        lambda: transient(arrivals=DAY, servers=Steps.always(1), mean_service=1),
        "nothing is asked",
    ),
    "named desks": (
        lambda: transient(
            arrivals=DAY,
            servers=Steps.always(1),
            mean_service=1,
            at=[1],
            closing="named",  # pyright: ignore[reportArgumentType]
        ),
        "nobody starts later",
    ),
    "a moment before the day": (
        lambda: transient(arrivals=DAY, servers=Steps.always(1), mean_service=1, at=[-1]),
        "must lie from 0 on",
    ),
    "falling periods": (
        lambda: transient(arrivals=DAY, servers=Steps.always(1), mean_service=1, periods=[30, 0]),
        "rising",
    ),
    "a start that is no law": (
        lambda: transient(
            arrivals=DAY, servers=Steps.always(1), mean_service=1, at=[1], initial=[0.4]
        ),
        "sum to 1",
    ),
    "too long a day": (
        lambda: transient(
            arrivals=Steps.rates([1e6], period=1e6),
            servers=Steps.always(10**6),
            mean_service=1,
            at=[1e6],
        ),
        "fluid queue",
    ),
}


@pytest.mark.parametrize("name", OVERLOADED)
def test_overload_has_no_steady_state(name: str) -> None:
    """More work than servers can do is refused, saying how many servers it takes."""
    with pytest.raises(UnstableSystemError, match=r"cannot carry .* erlang.*provide at least \d+"):
        OVERLOADED[name]()


@pytest.mark.parametrize("name", UNSOUND)
def test_unsound_question_is_refused(name: str) -> None:
    """The message says what is wrong with which number, or what to use instead."""
    ask, told = UNSOUND[name]

    with pytest.raises(TheoryError, match=told):
        ask()


def test_every_fault_is_told_at_once() -> None:
    """Three wrong numbers make three lines."""
    with pytest.raises(TheoryError) as caught:
        mmc(servers=0, arrival_rate=-1.0, mean_service=float("inf"))

    assert len(str(caught.value).splitlines()) == 3
    assert isinstance(caught.value, SimError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
