"""Declared hourly capacity, and what to install by month, in tables."""

from __future__ import annotations

from typing import Any

from rich.table import Table

MONEY = {
    "capital": "capital",
    "public": "capital_public",
    "private": "capital_private",
    "running a month": "running",
}
"""Columns of money, and their keys."""


def capacity_report(document: dict[str, Any]) -> list[Table | str]:
    """What ``sim capacity`` prints."""
    found = document["capacity"]
    flights = found["departures_per_h"]
    per_h = f"{found['passengers_per_h']:.0f} passengers"
    if flights is not None:
        per_h += f", {flights:.1f} departures"
    gives = ", ".join(found["gives_way"]) or "nothing"
    factor, outcome = found["factor"], found["outcome"]
    parts: list[Table | str] = [
        (
            f"Hourly capacity: {per_h} in the busiest hour, {factor:.2f} times the demand of "
            f"the scenario ({outcome}). Above it gives way: {gives}. {found['remedy']}"
        ),
        f"An estimate from {document['days']} days, not certified. Level of service: "
        + "; ".join(_promise(each) for each in document["targets"])
        + ".",
    ]
    equipment = document["equipment"]
    if equipment is None:
        return parts
    table = Table(
        title=f"To install, demand growing {equipment['growth']:.0%} a year (assumed); "
        "millions of dong"
    )
    for name in ("month", "day", "added", *MONEY, "promises"):
        table.add_column(name, justify="right" if name in MONEY else "left")
    for each in equipment["months"]:
        added = ", ".join(f"{count} {name}" for name, count in each["added"].items()) or "–"
        table.add_row(
            *(each["month"], each["day"], added),
            *(f"{each[name]:,.0f}" for name in MONEY.values()),
            each["outcome"],
        )
    parts.append(table)
    parts += [
        f"{name} as it stands runs out in {month}." for name, month in equipment["runs_out"].items()
    ] or ["Nothing that stands runs out in these months."]
    totals = {name: f"{value:,.0f}" for name, value in equipment["totals"].items()}
    parts.append(
        f"In all, millions of dong: capital {totals['capital']}, of it public "
        f"{totals['capital_public']} and private {totals['capital_private']}; running "
        f"{totals['running']} over the months above. `sim sources` says which prices are assumed."
    )
    if equipment["unpriced"]:
        names = ", ".join(equipment["unpriced"])
        parts.append(f"Without a price, so not in the sums: {names}; add [[prices]].")
    return parts


def _promise(target: dict[str, Any]) -> str:
    def number(name: str) -> float:
        figure = target[name]
        return figure["value"] if isinstance(figure, dict) else figure

    told = f"{target['station']} {number('share'):.0%} within {number('within_s'):g} s"
    return told if target.get("per_min") is None else f"{told} every {number('per_min'):g} min"
