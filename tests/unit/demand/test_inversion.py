"""Quantile functions: exact inverses of the laws' distributions."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from scipy import stats

from sim.demand.inversion import LONGEST_US, quantile_s, weibull_shape, whole_us
from sim.demand.streams import Streams
from sim.errors import ScenarioError
from sim.scenario.laws import Law, mean_s

U = np.concatenate(([2.0**-53, 1e-9], np.linspace(0.001, 0.999, 501), [1 - 1e-9, 1 - 2.0**-53]))


def law(name: str, **parameters: Any) -> Law:
    return TypeAdapter(Law).validate_python({"law": name, **parameters})


def weibull(mean: float, cv: float) -> Any:
    shape = weibull_shape(cv)
    return stats.weibull_min(shape, scale=mean / math.gamma(1 + 1 / shape))


SIGMA = math.sqrt(math.log(1 + 0.55**2))
CASES = [
    (law("exponential", mean_s=90), stats.expon(scale=90), 90.0, 1.0),
    (law("erlang", mean_s=60, phases=3), stats.gamma(3, scale=20), 60.0, 3**-0.5),
    (
        law("lognormal", mean_s=120, cv=0.55),
        stats.lognorm(SIGMA, scale=120 / math.sqrt(1 + 0.55**2)),
        120.0,
        0.55,
    ),
    (law("gamma", mean_s=24, cv=0.5), stats.gamma(4, scale=6), 24.0, 0.5),
    (law("gamma", mean_s=24, cv=2), stats.gamma(0.25, scale=96), 24.0, 2.0),
    (law("weibull", mean_s=7, cv=0.4), weibull(7, 0.4), 7.0, 0.4),
    (law("weibull", mean_s=7, cv=1.7), weibull(7, 1.7), 7.0, 1.7),
    (
        law("triangular", low_s=10, mode_s=12, high_s=30),
        stats.triang(0.1, loc=10, scale=20),
        52 / 3,
        None,
    ),
    (law("uniform", low_s=30, high_s=90), stats.uniform(30, 60), 60.0, None),
]


@pytest.mark.parametrize(("law", "known", "mean", "cv"), CASES)
def test_quantile_inverts_the_distribution(
    law: Law, known: Any, mean: float, cv: float | None
) -> None:
    """The law's own distribution function at its quantile gives the probability back."""
    inner = U[1:-1]

    assert known.cdf(quantile_s(law, inner)) == pytest.approx(inner, rel=1e-9)
    assert known.mean() == pytest.approx(mean, rel=1e-12)
    assert mean_s(law) == pytest.approx(mean, rel=1e-12)
    if cv is not None:
        assert known.std() / known.mean() == pytest.approx(cv, rel=1e-9)


@pytest.mark.statistical
@pytest.mark.parametrize(("law", "known", "mean", "cv"), CASES)
def test_draws_have_the_mean_of_the_law(
    law: Law, known: Any, mean: float, cv: float | None
) -> None:
    """The mean of 100,000 draws is within 5.5 standard errors; false alarm 1 in 10,000,000."""
    draws = quantile_s(law, Streams(2).uniforms("service/a/b", 100_000))

    assert abs(draws.mean() - mean) < 5.5 * known.std() / 100_000**0.5


@pytest.mark.parametrize("law", [case[0] for case in CASES])
def test_quantiles_rise_and_stay_finite(law: Law) -> None:
    """From the lowest to the highest uniform, durations rise, none is negative or infinite."""
    seconds = quantile_s(law, U)

    assert (np.diff(seconds) >= 0).all()
    assert seconds[0] >= 0
    assert np.isfinite(seconds).all()


def test_constant_is_constant() -> None:
    """A deterministic law gives its value for every uniform."""
    assert set(quantile_s(law("deterministic", mean_s=12.5), U).tolist()) == {12.5}


