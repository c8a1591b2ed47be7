"""Flows: several streams of people, each with chance of its own."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import poisson as poisson_law

from sim.demand.inversion import poisson_quantile
from sim.demand.streams import Streams
from sim.demand.workload import SKIPS, Workload
from sim.scenario.spec import ScenarioSpec
from tests.unit.demand.cases import airport, exponential, generic, sampled

TRAINS = {
    "law": "platoon",
    "spread_s": 60,
    "size_law": "poisson",
    "headways": [{"from": "00:00", "until": "01:00", "every_min": 10, "size": 30}],
}


def stop(*flows: dict[str, Any], **demand: Any) -> dict[str, Any]:
    """One bank of gates for those who come in, one for those who leave."""
    return generic(
        demand={"flows": list(flows), **demand},
        traits=[{"id": "enters"}, {"id": "leaves"}, {"id": "child", "share": 0.2}],
        stations=[
            {"id": "in", "servers": 2, "service": exponential(3)},
            {"id": "out", "servers": 2, "service": exponential(2)},
        ],
        journey=[{"station": "in", "when": "enters"}, {"station": "out", "when": "leaves"}],
    )


def flow(name: str, arrivals: dict[str, Any], *traits: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "arrivals": arrivals, "traits": list(traits), **more}


def rate(per_s: float) -> dict[str, Any]:
    return {"law": "poisson", "rate_per_s": per_s}


def draws_of(workload: Workload, number: int) -> list[tuple]:
    """Everything drawn for the people of one flow, by birth."""
    passengers = workload.tables.passengers
    rows = np.flatnonzero(passengers["flow"] == number)
    rows = rows[np.argsort(passengers["birth"][rows])]
    service = workload.service_us.reshape(len(workload), -1)
    columns = (workload.arrival_us, workload.traits, workload.party_size, *service.T)
    return list(zip(*(column[rows].tolist() for column in columns), strict=True))


def test_people_carry_the_traits_of_their_flow() -> None:
    """Traits of a flow are all its people's, and are drawn for nobody else."""
    day = sampled(stop(flow("a", rate(0.1), "enters"), flow("b", TRAINS, "leaves")))
    passengers = day.tables.passengers

    assert (passengers["enters"] == (passengers["flow"] == 0)).all()
    assert (passengers["leaves"] == (passengers["flow"] == 1)).all()
    assert 0 < passengers["child"].mean() < 0.5
    assert (np.diff(day.arrival_us) >= 0).all()


@pytest.mark.parametrize("other", [rate(0.05), rate(3.0), TRAINS])
def test_a_change_in_one_flow_moves_nobody_in_another(other: dict[str, Any]) -> None:
    """Arrivals, traits and services of a flow are the same whatever the others do."""
    before = sampled(stop(flow("a", rate(0.2), "enters"), flow("b", TRAINS, "leaves")))
    after = sampled(
        stop(
            flow("a", other, "enters", party_sizes=[0.5, 0.5]),
            flow("c", rate(0.1)),
            flow("b", TRAINS, "leaves"),
        )
    )

    assert draws_of(before, 1) == draws_of(after, 2)


def test_flows_have_party_sizes_of_their_own_or_those_of_the_demand() -> None:
    """Without sizes of its own a flow has those of the demand."""
    day = sampled(
        stop(flow("a", rate(0.1)), flow("b", rate(0.1), party_sizes=[1]), party_sizes=[0, 1])
    )
    flows = day.tables.passengers["flow"]

    assert set(day.party_size[flows == 0].tolist()) == {2}
    assert set(day.party_size[flows == 1].tolist()) == {1}


def test_a_flow_stops_at_the_horizon() -> None:
    """Nobody of a flow comes at the horizon or later; whoever comes before is the same."""
    long, short = (sampled(stop(flow("a", TRAINS)) | {"horizon_s": h}) for h in (3600, 1000))

    assert short.arrival_us.max() < 1_000_000_000
    assert short.arrival_us.tolist() == long.arrival_us[long.arrival_us < 1_000_000_000].tolist()


def test_departures_stay_as_they_are_beside_flows() -> None:
    """Who has a departure comes with the same draws; who has none passes boarding by."""
    alone = airport()
    beside = airport()
    beside["horizon_s"] = 36_000
    beside["traits"].append({"id": "buyer"})
    beside["demand"]["flows"] = [flow("buyers", rate(0.05), "buyer", party_sizes=[1])]
    first, both = sampled(alone), sampled(beside)
    booked = both.departure >= 0
    slots = len(both.service_us) // len(both)
    service = both.service_us.reshape(-1, slots)

    assert both.arrival_us[booked].tolist() == first.arrival_us.tolist()
    assert service[booked].ravel().tolist() == first.service_us.tolist()
    assert (both.tables.passengers["flow"][booked] == -1).all()
    assert np.count_nonzero(~booked) > 0
    assert (service[~booked, -1] == SKIPS).all()
    assert (service[~booked, :-1] > SKIPS).all()


@pytest.mark.statistical
def test_a_profile_has_its_total_and_its_shape() -> None:
    """50 days of 300 along 1 : 2 : 0 : 3; counts within 5.5 deviations, 1 in 4,000,000."""
    profile = {"law": "poisson", "per_day": 300, "period_min": 10, "profile": [1, 2, 0, 3]}
    spec = ScenarioSpec.model_validate(stop(flow("a", profile)))
    from sim.demand.arrivals import expected_arrivals, instants_of

    counts = np.zeros(6)
    for day in range(50):
        at = instants_of(
            spec.demand.flows[0].arrivals, spec=spec, streams=Streams(1, day), flow="a"
        )
        counts += np.histogram(at / 60e6, bins=6, range=(0, 60))[0]
    mean = 50 * np.array([50, 100, 0, 150, 0, 0])

    assert (abs(counts - mean) <= 5.5 * np.sqrt(mean)).all()
    assert expected_arrivals(spec, spec.demand.flows[0].arrivals) == pytest.approx(300)


def test_poisson_numbers_are_the_quantiles() -> None:
    """Small, large and zero means against SciPy's quantile function."""
    rng = np.random.default_rng(1)
    means = rng.choice([0.0, 0.3, 4.0, 77.7, 1_200.0, 99_000.0], 3_000)
    u = rng.random(3_000)

    assert poisson_quantile(means, u).tolist() == poisson_law.ppf(u, means).clip(0).tolist()
