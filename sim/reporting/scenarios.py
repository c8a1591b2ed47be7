"""Tables about scenarios: which there are, and where their figures come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.scenario.find import builtin_scenarios
from sim.scenario.load import Scenario, load_scenario
from sim.scenario.provenance import figures, share_assumed

if TYPE_CHECKING:
    from rich.table import Table


def scenario_rows() -> list[dict[str, Any]]:
    """One row for each built-in scenario, plain JSON."""
    rows = []
    for name in builtin_scenarios():
        spec = load_scenario(name).spec
        rows.append(
            {
                "id": spec.id,
                "kind": spec.kind,
                "date": spec.date.isoformat() if spec.date else None,
                "stations": len(spec.stations),
                "title": spec.title.model_dump() if spec.title else None,
                "question": spec.question.model_dump() if spec.question else None,
            }
        )
    return rows


def scenario_table(rows: list[dict[str, Any]]) -> Table:
    """The built-in scenarios as a table."""
    from rich.table import Table

    table = Table("Scenario", "Day", "Stations", "Title", "Question", title="Built-in scenarios")
    for row in rows:
        table.add_row(
            row["id"],
            row["date"] or "–",
            str(row["stations"]),
            (row["title"] or {}).get("en", ""),
            (row["question"] or {}).get("en", ""),
        )
    return table


def source_document(scenario: Scenario) -> dict[str, Any]:
    """Every figure with its range and source, and how many are assumed."""
    rows = figures(scenario)
    return {
        "scenario": scenario.spec.id,
        "figures": len(rows),
        "assumed_share": share_assumed(rows),
        "without_source": sum(not row.source for row in rows),
        "rows": [
            {
                "key": row.key,
                "value": row.value,
                "low": row.low,
                "high": row.high,
                "unit": row.unit,
                "source": row.source,
            }
            for row in rows
        ],
    }


def source_table(document: dict[str, Any]) -> Table:
    """The figures of a scenario as a table."""
    from rich.table import Table

    table = Table("Figure", "Value", "Low", "High", "Source", title=document["scenario"])
    for row in document["rows"]:
        numbers = (
            "" if row[name] is None else f"{row[name]:g}" for name in ("value", "low", "high")
        )
        table.add_row(row["key"], *numbers, row["source"] or "no source")
    return table