def test_degenerate_triangle_and_interval_are_constants() -> None:
    """A triangle or interval without width gives its only value."""
    triangle = law("triangular", low_s=5, mode_s=5, high_s=5)

    assert set(quantile_s(triangle, U).tolist()) == {5.0}
    assert set(quantile_s(law("uniform", low_s=5, high_s=5), U).tolist()) == {5.0}


@pytest.mark.parametrize("mode", [10.0, 30.0])
def test_triangle_with_mode_at_an_end(mode: float) -> None:
    """A triangle may have its mode at either end."""
    right = law("triangular", low_s=10, mode_s=mode, high_s=30)
    known = stats.triang((mode - 10) / 20, loc=10, scale=20)

    assert known.cdf(quantile_s(right, U)) == pytest.approx(U, rel=1e-6, abs=1e-15)


def test_empirical_takes_the_least_value_that_covers_the_probability() -> None:
    """Values in any order and weights that are zero: the generalised inverse."""
    observed = law("empirical", values_s=[30, 10, 99, 20], weights=[1, 2, 0, 1])
    u = np.array([0.2, 0.5, 0.500001, 0.75, 0.750001, 1 - 2.0**-53])

    assert quantile_s(observed, u).tolist() == [10, 10, 20, 20, 30, 30]


@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=30))
def test_empirical_without_weights_gives_each_value_its_share(values: list[float]) -> None:
    """Evenly spread uniforms give every value back exactly once."""
    n = len(values)
    u = (np.arange(n) + 0.5) / n

    assert quantile_s(law("empirical", values_s=values), u).tolist() == sorted(values)


@given(st.floats(0.02, 20))
def test_weibull_shape_gives_the_cv(cv: float) -> None:
    """The coefficient of variation of the shape found is the one asked for."""
    shape = weibull_shape(cv)
    first, second = math.lgamma(1 + 1 / shape), math.lgamma(1 + 2 / shape)

    assert math.sqrt(math.expm1(second - 2 * first)) == pytest.approx(cv, rel=1e-9)


def test_weibull_refuses_a_cv_out_of_range() -> None:
    """A cv without a usable shape is a fault of the scenario, with the value."""
    with pytest.raises(ScenarioError, match=r"got 0\.001"):
        weibull_shape(0.001)


@pytest.mark.parametrize("cv", [1e-9, 1e-6, 1e-3])
def test_nearly_constant_laws_are_nearly_constant(cv: float) -> None:
    """A tiny cv gives the normal spread around the mean, in gamma and lognormal alike."""
    normal = 100 * (1 + cv * stats.norm.ppf(U[1:-1]))

    for name in ("gamma", "lognormal"):
        drawn = quantile_s(law(name, mean_s=100, cv=cv), U[1:-1])
        assert drawn == pytest.approx(normal, rel=30 * cv * cv + 1e-13)


def test_gamma_is_smooth_where_the_expansion_takes_over() -> None:
    """Just below and above the cv where the method changes, standardised draws agree."""
    below, above = (
        (quantile_s(law("gamma", mean_s=100, cv=cv), U) / 100 - 1) / cv
        for cv in (1.999e-3, 2.001e-3)
    )

    assert below == pytest.approx(above, abs=1e-4)


@pytest.mark.parametrize("name", ["gamma", "lognormal"])
def test_wild_laws_stay_within_bounds(name: str) -> None:
    """However large a cv, draws are whole microseconds from 0 to the longest allowed."""
    for cv in (30.0, 1e3, 1e8, 1e200):
        drawn = whole_us(quantile_s(law(name, mean_s=1e6, cv=cv), U))
        assert drawn.min() >= 0
        assert drawn.max() <= LONGEST_US


def test_rounding_is_to_the_nearest_microsecond() -> None:
    """Seconds become whole microseconds once, ties to even."""
    seconds = np.array([1.0000004, 1.0000006, 0.5e-6, 1.5e-6])

    assert whole_us(seconds).tolist() == [1_000_000, 1_000_001, 0, 2]
