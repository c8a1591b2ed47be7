"""A rate with its interval, and whether there were errors enough to speak of one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

CONFIDENCE = 0.95

ENOUGH = 30
"""Errors from which a rate is known to about ±30 % (rule of 30)."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Errors among trials.

    Attributes
    ----------
    errors, trials : int
        What was counted.
    low, high : float
        95 % interval.
    """

    errors: int
    trials: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """Share of trials that were errors; NaN without trials."""
        return self.errors / self.trials if self.trials else math.nan

    @property
    def is_sound(self) -> bool:
        """Whether the rule of 30 holds: errors enough to state the rate."""
        return self.errors >= ENOUGH

    @property
    def words(self) -> str:
        """The rate as one may quote it."""
        if not self.trials:
            return "no trials"
        if not self.errors:
            return f"below {self.high:.1e} (no error in {self.trials:,}: rule of 3)"
        doubt = "" if self.is_sound else f", {self.errors} errors only"
        return f"{self.value:.2e} ({self.low:.1e} to {self.high:.1e}{doubt})"


def independent(errors: int, trials: int) -> Rate:
    """A rate of independent trials, with the exact interval of Clopper and Pearson.

    Notes
    -----
    Without an error the interval ends near ``3 / trials``, one-sided at 95 % as the rule of 3
    has it; with errors it is two-sided.

    Examples
    --------
    >>> round(independent(0, 3000).high * 1000, 3)
    0.998
    """
    if not errors:
        high = 1 - (1 - CONFIDENCE) ** (1 / trials) if trials else 1.0
        return Rate(0, trials, 0.0, high)
    tail = (1 - CONFIDENCE) / 2
    low = float(beta.ppf(tail, errors, trials - errors + 1))
    high = 1.0 if errors == trials else float(beta.ppf(1 - tail, errors + 1, trials - errors))
    return Rate(errors, trials, low, high)


def by_person(
    errors: NDArray[np.int64], trials: NDArray[np.int64], *, resamples: int = 2000, seed: int = 1
) -> Rate:
    """A rate whose trials hang together by person, with an interval from resampled persons.

    Parameters
    ----------
    errors, trials : ndarray of int64, shape (persons,)
        Counts of each person; comparisons of one probe with a gallery are not independent.
    resamples : int
        Bootstrap samples of persons.
    seed : int
        Seed of the resampling.

    Notes
    -----
    Percentile bootstrap. Without an error it says nothing, so the rule of 3 is applied to the
    number of persons: the honest count of what is independent.
    """
    total, tried = int(errors.sum()), int(trials.sum())
    if not total:
        return Rate(0, tried, 0.0, independent(0, len(errors)).high)
    spread = resampled(
        len(errors),
        lambda chosen: float(errors[chosen].sum() / max(1, trials[chosen].sum())),
        resamples=resamples,
        seed=seed,
    )
    return Rate(total, tried, *spread)


def resampled(
    persons: int,
    figure: Callable[[NDArray[np.intp]], float],
    *,
    resamples: int = 2000,
    seed: int = 1,
) -> tuple[float, float]:
    """95 % percentile interval of a figure of persons drawn with replacement."""
    rng = np.random.Generator(np.random.Philox(seed))
    found = [figure(rng.integers(0, persons, persons)) for _ in range(resamples)]
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(found, [tail, 100 - tail])
    return float(low), float(high)
