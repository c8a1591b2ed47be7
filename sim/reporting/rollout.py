"""The rollout as a table: facilities down, months across, and what changed when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from sim.reporting.wording import ABSENT, minutes, number, share

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

SIGNS = {"kept": "·", "broken": "×", "unclear": "?", None: " "}
"""What a day's state looks like in the table."""


def rollout_report(document: dict[str, Any]) -> Iterator[RenderableType]:
    """What `sim rollout` prints.

    Parameters
    ----------
    document : dict
        As ``sim rollout --json`` prints it.

    Yields
    ------
    renderable
        Heading, the months, the worst month of each facility, and what changed.
    """
    reps = document["reps"]
    yield (
        f"\n[bold]Rollout, {document['from']} to {document['to']}[/bold]  "
        f"(adoption {document['adoption']}, literacy {document['literacy']:g}, seed "
        f"{document['seed']}, {reps} day{'s' if reps > 1 else ''} each)"
    )
    yield _months(document)
    yield _worst(document)
    yield from _sentences(document)


def _months(document: dict[str, Any]) -> Table:
    from rich.table import Table

    table = Table(show_edge=False, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("Facility", no_wrap=True)
    table.add_column("Due", no_wrap=True)
    months = sorted({row["month"] for each in document["facilities"] for row in each["months"]})
    for month in months:
        day = date.fromisoformat(f"{month}-01")
        table.add_column(f"{day:%b}\n{day:%y}", no_wrap=True)
    for facility in document["facilities"]:
        rows = {row["month"]: row["days"] for row in facility["months"]}
        cells = [
            "".join(SIGNS[rows[month][kind]["state"]] for kind in ("typical", "peak"))
            if month in rows
            else ""
            for month in months
        ]
        table.add_row(facility["scenario"], facility["due"] or ABSENT, *cells)
    return table


def _worst(document: dict[str, Any]) -> Table:
    from rich.table import Table

    table = Table(
        title="\nThe promise that each facility keeps least, and the day",
        title_justify="left",
        title_style="bold",
        show_edge=False,
        pad_edge=False,
        header_style="bold",
    )
    for name in ("Facility", "Promise", "Day"):
        table.add_column(name, no_wrap=True)
    for name in ("Passengers", "Promised", "Kept", "Missed", "Worst station", "Its P95, min"):
        table.add_column(name, justify="left" if "station" in name else "right")
    for facility in document["facilities"]:
        told = [
            (promise["share"] - promise["target_share"], day["date"], day, promise)
            for row in facility["months"]
            for day in row["days"].values()
            for promise in day["promises"]
            if promise["share"] is not None
        ]
        if not told:
            continue
        _, _, day, promise = min(told, key=lambda each: each[:2])
        worst = day["worst_station"]
        table.add_row(
            facility["scenario"],
            promise["id"],
            day["date"],
            number(round(day["passengers"])),
            share(promise["target_share"]),
            share(promise["share"]),
            number(round(day["missed"], 1)),
            worst["station"] if worst else ABSENT,
            minutes(worst["p95_s"]) if worst else ABSENT,
        )
    return table


def _sentences(document: dict[str, Any]) -> Iterator[str]:
    yield (
        "\nTwo signs a month: its typical day, then its busiest. "
        "· every promise kept, × one broken, ? kept on some days only."
    )
    told = [(each["on"], f"[italic]{each['title']}[/italic]") for each in document["milestones"]]
    changes = [
        (month, f"{facility['scenario']} {words}")
        for facility in document["facilities"]
        for month, words in _changes(facility["changes"])
    ]
    for when, words in sorted([*told, *changes]):
        yield f"{when}: {words}."
    if document["reps"] == 1:
        yield "One day each: near the line chance decides; --reps 3 tells what it cannot."
    if not changes:
        yield "No facility stops or starts coping in these months."
    for key, words in (
        ("has_calendar", "No demand.calendar, so the same demand every day"),
        ("has_adoption", "No adoption curves, so shares do not move"),
    ):
        names = [each["scenario"] for each in document["facilities"] if not each[key]]
        if names:
            yield f"{words}: {', '.join(names)}."


def _changes(changes: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Month and words of each change; typical and busiest day together where both change."""
    together: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for each in changes:
        together.setdefault((each["month"], each["change"]), []).append(each)
    for (month, change), found in together.items():
        days = " and ".join(each["day"] for each in found)
        broken = list(dict.fromkeys(name for each in found for name in each["promises"]))
        why = f" ({_listed(broken)})" if broken else ""
        yield month, f"{change} coping on its {days} day{why}"


def _listed(names: list[str]) -> str:
    """Names, the first few where there are many."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
