"""A calibration as a scenario file that extends its base."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, InlineTable, Table

from sim.calibration.calibrate import Calibration
from sim.errors import Fault, InvalidInputError, UsageError
from sim.events.files import partial_name, sync_directory
from sim.scenario.check import check_files
from sim.scenario.find import builtin_scenarios
from sim.scenario.scenario import Scenario


def write_overlay(calibration: Calibration, scenario: Scenario, path: Path) -> None:
    """Write the overlay; it is there whole, and loads, or not at all.

    Parameters
    ----------
    calibration : Calibration
        What was found.
    scenario : Scenario
        The base it was found for, from a file.
    path : Path
        The file; it must not be there yet.

    Raises
    ------
    UsageError
        If the file is there already, or nothing was found that could be written.
    InvalidInputError
        If what was found would not make a sound scenario.
    """
    refuse_existing(path)
    if not calibration.findings:
        raise UsageError(f"{path.name}: the logs told nothing that could be written")
    text = overlay_text(calibration, scenario, path)
    partial = partial_name(path).with_suffix(".partial.toml")
    partial.unlink(missing_ok=True)
    try:
        with partial.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        faults = check_files([partial])
        if faults:
            told = [Fault(each.message, path.name, each.line, each.key) for each in faults]
            raise InvalidInputError(told)
        _publish(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def refuse_existing(path: Path) -> None:
    """Refuse a name that is taken, or in no directory.

    Raises
    ------
    UsageError
        With what to do.
    """
    if os.path.lexists(path):
        raise UsageError(f"{path}: it is there already; name another file with -o")
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent}: there is no such directory")


def overlay_text(calibration: Calibration, scenario: Scenario, path: Path) -> str:
    """The file as text."""
    document = tomlkit.document()
    for line in _preamble(calibration, scenario):
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    document["extends"] = _base_name(scenario, path)
    document["id"] = _id(path, scenario)
    overlay = calibration.overlay
    if overlay.demand:
        document["demand"] = _table(overlay.demand)
    for name, entries in (
        ("traits", overlay.traits),
        ("stations", overlay.stations),
        ("journey", overlay.journey),
    ):
        tables = [{"id": own, **body} for own, body in entries.items() if body]
        if tables:
            document[name] = _tables(tables)
    return tomlkit.dumps(document)


def _publish(partial: Path, path: Path) -> None:
    try:
        os.link(partial, path)  # refuses, where a rename would replace
    except FileExistsError:
        refuse_existing(path)
    except OSError:  # a file system without links
        with path.open("x", encoding="utf-8") as file:
            file.write(partial.read_text(encoding="utf-8"))
    sync_directory(path.parent)


def _preamble(calibration: Calibration, scenario: Scenario) -> list[str]:
    lines = [
        f"Calibrated: {scenario.spec.id} from {', '.join(calibration.log.names)}.",
        "Figures carry their 95 % intervals; what is not here keeps the base's value.",
        *calibration.remarks,
    ]
    return [" ".join(line.split())[:300] for line in lines]


def _base_name(scenario: Scenario, path: Path) -> str:
    """What the overlay extends: a built-in id, else the way from its folder."""
    base = scenario.path
    assert base is not None, "a base has a file"
    if builtin_scenarios().get(base.stem) == base:
        return base.stem
    return Path(os.path.relpath(base, path.resolve().parent)).as_posix()


def _id(path: Path, scenario: Scenario) -> str:
    stem = re.sub(r"[^a-z0-9-]+", "-", path.name.partition(".")[0].casefold()).strip("-")
    return (stem or f"{scenario.spec.id}-calibrated")[:64]


def _table(body: dict[str, Any]) -> Table:
    table = tomlkit.table()
    plain = {key: value for key, value in body.items() if not _is_tables(value)}
    for key, value in plain.items():
        table[key] = _value(value)
    for key, value in body.items():
        if key not in plain:
            table[key] = _tables(value)
    return table


def _tables(bodies: list[dict[str, Any]]) -> AoT:
    array = tomlkit.aot()
    for body in bodies:
        array.append(_table(body))
    return array


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_entry(each) for each in value)


def _is_entry(value: Any) -> bool:
    """Whether a table stands in an array of tables rather than being a figure."""
    return isinstance(value, dict) and "value" not in value


def _value(value: Any) -> Any:
    match value:
        case dict():
            inline: InlineTable = tomlkit.inline_table()
            for key, each in value.items():
                inline[key] = _value(each)
            return inline
        case list() if any(isinstance(each, dict) for each in value):
            array = tomlkit.array()
            for each in value:
                array.append(_value(each))
            return array.multiline(multiline=True)
        case _:
            return value
