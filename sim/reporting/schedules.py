"""What was read of a scenario's schedules: flights of a day, and what became of every line."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ScenarioError, UsageError
from sim.scenario.booked import booked_rows
from sim.scenario.clock import clock_text
from sim.scenario.keys import dotted
from sim.scenario.scenario import Scenario
from sim.scenario.schedule_files import located, read_for, schedules_of

if TYPE_CHECKING:
    from rich.table import Table

COLUMNS = ("id", "at", "persons", "carrier", "aircraft", "seats", "gate", "international")
"""Columns of a table of departures that a scenario takes as its own."""


def schedule_document(scenario: Scenario, *, day: date | None = None) -> dict[str, Any]:
    """Every schedule of a scenario as read for a day, plain JSON.

    Raises
    ------
    UsageError
        If the scenario has no schedule.
    ScenarioError
        With every line of the files that is rejected on that day.
    """
    on = day or scenario.spec.date
    schedules = list(schedules_of(scenario.spec.demand))
    if not schedules or on is None:
        msg = f"{scenario.spec.id} has no schedule; give one that has [demand.schedule]"
        raise UsageError(msg)
    files: list[dict[str, Any]] = []
    for path, asked in schedules:
        reading = read_for(asked, scenario.root, path, day=on, starts=scenario.spec.day_starts)
        if reading.faults:
            raise ScenarioError(reading.faults)
        rows = booked_rows(asked.model_copy(update={"flights": reading.flights}))
        tally = reading.tally
        files.append(
            {
                "key": dotted(scenario.document, path),
                "file": Path(located(asked, scenario.root, path)).name,
                "format": asked.format,
                "direction": asked.direction,
                "sha256": reading.sha256,
                "lines": {
                    "read": tally.read,
                    "used": tally.used,
                    "framing": tally.framing,
                    "out_of_period": tally.out_of_period,
                    "left_out": dict(tally.left_out),
                    "rejected": tally.rejected,
                },
                "sentence": tally.sentence,
                "flights": [{**row.model_dump(), "at": clock_text(row.at)} for row in rows],
            }
        )
    return {"scenario": scenario.spec.id, "date": on.isoformat(), "schedules": files}


def schedule_tables(document: dict[str, Any]) -> list[Table]:
    """The flights of each schedule as a table."""
    from rich.table import Table

    tables: list[Table] = []
    for each in document["schedules"]:
        title = f"{each['file']}: {each['direction']} of {document['date']}"
        table = Table("Flight", "At", "Carrier", "Type", "Seats", "Persons", title=title)
        for row in each["flights"]:
            name = f"{row['id']} (international)" if row["international"] else row["id"]
            numbers = (str(row[key] or "–") for key in ("seats", "persons"))
            table.add_row(name, row["at"], row["carrier"], row["aircraft"], *numbers)
        persons = sum(row["persons"] for row in each["flights"])
        table.caption = f"{len(each['flights'])} flights, {persons:,} booked. {each['sentence']}"
        tables.append(table)
    return tables


def departures_csv(document: dict[str, Any]) -> str:
    """The flights of every schedule as a table of departures, to edit and use instead."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in document["schedules"]:
        for row in each["flights"]:
            writer.writerow(
                str(row[key]).lower() if key == "international" else row[key] for key in COLUMNS
            )
    return text.getvalue()
