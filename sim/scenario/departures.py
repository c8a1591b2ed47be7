"""Departures of the day from a CSV beside the scenario file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import Fault, ScenarioError
from sim.scenario.demand import DepartureRow
from sim.scenario.reading import first_places, read_bytes, text_of
from sim.scenario.refusals import describe
from sim.scenario.suggestions import advice
from sim.scenario.wording import quoted

MAX_BYTES = 20_000_000
"""Largest file of departures."""

NEEDED = ("id", "at", "persons")
"""Columns that every file of departures has."""

_WHOLE = re.compile(r"[+-]?\d{1,9}", re.ASCII)


def read_departures(path: str | Path) -> tuple[DepartureRow, ...]:
    """Read a file of departures, in the order of its rows.

    The header names the columns, in any order: ``id,at,persons`` and, where known,
    ``carrier,aircraft,seats,gate,international``.

    Raises
    ------
    ScenarioError
        With every fault, each with its line.
    """
    name = str(path)
    data = read_bytes(path, limit=MAX_BYTES, what="departures")
    text = data if isinstance(data, Fault) else text_of(data, path=name, what="departures table")
    if not isinstance(text, Fault) and not text.removeprefix("\ufeff").strip():
        text = Fault(f"is empty; start with the header {','.join(NEEDED)}", path=name, line=1)
    if isinstance(text, Fault):
        raise ScenarioError([text])
    faults: list[Fault] = []
    rows: list[DepartureRow] = []
    lines: dict[str, int] = {}
    for line, found in _rows(text.removeprefix("\ufeff"), name, faults):
        if isinstance(found, DepartureRow) and found.id in lines:
            message = f"{found.id} stands on line {lines[found.id]} too; give each its own id"
            faults.append(Fault(message, path=name, line=line, key="id"))
        elif isinstance(found, DepartureRow):
            lines[found.id] = line
            rows.append(found)
        else:
            faults += found
    if not rows and not faults:
        message = "has a header, but no departures; give a row for each"
        faults = [Fault(message, path=name, line=1)]
    if faults:
        raise ScenarioError(first_places(faults, path=name))
    return tuple(rows)


def _rows(
    text: str, path: str, faults: list[Fault]
) -> Iterator[tuple[int, DepartureRow | list[Fault]]]:
    """Line and departure, or faults, of each row; faults of the whole go to the list."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = [cell.strip() for cell in next(reader, [])]
        found = _header_faults(columns, path)
        faults += found
        if any(column not in columns for column in NEEDED):
            return
        for cells in reader:
            yield reader.line_num, _departure(cells, columns, path=path, line=reader.line_num)
    except csv.Error as error:
        message = f"is not CSV: {error}; mend the quotes"
        faults.append(Fault(message, path=path, line=reader.line_num))


def _header_faults(columns: list[str], path: str) -> list[Fault]:
    known = list(DepartureRow.model_fields)
    messages = [f"header lacks {name}; start with {','.join(NEEDED)}" for name in NEEDED
                if name not in columns]  # fmt: skip
    for place, name in enumerate(columns):
        if name not in known:
            messages.append(f"header has no use for {quoted(name)}; {advice(name, known)}")
        elif name in columns[:place]:
            messages.append(f"header names {name} twice; name it once")
    return [Fault(message, path=path, line=1) for message in messages]


def _departure(
    cells: list[str], columns: list[str], *, path: str, line: int
) -> DepartureRow | list[Fault]:
    if not any(cell.strip() for cell in cells):
        return [Fault("is an empty row; remove it", path=path, line=line)]
    if len(cells) != len(columns):
        row = quoted(",".join(cells))
        message = f"got {row}; the header has {len(columns)} cells, this row {len(cells)}"
        return [Fault(message, path=path, line=line)]
    texts = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    data = {key: _typed(key, text) for key, text in texts.items() if _is_given(key, text)}
    try:
        return DepartureRow.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        told = [describe(detail, DepartureRow, data) for detail in details]
        return [Fault(message, path, line, ".".join(map(str, key))) for key, message in told]


def _is_given(key: str, text: str) -> bool:
    return key in DepartureRow.model_fields and bool(text)


def _typed(key: str, text: str) -> Any:
    """The cell as the model wants it, or as text where it is nothing of the kind."""
    match DepartureRow.model_fields[key].annotation:
        case type() as kind if kind is bool:
            return {"true": True, "false": False}.get(text.lower(), text)
        case type() as kind if kind is int and key != "at" and _WHOLE.fullmatch(text):
            return int(text)
        case _:
            return text
