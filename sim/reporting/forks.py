"""A run beside its fork: who waits, how long, and who misses the departure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiments.fork import Fork, changes_document
from sim.projections.day import Day, fold_day
from sim.projections.outcomes import OUTCOMES
from sim.projections.stations import StationDay
from sim.projections.waits import counts_for_waits, distribution_s

if TYPE_CHECKING:
    from rich.console import RenderableType

SIDES = ("parent", "fork")


def fork_document(fork: Fork) -> dict[str, Any]:
    """What ``sim fork --json`` prints, but for timings."""
    manifest, day = fork.parent.manifest, fork.day
    assert day.run_dir is not None
    folded = {"parent": fold_day(fork.parent, day.scenario.spec), "fork": day.folded}
    stations = {side: each.station_days() for side, each in folded.items()}
    until_us = 1 + max(each.last_us for each in folded.values())
    return {
        "scenario": day.scenario.spec.id,
        "scenario_digest": day.scenario.digest,
        "seed": day.seed,
        "replication": day.replication,
        "run_dir": str(day.run_dir.resolve()),
        "chain_head": day.chain_head,
        "parent": {
            "run_dir": str(fork.parent.directory.resolve()),
            "run_id": manifest.run_id,
            "chain_head": manifest.chain_head,
            "events": manifest.events,
        },
        "events": day.folded.events,
        "is_identical": day.chain_head == manifest.chain_head,
        **changes_document(fork),
        "passengers": day.folded.people.passengers,
        "outcomes": {side: _outcomes(each) for side, each in folded.items()},
        "stations": {
            name: {
                side: _station(stations[side][row], at_us=fork.at_us, until_us=until_us)
                for side in SIDES
            }
            for row, name in enumerate(day.folded.stations)
        },
    }


def fork_tables(document: dict[str, Any]) -> Iterator[RenderableType]:
    """What ``sim fork`` prints."""
    from rich.table import Table

    prefix = document["prefix"]
    if document["is_identical"]:
        yield f"Nothing differs: the fork's chain head is its parent's, {document['chain_head']}"
    else:
        yield f"From {document['at']}: {', '.join(document['changes']) or 'no change'}"
        yield (
            f"The {prefix['events_before']:,} events before {document['at']} are the parent's; "
            f"{prefix['events_in_common']:,} are in common.\n"
        )
    table = Table(show_edge=False, header_style="bold")
    for heading in ("Station", "Most waiting", "Waits", "Mean wait, min", "p95, min"):
        table.add_column(heading, justify="left" if heading == "Station" else "right")
    for name, sides in document["stations"].items():
        if not any(sides[side]["wait_s"]["mean"] is not None for side in SIDES):
            continue
        table.add_row(
            name,
            _pair(*(str(sides[side]["queue_max"]) for side in SIDES)),
            _pair(*(f"{sides[side]['waits']:,}" for side in SIDES)),
            _pair(*(_minutes(sides[side]["wait_s"]["mean"]) for side in SIDES)),
            _pair(*(_minutes(sides[side]["wait_s"]["p95"]) for side in SIDES)),
        )
    table.title = f"From {document['at']} on: parent → fork"
    yield table
    outcomes = document["outcomes"]
    told = [
        f"{name} {_pair(*(f'{outcomes[side][name]:,}' for side in SIDES))}"
        for name in (*OUTCOMES, "present")
        if any(outcomes[side][name] for side in SIDES)
    ]
    yield f"\nPassengers of the day: {', '.join(told)}."
    yield f"Run: {document['run_dir']}"


def _outcomes(day: Day) -> dict[str, int]:
    return day.people.counts()


def _station(day: StationDay, *, at_us: int, until_us: int) -> dict[str, Any]:
    """Of customers who came at the instant or later, and of the queue from then on."""
    rows = day.visits.rows
    waits = rows.wait_us[counts_for_waits(rows, since_us=at_us)]
    return {
        "waiting": int(day.queue.at(np.array([at_us]))[0]),
        "queue_max": day.queue.maximum(at_us, max(until_us, at_us + 1)),
        "arrivals": int(np.count_nonzero(rows.joined_us >= at_us)),
        "waits": len(waits),
        "wait_s": distribution_s(waits),
    }


def _pair(one: str, other: str) -> str:
    return one if one == other else f"{one} → {other}"


def _minutes(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds / 60:.1f}"
