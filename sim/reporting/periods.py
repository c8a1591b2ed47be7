"""Where in the day two plans differ, as tables and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.experiments.paired import Difference
from sim.experiments.periods import HALF_HOUR_S, Periods
from sim.reporting.wording import ABSENT
from sim.scenario.clock import clock_text

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST_ROWS = 12
"""Half hours printed of a station, those with the largest difference; JSON has all."""


def periods_document(found: Periods) -> dict[str, Any]:
    """Periods as plain JSON."""
    return {
        "changed_from_s": found.from_s,
        "changed_until_s": found.until_s,
        "changed_stations": list(found.changed),
        "stations": {
            name: {
                **{phase: _plain(each) for phase, each in found.phases.get(name, {}).items()},
                "half_hours": [
                    {"start_s": start_s, **_plain(each)} for start_s, each in half_hours
                ],
            }
            for name, half_hours in found.half_hours.items()
            if half_hours or found.phases.get(name)
        },
    }


def period_tables(found: Periods) -> Iterator[RenderableType]:
    """Mean waits before, during and after a change, and in the half hours that differ most."""
    from rich.table import Table

    shown = {name: rows for name, rows in found.half_hours.items() if rows}
    if not shown:
        return
    table = Table(
        show_edge=False,
        pad_edge=False,
        header_style="bold",
        title="\nMean wait of those who came then, s; each interval by itself",
        title_justify="left",
        title_style="",
    )
    table.add_column("Station")
    table.add_column("When")
    for heading in ("A", "B", "B less A", "interval", "Sharper"):
        table.add_column(heading, justify="right")
    is_told_apart = any(found.phases.get(name, {}).keys() - {"during"} for name in found.changed)
    if is_told_apart:
        for name in shown:
            for phase, each in found.phases.get(name, {}).items():
                table.add_row(name, _phase(found, phase), *_cells(each))
    else:  # changed all day, or in something else than servers: the half hours say where
        told = {name: shown[name] for name in found.changed if name in shown} or shown
        for name, rows in told.items():
            largest = sorted(rows, key=lambda row: -abs(row[1].mean))[:MOST_ROWS]
            for start_s, each in sorted(largest, key=lambda row: row[0]):
                ends = clock_text(start_s + HALF_HOUR_S)
                table.add_row(name, f"{clock_text(start_s)} to {ends}", *_cells(each))
    yield table


def _phase(found: Periods, phase: str) -> str:
    assert found.from_s is not None, "there are phases"
    assert found.until_s is not None, "there are phases"
    start, end = clock_text(found.from_s), clock_text(found.until_s)
    match phase:
        case "before":
            return f"before {start}"
        case "during":
            return f"{start} to {end}"
        case _:
            return f"from {end}"


def _cells(each: Difference) -> list[str]:
    if each.outcome == "identical":
        return [f"{each.a:.2f}", f"{each.b:.2f}", "0", "no day differs", ABSENT]
    ends = ABSENT if each.low is None else f"{each.low:.2f} to {each.high:.2f}"
    sharper = ABSENT if each.sharper is None else f"{each.sharper:.1f} ×"
    return [f"{each.a:.2f}", f"{each.b:.2f}", f"{each.mean:.2f}", ends, sharper]


def _plain(each: Difference) -> dict[str, Any]:
    document = asdict(each)
    document["difference"] = document.pop("mean")
    del document["key"]
    return document
