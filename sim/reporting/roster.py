"""A roster in tables: shift by shift, what it costs, where people are missing."""

from __future__ import annotations

from typing import Any

from rich.table import Table


def roster_report(document: dict[str, Any]) -> list[Table | str]:
    """What ``sim roster`` prints."""
    parts: list[Table | str] = [f"Roster: {document['outcome']}. {document['remedy']}"]
    if document["cost"] is None:
        return parts + [each["message"] for each in document["lacks"]]
    table = Table(title="Shift by shift")
    for name in ("team", "start", "end", "rest", "people"):
        table.add_column(name, justify="right" if name == "people" else "left")
    for row in document["shifts"]:
        rest = f"{row['rest_start']}–{row['rest_end']}" if row["rest_start"] else "–"
        table.add_row(row["team"], row["start"], row["end"], rest, str(row["people"]))
    parts.append(table)
    asked = document["hours_needed"]
    parts.append(
        f"{document['people']} people, {document['hours']:.1f} hours on duty, "
        f"{document['hours_at_work']:.1f} at work for {asked:.1f} needed. "
        f"Cost {document['cost']:.2f}, no less than {document['bound']:.2f} "
        f"(gap {document['gap']:.3%}), {document['elapsed_s']:.1f} s."
    )
    today = document.get("today")
    return parts if today is None else [*parts, _today(today)]


def _today(today: dict[str, Any]) -> Table:
    cost, people = today["cost"], today["people"]
    title = f"Against today's openings: cost {_number(cost['plan'])} for {_number(cost['today'])}, "
    title += f"people {people['plan']} for {people['today']}"
    table = Table(title=title)
    for name in ("station", "hours, plan", "hours, today", "too many today", "too few today"):
        table.add_column(name, justify="right" if name.startswith("hours") else "left")
    for name, each in today["stations"].items():
        hours = each["hours"]
        over, under = (_stretches(each[key]) for key in ("over", "under"))
        table.add_row(name, f"{hours['plan']:.2f}", f"{hours['today']:.2f}", over, under)
    return table


def _stretches(found: list[dict[str, Any]]) -> str:
    shown = [f"{each['from']}–{each['until']} (≤ {each['people']})" for each in found[:4]]
    more = f", {len(found) - 4} more" if len(found) > 4 else ""
    return ", ".join(shown) + more or "–"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
