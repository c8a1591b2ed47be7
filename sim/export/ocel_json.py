"""OCEL 2.0 as one JSON document, written as it is read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache

from sim.export.instants import STATIC
from sim.export.ocel import Entity, Model, event_types, object_types
from sim.export.source import Source
from sim.export.target import Write

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def write_ocel_json(source: Source, write: Write) -> None:
    """Types, events, then the objects they met; members of a document have no order.

    Parameters
    ----------
    source : Source
        What is exported.
    write : Write
        Takes the text.
    """
    of_objects, of_events = object_types(source), event_types()
    model = Model(source)
    write(f'{{"objectTypes":{_declared(of_objects)},\n"eventTypes":{_declared(of_events)},\n')
    write('"events":[')
    heads = {name: [f'{{"name":{_text(a)},"value":' for a in of_events[name]] for name in of_events}
    _write_all(write, (_events(part, heads) for part in model.events()))
    write('],\n"objects":[')
    heads = {
        name: [f'{{"name":{_text(a)},"time":"{STATIC}","value":' for a in of_objects[name]]
        for name in of_objects
    }
    _write_all(write, (_objects(part, heads) for part in model.objects()))
    write("]}\n")


def _write_all(write: Write, parts: Iterable[Iterator[str]]) -> None:
    """Items of an array, some at a time, with commas between them."""
    separator = "\n"
    for part in parts:
        text = ",\n".join(part)
        if text:
            write(separator + text)
            separator = ",\n"
    write("\n")


def _declared(types: dict[str, dict[str, str]]) -> str:
    listed = [
        {"name": name, "attributes": [{"name": a, "type": kind} for a, kind in attributes.items()]}
        for name, attributes in types.items()
    ]
    return _encode(listed)


def _events(entities: Iterator[Entity], heads: dict[str, list[str]]) -> Iterator[str]:
    for each in entities:
        yield (
            f'{{"id":"{each.id}","type":"{each.type}","time":"{each.time}",'
            f'"attributes":[{_values(each, heads)}],"relationships":[{_related(each)}]}}'
        )


def _objects(entities: Iterator[Entity], heads: dict[str, list[str]]) -> Iterator[str]:
    for each in entities:
        yield (
            f'{{"id":{_text(each.id)},"type":"{each.type}",'
            f'"attributes":[{_values(each, heads)}],"relationships":[{_related(each)}]}}'
        )


def _values(each: Entity, heads: dict[str, list[str]]) -> str:
    pairs = zip(heads[each.type], each.values, strict=True)
    return ",".join([f"{head}{_value(value)}}}" for head, value in pairs if value is not None])


def _value(value: object) -> str:
    if type(value) is int:
        return str(value)
    return _text(value) if isinstance(value, str) else _encode(value)


def _related(each: Entity) -> str:
    return ",".join([f'{{"objectId":"{name}","qualifier":"{how}"}}' for name, how in each.related])


@lru_cache(maxsize=4096)
def _text(value: str) -> str:
    return _encode(value)
