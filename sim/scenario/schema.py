"""JSON Schema of scenario files, for editors: completion, hints, and most typing errors.

``python -m sim.scenario.schema`` writes it beside the built-in scenarios. It is looser
than `sim check`: a file that extends another may say only part of each table, so a table
lacks nothing by this schema, and only ``id`` is required, with the rest of the top where a
file extends nothing. Tables may carry ``remove``, and elements of arrays that go by an id
``after`` and ``before``.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import model_json_schema

from sim.scenario.find import scenario_folder
from sim.scenario.keys import IDENTITIES
from sim.scenario.merging import PLACING
from sim.scenario.spec import ScenarioSpec
from sim.scenario.world_spec import WorldSpec

NAME = "scenario.schema.json"
"""Name of the schema beside the scenarios."""

WHOLE = ("kind", "demand", "stations", "journey")
"""Tables that a file needs, besides its id, unless it extends another."""

_LAW = {"$ref": "#/$defs/Law"}
_REMOVE = {"const": True, "description": "takes away what the extended file says here"}
_PLACE = {"type": "string", "description": "id of the element that this one goes {}"}
_ATTRIBUTES = re.compile(r"Attributes\n-+\n(.*?)(?:\n\n[A-Z]|\Z)", re.DOTALL)
_ATTRIBUTE = re.compile(r"^(\w[\w, ]*) :.*\n((?:    .*\n?)+)", re.MULTILINE)


def scenario_schema() -> dict[str, Any]:
    """The schema as plain JSON, the same on every machine."""
    raw = model_json_schema(ScenarioSpec, by_alias=True)
    world = model_json_schema(WorldSpec, by_alias=True)
    definitions = {**raw.pop("$defs"), **world.pop("$defs")}
    for name, table in definitions.items():
        _describe(table, _model(name))
    _describe(raw, ScenarioSpec)
    _describe(world, WorldSpec)
    laws = definitions["Match"]["properties"]["retry"]["oneOf"]
    tables = {name: _loose(table) for name, table in sorted(definitions.items())}
    for table in tables.values():
        if "properties" in table:
            table["properties"]["remove"] = _REMOVE
    for name in sorted(_placed(raw, definitions) | _placed(world, definitions)):
        for word in PLACING:
            place = {**_PLACE, "description": _PLACE["description"].format(word)}
            tables[name]["properties"][word] = place
    departures = tables["DemandSpec"]["properties"]["departures"]
    departures["anyOf"].append({"type": "object", "properties": {"remove": _REMOVE}})
    of_world = {"properties": {"kind": {"const": "world"}}, "required": ["kind"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario",
        "if": {"anyOf": [of_world, {"required": ["facilities"]}]},
        "then": _top(world, ("kind", "facilities")),
        "else": _top(raw, WHOLE),
        "$defs": {**tables, "Law": {"anyOf": laws}},
    }


def _top(table: dict[str, Any], whole: tuple[str, ...]) -> dict[str, Any]:
    """A file by its model, which needs more than its id where it extends nothing."""
    needed = [{"required": ["extends"]}, {"required": list(whole)}]
    return {**_loose(table), "required": ["id"], "anyOf": needed}


def schema_text() -> str:
    """The schema as its file holds it."""
    return json.dumps(scenario_schema(), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the schema beside the scenarios of the checkout."""
    path = scenario_folder() / NAME
    Path(path).write_text(schema_text(), encoding="utf-8")
    sys.stderr.write(f"wrote {path}\n")
    return 0


def _loose(node: Any) -> Any:
    """A schema without what only a whole file can keep, and without pydantic's ornaments."""
    if isinstance(node, list):
        return [_loose(each) for each in node]
    if not isinstance(node, dict):
        return node
    if "exponential" in node.get("discriminator", {}).get("mapping", ()):
        return _LAW
    kept: dict[str, Any] = {
        key: _properties(each) if key == "properties" else _loose(each)
        for key, each in node.items()
        if key not in {"title", "required", "discriminator", "minLength", "maxLength", "default"}
    }
    if "oneOf" in kept:
        kept["anyOf"] = kept.pop("oneOf")
    if "anyOf" in kept:
        kept["anyOf"] = [each for each in kept["anyOf"] if each != {"type": "null"}]
        if len(kept["anyOf"]) == 1:
            kept |= kept.pop("anyOf")[0]
    if isinstance(node.get("default"), str | bool | int):
        kept["default"] = node["default"]
    return kept


def _properties(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: _loose(each) for name, each in properties.items()}


def _placed(raw: dict[str, Any], definitions: dict[str, Any]) -> set[str]:
    """Names of the tables that stand in arrays whose elements go by an id."""
    found: set[str] = set()
    for table in (raw, *definitions.values()):
        for name in IDENTITIES.keys() & table.get("properties", {}).keys():
            text = json.dumps(table["properties"][name])
            found |= set(re.findall(r'"#/\$defs/(\w+)"', text)) - {"Figure"}
    return found


def _model(name: str) -> type[BaseModel] | None:
    queue: list[type[BaseModel]] = [BaseModel]
    for each in queue:
        if each.__name__ == name and each.__module__.startswith("sim.scenario"):
            return each
        queue += each.__subclasses__()
    return None


def _describe(table: dict[str, Any], model: type[BaseModel] | None) -> None:
    """Give a table and its keys the words of the model's docstring."""
    text = inspect.getdoc(model) if model is not None else None
    if text is None or model is None:
        return
    table["description"] = " ".join(text.split("\n\n")[0].split())
    documented = _ATTRIBUTES.search(text)
    for names, words in _ATTRIBUTE.findall(documented[1] + "\n" if documented else ""):
        for name in (each.strip() for each in names.split(",")):
            field = model.model_fields.get(name)
            key = (field.alias or name) if field is not None else name
            if key in table.get("properties", {}):
                table["properties"][key].setdefault("description", " ".join(words.split()))


if __name__ == "__main__":
    raise SystemExit(main())
