"""Paired differences: a figure in two plans, day beside day, and what is sure of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sim.experiments.intervals import each_figure, mean_interval

Outcome = Literal["identical", "lower", "higher", "undecided"]
"""Of B against A: no day differs, the interval is below zero, above it, or holds it."""

HEADLINES = ("journey_s.mean", "missed", "reneged", "balked")
"""Figures of the whole day that a verdict is given on, beside the waits of each station."""

STATION_HEADLINES = ("wait_s.mean", "wait_s.p95")


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure in both plans, over the days on which both have it.

    Attributes
    ----------
    key : str
        Dotted key of the figure in a day's summary.
    a, b : float
        Means over days.
    mean, low, high : float or None
        Of B less A, day by day, with a two-sided interval; None from a single day.
    days : int
    sharper : float or None
        How much smaller the variance of the difference is than with independent days,
        ``(var A + var B) / var(B - A)``; None where nothing varies.
    outcome : str
    """

    key: str
    a: float
    b: float
    mean: float
    low: float | None
    high: float | None
    days: int
    sharper: float | None
    outcome: Outcome


def paired(
    a: Sequence[Mapping[str, Any]], b: Sequence[Mapping[str, Any]], *, confidence: float = 0.95
) -> dict[str, Difference]:
    """Difference of every figure that the summaries of both plans share.

    Parameters
    ----------
    a, b : sequence of mapping
        One summary a day, the same days in the same order.
    confidence : float
        Of each interval alone.

    Examples
    --------
    >>> found = paired([{"missed": 3}, {"missed": 5}], [{"missed": 1}, {"missed": 3}])
    >>> found["missed"].mean, found["missed"].outcome
    (-2.0, 'lower')
    """
    days = [
        (dict(each_figure(one)), dict(each_figure(other))) for one, other in zip(a, b, strict=True)
    ]
    keys = dict.fromkeys(key for one, other in days for key in one if key in other)
    result = {}
    for key in keys:
        both = [(one[key], other[key]) for one, other in days if key in one and key in other]
        result[key] = difference(key, both, confidence=confidence)
    return result


def headlines(
    a: Sequence[Mapping[str, Any]], b: Sequence[Mapping[str, Any]], *, confidence: float = 0.95
) -> tuple[Difference, ...]:
    """The figures a verdict is given on, with intervals that all hold at once.

    Notes
    -----
    Bonferroni over the figures that differ on any day; those that never differ need no interval.
    """
    found = paired(a, b, confidence=confidence)
    stations = dict.fromkeys(name for each in (*a, *b) for name in each.get("stations", {}))
    keys = [f"stations.{name}.{figure}" for name in stations for figure in STATION_HEADLINES]
    chosen = [found[key] for key in (*keys, *HEADLINES) if key in found]
    family = sum(each.outcome != "identical" for each in chosen)
    if family > 1:
        found = paired(a, b, confidence=1 - (1 - confidence) / family)
    return tuple(found[each.key] for each in chosen)


def difference(key: str, days: Sequence[tuple[float, float]], *, confidence: float) -> Difference:
    """Difference of one figure.

    Parameters
    ----------
    key : str
        What it is called.
    days : sequence of (float, float)
        The figure in A and in B on each day that has both, at least one.
    """
    gaps = [other - one for one, other in days]
    interval = mean_interval(gaps, confidence=confidence)
    apart = _variance([one for one, _ in days]) + _variance([other for _, other in days])
    together = _variance(gaps)
    return Difference(
        key=key,
        a=math.fsum(one for one, _ in days) / len(days),
        b=math.fsum(other for _, other in days) / len(days),
        mean=interval.mean,
        low=interval.low,
        high=interval.high,
        days=len(days),
        sharper=apart / together if together > 0 else None,
        outcome=_outcome(gaps, interval.low, interval.high),
    )


def _variance(values: Sequence[float]) -> float:
    if len(values) < 2:
        return 0.0
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _outcome(gaps: Sequence[float], low: float | None, high: float | None) -> Outcome:
    if not any(gaps):
        return "identical"
    if low is None or high is None:
        return "undecided"
    return "lower" if high < 0 else "higher" if low > 0 else "undecided"
