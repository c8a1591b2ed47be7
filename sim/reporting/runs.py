"""What a stored run shows: its figures, its state at an instant, a passenger's journey."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.errors import ScenarioError, UsageError
from sim.events.derived import read_projection
from sim.events.kinds import Kind
from sim.events.log import EventLog
from sim.events.reader import StoredLog
from sim.projections.journey import journey_of
from sim.projections.snapshots import stored_state
from sim.projections.summary import summarise
from sim.reporting.openings import opening_document, opening_of_log
from sim.reporting.service_level import service_level_report
from sim.scenario.clock import US_PER_S, clock_s, clock_text, instant_text, to_us
from sim.scenario.load import scenario_from_document
from sim.scenario.spec import ScenarioSpec

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table


def run_document(log: StoredLog) -> dict[str, Any]:
    """A stored run's figures, folded again where they are not kept beside it."""
    manifest = log.manifest
    kept = read_projection(log.directory, "summary") if log.is_complete else None
    begun = manifest.notes.get("opening")
    until_us = begun["until_us"] if begun else None
    summary = kept or summarise(log, _spec(log), until_us=until_us)
    on = manifest.notes.get("on")
    mark = opening_of_log(log) if begun else None
    end_of_run = manifest.scenario.get("end_of_run", "drain")
    return {
        "scenario": manifest.scenario["id"],
        "scenario_digest": manifest.scenario_digest,
        "policies_as_on": on or manifest.scenario.get("date"),
        "policies": manifest.notes.get("policies", []),
        "fork": manifest.notes.get("fork"),
        "opening": opening_document(log, mark, until_us=until_us) if mark else None,
        "end_of_run": end_of_run if until_us is None else "cut",
        "status": manifest.status if log.is_complete else "interrupted",
        "model_version": manifest.model_version,
        "engine": manifest.engine,
        "seed": manifest.seed,
        "replication": manifest.replication,
        "created_at": manifest.created_at,
        "run_dir": str(log.directory.resolve()),
        "chain_head": log.chain_head,
        **summary,
    }


def run_tables(document: dict[str, Any], log: StoredLog) -> Iterator[RenderableType]:
    """The tables that `sim run` printed."""
    return service_level_report(document, _spec(log))


def state_document(log: StoredLog, at: str) -> dict[str, Any]:
    """Who is where at an instant.

    Raises
    ------
    UsageError
        If `at` is not a time of day.
    """
    try:
        at_us = to_us(int(clock_s(at)))
    except ValueError as error:
        msg = f"--at: {error}"
        raise UsageError(msg) from None
    opens_us = (log.manifest.notes.get("opening") or {}).get("at_us", 0)
    if at_us < opens_us:
        msg = f"--at {at} is before the run begins, {instant_text(opens_us)}; name a later instant"
        raise UsageError(msg)
    state = stored_state(log, at_us)
    return {
        "at": at,
        "events": state.events,
        "arrived": state.arrived,
        "left": state.left,
        "elsewhere": len(state.elsewhere),
        "boarding": list(state.boarding),
        "stations": {
            each.station: {
                "open": each.open,
                "busy": len({s.server for s in each.in_service if not s.is_paused}),
                "down": list(each.down),
                "waiting": len(each.waiting),
                "waiting_persons": sum(w.persons for w in each.waiting),
                "longest_wait_s": max(
                    ((at_us - w.joined_us) / US_PER_S for w in each.waiting), default=None
                ),
                "next": [w.passenger for w in each.waiting[:5]],
            }
            for each in state.stations
        },
    }


def state_tables(document: dict[str, Any]) -> Iterator[RenderableType]:
    """The state at an instant as a table."""
    from rich.table import Table

    table = Table(title=f"State at {document['at']}", show_edge=False, header_style="bold")
    for heading in ("Station", "Open", "Busy", "Waiting", "Persons", "Longest so far, min", "Next"):
        table.add_column(heading, justify="left" if heading in {"Station", "Next"} else "right")
    for name, each in document["stations"].items():
        longest = each["longest_wait_s"]
        table.add_row(
            name,
            str(each["open"]),
            str(each["busy"]),
            str(each["waiting"]),
            str(each["waiting_persons"]),
            "–" if longest is None else f"{longest / 60:.1f}",
            ", ".join(map(str, each["next"])),
        )
    yield table
    yield (
        f"\n{document['arrived']:,} have arrived, {document['left']:,} have left, "
        f"{document['elsewhere']:,} are walking or waiting to board; "
        f"{len(document['boarding'])} departures are boarding."
    )


def journey_document(log: EventLog, passenger: int) -> dict[str, Any]:
    """One passenger and everything that happened to them.

    Raises
    ------
    UsageError
        If the run has no such passenger.
    """
    passengers = log.tables.passengers
    if passenger >= len(passengers):
        msg = f"--passenger {passenger}: the run has passengers 0 to {len(passengers) - 1}"
        raise UsageError(msg)
    columns = {name: column[passenger].item() for name, column in passengers.columns.items()}
    return {
        "passenger": passenger,
        **columns,
        "events": [
            {
                "seq": row.seq,
                "at_s": row.at_us / US_PER_S,
                "kind": row.kind.value,
                "station": row.station,
                "visit": row.visit,
                "server": row.server,
                "ref": row.ref,
                "detail": row.detail,
                "with_lead": row.with_lead,
            }
            for row in journey_of(log, passenger)
        ],
    }


def journey_tables(document: dict[str, Any]) -> Iterator[RenderableType]:
    """A passenger's journey as a table."""
    traits = [name for name, value in document.items() if value is True]
    yield (
        f"Passenger {document['passenger']}, party {document['party']} of "
        f"{document['party_size']}: {', '.join(traits) or 'no traits'}"
    )
    yield _journey_table(document["events"])


def _journey_table(events: list[dict[str, Any]]) -> Table:
    from rich.table import Table

    table = Table(show_edge=False, header_style="bold")
    for heading in ("Event", "Time", "What", "Where", "Server", "Waited, min", "Detail"):
        table.add_column(heading, justify="left" if heading in {"What", "Where"} else "right")
    joined: dict[tuple[str, int], float] = {}
    for row in events:
        place = (row["station"], row["visit"])
        waited = ""
        if row["kind"] == Kind.QUEUE_JOINED:
            joined[place] = row["at_s"]
        elif row["kind"] == Kind.SERVICE_STARTED and place in joined:
            waited = f"{(row['at_s'] - joined.pop(place)) / 60:.1f}"
        seconds = row["at_s"]
        table.add_row(
            str(row["seq"]),
            f"{clock_text(seconds)}:{seconds % 60:06.3f}",
            row["kind"].replace("_", " ") + (" (with the lead)" if row["with_lead"] else ""),
            row["station"],
            "" if row["server"] < 0 else str(row["server"]),
            waited,
            str(row["detail"]),
        )
    return table


def _spec(log: StoredLog) -> ScenarioSpec:
    try:
        return scenario_from_document(log.manifest.scenario).spec
    except ScenarioError:
        # A trace that is gone does not matter here: only the stations do.
        return ScenarioSpec.model_validate(log.manifest.scenario)
