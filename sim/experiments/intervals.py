"""Student intervals over days: the day is the unit of replication, never the passenger."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.errors import FewReplicationsWarning

FEW = 5
"""Below this many days an interval is announced as uncertain itself."""


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


def student_interval(values: Sequence[float], *, confidence: float = 0.95) -> Interval:
    """Mean of independent days and its Student interval.

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
    from scipy.special import stdtrit

    days = len(values)
    mean = math.fsum(values) / days
    if days == 1:
        return Interval(mean=mean, low=None, high=None, days=1)
    variance = math.fsum((value - mean) ** 2 for value in values) / (days - 1)
    half = float(stdtrit(days - 1, 0.5 + confidence / 2)) * math.sqrt(variance / days)
    return Interval(mean=mean, low=mean - half, high=mean + half, days=days)


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
        result[key] = student_interval(values)
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
            interval = student_interval(values) if values else None
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
