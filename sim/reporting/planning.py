"""A plan as tables: servers by period, what they keep, and why people wait today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

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
    for cause in document["why"]:
        yield cause["sentence"]
    yield f"{document['remedy']} {document['elapsed_s']:.1f} s."
