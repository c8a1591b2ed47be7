"""Before and after a rule as Markdown: who moves, who gains, who loses, airport by airport."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Found = Mapping[str, Any]
"""What `sim.experiments.before_after` found for one scenario."""


def moved_table(found: Sequence[Found], classes: Sequence[str]) -> list[str]:
    """Persons a day who go to another first station, by class."""
    rows = [
        [
            f"`{each['scenario']}`",
            f"{each['passengers']:,.0f}",
            *(_number(each["classes"].get(name), "moved") for name in classes),
        ]
        for each in found
    ]
    return markdown(["scenario", "passengers", *classes], rows)


def change_table(found: Sequence[Found], classes: Sequence[str], quantity: str) -> list[str]:
    """Change of a mean duration in minutes with the half-width of its interval, by class."""
    rows = [
        [
            f"`{each['scenario']}`",
            *(_change(each["classes"].get(name), quantity) for name in classes),
        ]
        for each in found
    ]
    return markdown(["scenario", *classes], rows)


def missed_table(found: Sequence[Found]) -> list[str]:
    """Missed departures a day before and after, with the change and its interval."""
    rows: list[list[str]] = []
    for each in found:
        missed = each["classes"]["all"]["missed"]
        change = missed["difference"]
        rows.append(
            [
                f"`{each['scenario']}`",
                f"{missed['before']:,.1f}",
                f"{missed['after']:,.1f}",
                _interval(change["mean"], change["low"], change["high"]),
            ]
        )
    return markdown(["scenario", "before", "after", "change"], rows)


def losers(found: Iterable[Found], quantity: str) -> list[str]:
    """Classes for which a quantity is told apart from no change for the worse, as sentences."""
    told: list[str] = []
    for each in found:
        for name, figures in each["classes"].items():
            compared = figures[quantity]
            if compared["verdict"] == "loses":
                change = compared["difference"]
                minutes = _interval(*(change[key] / 60 for key in ("mean", "low", "high")))
                told.append(
                    f"`{each['scenario']}`, {name}: {minutes} min "
                    f"({figures['persons']:,.0f} persons a day)"
                )
    return told


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table in Markdown, numbers to the right.

    Examples
    --------
    >>> markdown(["a", "b"], [["x", "1"]])
    ['| a | b |', '|---|--:|', '| x | 1 |']
    """
    rule = "|---|" + "--:|" * (len(header) - 1)
    return [f"| {' | '.join(header)} |", rule, *(f"| {' | '.join(row)} |" for row in rows)]


def _number(figures: Found | None, key: str) -> str:
    return "" if figures is None else f"{figures[key]:,.0f}"


def _change(figures: Found | None, quantity: str) -> str:
    change = None if figures is None else figures[quantity]["difference"]
    if change is None:
        return ""
    if change["low"] is None:
        return f"{change['mean'] / 60:+.2f}"
    half = (change["high"] - change["low"]) / 120
    return f"{change['mean'] / 60:+.2f} ± {half:.2f}"


def _interval(mean: float, low: float | None, high: float | None) -> str:
    return f"{mean:+.2f}" if low is None else f"{mean:+.2f} ({low:+.2f} to {high:+.2f})"
