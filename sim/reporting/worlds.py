"""What `sim run` prints of a world: facility by facility, then where the queues are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.reporting.wording import ABSENT, minutes, number

if TYPE_CHECKING:
    from rich.table import Table

MOST_STATIONS = 40
"""Stations listed one by one; of a larger world those with the longest waits."""

BETWEEN = "/"


def facility_table(document: Mapping[str, Any]) -> Table:
    """One line for each facility: who came, what became of them, where they waited longest.

    Parameters
    ----------
    document : mapping
        As ``sim run --json`` prints it of a world.
    """
    from rich.table import Table

    shown = [
        name
        for name in ("boarded", "missed", "exited", "reneged", "balked", "present")
        if any(each[name] for each in document["facilities"].values())
    ]
    table = Table(show_edge=False, pad_edge=False, header_style="bold")
    table.add_column("Facility", no_wrap=True)
    for name in ("Passengers", *map(str.capitalize, shown), "Journey\nmin"):
        table.add_column(name, justify="right")
    table.add_column("Longest waits at", no_wrap=True)
    for name in ("P95\nmin", "Worst half\nhour, min", "Promises\nkept"):
        table.add_column(name, justify="right")
    for facility, figures in document["facilities"].items():
        name, worst = worst_station(document, facility)
        table.add_row(
            facility,
            number(figures["passengers"]),
            *(number(figures[outcome]) for outcome in shown),
            minutes(figures["journey_s"]["mean"]),
            name.partition(BETWEEN)[2] or ABSENT,
            minutes(worst["wait_s"]["p95"]) if worst else ABSENT,
            minutes(_at_worst(worst)) if worst else ABSENT,
            _promises(document["targets"], facility),
        )
    return table


def worst_station(document: Mapping[str, Any], facility: str) -> tuple[str, dict[str, Any] | None]:
    """The station of a facility with the longest mean wait in its worst half hour."""
    own = {
        name: figures
        for name, figures in document["stations"].items()
        if name.partition(BETWEEN)[0] == facility and BETWEEN in name and _at_worst(figures)
    }
    if not own:
        return "", None
    return max(own.items(), key=lambda pair: _at_worst(pair[1]))


def stations_shown(document: Mapping[str, Any], names: Sequence[str]) -> tuple[list[str], str]:
    """Stations to list, in the order of the world, and what to say of the others."""
    if len(names) <= MOST_STATIONS:
        return list(names), ""
    waits = {name: _at_worst(document["stations"][name]) for name in names}
    of_world = [name for name in names if BETWEEN not in name]
    by_wait = sorted(names, key=lambda name: -waits[name])
    chosen = {*of_world, *by_wait[: MOST_STATIONS - len(of_world)]}
    rest = len(names) - len(chosen)
    text = f"{rest} stations with shorter waits are left out; --json has them all."
    return [name for name in names if name in chosen], text


def policies_in_words(policies: Sequence[str]) -> str:
    """Policies of all facilities, each once with how many it holds at."""
    counts = Counter(name.partition(BETWEEN)[2] or name for name in policies)
    return ", ".join(f"{name} at {count}" for name, count in counts.items()) or "none"


def promises_in_words(targets: Sequence[Mapping[str, Any]]) -> str:
    """How many promises are kept."""
    asked = [target for target in targets if target["share"] is not None]
    kept = sum(bool(target["is_met"]) for target in asked)
    return f"{kept} of {len(asked)} promises are kept." if asked else ""


def _at_worst(figures: Mapping[str, Any]) -> float:
    worst = figures["worst_half_hour"] or {}
    return worst.get("mean_s") or 0.0


def _promises(targets: Sequence[Mapping[str, Any]], facility: str) -> str:
    own = [
        bool(target["is_met"])
        for target in targets
        if target["station"].startswith(f"{facility}{BETWEEN}") and target["share"] is not None
    ]
    return f"{sum(own)} of {len(own)}" if own else ABSENT
