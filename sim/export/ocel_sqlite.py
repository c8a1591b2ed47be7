"""OCEL 2.0 as an SQLite file, with the keys that the standard wants."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sim.export.instants import STATIC
from sim.export.ocel import Entity, Model, event_types, object_types
from sim.export.source import Source

_TABLES = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL UNIQUE);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL UNIQUE);
CREATE TABLE event (
    ocel_id TEXT PRIMARY KEY,
    ocel_type TEXT NOT NULL REFERENCES event_map_type (ocel_type)
) WITHOUT ROWID;
CREATE TABLE object (
    ocel_id TEXT PRIMARY KEY,
    ocel_type TEXT NOT NULL REFERENCES object_map_type (ocel_type)
) WITHOUT ROWID;
CREATE TABLE event_object (
    ocel_event_id TEXT NOT NULL REFERENCES event (ocel_id),
    ocel_object_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_qualifier TEXT NOT NULL,
    PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier)
) WITHOUT ROWID;
CREATE TABLE object_object (
    ocel_source_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_target_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_qualifier TEXT NOT NULL,
    PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier)
) WITHOUT ROWID;
"""

_SETTINGS = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -16384;
"""
"""How a file is written that nobody else sees before it is done; KiB of cache."""

_SQL_TYPES = {
    "string": "TEXT",
    "integer": "INTEGER",
    "float": "REAL",
    "boolean": "BOOLEAN",
    "time": "TIMESTAMP",
}


def write_ocel_sqlite(source: Source, path: Path) -> None:
    """A new file with a table of events and of objects for each type.

    Parameters
    ----------
    source : Source
        What is exported.
    path : Path
        Name under which it is written; nobody else has it open.

    Notes
    -----
    There is no journal: a file that is not finished is thrown away. Ids of events are padded
    with zeros, so that rows arrive in the order of the keys and every table grows at its end.
    """
    of_events, of_objects = event_types(), object_types(source)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(_SETTINGS)
        database.execute("BEGIN")
        for statement in filter(str.strip, _TABLES.split(";")):
            database.execute(statement)
        for name, attributes in of_events.items():
            database.execute(_event_table(name, attributes))
        for name, attributes in of_objects.items():
            database.execute(_object_table(name, attributes))
        for table, names in (("event", of_events), ("object", of_objects)):
            database.executemany(
                f"INSERT INTO {table}_map_type VALUES (?, ?)", [(name, name) for name in names]
            )
        model = Model(source)
        for part in model.events():
            _put_events(database, part)
        for part in model.objects():
            _put_objects(database, part)
        database.execute("COMMIT")


def _event_table(name: str, attributes: dict[str, str]) -> str:
    return (
        f"CREATE TABLE {_quoted('event_' + name)} ("
        "ocel_id TEXT PRIMARY KEY REFERENCES event (ocel_id), ocel_time TIMESTAMP NOT NULL"
        f"{_columns(attributes)}) WITHOUT ROWID"
    )


def _object_table(name: str, attributes: dict[str, str]) -> str:
    return (
        f"CREATE TABLE {_quoted('object_' + name)} ("
        "ocel_id TEXT NOT NULL REFERENCES object (ocel_id), ocel_time TIMESTAMP NOT NULL, "
        f"ocel_changed_field TEXT{_columns(attributes)}, "
        "PRIMARY KEY (ocel_id, ocel_time)) WITHOUT ROWID"
    )


def _columns(attributes: dict[str, str]) -> str:
    return "".join(f", {_quoted(name)} {_SQL_TYPES[kind]}" for name, kind in attributes.items())


def _put_events(database: sqlite3.Connection, entities: Iterator[Entity]) -> None:
    rows: dict[str, list[tuple]] = {}
    names, related = [], []
    for each in entities:
        names.append((each.id, each.type))
        rows.setdefault(each.type, []).append((each.id, each.time, *each.values))
        related += [(each.id, name, how) for name, how in each.related]
    database.executemany("INSERT INTO event VALUES (?, ?)", names)
    for kind, some in rows.items():
        database.executemany(_insertion("event_" + kind, len(some[0])), some)
    database.executemany("INSERT INTO event_object VALUES (?, ?, ?)", related)


def _put_objects(database: sqlite3.Connection, entities: Iterator[Entity]) -> None:
    rows: dict[str, list[tuple]] = {}
    names, related = [], []
    for each in entities:
        names.append((each.id, each.type))
        rows.setdefault(each.type, []).append((each.id, STATIC, None, *each.values))
        related += [(each.id, name, how) for name, how in each.related]
    database.executemany("INSERT INTO object VALUES (?, ?)", names)
    for kind, some in rows.items():
        database.executemany(_insertion("object_" + kind, len(some[0])), some)
    database.executemany("INSERT INTO object_object VALUES (?, ?, ?)", related)


def _insertion(table: str, columns: int) -> str:
    return f"INSERT INTO {_quoted(table)} VALUES ({', '.join('?' * columns)})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
