"""OCEL 2.0, as r4pm reads it and as its relational rules want it."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.events.kinds import KINDS, Kind
from sim.events.log import EventBlock, concat_blocks
from sim.export import ocel
from sim.export.ocel import object_types
from sim.export.source import Source
from tests.unit.export.reading import as_r4pm_reads, call, exported

REFERS = {
    Kind.ARRIVED,
    Kind.CHECKED_IN,
    Kind.BOARDED,
    Kind.MISSED_DEPARTURE,
    Kind.BOARDING_OPENED,
    Kind.BOARDING_CLOSED,
    Kind.DEPARTURE_LEFT,
}
COUNTS = {kind for kind in Kind if kind.value.startswith("service_")} | {Kind.QUEUE_JOINED}


@pytest.fixture(params=["ocel2-json", "ocel2-sqlite"])
def read(request: pytest.FixtureRequest, tmp_path: Path, source: Source) -> dict[str, Any]:
    return as_r4pm_reads(exported(source, request.param, tmp_path), "OCEL")


def relations(block: EventBlock, source: Source) -> Iterator[set[tuple[str, str]]]:
    """Objects of each event with their qualifiers, one by one from the tables."""
    party = source.tables.passengers["party"].tolist()
    for row in range(len(block)):
        kind, who = KINDS[block.kind[row]], int(block.passenger[row])
        related = set()
        if who >= 0:
            related.add((f"passenger/{who}", "passenger"))
        if who >= 0 and kind in COUNTS and party.index(party[who]) == who:
            persons, size = int(block.detail[row]), party.count(party[who])
            related |= {(f"passenger/{who + n}", "passenger") for n in range(min(persons, size))}
            if persons >= size:
                related.add((f"party/{party[who]}", "party"))
        if kind in REFERS and block.ref[row] >= 0:
            related.add((f"departure/{block.ref[row]}", "departure"))
        if block.server[row] >= 0:
            station = source.stations[block.station[row]]
            related.add((f"server/{station}/{block.server[row]}", "server"))
        yield related


def pairs(entity: dict[str, Any]) -> set[tuple[str, str]]:
    listed = [(each["objectId"], each["qualifier"]) for each in entity["relationships"]]
    assert len(set(listed)) == len(listed)
    return set(listed)


def test_r4pm_reads_every_event(source: Source, read: dict[str, Any]) -> None:
    """With its type, instant, attributes and all the objects it is about, and no others."""
    block = concat_blocks(source.blocks())
    events = sorted(read["events"], key=lambda event: event["id"])

    assert len(events) == len(block)
    for row, (event, related) in enumerate(zip(events, relations(block, source), strict=True)):
        values = {a["name"]: a["value"] for a in event["attributes"] if a["value"] is not None}
        assert int(event["id"].removeprefix("event/")) == block.seq[row]
        assert event["type"] == KINDS[block.kind[row]].value
        since = datetime.fromisoformat(event["time"]) - datetime.fromisoformat(
            "2026-02-10T00:00:00+07:00"
        )
        assert round(since.total_seconds() * 1e6) == block.at_us[row]
        assert values.get("visit", -1) == block.visit[row]
        assert values.get("persons", block.detail[row]) == block.detail[row]
        assert pairs(event) == related


def test_r4pm_reads_every_object(source: Source, read: dict[str, Any]) -> None:
    """Passengers, parties, departures, and the servers that events refer to."""
    block = concat_blocks(source.blocks())
    party = source.tables.passengers["party"].tolist()
    referred = {name for related in relations(block, source) for name, _ in related}
    objects = {each["id"]: each for each in read["objects"]}

    by_type = {kind: {n for n, o in objects.items() if o["type"] == kind} for kind in ocel.OBJECTS}
    assert by_type["passenger"] == {f"passenger/{row}" for row in range(len(party))}
    assert by_type["party"] == {f"party/{number}" for number in party}
    assert len(by_type["departure"]) == len(source.tables.departures)
    assert by_type["server"] == {name for name in referred if name.startswith("server")}
    for row, number in enumerate(party):
        assert pairs(objects[f"passenger/{row}"]) == {(f"party/{number}", "member of")}
        (persons,) = objects[f"party/{number}"]["attributes"]
        assert persons["value"] == party.count(number)


@pytest.mark.parametrize("name", ["ocel2-json", "ocel2-sqlite"])
def test_counts_of_an_airport(
    name: str, airport: Source, airport_files: dict[str, Path], airport_read: dict[str, Any]
) -> None:
    """r4pm counts the events, objects and relations of each type that the run has."""
    import r4pm

    block = concat_blocks(airport.blocks())
    item = r4pm.import_item("OCEL", str(airport_files[name]))
    stats = call("bindings::ocel_type_stats", ocel=item)
    used = {*zip(block.station.tolist(), block.server.tolist(), strict=True)}

    assert call("bindings::num_events", ocel=item) == len(block)
    assert stats["event_type_counts"] == {
        kind.value: int(np.count_nonzero(block.kind == code)) for code, kind in enumerate(KINDS)
    }
    assert stats["object_type_counts"] == {
        "passenger": len(airport.tables.passengers),
        "party": len(np.unique(airport.tables.passengers["party"])),
        "departure": len(airport.tables.departures),
        "server": sum(server >= 0 for _, server in used),
    }
    r4pm.remove_item(item)
    expected = Counter(how for related in relations(block, airport) for _, how in related)
    found = Counter(how for event in airport_read[name]["events"] for _, how in pairs(event))
    assert found == expected


@pytest.mark.parametrize("name", ["ocel2-json", "ocel2-sqlite"])
def test_attributes_keep_their_types(
    name: str, airport: Source, airport_read: dict[str, Any]
) -> None:
    """Truths are truths, numbers numbers and instants instants, in JSON and in SQLite."""
    columns = airport.tables.passengers.columns
    read = airport_read[name]
    (seventh,) = [each for each in read["objects"] if each["id"] == "passenger/7"]
    values = {a["name"]: a["value"] for a in seventh["attributes"]}

    assert {
        each["name"]: {a["name"]: a["type"] for a in each["attributes"]}
        for each in read["objectTypes"]
    } == object_types(airport)
    assert values["special"] is bool(columns["special"][7])
    assert values["traits"] == columns["traits"][7]
    assert datetime.fromisoformat(values["arrives_at"]).tzinfo is not None
    assert (f"departure/{columns['departure'][7]}", "booked on") in pairs(seventh)


def test_both_files_say_the_same(airport_read: dict[str, Any]) -> None:
    """JSON and SQLite hold the same events, objects and relations."""
    one, other = (
        {each["id"]: plain(each) for each in (*read["events"], *read["objects"])}
        for read in (airport_read["ocel2-json"], airport_read["ocel2-sqlite"])
    )

    assert one == other


def plain(entity: dict[str, Any]) -> tuple[Any, ...]:
    values = {a["name"]: a["value"] for a in entity["attributes"] if a["value"] is not None}
    return entity["type"], entity.get("time"), values, pairs(entity)


# -- the relational rules of the standard's SQLite format


@pytest.fixture
def database(tmp_path: Path, source: Source) -> Iterator[sqlite3.Connection]:
    path = exported(source, "ocel2-sqlite", tmp_path)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        yield connection


def columns_of(database: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in database.execute(f'PRAGMA table_info("{table}")')}


def primary_key(database: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in database.execute(f'PRAGMA table_info("{table}")') if row[5]}


def foreign_keys(database: sqlite3.Connection, table: str) -> set[tuple[str, str, str]]:
    listed = database.execute(f'PRAGMA foreign_key_list("{table}")')
    return {(row[3], row[2], row[4]) for row in listed}


def test_tables_columns_and_keys(database: sqlite3.Connection) -> None:
    """Every table, column, primary and foreign key that the standard names."""
    tables = {
        row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type='table'")
    }
    fixed = {
        "event",
        "object",
        "event_object",
        "object_object",
        "event_map_type",
        "object_map_type",
    }
    expected = set(fixed)
    for of in ("event", "object"):
        mapped = database.execute(f"SELECT ocel_type, ocel_type_map FROM {of}_map_type").fetchall()
        expected |= {f"{of}_{name}" for _, name in mapped}
        assert columns_of(database, of) == {"ocel_id", "ocel_type"}
        assert columns_of(database, f"{of}_map_type") == {"ocel_type", "ocel_type_map"}
        assert primary_key(database, of) == {"ocel_id"}
        assert primary_key(database, f"{of}_map_type") == {"ocel_type"}
        assert foreign_keys(database, of) == {("ocel_type", f"{of}_map_type", "ocel_type")}
        for _, name in mapped:
            table = f"{of}_{name}"
            assert {"ocel_id", "ocel_time"} <= columns_of(database, table)
            assert "ocel_id" in primary_key(database, table)
            assert foreign_keys(database, table) == {("ocel_id", of, "ocel_id")}
            if of == "object":
                assert "ocel_changed_field" in columns_of(database, table)
            else:
                assert primary_key(database, table) == {"ocel_id"}
    assert tables == expected
    ends = {
        "event_object": {"ocel_event_id": "event", "ocel_object_id": "object"},
        "object_object": {"ocel_source_id": "object", "ocel_target_id": "object"},
    }
    for table, referred in ends.items():
        assert columns_of(database, table) == primary_key(database, table)
        assert columns_of(database, table) == {*referred, "ocel_qualifier"}
        assert foreign_keys(database, table) == {(c, of, "ocel_id") for c, of in referred.items()}


def test_content_keeps_the_rules(database: sqlite3.Connection) -> None:
    """No key leads nowhere, each event and object is in the table of its type, and only there."""
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    for of in ("event", "object"):
        mapped = database.execute(f"SELECT ocel_type, ocel_type_map FROM {of}_map_type").fetchall()
        for kind, name in mapped:
            typed = database.execute(f"SELECT ocel_id FROM {of} WHERE ocel_type = ?", [kind])
            own = database.execute(f'SELECT ocel_id, ocel_time FROM "{of}_{name}"').fetchall()
            assert sorted(row[0] for row in own) == sorted(row[0] for row in typed)
            assert all(datetime.fromisoformat(row[1]).tzinfo is not None for row in own)
    for table in ("event_object", "object_object"):
        empty = f"SELECT count(*) FROM {table} WHERE trim(ocel_qualifier) = ''"
        assert database.execute(empty).fetchone() == (0,)
