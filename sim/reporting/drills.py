"""An outage drill in words: what it cost by facility and station, and when it was over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.experiments.drill import Drill
from sim.scenario.clock import clock_text
from sim.scenario.scenario import Scenario

MOST_STATIONS = 25
"""Stations of a world that a table shows."""

if TYPE_CHECKING:
    from rich.table import Table


def drill_document(drill: Drill) -> dict[str, Any]:
    """What ``sim drill --json`` prints."""
    outage, summary = drill.outage, drill.summary
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
        **summary,
        "places": by_place(drill.scenario, summary["facilities"]),
        "curves": drill.curves,
    }


def drill_tables(document: dict[str, Any]) -> Iterator[Table]:
    """What ``sim drill`` prints: in a world by place, worst first, else in the order of the day."""
    outage = document["outage"]
    times = f"{clock_text(outage['from_s'])} to {clock_text(outage['until_s'])}"
    days = "" if document["reps"] == 1 else f", means of {document['reps']} days"
    title = f"{document['scenario']}: {outage['station']} down {times}{days}"
    places = document["places"]
    if len(places) == 1:
        yield _table("facility", document["facilities"], title=title)
        yield _table("station", document["stations"])
        return
    yield _table("facility", places, title=title, most=len(places))
    yield _table("station", document["stations"], most=MOST_STATIONS)


def by_place(scenario: Scenario, facilities: dict[str, Any]) -> dict[str, Any]:
    """Facilities as the scenario's file names them: the stops of a line as one."""
    world = scenario.world
    if world is None:
        return facilities
    names = sorted((table.id for table in world.spec.facilities), key=len, reverse=True)
    members = dict[str, list[dict[str, Any]]]()
    for name, row in facilities.items():
        known = [own for own in names if name == own or name.startswith(f"{own}-")]
        if known:
            members.setdefault(known[0], []).append(row)
    return {name: _together(rows) for name, rows in members.items()}


def _together(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Several facilities as one."""
    late = [row["recovered_after_min"] for row in rows]
    worst = {
        key: max(
            (row["worst_s"][key] for row in rows if row["worst_s"][key] is not None), default=None
        )
        for key in ("undisturbed", "disturbed")
    }
    sums = ("extra_passenger_min", "delayed", "missed_more")
    return {
        "facilities": len(rows),
        **{key: sum(row[key] for row in rows) for key in sums},
        "worst_s": worst,
        "recovered_after_min": None if None in late else max(late),
    }


def _table(
    head: str, rows: dict[str, Any], *, title: str | None = None, most: int | None = None
) -> Table:
    """A row each; with `most`, at most so many where anything changed, worst first."""
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    table.add_column(head)
    columns = ["extra passenger min", "delayed persons", "worst min, without → with"]
    columns += ["recovered, min after"] + (["missed more"] if head == "facility" else [])
    for column in columns:
        table.add_column(column, justify="right")
    shown = list(rows.items())
    if most is not None:
        touched = [(name, row) for name, row in shown if _is_touched(row)]
        shown = sorted(touched, key=lambda each: -each[1]["extra_passenger_min"])[:most]
    for name, row in shown:
        cells = [_number(row["extra_passenger_min"]), _number(row["delayed"])]
        worst = row["worst_s"]
        cells.append(f"{_minutes(worst['undisturbed'])} → {_minutes(worst['disturbed'])}")
        late = row["recovered_after_min"]
        cells.append("not that day" if late is None else _number(late))
        if head == "facility":
            cells.append(_number(row["missed_more"]))
        table.add_row(name, *cells)
    if len(shown) < len(rows):
        others = len(rows) - len(shown)
        table.add_row(f"{others} other{'s' * (others > 1)}", "less", *[""] * (len(columns) - 1))
    return table


def _is_touched(row: dict[str, Any]) -> bool:
    """Whether an outage changed anything that a table would show."""
    late = row["recovered_after_min"]
    is_late = late is None or late > 0
    return abs(row["extra_passenger_min"]) >= 0.05 or row["delayed"] > 0 or is_late


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _minutes(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds / 60:.1f}"
