"""OCEL 2.0 as an SQLite file, opened for reading only and asked nothing it could answer itself.

Views and virtual tables run what the file's author wrote; only plain tables are read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sim.calibration.gathering import MAX_EVENTS, Gathering
from sim.calibration.mapping import Mapping
from sim.calibration.ocel import Thing, gather_ocel
from sim.errors import Fault, InvalidInputError

MAX_VALUE = 10_000
"""Longest value read."""

_NEEDED = ("event", "object", "event_object", "event_map_type", "object_map_type")


def gather_ocel_sqlite(path: Path, names: Mapping) -> Gathering:
    """Every event of an OCEL 2.0 SQLite file.

    Raises
    ------
    InvalidInputError
        If it cannot be read.
    """
    gathering = Gathering(path.name, names)
    if not path.is_file():
        raise InvalidInputError([Fault("is no ordinary file; give a log file", path=path.name)])
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1_000_000)
            database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            database.execute("PRAGMA trusted_schema = OFF")
            database.text_factory = lambda raw: raw.decode("utf-8", "replace")
            tables = _tables(database, gathering)
            gathering.stop_if_faulty()
            objects = {each.id: each for each in _things(database, "object", tables)}
            events = sorted(_things(database, "event", tables), key=lambda e: (len(e.id), e.id))
            gather_ocel(gathering, objects, events)  # of one instant in the order of their ids
    except sqlite3.Error as error:
        raise InvalidInputError([Fault(f"is not SQLite: {error}", path=path.name)]) from None
    return gathering


def _tables(database: sqlite3.Connection, gathering: Gathering) -> dict[str, list[str]]:
    """Columns of every plain table."""
    rows = database.execute("SELECT name, type, sql FROM sqlite_master").fetchmany(10_000)
    plain = {
        name
        for name, kind, sql in rows
        if kind == "table" and not str(sql).lstrip().casefold().startswith("create virtual")
    }
    for name in _NEEDED:
        if name not in plain:
            gathering.fault(f"has no table {name}; an OCEL 2.0 file has", key=name)
    return {
        name: [row[1] for row in database.execute(f"PRAGMA table_info({_quoted(name)})")]
        for name in sorted(plain)
    }


def _things(
    database: sqlite3.Connection, what: str, tables: dict[str, list[str]]
) -> Iterator[Thing]:
    """Objects or events, with their attributes and the objects they are related to."""
    related = _related(database, what, tables)
    types = database.execute(f"SELECT ocel_type, ocel_type_map FROM {what}_map_type")
    for kind, mapped in types.fetchmany(1_000):
        table = f"{what}_{mapped}"
        columns = tables.get(table, [])
        if "ocel_id" not in columns:
            continue
        names = [name for name in columns if name not in {"ocel_id", "ocel_changed_field"}]
        chosen = ", ".join(_quoted(name) for name in ("ocel_id", *names))
        merged: dict[str, Thing] = {}
        for own, *values in _rows(database, f"SELECT {chosen} FROM {_quoted(table)}"):
            told = {
                name: str(value)[:MAX_VALUE]
                for name, value in zip(names, values, strict=True)
                if value is not None
            }
            time = told.pop("ocel_time", "")
            if what == "event":
                yield Thing(str(own), str(kind), time, told, related.get(own, []), str(table))
                continue
            thing = merged.setdefault(
                own, Thing(str(own), str(kind), "", {}, related.get(own, []), str(table))
            )
            thing.values.update(told)
        yield from merged.values()


def _related(
    database: sqlite3.Connection, what: str, tables: dict[str, list[str]]
) -> dict[str, list[str]]:
    table, source, target = {
        "event": ("event_object", "ocel_event_id", "ocel_object_id"),
        "object": ("object_object", "ocel_source_id", "ocel_target_id"),
    }[what]
    related: dict[str, list[str]] = {}
    if {source, target} <= set(tables.get(table, [])):
        for own, other in _rows(database, f"SELECT {source}, {target} FROM {table}"):
            related.setdefault(own, []).append(other)
    return related


def _rows(database: sqlite3.Connection, query: str) -> Iterator[tuple]:
    for number, row in enumerate(database.execute(query)):
        if number > 10 * MAX_EVENTS:
            message = f"more than {10 * MAX_EVENTS} rows"
            raise sqlite3.DataError(message)
        yield row


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
