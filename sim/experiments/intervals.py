"""Intervals of means over days: the day is the unit of replication, never the passenger."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.errors import FewReplicationsWarning

FEW = 5
"""Below this many days an interval is announced as uncertain itself."""

LEAST_SKEWED = 8
"""Days from which the skewness of days is believed; fewer hardly measure a third moment."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Mean over days with a two-sided confidence interval.

    Attributes
    ----------
    mean : float
        Mean of the days' figures.
    low, high : float or None
        Bounds; None from a single day.
    days : int
        Days that had an observation.
    """

    mean: float
    low: float | None
    high: float | None
    days: int

    @property
    def reach(self) -> float:
        """Distance to the farther end; infinite from a single day."""
        if self.low is None or self.high is None:
            return math.inf
        return max(self.mean - self.low, self.high - self.mean)


def mean_interval(values: Sequence[float], *, confidence: float = 0.95) -> Interval:
    """Mean of independent days with an interval that allows for skewed days.

    Parameters
    ----------
    values : sequence of float
        One figure a day, at least one.
    confidence : float
        Two-sided confidence, between 0 and 1.

    Notes
    -----
    Near overload a few bad days make the mean, and most studies have too few of them: there
    Student's interval holds the truth too seldom, and misses it on the side of the bad days.
    Willink's interval bends Student's quantile by the third moment, with

    ``a = m3 / (6 sqrt(n) s^3)``, ``G(r) = (cbrt(1 + 6 a (r - a)) - 1) / (2 a)``,
    ``mean - G(t) s / sqrt(n)`` to ``mean - G(-t) s / sqrt(n)``,

    which is the inverse of Hall's monotone transformation of Johnson's statistic. It may end
    closer to the mean than Student's on the other side, and where a figure is nearly always
    the same it then takes two odd days for a proof. So each end is the farther of both: never
    tighter than Student, wider where the days are skewed, and the same where they are not.

    Below `LEAST_SKEWED` days, and where no day differs, it is Student's.

    References
    ----------
    Johnson, N. J. (1978), Modified t tests and confidence intervals for asymmetrical
    populations, Journal of the American Statistical Association 73, 536-544.
    Hall, P. (1992), On the removal of skewness by transformation, Journal of the Royal
    Statistical Society B 54, 221-228.
    Willink, R. (2005), A confidence interval and test for the mean of an asymmetric
    distribution, Communications in Statistics - Theory and Methods 34, 753-766.

    Examples
    --------
    >>> found = mean_interval([0, 0, 1, 0, 2, 0, 9, 0])
    >>> found.mean, round(found.low, 2), round(found.high, 2)
    (1.5, -1.11, 9.14)
    """
    found = student_interval(values, confidence=confidence)
    if found.days < LEAST_SKEWED or found.low is None or found.high is None:
        return found
    days, mean = found.days, found.mean
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (days - 1))
    if spread == 0.0:
        return found
    third = math.fsum(((value - mean) / spread) ** 3 for value in values)
    bend = days * third / ((days - 1) * (days - 2)) / (6 * math.sqrt(days))
    quantile, error = _student_quantile(days, confidence), spread / math.sqrt(days)
    return Interval(
        mean=mean,
        low=min(found.low, mean - _bent(quantile, bend) * error),
        high=max(found.high, mean - _bent(-quantile, bend) * error),
        days=days,
    )


def student_interval(values: Sequence[float], *, confidence: float = 0.95) -> Interval:
    """Mean of independent days and its Student interval, as if days were normal.

    Parameters
    ----------
    values : sequence of float
        One figure a day, at least one.
    confidence : float
        Two-sided confidence, between 0 and 1.

    Notes
    -----
    ``mean ± t(n - 1) s / sqrt(n)``; exact for normal daily figures, good for means of many
    passengers. Passengers of one day are far from independent, so they are never pooled.

    Examples
    --------
    >>> student_interval([1.0, 2.0, 3.0]).mean
    2.0
    """
    days = len(values)
    mean = math.fsum(values) / days
    if days == 1:
        return Interval(mean=mean, low=None, high=None, days=1)
    variance = math.fsum((value - mean) ** 2 for value in values) / (days - 1)
    half = _student_quantile(days, confidence) * math.sqrt(variance / days)
    return Interval(mean=mean, low=mean - half, high=mean + half, days=days)


def _student_quantile(days: int, confidence: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(days - 1, 0.5 + confidence / 2))


def _bent(quantile: float, bend: float) -> float:
    """Willink's quantile; Student's where nothing is skewed."""
    if bend == 0.0:
        return quantile
    moved = 6 * bend * (quantile - bend)
    root = math.expm1(math.log1p(moved) / 3) if moved > -0.5 else math.cbrt(1 + moved) - 1
    return root / (2 * bend)


def over_days(summaries: Sequence[Mapping[str, Any]]) -> dict[str, Interval]:
    """Interval of every numeric figure that the days' summaries share.

    Parameters
    ----------
    summaries : sequence of mapping
        One summary a day, nested; figures that are null on some days use the others.

    Returns
    -------
    dict of str to Interval
        By dotted key, in the order of the first day's summary.
    """
    if 1 < len(summaries) < FEW:
        message = f"{len(summaries)} days give a rough interval; use at least {FEW}"
        warnings.warn(message, FewReplicationsWarning, stacklevel=2)
    days = [dict(each_figure(summary)) for summary in summaries]
    keys = dict.fromkeys(key for day in days for key in day)
    result: dict[str, Interval] = {}
    for key in keys:
        values = [day[key] for day in days if key in day]
        result[key] = mean_interval(values)
    return result


def with_intervals(summaries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One summary of several days: means over days, with ``low`` and ``high`` beside means.

    Wherever a day's summary has a ``mean``, the result has the mean of the days' means and
    its interval; other numbers become their mean over days. Verdicts and starts of half hours
    become the most frequent, ``is_met`` whether it was on every day; lists that differ from
    day to day are left to the days. ``intervals`` holds the interval of every number.
    """
    merged = _merged(summaries)
    merged["intervals"] = {
        key: {"mean": each.mean, "low": each.low, "high": each.high, "days": each.days}
        for key, each in over_days(summaries).items()
    }
    return merged


def _is_category(name: str, value: object) -> bool:
    return isinstance(value, str) or name.endswith("start_s")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def each_figure(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, float]]:
    """Every number of a nested summary by its dotted key; lists and categories are left out."""
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from each_figure(value, f"{key}.")
        elif _is_number(value) and not _is_category(name, value):
            yield key, float(value)


def _merged(days: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name in dict.fromkeys(name for day in days for name in day):
        values = [day[name] for day in days if day.get(name) is not None]
        result[name] = _merged_value(name, values)
        if name == "mean":
            interval = mean_interval(values) if values else None
            result["low"] = interval.low if interval else None
            result["high"] = interval.high if interval else None
    return result


def _merged_value(name: str, values: list[Any]) -> Any:
    first = values[0] if values else None
    if first is None:
        return None
    if all(isinstance(value, Mapping) for value in values):
        return _merged(values)
    if isinstance(first, bool) or _is_category(name, first):
        return all(values) if isinstance(first, bool) else max(values, key=values.count)
    if all(_is_number(value) for value in values):
        return math.fsum(values) / len(values)
    if all(_has_ids(value) for value in values):
        return [_merged(rows) for rows in zip(*values, strict=True)]
    return first if all(value == first for value in values) else None


def _has_ids(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(row, Mapping) and "id" in row for row in value
    )
