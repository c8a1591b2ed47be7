"""Waits, queues and losses of the engine are those that queueing theory knows.

A fixed-seed sample of what ``make evidence`` does at full size (`tests.evidence.closed_forms`).
Each system goes from a scenario through sampler, engine and log to 24 replications or more;
each quantity has Student's interval over replications, never over passengers. With `FAMILY`
comparisons at ``0.001 / FAMILY`` each (Bonferroni), the chance that any fails although the
program is right is at most 1 in 1,000; the seed being fixed, it fails always or never.
"""

from __future__ import annotations

import pytest

from tests.engines import ENGINES
from tests.theory.student import compare
from tests.theory.systems import Size, comparisons_of, systems

SAMPLE = {
    "M/M/c (servers=3, load=0.6667, mean_s=1)": 60_000,
    "M/M/c (servers=5, load=0.8, mean_s=1)": 90_000,
    "M/D/c (servers=5, load=0.7, mean_s=1)": 60_000,
    "M/E2/c (servers=5, load=0.8, mean_s=1)": 90_000,
    "M/G/1 (rate_per_s=0.8, service=lognormal 1 0.5, scv=0.25)": 90_000,
    "M/M/c/K (servers=1, room=5, rate_per_s=0.9, mean_s=1)": 60_000,
    "M/M/c/K (servers=3, room=10, rate_per_s=2.5, mean_s=1)": 90_000,
    "M/G/c/c (servers=5, rate_per_s=3, service=lognormal 1 1.5)": 90_000,
    "M/M/c+M (servers=10, rate_per_s=9, mean_s=1, patience_s=2)": 90_000,
    "M/M/c+M (servers=10, rate_per_s=11, mean_s=1, patience_s=1)": 60_000,
    "M/M/c priority (servers=8, rates_per_s=[2 5], mean_s=1)": 90_000,
    "M/G/1 priority (rates_per_s=[0.2 0.3], service=[exponential 1 erlang 2 4])": 60_000,
    "M^X/M/c (servers=4, batch_rate_per_s=0.6, batch=5, mean_s=1)": 130_000,
    "Jackson tandem with feedback (rate_per_s=0.5, means_s=[1 1.111], feedback=0.2)": 90_000,
    "M/M/1 with feedback (rate_per_s=0.6, mean_s=1, feedback=0.25)": 90_000,
    "platoon, exponential services (size=240, servers=8, mean_s=2)": 36_000,
    "platoon, exponential services (size=150, servers=4, mean_s=12)": 60_000,
    "Mt/M/s(t) (six periods)": 90_000,
}
"""Visits simulated of each system, all replications together."""

TOO_RARE = {"R0280", "R0642", "R0644", "R0656"}
"""References for the full size only: what they count hardly happens in a sample, and Student's
interval is for means of many, not of a few days that stand out."""

SYSTEMS = {system.name: system.but(TOO_RARE) for system in systems()}
FAMILY = sum(len(SYSTEMS[name].references) for name in SAMPLE)
REPLICATIONS = 24
WIDEST = 0.25
"""Half-width, as a share of the reference, that the sharpest comparison of a system may have.

At a load of 0.8 a service 5 % slower makes waits 40 % longer.
"""


@pytest.mark.statistical
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", SAMPLE)
def test_closed_form(name: str, engine: str) -> None:
    """Every interval holds its reference, and one at least is narrow enough to mean something."""
    size = Size(replications=REPLICATIONS, visits=SAMPLE[name])

    found = comparisons_of(SYSTEMS[name], size=size, family=FAMILY, engine=engine)

    assert [str(each) for each in found if not each.agrees] == []
    assert min(each.precision for each in found) < WIDEST, [str(each) for each in found]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", [name for name in SYSTEMS if "equal services" in name])
def test_platoon_of_equal_services(name: str, engine: str) -> None:
    """Without chance there is no interval: the last of a platoon waits as long as counted."""
    size = Size(replications=20, visits=0)
    for comparison in comparisons_of(SYSTEMS[name], size=size, family=FAMILY, engine=engine):
        assert comparison.half_width == 0
        assert comparison.estimate == comparison.reference


@pytest.mark.statistical
@pytest.mark.parametrize(
    "name",
    [
        "M/M/c (servers=3, load=0.6667, mean_s=1)",
        "M/M/c/K (servers=1, room=5, rate_per_s=0.9, mean_s=1)",
        "platoon, exponential services (size=150, servers=4, mean_s=12)",
    ],
)
def test_five_percent_slower_service_is_noticed(name: str) -> None:
    """With every service 5 % longer than the reference assumes, the same sample disagrees."""
    size = Size(replications=REPLICATIONS, visits=SAMPLE[name])

    found = comparisons_of(SYSTEMS[name], size=size, family=FAMILY, twist=1.05)

    assert not all(comparison.agrees for comparison in found), [str(each) for each in found]


def test_interval_is_student_s() -> None:
    """Ten times 1 and ten times 3 have mean 2 and the textbook's half-width."""
    found = compare(
        "means",
        reference=2.2,
        numerators=[1, 3] * 10,
        denominators=[1] * 20,
        comparisons=1,
        family_alpha=0.05,
    )

    assert found.estimate == 2
    assert found.half_width == pytest.approx(2.093024 * (20 / 19) ** 0.5 / 20**0.5, rel=1e-6)
    assert found.agrees
    assert not compare(
        "means",
        reference=2.5,
        numerators=[1, 3] * 10,
        denominators=[1] * 20,
        comparisons=1,
        family_alpha=0.05,
    ).agrees
