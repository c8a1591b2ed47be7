"""Exports as their readers see them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import r4pm

from sim.export.formats import export
from sim.export.names import Format
from sim.export.source import Source


def exported(source: Source, name: Format, folder: Path) -> Path:
    """A run in a format, under the ending its readers expect."""
    endings = {"ocel2-sqlite": "sqlite", "ocel2-json": "json", "xes": "xes"}
    path = folder / f"run.{endings.get(name, 'txt')}"
    export(source, name, path)
    return path


def call(function: str, **arguments: Any) -> Any:
    """What one of r4pm's functions answers."""
    return json.loads(r4pm.call_binding(f"process_mining::{function}", json.dumps(arguments)))


def as_r4pm_reads(path: Path, kind: str) -> dict[str, Any]:
    """A file read by r4pm and written again by it as JSON."""
    again = path.with_name(f"{path.name}-again.json")
    item = r4pm.import_item(kind, str(path))
    try:
        r4pm.export_item(item, str(again))
    finally:
        r4pm.remove_item(item)
    return json.loads(again.read_text())
