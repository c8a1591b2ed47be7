"""Logs as CSV: a row for each event, a row for each visit, or the columns of our own log."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.calibration.gathering import Gathering, whole
from sim.calibration.mapping import Mapping
from sim.calibration.words import Word
from sim.errors import Fault, InvalidInputError
from sim.events.log import COLUMNS
from sim.scenario.reading import read_bytes, size_text, text_of

MAX_BYTES = 1_000_000_000
"""Largest CSV read."""

MAX_CELL = 10_000
"""Longest cell read."""

GZIP = b"\x1f\x8b"
"""How a gzip file begins."""

_WIDE = {"joined": Word.JOINED, "started": Word.STARTED, "completed": Word.COMPLETED}


def gather_csv(path: Path, names: Mapping) -> Gathering:
    """Every event of a CSV file.

    Raises
    ------
    InvalidInputError
        If it cannot be read, or lacks a column that nothing can be said without.
    """
    shown = path.name
    text = _text(path)
    gathering = Gathering(shown, names)
    csv.field_size_limit(MAX_CELL)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    header = _next(rows, gathering) or []
    header = [name.strip() for name in header]
    if len(set(header)) < len(header):
        twice = sorted({name for name in header if header.count(name) > 1})
        gathering.fault(f"the column {twice[0]!r} stands twice; name each once", line=1)
    gathering.stop_if_faulty()
    if set(COLUMNS) <= set(header):
        _own(rows, header, gathering)
    else:
        _foreign(rows, header, gathering)
    return gathering


def _foreign(rows: Iterator[list[str]], header: list[str], gathering: Gathering) -> None:
    names = gathering.names
    found = {
        what: names.find(what, header)
        for what in (
            "case",
            "station",
            "lifecycle",
            "at",
            "resource",
            "departure",
            "party",
            "persons",
            *_WIDE,
        )
    }
    traits = names.trait_columns(header)
    is_wide = found["at"] is None and any(found[what] for what in _WIDE)
    needed = ["case", "station"] + ([] if is_wide else ["at"])
    for what in needed:
        if found[what] is None:
            have = ", ".join(header[:12]) or "none"
            gathering.fault(
                f"no column is the {what}; say which with --map {what}=COLUMN (there are {have})",
                line=1,
            )
    for what, column in {**names.columns, **names.traits}.items():
        if column.casefold() not in {name.casefold() for name in header}:
            gathering.fault(f"--map {what}={column}: there is no such column", line=1)
    gathering.stop_if_faulty()
    skipped = () if is_wide else tuple(_WIDE)
    used = {name for what, name in found.items() if name and what not in skipped}
    used |= set(traits.values())
    gathering.drop(name for name in header if name not in used)
    place = {what: header.index(name) for what, name in found.items() if name is not None}
    told = {what: place[what] for what in ("departure", "party") if what in place}
    told |= {trait: header.index(name) for trait, name in traits.items()}
    clock = (found["at"] or "").casefold()
    for line, row in _body(rows, header, gathering):
        case, station = row[place["case"]], row[place["station"]]
        if not case.strip():
            gathering.fault("the case is blank; give every row one", line=line)
            continue
        persons = whole(row[place["persons"]], 1) if "persons" in place else 1
        resource = row[place["resource"]] if "resource" in place else ""
        about = {what: row[index] for what, index in told.items()}
        facts: dict[str, Any] = {
            "case": case,
            "station": station,
            "line": line,
            "persons": persons,
            "resource": resource,
        }
        if is_wide:
            for what, word in _WIDE.items():
                if what in place and row[place[what]].strip():
                    us = gathering.instant(row[place[what]], line=line, key=found[what] or "")
                    if us is not None:
                        gathering.about(
                            gathering.event(word=word, us=us, **facts), about, line=line
                        )
            continue
        us = gathering.instant(row[place["at"]], line=line, in_us=clock.endswith("_us"))
        word: Word | None = Word.COMPLETED
        if "lifecycle" in place:
            word = gathering.word(row[place["lifecycle"]], line=line)
        if us is not None and word is not None:
            gathering.about(gathering.event(word=word, us=us, **facts), about, line=line)


def _own(rows: Iterator[list[str]], header: list[str], gathering: Gathering) -> None:
    """Our own columns, as `sim export` writes them: departures are events of their own."""
    place = {name: header.index(name) for name in COLUMNS}
    trait_columns = gathering.names.trait_columns(header)
    leaves: dict[str, int] = {}
    of: dict[int, str] = {}
    for line, row in _body(rows, header, gathering):
        word = gathering.word(row[place["kind"]], line=line)
        us = gathering.instant(row[place["at_us"]], line=line, in_us=True)
        if word is None or us is None:
            continue
        ref, passenger = row[place["ref"]], row[place["passenger"]]
        if word is Word.DEPARTED:
            leaves[ref] = us
        if passenger == "-1":
            continue
        persons = attempt = 1
        if word in {Word.JOINED, Word.STARTED, Word.COMPLETED}:
            persons = whole(row[place["detail"]], 1)
        elif word in {Word.ACCEPTED, Word.REJECTED}:
            attempt = whole(row[place["detail"]], 1)
        case = gathering.event(
            case=passenger,
            station=row[place["station"]],
            word=word,
            us=us,
            line=line,
            persons=persons,
            attempt=attempt,
            resource=row[place["server"]],
        )
        if word is Word.ARRIVED:
            of[case] = ref
            told = {trait: row[header.index(name)] for trait, name in trait_columns.items()}
            gathering.about(case, told, line=line)
    if gathering.names.trait_ids and not trait_columns:
        gathering.remarks.append("traits stand in it as bits without names: not told")
    for case, ref in of.items():
        if ref in leaves:
            gathering.departure_us[case] = leaves[ref]


def _body(
    rows: Iterator[list[str]], header: list[str], gathering: Gathering
) -> Iterator[tuple[int, list[str]]]:
    while (row := _next(rows, gathering)) is not None:
        line = getattr(rows, "line_num", 0)
        if not row:
            continue
        if len(row) != len(header):
            gathering.fault(f"{len(row)} cells under {len(header)} columns", line=line)
            continue
        yield line, row


def _next(rows: Iterator[list[str]], gathering: Gathering) -> list[str] | None:
    try:
        return next(rows, None)
    except csv.Error as error:
        line = getattr(rows, "line_num", 0)
        gathering.fault(f"is not CSV: {error}; check quotes and line ends", line=line)
        return None


def _text(path: Path) -> str:
    data = read_bytes(path, limit=MAX_BYTES, what="log")
    if not isinstance(data, bytes):
        raise InvalidInputError([data])
    if data.startswith(GZIP):
        data = unzipped(path, limit=MAX_BYTES)
    text = text_of(data, path=path.name, what="log")
    if not isinstance(text, str):
        raise InvalidInputError([text])
    return text.removeprefix("\ufeff")


def unzipped(path: Path, *, limit: int) -> bytes:
    """Content of a gzip file, no more than a limit however small the file is.

    Raises
    ------
    InvalidInputError
        If it is larger, or no gzip file.
    """
    try:
        with gzip.open(path) as file:
            data = file.read(limit + 1)
    except (OSError, EOFError) as error:
        raise InvalidInputError([Fault(f"is not gzip: {error}", path=path.name)]) from None
    if len(data) > limit:
        message = f"unpacks to more than {size_text(limit)}; split the log"
        raise InvalidInputError([Fault(message, path=path.name)])
    return data


def _delimiter(text: str) -> str:
    first = text[:10_000].partition("\n")[0]
    return max(",;\t", key=first.count)
