"""An outage drill in words: what it cost by facility and station, and when it was over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.experiments.drill import Drill
from sim.scenario.clock import clock_text

if TYPE_CHECKING:
    from rich.console import RenderableType


def drill_document(drill: Drill) -> dict[str, Any]:
    """What ``sim drill --json`` prints."""
    outage = drill.outage
    return {
        "scenario": drill.scenario.spec.id,
        "scenario_digest": drill.scenario.digest,
        "seed": drill.seed,
        "reps": len(drill.days),
        "outage": {
            "station": outage.station,
            "from_s": outage.from_s,
            "until_s": outage.until_s,
            "servers": list(outage.servers) or None,
        },
        "band_s": drill.band_s,
        **drill.summary,
        "curves": drill.curves,
    }


def drill_tables(document: dict[str, Any]) -> Iterator[RenderableType]:
    """What ``sim drill`` prints."""
    from rich.table import Table

    outage = document["outage"]
    times = f"{clock_text(outage['from_s'])} to {clock_text(outage['until_s'])}"
    days = "" if document["reps"] == 1 else f", means of {document['reps']} days"
    title = f"{document['scenario']}: {outage['station']} down {times}{days}"
    for key, head in (("facilities", "facility"), ("stations", "station")):
        table = Table(title=title if key == "facilities" else None, title_justify="left")
        table.add_column(head)
        columns = ["extra passenger min", "delayed persons", "worst min, without → with"]
        columns += ["recovered, min after"] + (["missed more"] if key == "facilities" else [])
        for column in columns:
            table.add_column(column, justify="right")
        for name, row in document[key].items():
            cells = [_number(row["extra_passenger_min"]), _number(row["delayed"])]
            worst = row["worst_s"]
            cells.append(f"{_minutes(worst['undisturbed'])} → {_minutes(worst['disturbed'])}")
            late = row["recovered_after_min"]
            cells.append("not that day" if late is None else _number(late))
            if key == "facilities":
                cells.append(_number(row["missed_more"]))
            table.add_row(name, *cells)
        yield table


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _minutes(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds / 60:.1f}"
