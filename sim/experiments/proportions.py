"""Shares and quantiles over days, exactly: how many days it takes, and what they prove."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import bdtr, betaincinv

from sim.errors import UsageError

MOST_DAYS = 1_000_000
"""No search for a number of days goes beyond."""


def share_low(*, successes: int, days: int, confidence: float = 0.95) -> float:
    """Lower bound of a share from independent days, one-sided.

    Parameters
    ----------
    successes, days : int
        Days that kept a promise, of so many.
    confidence : float
        Between 0 and 1.

    Raises
    ------
    UsageError
        If the numbers contradict each other.

    Notes
    -----
    Clopper and Pearson: the share below which so many successes are too unlikely; never too high.

    References
    ----------
    Clopper, C. J. and Pearson, E. S. (1934), Biometrika 26, 404-413.

    Examples
    --------
    >>> round(share_low(successes=965, days=1000), 9)
    0.953861664
    """
    _refuse_confidence(confidence)
    if not 0 <= successes <= days or days < 1:
        raise UsageError(f"{successes} of {days} days is no share; give 0 to {days} of 1 or more")
    if successes == 0:
        return 0.0
    return float(betaincinv(successes, days - successes + 1, 1 - confidence))


def days_to_certify(*, share: float, confidence: float = 0.95, failures: int = 0) -> int:
    """Fewest days that prove a share although so many of them failed.

    Parameters
    ----------
    share : float
        Share of days that must keep the promise, strictly between 0 and 1.
    confidence : float
    failures : int
        Days allowed to fail.

    Raises
    ------
    UsageError
        If a number is out of its range, or it would take more than `MOST_DAYS`.

    Examples
    --------
    >>> [days_to_certify(share=0.95, failures=failures) for failures in range(4)]
    [59, 93, 124, 153]
    """
    _refuse_confidence(confidence)
    if not 0 < share < 1 or failures < 0:
        raise UsageError(
            f"share = {share:g} and failures = {failures}; give a share strictly between 0 and 1, "
            "failures from 0 on"
        )

    def proves(days: int) -> bool:
        return float(bdtr(failures, days, 1 - share)) <= 1 - confidence

    low, high = failures, failures + 1
    while not proves(high):
        low, high = high, 2 * high
        if high > MOST_DAYS:
            raise UsageError(f"a share of {share:g} takes more than {MOST_DAYS} days to prove")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if proves(middle) else (middle, high)
    return high


def quantile_rank(*, days: int, quantile: float, confidence: float = 0.95) -> int | None:
    """Rank of the day whose figure is an upper bound of a quantile.

    Returns
    -------
    int or None
        From 1; None where even the highest of so few days proves nothing.

    Examples
    --------
    >>> quantile_rank(days=200, quantile=0.95), quantile_rank(days=50, quantile=0.95)
    (196, None)
    """
    _refuse_confidence(confidence)
    if days < 1 or not 0 < quantile < 1:
        raise UsageError(
            f"days = {days} and quantile = {quantile:g}; give a day at least, and a quantile "
            "strictly between 0 and 1"
        )
    low, high = 0, days + 1
    while high - low > 1:  # smallest rank whose chance to lie below the quantile is small
        middle = (low + high) // 2
        proves = float(bdtr(middle - 1, days, quantile)) >= confidence
        low, high = (low, middle) if proves else (middle, high)
    return high if high <= days else None


@dataclass(frozen=True, slots=True)
class QuantileInterval:
    """A quantile over days with a two-sided interval.

    Attributes
    ----------
    quantile : float
    value : float
        Nearest-rank quantile of the days.
    low, high : float or None
        Figures of two of the days; None where so few prove nothing on that side.
    """

    quantile: float
    value: float
    low: float | None
    high: float | None


def quantile_interval(
    values: Sequence[float], *, quantile: float, confidence: float = 0.95
) -> QuantileInterval:
    """Quantile of a day's figure, whatever its law.

    Parameters
    ----------
    values : sequence of float
        One figure for each independent day.
    quantile : float
        Strictly between 0 and 1.

    Notes
    -----
    Order statistics: the number of days below the quantile is binomial. Each side fails with
    at most half of ``1 - confidence``, also where figures are whole numbers.

    Examples
    --------
    >>> quantile_interval(range(1, 11), quantile=0.5)
    QuantileInterval(quantile=0.5, value=5, low=2, high=9)
    """
    days, side = len(values), (1 + confidence) / 2
    high = quantile_rank(days=days, quantile=quantile, confidence=side)
    mirrored = quantile_rank(days=days, quantile=1 - quantile, confidence=side)
    ascending = sorted(values)
    return QuantileInterval(
        quantile=quantile,
        value=ascending[max(math.ceil(days * quantile - 1e-9), 1) - 1],
        low=None if mirrored is None else ascending[days - mirrored],
        high=None if high is None else ascending[high - 1],
    )


def _refuse_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise UsageError(f"confidence = {confidence:g}; give it strictly between 0 and 1")
