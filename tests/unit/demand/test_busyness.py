"""Busy and quiet days: a factor on the whole demand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.demand.busyness import day_factor
from sim.demand.sample import sample
from sim.demand.streams import Streams
from sim.errors import ScenarioError
from sim.scenario.busyness import DayFactor
from sim.scenario.load import load_scenario, scenario_from_document


def law(name: str, cv: float) -> DayFactor:
    return DayFactor.model_validate({"law": name, "cv": cv})


def desk(arrivals: dict[str, Any], factor: dict[str, Any] | None) -> Any:
    demand = {"arrivals": arrivals, **({"day_factor": factor} if factor else {})}
    return scenario_from_document(
        {
            "id": "desk",
            "kind": "generic",
            "horizon_s": 7200,
            "demand": demand,
            "stations": [
                {"id": "desk", "servers": 3, "service": {"law": "exponential", "mean_s": 5}}
            ],
            "journey": [{"station": "desk"}],
        }
    )


def arrivals_of(scenario: Any, replication: int) -> np.ndarray:
    program = scenario.program()
    return sample(scenario, program=program, seed=1, replication=replication).arrival_us


@pytest.mark.statistical
@pytest.mark.parametrize("name", ["gamma", "lognormal"])
def test_days_have_the_mean_and_spread_asked_for(name: str) -> None:
    """4,000 factors: mean 1 and cv 0.1 within four standard errors (false alarm 1 in 8,000)."""
    found = np.array([day_factor(law(name, 0.1), Streams(1, n)) for n in range(4000)])

    assert abs(found.mean() - 1) < 4 * 0.1 / 4000**0.5
    assert abs(found.std() - 0.1) < 4 * 0.1 / 8000**0.5


def test_a_factor_of_one_changes_nothing() -> None:
    """Without a law, or with no spread, the day is the same to the microsecond."""
    poisson = {"law": "poisson", "rate_per_s": 0.2}
    plain = arrivals_of(desk(poisson, None), 3)
    same = arrivals_of(desk(poisson, {"law": "gamma", "cv": 0}), 3)

    assert (plain == same).all()


def test_arrivals_follow_the_factor() -> None:
    """A busy day has the passengers of the plain day, sooner, and more after them."""
    poisson = {"law": "poisson", "rate_per_s": 0.2}
    spread = {"law": "gamma", "cv": 0.3}
    for day in range(5):
        factor = day_factor(law("gamma", 0.3), Streams(1, day))
        plain = arrivals_of(desk(poisson, None), day)
        found = arrivals_of(desk(poisson, spread), day)
        both = min(len(plain), len(found))

        assert np.abs(found[:both] * factor - plain[:both]).max() < 2
        assert (len(found) > len(plain)) == (factor > 1)


def test_platoons_grow() -> None:
    """Trains come when they come, with more or fewer people."""
    trains = {"law": "platoon", "at_s": [600, 1200], "size": 100, "spread_s": 0}
    factor = day_factor(law("gamma", 0.3), Streams(1, 1))

    found = arrivals_of(desk(trains, {"law": "gamma", "cv": 0.3}), 1)

    assert len(found) == 2 * round(100 * factor)
    assert set(found.tolist()) == {600_000_000, 1_200_000_000}


def test_flights_are_fuller_up_to_their_seats() -> None:
    """Departures are as many; none takes more persons than it has seats."""
    base = load_scenario("vca")
    busy = load_scenario("vca", overrides=['demand.day_factor={law="gamma",cv=0.3}'])
    for day in range(6):
        plain, found = (
            sample(each, program=each.program(), seed=1, replication=day) for each in (base, busy)
        )
        factor = day_factor(busy.spec.demand.day_factor, Streams(1, day))

        assert len(plain.departure_us) == len(found.departure_us)
        assert (len(found.arrival_us) > len(plain.arrival_us)) == (factor > 1)
        seats = found.tables.departures["seats"]
        booked = np.bincount(found.departure, minlength=len(seats))
        assert (booked[seats > 0] <= seats[seats > 0]).all()


def test_digest_of_a_scenario_without_it_is_as_before() -> None:
    """A key that says nothing is not in the resolved document."""
    assert "day_factor" not in load_scenario("vca").document["demand"]


def test_absurd_spreads_and_traces_are_refused(tmp_path: Path) -> None:
    """More than one half is another kind of day; a trace has no factor."""
    (tmp_path / "trace.csv").write_text("arrival_s,desk\n1,5\n", encoding="utf-8")
    (tmp_path / "desk.toml").write_text(
        'id = "desk"\nkind = "generic"\n[demand]\ntrace = "trace.csv"\n'
        'day_factor = { law = "gamma", cv = 0.1 }\n[[stations]]\nid = "desk"\nservers = 1\n'
        '[[journey]]\nstation = "desk"\n',
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError, match="a trace says who came"):
        load_scenario(tmp_path / "desk.toml")
    with pytest.raises(ScenarioError, match=r"above 0\.5"):
        load_scenario("vca", overrides=['demand.day_factor={law="gamma",cv=0.7}'])
