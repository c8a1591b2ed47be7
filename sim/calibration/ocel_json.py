"""OCEL 2.0 as a JSON document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.calibration.delimited import GZIP, unzipped
from sim.calibration.gathering import Gathering
from sim.calibration.mapping import Mapping
from sim.calibration.ocel import Thing, gather_ocel
from sim.errors import Fault, InvalidInputError
from sim.scenario.reading import read_bytes

MAX_BYTES = 500_000_000
"""Largest document read; it takes several times that of memory."""

MAX_VALUE = 10_000
"""Longest text of an attribute."""


def gather_ocel_json(path: Path, names: Mapping) -> Gathering:
    """Every event of an OCEL 2.0 JSON file.

    Raises
    ------
    InvalidInputError
        If it cannot be read.
    """
    gathering = Gathering(path.name, names)
    document = _document(path)
    things = {name: _things(document, name, gathering) for name in ("objects", "events")}
    gathering.stop_if_faulty()
    objects = {each.id: each for each in things["objects"]}
    gather_ocel(gathering, objects, things["events"])
    return gathering


def _document(path: Path) -> dict[str, Any]:
    data = read_bytes(path, limit=MAX_BYTES, what="log")
    if not isinstance(data, bytes):
        raise InvalidInputError([data])
    if data.startswith(GZIP):
        data = unzipped(path, limit=MAX_BYTES)
    try:
        document = json.loads(data, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        fault = Fault(f"is not JSON: {error.msg}", path=path.name, line=error.lineno)
        raise InvalidInputError([fault]) from None
    except (RecursionError, ValueError) as error:
        said = "it nests too deeply" if isinstance(error, RecursionError) else str(error)
        raise InvalidInputError([Fault(f"is not JSON: {said}", path=path.name)]) from None
    if not isinstance(document, dict) or "events" not in document or "objects" not in document:
        message = "has no events and objects; an OCEL 2.0 document has both"
        raise InvalidInputError([Fault(message, path=path.name)])
    return document


def _things(document: dict[str, Any], name: str, gathering: Gathering) -> list[Thing]:
    entries = document[name]
    if not isinstance(entries, list):
        gathering.fault("is no array", key=name)
        return []
    found = []
    for number, entry in enumerate(entries):
        thing = _thing(entry, f"{name}[{number}]")
        if thing is None:
            gathering.fault("lacks id or type, or holds something else", key=f"{name}[{number}]")
        else:
            found.append(thing)
    return found


def _thing(entry: Any, place: str) -> Thing | None:
    if not isinstance(entry, dict):
        return None
    own, kind = entry.get("id"), entry.get("type")
    if not isinstance(own, str) or not isinstance(kind, str):
        return None
    values = {
        each["name"]: _text(each.get("value"))
        for each in _list(entry.get("attributes"))
        if isinstance(each.get("name"), str)
    }
    related = [
        each["objectId"]
        for each in _list(entry.get("relationships"))
        if isinstance(each.get("objectId"), str)
    ]
    return Thing(own, kind, _text(entry.get("time")), values, related, place)


def _list(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case None | dict() | list():
            return ""
        case _:
            return str(value)[:MAX_VALUE]
