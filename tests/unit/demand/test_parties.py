"""Parties and the order in which people are made."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.demand.departures import Departures, departures_of
from sim.demand.parties import mean_party_size, parties_of_arrivals, parties_of_departures
from sim.demand.streams import Streams
from sim.scenario.demand import DemandSpec
from sim.scenario.spec import ScenarioSpec
from tests.unit.demand.cases import airport, generic, sampled


def flights(persons: list[int]) -> Departures:
    scenario = airport()
    scenario["demand"].pop("timetable")
    scenario["demand"]["departures"] = [
        {"id": f"VN{n}", "at": "09:00", "persons": each} for n, each in enumerate(persons)
    ]
    return departures_of(ScenarioSpec.model_validate(scenario))


def demand(shares: list[float]) -> DemandSpec:
    return DemandSpec.model_validate(generic()["demand"] | {"party_sizes": shares})


SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=6).filter(lambda s: sum(s) > 0.01)


@given(st.lists(st.integers(0, 40), max_size=6), SHARES)
def test_parties_fill_every_departure_exactly(persons: list[int], shares: list[float]) -> None:
    """Sizes sum to the persons booked, departure by departure; only the last party is cut."""
    parties = parties_of_departures(demand(shares), flights(persons), Streams(1))

    for row, booked in enumerate(persons):
        sizes = parties.size[parties.departure == row]
        assert sizes.sum() == booked
        assert all(shares[size - 1] > 0 for size in sizes[:-1])
    assert len(parties.members) == sum(persons)
    assert parties.births.counts.sum() == len(parties.size)
    assert (parties.size > 0).all()


@given(st.integers(0, 60), st.integers(0, 60), SHARES)
def test_a_fuller_flight_keeps_its_first_parties(
    persons: int, more: int, shares: list[float]
) -> None:
    """More bookings only add: all parties but the one that was cut stay as they are."""
    few = parties_of_departures(demand(shares), flights([9, persons]), Streams(1))
    many = parties_of_departures(demand(shares), flights([2, persons + more]), Streams(1))
    first = few.size[few.departure == 1]
    second = many.size[many.departure == 1]

    assert first[:-1].tolist() == second[: len(first)][:-1].tolist()


def test_members_stand_together_with_the_lead_first() -> None:
    """Rows of people run party by party; the lead of a party is its first row."""
    parties = parties_of_departures(demand([0.3, 0.3, 0.4]), flights([50, 7]), Streams(1))

    assert (np.diff(parties.of_member) >= 0).all()
    assert (
        parties.lead.tolist()
        == np.searchsorted(parties.of_member, np.arange(len(parties.size))).tolist()
    )


@pytest.mark.statistical
def test_sizes_come_by_their_shares() -> None:
    """Among 20,000 arrivals each size is within 5.5 deviations; false alarm 1 in 10,000,000."""
    shares = np.array([0.5, 0.28, 0.0, 0.22])
    parties = parties_of_arrivals(demand(shares.tolist()), 20_000, Streams(1))
    counts = np.bincount(parties.size, minlength=5)[1:]

    assert (abs(counts - 20_000 * shares) <= 5.5 * np.sqrt(20_000 * shares * (1 - shares))).all()


def test_mean_size_is_that_of_the_shares() -> None:
    """Shares need not sum to one."""
    assert mean_party_size(demand([0.5, 0.28, 0.1, 0.12])) == pytest.approx(1.84)
    assert mean_party_size(demand([1, 1])) == pytest.approx(1.5)


@pytest.mark.parametrize(
    "scenario",
    [
        airport(),
        generic(
            demand={
                "arrivals": {"law": "poisson", "rate_per_s": 0.1, "batch": 2},
                "party_sizes": [0.4, 0.6],
            }
        ),
    ],
)
def test_passengers_are_numbered_by_arrival_and_party(scenario: dict[str, Any]) -> None:
    """Arrivals do not decrease; each party is contiguous, of its size, led by its first."""
    day = sampled(scenario)
    starts = np.flatnonzero(day.is_lead)

    assert (np.diff(day.arrival_us) >= 0).all()
    assert day.party[starts].tolist() == list(range(len(starts)))
    assert np.diff(starts, append=len(day)).tolist() == day.party_size[starts].tolist()
    for column in (day.party, day.party_size, day.departure, day.arrival_us):
        assert np.array_equal(column, column[starts][day.party])
