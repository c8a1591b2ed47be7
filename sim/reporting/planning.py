"""A plan as tables: servers by period, what they keep, and why people wait today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.reporting.roster import roster_report

if TYPE_CHECKING:
    from rich.console import RenderableType

PER_ROW = 12
"""Periods on a line."""


def plan_report(document: dict[str, Any]) -> Iterator[RenderableType]:
    """What ``sim plan`` prints."""
    from rich.table import Table

    yield f"\n[bold]{document['scenario']}[/bold]: {document['outcome']}\n"
    table = Table(show_edge=False, pad_edge=False, header_style="bold")
    for heading in ("Station", "Server-periods", "Today", "At least", "Least share", "Decided by"):
        table.add_column(heading, justify="left" if heading == "Station" else "right")
    for name, each in document["stations"].items():
        lows = [
            row["low"]
            for target in each["targets"]
            for row in target["served_within"]
            if row["low"] is not None and row.get("is_judged", True)
        ]
        bound = each["lower_bound"]
        table.add_row(
            name, str(each["server_periods"]), str(each["today_server_periods"]),
            "unknown" if bound is None else str(bound),
            f"{min(lows):.1%}" if lows else "", each["decided_by"],
        )  # fmt: skip
    yield table
    minutes = document["period_s"] / 60
    for name, each in document["stations"].items():
        yield f"\n{name}, servers by {minutes:g} minutes"
        servers = each["servers"]
        for first in range(0, len(servers), PER_ROW):
            at = int(first * minutes)
            row = " ".join(f"{level:3d}" for level in servers[first : first + PER_ROW])
            yield f"  {at // 60:02d}:{at % 60:02d} {row}"
    certificate = document["certificate"]
    if certificate is not None:
        yield (
            f"\n{certificate['simultaneous']} periods at once, confidence "
            f"{certificate['confidence']:g}, {certificate['days']} fresh days, attempt "
            f"{certificate['attempts']}."
        )
    for each in document["departures"]:
        yield _departures(each)
    for cause in document["why"]:
        yield f"\n{cause['sentence']}"
        if cause["fed_by"]:
            yield f"  Most wait for {_feeders(cause['fed_by'])}."
    if document["roster"] is not None:
        yield f"\nStaffed by {document['roster']['rules']}."
        if document["roster"]["unattended"]:
            yield f"Machines, without people: {', '.join(document['roster']['unattended'])}."
        yield from roster_report(document["roster"])
    elif document["outcome"] == "CERTIFIED":
        yield "\nNo roster: nobody attends these stations; name them under roster.teams."
    yield f"{document['remedy']} {document['elapsed_s']:.1f} s."


def _departures(found: dict[str, Any]) -> str:
    if found["missed"] is None:
        return f"Promised of departures: {found['says']}."
    kept = found["kept"]
    on_days = f" on {kept['estimate']:.1%} of days, for certain" if found["day_share"] else ""
    low = f"{kept['low']:.1%}" if on_days else f"{1 - kept['low']:.3%}"
    return (
        f"Promised of departures: {found['says']}. On the fresh days {found['missed']:.3%} miss; "
        + (f"kept{on_days} at least {low}." if on_days else f"for certain at most {low}.")
    )


def _feeders(found: list[dict[str, Any]]) -> str:
    def one(each: dict[str, Any]) -> str:
        minutes = round(each["at_s"] / 60)
        at = f"{minutes // 60:02d}:{minutes % 60:02d}"
        return f"{each['departure']} at {at} ({each['late_per_day']:.1f} a day)"

    return ", ".join(map(one, found))
