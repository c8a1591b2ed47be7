"""Declared hourly capacity, and what to install by month, in tables."""

from __future__ import annotations

from typing import Any

from rich.table import Table


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
        f"An estimate from {document['days']} days, not certified.",
    ]
    equipment = document["equipment"]
    if equipment is None:
        return parts
    table = Table(title=f"To install, demand growing {equipment['growth']:.0%} a year (assumed)")
    for name in ("month", "day", "added", "capital", "public", "running a month", "promises"):
        table.add_column(name, justify="right" if name in {"capital", "public"} else "left")
    for each in equipment["months"]:
        added = ", ".join(f"{count} {name}" for name, count in each["added"].items()) or "–"
        table.add_row(
            *(each["month"], each["day"], added),
            *(f"{each['capital']:.0f}", f"{each['capital_public']:.0f}"),
            *(f"{each['running']:.0f}", each["outcome"]),
        )
    parts.append(table)
    parts += [
        f"{name} as it stands runs out in {month}." for name, month in equipment["runs_out"].items()
    ]
    if equipment["unpriced"]:
        names = ", ".join(equipment["unpriced"])
        parts.append(f"Without a price, so not in the sums: {names}; add [[prices]].")
    return parts
