"""Arrivals by law."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.demand.arrivals import arrivals_us, expected_arrivals
from sim.demand.streams import Streams
from sim.errors import ScenarioError
from sim.scenario.spec import ScenarioSpec
from tests.unit.demand.cases import generic, poisson, sampled


def spec_of(demand: dict[str, Any], **changes: Any) -> ScenarioSpec:
    return ScenarioSpec.model_validate(generic(demand=demand, **changes))


def by_period(minutes: float, rates: list[float]) -> dict[str, Any]:
    return {"arrivals": {"law": "poisson", "period_min": minutes, "rate_per_min": rates}}


def test_constant_rate_inverts_the_unit_process() -> None:
    """Arrival n is the sum of n exponentials of the stream, divided by the rate."""
    spec = spec_of(poisson(2.0), horizon_s=50)
    sums = np.cumsum(-np.log1p(-Streams(3).uniforms("arrivals", 200))) / 2.0

    assert arrivals_us(spec, Streams(3)).tolist() == [
        round(at * 1e6) for at in sums.tolist() if at < 50
    ]


@pytest.mark.statistical
def test_counts_are_poisson() -> None:
    """Mean and variance of 400 days' counts agree with 100; false alarm 1 in 1,000,000.

    The mean has standard error 0.5. The index of dispersion times 399 is chi-square with
    399 degrees of freedom, whose quantiles at 2.5e-7 and 1 - 2.5e-7 are 269 and 561.
    """
    spec = spec_of(poisson(0.1), horizon_s=1000)
    counts = np.array([len(arrivals_us(spec, Streams(1, day))) for day in range(400)])

    assert abs(counts.mean() - 100) < 5.2 * 0.5
    assert 269 < 399 * counts.var(ddof=1) / counts.mean() < 561


@pytest.mark.statistical
def test_periods_have_their_rates() -> None:
    """Summed counts by period are within 5.5 deviations of theirs; false alarm 1 in 4,000,000."""
    rates = [3.0, 0.0, 8.0, 1.0]
    spec = spec_of(by_period(10, rates), horizon_s=3600)  # the last rate is kept for 30 minutes
    counts = np.zeros(6)
    for day in range(50):
        at_min = arrivals_us(spec, Streams(1, day)) / 60e6
        counts += np.histogram(at_min, bins=6, range=(0, 60))[0]
    mean = 50 * 10 * np.array([3, 0, 8, 1, 1, 1])

    assert counts[1] == 0
    assert (abs(counts - mean) <= 5.5 * np.sqrt(mean)).all()
    assert expected_arrivals(spec) == pytest.approx(mean.sum() / 50)


@given(
    st.lists(st.floats(0, 20), min_size=1, max_size=5),
    st.floats(0.1, 30),
    st.integers(60, 4000),
    st.integers(0, 4000),
)
def test_a_later_horizon_only_adds_arrivals(
    rates: list[float], minutes: float, horizon: int, more: int
) -> None:
    """Arrivals before a horizon are the same with a later one, and none is at or after it."""
    short = arrivals_us(spec_of(by_period(minutes, rates), horizon_s=horizon), Streams(1))
    long = arrivals_us(spec_of(by_period(minutes, rates), horizon_s=horizon + more), Streams(1))

    assert short.tolist() == long[long < horizon * 1_000_000].tolist()
    assert (np.diff(short) >= 0).all()


def test_one_period_equals_a_constant_rate() -> None:
    """The same rate, however written, gives the same arrivals to within a microsecond."""
    constant = arrivals_us(spec_of(poisson(0.5)), Streams(1))
    periods = arrivals_us(spec_of(by_period(7, [30.0, 30.0, 30.0])), Streams(1))

    assert abs(constant - periods).max() <= 1


def test_nobody_comes_before_the_day_starts() -> None:
    """A day that starts at 02:00 has its first arrivals after it, at the rates of the clock."""
    demand = by_period(60, [60.0, 60.0, 0.0, 1.0])
    at_h = arrivals_us(spec_of(demand, day_starts="02:00", horizon_s=18_000), Streams(1)) / 3.6e9

    assert at_h.min() >= 3
    assert 60 < len(at_h) < 180  # two hours at 60 an hour; 5.4 deviations


def test_no_rate_no_arrival() -> None:
    """A rate of zero, or a horizon at the start, brings nobody."""
    assert len(arrivals_us(spec_of(poisson(0.0)), Streams(1))) == 0
    assert len(sampled(generic(demand=poisson(0.0)))) == 0


def test_batches_arrive_together() -> None:
    """Every instant of the rate brings a whole batch."""
    single = arrivals_us(spec_of(poisson(0.2)), Streams(1))
    batches = arrivals_us(spec_of(poisson(0.2, batch=3)), Streams(1))

    assert batches.tolist() == np.repeat(single, 3).tolist()
    assert expected_arrivals(spec_of(poisson(0.2, batch=3))) == pytest.approx(0.2 * 3600 * 3)


def test_platoons_arrive_at_their_instants() -> None:
    """A platoon without spread arrives at once; one with spread, within it."""
    at_once = {"arrivals": {"law": "platoon", "at_s": [0, 360], "size": 4}}
    spread = {"arrivals": {"law": "platoon", "at_s": [0, 360], "size": 400, "spread_s": 60}}
    drawn = arrivals_us(spec_of(spread), Streams(1)).reshape(2, 400) / 1e6

    assert arrivals_us(spec_of(at_once), Streams(1)).tolist() == [0] * 4 + [360_000_000] * 4
    assert (drawn.min(axis=1) >= [0, 360]).all()
    assert (drawn.max(axis=1) < [60, 420]).all()
    assert abs(drawn.mean(axis=1) - [30, 390]).max() < 5.5 * 60 / 12**0.5 / 20  # 1 in 10,000,000


def test_platoons_stop_at_the_horizon() -> None:
    """Whoever of a platoon would come at or after the horizon does not; the others stay as is."""
    demand = {"arrivals": {"law": "platoon", "at_s": [0, 40], "size": 50, "spread_s": 60}}
    cut = sampled(generic(demand=demand, horizon_s=60))
    whole = sampled(generic(demand=demand, horizon_s=600))

    assert cut.arrival_us.max() < 60_000_000
    assert cut.arrival_us.tolist() == whole.arrival_us[whole.arrival_us < 60_000_000].tolist()
    kept = len(cut)
    assert cut.service_us.tolist() == whole.service_us[:kept].tolist()


def test_arrivals_without_horizon_are_refused() -> None:
    """Poisson arrivals that never stop are a fault, with the key to add."""
    with pytest.raises(ScenarioError, match="horizon_s"):
        sampled(generic(horizon_s=None))


def test_an_absurd_rate_is_refused_before_it_fills_the_memory() -> None:
    """A billion arrivals a second are a fault, with their number."""
    with pytest.raises(ScenarioError, match="3600000000000 passengers"):
        sampled(generic(demand=poisson(1e9)))
