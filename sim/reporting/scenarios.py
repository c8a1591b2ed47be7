"""Tables about scenarios: which there are, and where their figures come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.reporting.wording import ABSENT
from sim.scenario.find import builtin_scenarios
from sim.scenario.load import Scenario, load_scenario
from sim.scenario.provenance import figures, share_assumed

if TYPE_CHECKING:
    from rich.table import Table

KINDS = {
    "airport": "Airports",
    "railway-station": "Railway stations",
    "metro": "Metro",
    "parking": "Car parks",
    "service": "Services",
    "world": "Several places at once",
    "generic": "Other",
}
"""What the kinds of scenarios are called; one that is not here goes by its own name."""


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


def scenario_tables(rows: list[dict[str, Any]], *, questions: bool = False) -> Iterator[Table]:
    """The built-in scenarios as a table for each kind of place, the most scenarios first.

    Parameters
    ----------
    rows : list of dict
        As from `scenario_rows`.
    questions : bool
        Whether to print the question of each below its title.

    Yields
    ------
    rich.table.Table
        One line for each scenario where the terminal is wide enough.
    """
    from rich.table import Table

    kinds = Counter(row["kind"] for row in rows)
    width = max((len(row["id"]) for row in rows), default=0)
    for kind, count in kinds.most_common():
        heading = f"{KINDS.get(kind, kind)} ({count})"
        table = Table(
            box=None, title=heading, title_justify="left", title_style="bold", pad_edge=False
        )
        table.add_column("Scenario", min_width=width, no_wrap=True)
        table.add_column("Day", min_width=10, no_wrap=True)
        table.add_column("Title", overflow="fold")
        for row in rows:
            if row["kind"] == kind:
                texts = [row["title"], row["question"] if questions else None]
                words = "\n".join(text["en"] for text in texts if text)
                table.add_row(row["id"], row["date"] or ABSENT, words)
        yield table


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
