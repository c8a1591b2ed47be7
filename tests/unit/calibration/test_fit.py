"""Laws from durations: the right family, the right numbers, an honest test of fit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.calibration.families import FAMILIES
from sim.calibration.fit import fit_law
from sim.calibration.goodness import anderson_darling
from sim.calibration.intervals import poisson, wilson
from sim.calibration.sample import sample_of

N = 2_000
DRAWS = {
    "exponential": lambda rng: rng.exponential(90, N),
    "lognormal": lambda rng: np.exp(rng.normal(4.5, 0.5, N)),
    "gamma": lambda rng: rng.gamma(3.0, 30.0, N),
    "weibull": lambda rng: 100 * rng.weibull(2.0, N),
}
FROZEN: dict[str, Any] = {
    "exponential": lambda m, _: stats.expon(scale=m),
    "lognormal": lambda m, t: stats.lognorm(math.sqrt(t), scale=m * math.exp(-t / 2)),
    "gamma": lambda m, t: stats.gamma(t, scale=m / t),
    "erlang": lambda m, t: stats.gamma(t, scale=m / t),
    "weibull": lambda m, t: stats.weibull_min(t, scale=m / math.gamma(1 + 1 / t)),
}


@pytest.mark.parametrize("name", FROZEN)
def test_a_family_is_the_law_of_the_textbook(name: str) -> None:
    """Distribution function, spread and quantiles are those SciPy has."""
    family, mean, theta = FAMILIES[name], 50.0, 1.0 if name == "exponential" else 3.0
    law = FROZEN[name](mean, theta)
    x = np.array([1.0, 20.0, 50.0, 200.0])

    assert family.cdf(x, mean, theta) == pytest.approx(law.cdf(x), rel=1e-9)
    assert family.cv(theta) == pytest.approx(law.std() / law.mean(), rel=1e-9)
    assert law.mean() == pytest.approx(mean, rel=1e-9)
    assert family.draw(np.array([0.1, 0.9]), mean, theta) == pytest.approx(
        law.ppf([0.1, 0.9]), rel=1e-9
    )


@pytest.mark.parametrize("name", FROZEN)
def test_the_likelihood_is_the_sum_of_log_densities(name: str) -> None:
    """Also where some durations are only known to be longer."""
    family, mean, theta = FAMILIES[name], 50.0, 1.0 if name == "exponential" else 3.0
    law = FROZEN[name](mean, theta)
    exact, longer = np.array([10.0, 40.0, 90.0]), np.array([30.0, 60.0])

    found = family.likelihood(sample_of(exact, longer_than=longer))(math.log(mean), math.log(theta))

    wanted = law.logpdf(exact).sum() + law.logsf(longer).sum()
    assert found == pytest.approx(-wanted, rel=1e-9)


@pytest.mark.parametrize("name", DRAWS)
def test_rows_are_fitted_as_well_as_one_by_one(name: str) -> None:
    """The quick fit of the bootstrap finds the maximum that the search finds."""
    x = DRAWS[name](np.random.default_rng(4))

    means, _ = FAMILIES[name].fit_rows(x[None])

    assert means[0] == pytest.approx(fit_law(sample_of(x), test=False).mean, rel=1e-4)


@pytest.mark.statistical
@pytest.mark.parametrize("name", DRAWS)
def test_the_family_is_recognised(name: str) -> None:
    """Of 2,000 durations the family is found, and it fits (fixed seed)."""
    x = DRAWS[name](np.random.default_rng(11))

    fitted = fit_law(sample_of(x))

    assert fitted.law == name
    assert fitted.p_value is not None
    assert fitted.p_value > 0.01
    assert fitted.mean_bounds.low < x.mean() < fitted.mean_bounds.high


def test_the_scenarios_own_family_stays_unless_another_is_clearly_better() -> None:
    """An Erlang law stays one with whole phases, though a gamma law explains it as well."""
    x = np.random.default_rng(2).gamma(4.0, 20.0, N)

    fitted = fit_law(sample_of(x), own="erlang", test=False)

    assert (fitted.law, fitted.phases) == ("erlang", 4)


def test_a_law_that_no_family_has_is_said_not_to_fit() -> None:
    """Two humps are none of the laws."""
    rng = np.random.default_rng(3)
    x = np.concatenate([rng.normal(30, 2, 500), rng.normal(120, 4, 500)])

    fitted = fit_law(sample_of(x))

    assert fitted.p_value is not None
    assert fitted.p_value <= 0.005
    assert (fitted.distance or 0) > 0.05


def test_services_cut_off_by_the_end_of_the_log_still_count() -> None:
    """Leaving them out would find 72 s; the mean of 90 s lies in the interval."""
    rng = np.random.default_rng(5)
    whole, cut = rng.exponential(90, N), rng.uniform(0, 400, N)
    seen = whole < cut

    fitted = fit_law(sample_of(whole[seen], longer_than=cut[~seen]), own="exponential")

    assert 90 in fitted.mean_bounds
    assert fitted.mean_bounds.low > whole[seen].mean()
    assert fitted.p_value is None
    assert "censored" in fitted.note


@pytest.mark.statistical
@pytest.mark.parametrize("unit", [1.0, 60.0])
def test_a_coarse_clock_is_part_of_the_likelihood(unit: float) -> None:
    """Services of 90 s on average, read off a clock of minutes, keep mean and cv (fixed seed)."""
    rng = np.random.default_rng(6)
    starts, x = rng.uniform(0, 1e6, 4 * N), DRAWS["lognormal"](rng)[rng.integers(0, N, 4 * N)]
    seen = (np.floor((starts + x) / unit) - np.floor(starts / unit)) * unit

    fitted = fit_law(sample_of(seen, resolution=unit), own="lognormal", test=False)

    assert x.mean() in fitted.mean_bounds
    assert fitted.cv == pytest.approx(x.std() / x.mean(), rel=0.05)


@pytest.mark.parametrize("name", FROZEN)
def test_what_a_coarse_clock_shows_has_a_probability(name: str) -> None:
    """All of them sum to one, and their mean is that of the law."""
    family, theta = FAMILIES[name], 1.0 if name == "exponential" else 2.0
    x = np.arange(0.0, 6_000.0, 7.0)

    shares = family.rounded(x, 20.0, theta, unit=7.0)

    assert shares.sum() == pytest.approx(1.0, abs=2e-3)
    assert (shares * x).sum() == pytest.approx(20.0, rel=5e-2)
    assert shares.min() > -1e-10


def test_the_same_duration_always_is_deterministic() -> None:
    """No spread beyond the log's own rounding."""
    fitted = fit_law(sample_of(np.full(50, 12.0)))

    assert (fitted.law, fitted.mean) == ("deterministic", 12.0)


def test_anderson_darling_is_the_textbooks() -> None:
    """The statistic agrees with SciPy's for a fully known uniform law."""
    u = np.sort(np.random.default_rng(1).random(50))
    i = np.arange(1, 51)
    wanted = -50 - ((2 * i - 1) * (np.log(u) + np.log(1 - u[::-1]))).sum() / 50

    assert float(anderson_darling(u)) == pytest.approx(wanted)


def test_intervals_of_counts_are_the_textbooks() -> None:
    """Wilson's of 0 of 10 and of 5 of 10; Garwood's of 3."""
    assert (wilson(0, 10).low, wilson(0, 10).high) == pytest.approx((0.0, 0.27753), abs=1e-5)
    assert (wilson(5, 10).low, wilson(5, 10).high) == pytest.approx((0.23659, 0.76341), abs=1e-5)
    assert (poisson(3, 1.0).low, poisson(3, 1.0).high) == pytest.approx(
        (0.61867, 8.76727), abs=1e-5
    )
