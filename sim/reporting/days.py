"""The year as a table: month by month, the worst days, each station over all of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from sim.reporting.wording import ABSENT, clock, minutes, number, share
from sim.scenario.spec import ScenarioSpec

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table


def days_report(document: dict[str, Any], spec: ScenarioSpec) -> Iterator[RenderableType]:
    """What `sim run --days` prints.

    Parameters
    ----------
    document : dict
        As ``sim run --days --json`` prints it.
    spec : ScenarioSpec
        The scenario.

    Yields
    ------
    renderable
        Heading, three tables, and the lines that say how to read them.
    """
    title = spec.title.en if spec.title else spec.id
    days = document["days"]
    yield (
        f"\n[bold]{title}[/bold]  ({spec.id}, {days} day{'s' if days > 1 else ''}, "
        f"{document['from']} to {document['to']})"
    )
    yield _months(document)
    yield _worst_days(document)
    yield _stations(document)
    yield from _sentences(document, spec)


def _months(document: dict[str, Any]) -> Table:
    table = _table("Month", "", "Month by month")
    for name in ("Passengers", "Per day", "Busiest day", "", "Worst\nstation", "Its P95,\nmin"):
        table.add_column(name, justify="left" if "station" in name else "right")
    for name in (
        "Worst half hour\nmean wait, min",
        "Missed\ntheir flight",
        "Days the\npromise broke",
    ):
        table.add_column(name, justify="right")
    for row in document["by_month"]:
        table.add_row(
            f"{date.fromisoformat(row['month'] + '-01'):%b %Y}",
            *_counts(row),
            *_worst_station(row),
            _worst_half_hour(row, with_date=True),
            number(row["missed"]),
            _or_absent(row["days_promise_missed"]),
        )
    if len(document["by_month"]) > 1:
        table.add_section()
        table.add_row(
            "all",
            *_counts(document),
            *_worst_station(document),
            _worst_half_hour(document, with_date=True),
            number(document["missed"]),
            _or_absent(document["days_promise_missed"]),
        )
    return table


def _worst_days(document: dict[str, Any]) -> Table:
    by_date = {row["date"]: row for row in document["by_day"]}
    shown = [by_date[each] for each in document["worst_days"]]
    words = "The worst day" if len(shown) == 1 else f"The {len(shown)} worst days"
    table = _table("Day", "Holiday", words)
    for name in ("Demand,\ntimes its\nown date's", "Passengers", "Worst\nstation", "Its P95,\nmin"):
        table.add_column(name, justify="left" if "station" in name else "right")
    for name in ("Worst half hour\nmean wait, min", "Missed\ntheir flight", "Promise"):
        table.add_column(name, justify="right")
    for row in shown:
        table.add_row(
            _day(row["date"]),
            ", ".join(row["holidays"]),
            f"{row['factor']:.2f}",
            number(row["passengers"]),
            *_worst_station(row),
            _worst_half_hour(row, with_date=False),
            number(row["missed"]),
            {None: ABSENT, True: "broken", False: "kept"}[row["is_promise_missed"]],
        )
    return table


def _stations(document: dict[str, Any]) -> Table:
    table = _table("Station", "", "Each station over all days")
    for name in ("Customers", "Persons", "Wait, min\nmean", "P50", "P90", "P95", "P99", "longest"):
        table.add_column(name, justify="right")
    table.add_column("Half hour that waits\nlongest over all days", justify="right")
    for name, row in document["stations"].items():
        wait, worst = row["wait_s"], row["worst_half_hour"]
        table.add_row(
            name,
            number(row["arrivals"]),
            number(row["persons"]),
            *(minutes(wait[each]) for each in ("mean", "p50", "p90", "p95", "p99", "max")),
            ABSENT
            if worst is None
            else f"{clock(worst['start_s'])}  {minutes(worst['mean_s']):>5}",
        )
    return table


def _sentences(document: dict[str, Any], spec: ScenarioSpec) -> Iterator[str]:
    outcomes = [
        f"{number(document[name])} {name}"
        for name in ("boarded", "missed", "exited", "reneged", "balked", "present")
        if document[name]
    ]
    yield (
        f"\n{number(document['passengers'])} passengers, "
        f"{document['passengers_per_day']:,.0f} a day: {', '.join(outcomes)}."
    )
    for target in document["targets"]:
        yield (
            f"Promise at {target['station']}: {share(target['target_share'])} within "
            f"{minutes(target['within_s'])} min; {share(target['share'])} over all days, "
            f"broken on {target['days_missed']} of {document['days']} days."
        )
    if spec.demand.schedule is not None:
        file = PurePath(spec.demand.schedule.file).name
        yield f"Departures are those of each date in {file}."
    elif spec.demand.calendar is None:
        yield "No demand.calendar: every day has the demand of the scenario's own date."
    else:
        yield (
            f"Demand and roster are scaled by demand.calendar from {spec.date}; who the "
            "passengers are and at what hours flights leave stay as on that date. The worst "
            "station is the one furthest up its band of good service, or beyond it."
        )
    for since, policies in _policies(document):
        yield f"Policies in force from {since}: {', '.join(policies) or 'none'}."
    timings = document["timings"]
    yield (
        f"Seed {document['seed']}, engine {document['engine']}, model version "
        f"{document['model_version']}. {number(document['events'])} events in "
        f"{timings['wall_s']:.1f} s; {document['resumed']} days were there before."
    )
    yield f"Study: {document['run_dir']}\nChain head: {document['chain_head']}"


def _table(first: str, second: str, title: str) -> Table:
    from rich.table import Table

    table = Table(
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
        show_edge=False,
        pad_edge=False,
        header_style="bold",
    )
    table.add_column(first, no_wrap=True)
    if second:
        table.add_column(second)
    return table


def _counts(row: dict[str, Any]) -> tuple[str, str, str, str]:
    busiest = row["busiest_day"]
    return (
        number(row["passengers"]),
        f"{row['passengers_per_day']:,.0f}",
        _day(busiest["date"]),
        number(busiest["passengers"]),
    )


def _worst_station(row: dict[str, Any]) -> tuple[str, str]:
    worst = row["worst_station"]
    return (ABSENT, ABSENT) if worst is None else (worst["station"], minutes(worst["p95_s"]))


def _worst_half_hour(row: dict[str, Any], *, with_date: bool) -> str:
    worst = row["worst_half_hour"]
    if worst is None:
        return ABSENT
    day = f"{_day(worst['date'])} " if with_date else ""
    return f"{day}{clock(worst['start_s'])} {minutes(worst['mean_s']):>5}"


def _policies(document: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Each change of the policies in force, with its first day."""
    last: list[str] | None = None
    for row in document["by_day"]:
        policies: list[str] = row["policies"]
        if policies != last:
            yield row["date"], policies
        last = policies


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%a %d %b}"


def _or_absent(count: int | None) -> str:
    return ABSENT if count is None else str(count)
