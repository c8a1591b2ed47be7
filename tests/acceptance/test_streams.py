"""Common random numbers: what one change leaves alone."""

from __future__ import annotations

import numpy as np
import pytest

from sim.demand.sample import sample
from sim.demand.workload import Workload
from sim.scenario.load import load_scenario

SCALAR_COLUMNS = ("arrival_us", "party", "party_size", "is_lead", "departure", "traits", "first")
DRAWS = ("service_us", "walk_us", "patience_us", "accepted_on", "retry_us", "call_us")
PERSONAL = ("choice", "second_choice", "switch_us")


def drawn(*overrides: str, seed: int = 1) -> Workload:
    """A day of vca."""
    scenario = load_scenario("vca", overrides=overrides)
    return sample(scenario, program=scenario.program(), seed=seed)


@pytest.fixture(scope="module")
def base() -> Workload:
    """The day unchanged."""
    return drawn()


@pytest.mark.parametrize(
    "change",
    [
        "stations.security.servers=1",
        "stations.security.closing='named'",
        "stations.security.queue_limit=3",
        "stations.counter.servers=5",
    ],
)
def test_a_change_of_servers_changes_no_draw(base: Workload, change: str) -> None:
    """Servers, closing rule and queue limit of a station change no draw at all."""
    other = drawn(change)

    for name in (*SCALAR_COLUMNS, *DRAWS, *PERSONAL):
        assert np.array_equal(getattr(base, name), getattr(other, name)), name


def test_a_change_of_service_changes_only_that_service(base: Workload) -> None:
    """Another service law at one station moves no arrival, trait or draw elsewhere."""
    scenario = load_scenario("vca")
    slots = [s for s in scenario.program().slots if s.spec.id == "security"]
    other = drawn(
        'stations.security.service={law="lognormal", mean_s=99, cv=0.5, source="assumed: test"}'
    )

    for name in (*SCALAR_COLUMNS, *DRAWS[1:], *PERSONAL):
        assert np.array_equal(getattr(base, name), getattr(other, name)), name
    width = len(scenario.program().slots)
    changed = np.flatnonzero((base.service_us != other.service_us).reshape(-1, width).any(axis=0))
    assert changed.tolist() == [slot.index for slot in slots]


def test_another_seed_differs(base: Workload) -> None:
    """Another seed gives other arrivals."""
    other = drawn(seed=2)

    assert not np.array_equal(base.arrival_us, other.arrival_us)
