"""The law of a sample: maximum likelihood in each family, the best by BIC, its intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.calibration.families import FAMILIES, Family, phases
from sim.calibration.goodness import fit_p_value, kolmogorov_smirnov
from sim.calibration.profile import (
    Bounds,
    Two,
    exponentials,
    least,
    least_first,
    profile_interval,
)
from sim.calibration.sample import COARSE, Sample

CLOSE = 6.0
"""The scenario's own family stays unless another's BIC is better by more than this.

References
----------
Kass, R. E., Raftery, A. E. (1995), JASA 90, 773-795: less is no strong evidence.
"""

TESTABLE = 0.01
"""Most censored or rounded observations for a test of fit, as a share."""

CANDIDATES = ("exponential", "lognormal", "gamma", "weibull")
"""Families tried beside the scenario's own; an Erlang law is a gamma law of whole shape."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A law with its uncertainty.

    Attributes
    ----------
    law : str
        Name of the family, or ``deterministic``.
    mean, cv : float
        Maximum likelihood; the cv adjusted as a variance is by *n - 1*.
    mean_bounds, cv_bounds : Bounds
        95 % intervals by profile likelihood; that of the cv is a point where it is no
        parameter.
    phases : int or None
        Of an Erlang law.
    bic, aic : dict of str to float
        By family, less than that of the best.
    p_value : float or None
        Anderson-Darling by parametric bootstrap; None where not tested.
    distance : float or None
        Kolmogorov-Smirnov distance; None where some are censored.
    note : str
        Why there is no test of fit.
    """

    law: str
    mean: float
    cv: float
    mean_bounds: Bounds
    cv_bounds: Bounds
    n: int
    censored: int = 0
    phases: int | None = None
    bic: Mapping[str, float] = field(default_factory=dict)
    aic: Mapping[str, float] = field(default_factory=dict)
    p_value: float | None = None
    distance: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Best:
    family: Family
    at: tuple[float, float]
    minus_log: float

    def bic(self, n: int) -> float:
        return 2 * self.minus_log + self.family.parameters * math.log(n)

    @property
    def aic(self) -> float:
        return 2 * self.minus_log + 2 * self.family.parameters


def fit_law(
    sample: Sample, *, own: str = "", tolerance: float = 0.0, test: bool = True, seed: int = 0
) -> Fitted:
    """The law that explains a sample best.

    Parameters
    ----------
    sample : Sample
        At least two observations that ended.
    own : str
        Family the scenario has now; it stays where none is better by more than `CLOSE`.
    tolerance : float
        Durations no further apart than this are all the same.
    test : bool
        Whether to test the fit.
    seed : int
        Chance of the test.
    """
    typical = sample.typical
    middle = float(typical.mean())
    is_coarse = bool(len(sample.rounded)) and sample.unit > COARSE * middle
    if not is_coarse and np.ptp(typical) <= max(tolerance, 1e-9 * middle):
        bounds = Bounds(float(typical.min()), float(typical.max()))
        return Fitted("deterministic", middle, 0.0, bounds, Bounds(0.0, 0.0), n=sample.n)
    names = [*CANDIDATES, *([own] if own in FAMILIES and own not in CANDIDATES else [])]
    tried = [_best_of(FAMILIES[name], sample) for name in names]
    scores = {each.family.name: each.bic(sample.n) for each in tried}
    floor = min(scores.values())
    lowest = min(scores, key=scores.__getitem__)
    name = own if scores.get(own, math.inf) <= floor + CLOSE else lowest
    best = next(each for each in tried if each.family.name == name)
    least_aic = min(each.aic for each in tried)
    return _with_intervals(
        best,
        sample,
        bic={key: value - floor for key, value in scores.items()},
        aic={each.family.name: each.aic - least_aic for each in tried},
        test=test,
        seed=seed,
    )


def _best_of(family: Family, sample: Sample) -> _Best:
    typical = sample.typical
    mean = float(typical.mean())
    cv = max(float(typical.std()) / mean, 1e-3)
    minus_log = family.likelihood(sample)
    start = math.log(mean), math.log(max(family.theta(cv), 1e-6))
    if family.parameters == 1:
        at = least_first(minus_log, start=start[0], second=0.0), 0.0
    elif family.name == "erlang":
        free = least(FAMILIES["gamma"].likelihood(sample), start=start)
        k = math.exp(free[1])
        wholes = {phases(math.floor(k)), phases(math.ceil(k))}
        tries = [
            (least_first(minus_log, start=free[0], second=math.log(each)), math.log(each))
            for each in wholes
        ]
        at = min(tries, key=lambda each: minus_log(*each))
    else:
        at = least(minus_log, start=start)
    return _Best(family, at, minus_log(*at))


def _with_intervals(
    best: _Best,
    sample: Sample,
    *,
    bic: Mapping[str, float],
    aic: Mapping[str, float],
    test: bool,
    seed: int,
) -> Fitted:
    family = best.family
    minus_log = family.likelihood(sample)
    has_spread = family.parameters == 2 and family.name != "erlang"
    mean_bounds = exponentials(
        profile_interval(minus_log, best=best.at, which=0, has_other=has_spread)
    )
    theta = math.exp(best.at[1])
    cv, cv_bounds = family.cv(theta), Bounds(family.cv(theta), family.cv(theta))
    if has_spread:
        cv, cv_bounds = _spread(family, minus_log, best.at)
    mean = math.exp(best.at[0])
    p_value, note = None, ""
    untested = 1 - len(sample.exact) / sample.n
    distance = None
    if not sample.censored:
        distance = kolmogorov_smirnov(family.cdf(sample.typical, mean, theta))
    if untested > TESTABLE:
        what = "censored" if sample.censored else "rounded"
        note = f"fit not tested: {untested:.0%} of the durations are {what}"
    elif test:
        rng = np.random.default_rng(seed)
        p_value = fit_p_value(sample.exact, family, mean=mean, theta=theta, rng=rng)
    return Fitted(
        family.name,
        mean,
        cv,
        mean_bounds,
        cv_bounds,
        n=sample.n,
        censored=sample.censored,
        phases=phases(theta) if family.name == "erlang" else None,
        bic=bic,
        aic=aic,
        p_value=p_value,
        distance=distance,
        note=note,
    )


def _spread(family: Family, minus_log: Two, best: tuple[float, float]) -> tuple[float, Bounds]:
    """Coefficient of variation with its interval, adjusted for the mean's being estimated.

    Notes
    -----
    The likelihood of the spread alone takes the mean for known and finds too little of it:
    as a variance divided by *n* instead of *n - 1*. The adjusted profile (Cox and Reid 1987)
    takes half the logarithm of the information about the mean off, here that of ``n / σ²``.
    """

    def adjusted(log_mean: float, log_theta: float) -> float:
        if not abs(log_theta) < 30:
            return math.inf
        return minus_log(log_mean, log_theta) - family.log_variance(math.exp(log_theta)) / 2

    at = least(adjusted, start=best)
    bounds = exponentials(profile_interval(adjusted, best=at, which=1))
    ends = sorted([_cv_at(family, bounds.low), _cv_at(family, bounds.high)])
    return family.cv(math.exp(at[1])), Bounds(*ends)


def _cv_at(family: Family, theta: float) -> float:
    try:
        return family.cv(min(max(theta, 1e-9), 1e9))
    except (OverflowError, ValueError):
        return math.inf
