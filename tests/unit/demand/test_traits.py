"""Traits on arrival."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.demand.workload import Workload
from sim.errors import ScenarioError
from tests.unit.demand.cases import airport, generic, poisson, sampled


def day_of(traits: list[dict[str, Any]], party_sizes: list[float] | None = None) -> Workload:
    demand = poisson(1.0) | {"party_sizes": party_sizes or [1.0]}
    return sampled(generic(demand=demand, traits=traits))


def has(day: Workload, trait: str) -> np.ndarray:
    return day.tables.passengers[trait]


@given(st.integers(0, 3), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_keeps_those_who_had_the_trait(
    seed: int, share: float, other: float
) -> None:
    """Raising a share only adds people."""
    low, high = sorted((share, other))
    few = sampled(generic(traits=[{"id": "bag", "share": low}]), seed=seed)
    many = sampled(generic(traits=[{"id": "bag", "share": high}]), seed=seed)

    assert not (has(few, "bag") & ~has(many, "bag")).any()


@pytest.mark.statistical
def test_shares_hold_by_class() -> None:
    """Shares by class are within 5.5 deviations; false alarm 1 in 10,000,000."""
    day = day_of(
        [
            {"id": "special", "share": 0.3},
            {"id": "vneid", "shares": [{"when": "special", "share": 0.4}, {"share": 0.9}]},
        ]
    )
    for group, share in ((has(day, "special"), 0.4), (~has(day, "special"), 0.9)):
        n = group.sum()
        assert (
            abs(has(day, "vneid")[group].sum() - n * share) < 5.5 * (n * share * (1 - share)) ** 0.5
        )


def test_conditions_look_at_earlier_traits() -> None:
    """Only those for whom the condition holds may have the trait."""
    day = day_of([{"id": "bag", "share": 0.5}, {"id": "oversize", "when": "not bag", "share": 1.0}])

    assert (has(day, "oversize") == ~has(day, "bag")).all()


def test_a_class_without_share_has_the_trait_never() -> None:
    """People whom no entry of shares fits, and traits without a share, are left out."""
    day = day_of(
        [
            {"id": "bag", "share": 0.5},
            {"id": "tag", "shares": [{"when": "bag", "share": 1.0}]},
            {"id": "enrolled"},
        ]
    )

    assert (has(day, "tag") == has(day, "bag")).all()
    assert not has(day, "enrolled").any()


@pytest.mark.parametrize(
    ("trait", "rule"),
    [
        ({"spread": "any"}, lambda own: own.any()),
        ({"spread": "all"}, lambda own: own.all()),
        ({"per": "party"}, None),
    ],
)
def test_parties_share_what_is_shared(trait: dict[str, Any], rule: Any) -> None:
    """A spread trait is that of any or all members' own; one per party is everyone's."""
    alone = day_of([{"id": "child", "share": 0.4}], [0.4, 0.3, 0.3])
    shared = day_of([{"id": "child", "share": 0.4, **trait}], [0.4, 0.3, 0.3])
    for party in range(int(shared.party[-1]) + 1):
        members = shared.party == party
        values = has(shared, "child")[members]
        assert values.min() == values.max()
        if rule is not None:
            assert values[0] == rule(has(alone, "child")[members])


def test_carriers_give_their_trait() -> None:
    """Exactly the passengers of a carrier with a trait have it, before other traits are drawn."""
    scenario = airport()
    scenario["traits"].append({"id": "lounge", "when": "vneid_carrier", "share": 1.0})
    day = sampled(scenario)
    carrier = day.tables.departures["carrier"][day.departure]

    assert (has(day, "vneid_carrier") == (carrier == "VN")).all()
    assert (has(day, "lounge") == (carrier == "VN")).all()


def test_a_carriers_trait_must_be_declared() -> None:
    """An unknown trait of a carrier is a fault that names it."""
    scenario = airport()
    scenario["demand"]["timetable"]["carriers"][1]["trait"] = "low_cost"

    with pytest.raises(ScenarioError, match="low_cost is no trait"):
        sampled(scenario)


def test_bits_and_columns_agree() -> None:
    """The trait word and the column of each trait say the same."""
    day = sampled(airport())
    word = day.tables.passengers["traits"]

    assert np.array_equal(word, day.traits)
    for bit, trait in enumerate(["vneid_carrier", "bag", "special", "child", "vneid", "enrolled"]):
        assert np.array_equal(has(day, trait), (word >> bit) & 1 == 1)


def test_a_trait_may_have_the_name_of_a_column() -> None:
    """A trait called party does not hide the party number."""
    day = day_of([{"id": "party", "share": 1.0}])

    assert np.array_equal(day.tables.passengers["party"], day.party)
    assert has(day, "trait_party").all()
