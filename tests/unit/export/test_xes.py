"""XES."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from sim.events.kinds import KINDS
from sim.events.log import concat_blocks
from sim.export import spool, xes
from sim.export.meaning import told_to_each
from sim.export.source import Source
from sim.export.xes import TRANSITIONS
from sim.projections.fold import run_fold
from sim.projections.outcomes import Outcomes
from sim.projections.parties import parties_of
from tests.unit.export.reading import call, exported

NAMESPACE = "{http://www.xes-standard.org/}"


def attributes(element: ET.Element) -> dict[str, str]:
    return {each.attrib["key"]: each.attrib["value"] for each in element if "key" in each.attrib}


def traces(path: Path) -> dict[str, list[dict[str, str]]]:
    """Events of each trace, by its name, as a plain parser sees them."""
    root = ET.parse(path).getroot()
    return {
        attributes(trace)["concept:name"]: [attributes(e) for e in trace.iter(f"{NAMESPACE}event")]
        for trace in root.iter(f"{NAMESPACE}trace")
    }


def test_every_passenger_has_a_trace(
    tmp_path: Path, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all that happened to them in order, what a lead did for the party included."""
    monkeypatch.setattr(spool, "RECORDS_AT_ONCE", 50)
    monkeypatch.setattr(xes, "PIECE_ROWS", 10)
    block = concat_blocks(source.blocks())
    expected: dict[str, list[tuple[Any, ...]]] = {}
    for row, passenger, with_lead in zip(
        *told_to_each(block, parties_of(source.tables)), strict=True
    ):
        kind = KINDS[block.kind[row]]
        server = f"{source.stations[block.station[row]]}/{block.server[row]}"
        event = (
            source.stations[block.station[row]] if kind in TRANSITIONS else kind.value,
            TRANSITIONS.get(kind, "complete"),
            int(block.at_us[row]),
            server if block.server[row] >= 0 else None,
            bool(with_lead),
        )
        expected.setdefault(f"passenger/{passenger}", []).append(event)

    found = {
        name: [
            (
                event["concept:name"],
                event["lifecycle:transition"],
                microseconds(event["time:timestamp"]),
                event.get("org:resource"),
                event.get("with_lead") == "true",
            )
            for event in events
        ]
        for name, events in traces(exported(source, "xes", tmp_path)).items()
    }

    assert found == expected


def test_starts_and_completions_pair(airport_files: dict[str, Path]) -> None:
    """Every service that completes was scheduled and started, in that order."""
    for events in traces(airport_files["xes"]).values():
        steps: dict[tuple[str, str], list[str]] = {}
        for event in events:
            if "concept:instance" in event and event["kind"].startswith(("queue", "service")):
                place = (event["concept:name"], event["concept:instance"])
                steps.setdefault(place, []).append(event["lifecycle:transition"])
        whole = ["schedule", "start", "complete"]
        assert all(each == whole[: len(each)] for each in steps.values())


def test_r4pm_reads_the_same(
    airport: Source, airport_files: dict[str, Path], airport_read: dict[str, Any]
) -> None:
    """As many traces and events of each name as we wrote, and every instant."""
    ours = traces(airport_files["xes"])
    theirs = airport_read["xes"]["traces"]

    assert len(theirs) == len(ours) == arrived(airport)
    for trace in theirs:
        values = {a["key"]: a["value"]["content"] for a in trace["attributes"]}
        events = [
            {a["key"]: a["value"]["content"] for a in event["attributes"]}
            for event in trace["events"]
        ]
        mine = ours[values["concept:name"]]
        assert [e["concept:name"] for e in events] == [e["concept:name"] for e in mine]
        assert [datetime.fromisoformat(e["time:timestamp"]) for e in events] == [
            datetime.fromisoformat(e["time:timestamp"]) for e in mine
        ]


def test_a_trace_is_the_object_centric_log_seen_by_one_passenger(
    airport_files: dict[str, Path], airport_read: dict[str, Any]
) -> None:
    """XES holds the kinds and instants that OCEL relates to each passenger."""
    ocel = airport_read["ocel2-json"]
    by_passenger: dict[str, Counter[tuple[str, int]]] = {}
    for event in ocel["events"]:
        for related in event["relationships"]:
            if related["qualifier"] == "passenger":
                seen = by_passenger.setdefault(related["objectId"], Counter())
                seen[event["type"], microseconds(event["time"])] += 1

    found = {
        name: Counter((e["kind"], microseconds(e["time:timestamp"])) for e in events)
        for name, events in traces(airport_files["xes"]).items()
    }

    assert found == by_passenger


def test_r4pm_finds_the_journeys(airport: Source, airport_files: dict[str, Path]) -> None:
    """Its discovery works on our log: as many cases as came, each of which begins so."""
    import r4pm

    log = r4pm.import_item("EventLog", str(airport_files["xes"]))
    utils = "core::event_data::case_centric::utils::activity_projection"
    projection = call(f"{utils}::log_to_activity_projection", log=log)
    (variant,) = call(f"{utils}::get_top_n_variants", projection=projection, n=1)

    assert call(f"{utils}::get_num_cases", projection=projection) == arrived(airport)
    assert variant["activities"][0] == "arrived"


def microseconds(text: str) -> int:
    """Since local midnight of its first service day's date, as the log counts."""
    at = datetime.fromisoformat(text)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return round((at - midnight).total_seconds() * 1e6)


def arrived(source: Source) -> int:
    return run_fold(Outcomes(), source.blocks()).passengers
