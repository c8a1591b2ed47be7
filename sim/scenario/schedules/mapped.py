"""Flights of a day from a table whose columns a scenario names."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from sim.errors import Fault
from sim.scenario.reading import text_of
from sim.scenario.schedules.ask import CsvFile, Flight
from sim.scenario.schedules.found import DAY_S, OTHER_DAYS, Reading, ServiceDay, Sorter
from sim.scenario.schedules.tables import Table
from sim.scenario.wording import quoted

LIMITS = {"seats": (1, 5_000), "persons": (0, 5_000), "gate": (-1, 10_000)}
"""Least and most of the columns that hold whole numbers."""

_WHOLE = re.compile(r"[+-]?\d{1,9}", re.ASCII)
_DATED = re.compile(r"%[dDjxcF]")
_Wrong = list[tuple[str, str]]


def read_mapped(data: bytes, *, path: str, asked: CsvFile, day: ServiceDay) -> Reading:
    """Flights of one day from a table, by the columns and cells that a scenario names.

    Parameters
    ----------
    data : bytes
        The file.
    path : str
        Its name, for messages.
    asked : CsvFile
        Columns, formats, cells wanted.
    day : ServiceDay
        The day; a table without dates is of this one.
    """
    sorter = Sorter(path)
    text = _decoded(data, path=path, encoding=asked.encoding)
    if isinstance(text, Fault):
        sorter.faults.append(text)
        return sorter.reading()
    table = Table(text, path=path, sorter=sorter, separator=asked.separator)
    columns = {key: name for key, name in asked.columns.model_dump().items() if name is not None}
    if sorter.faults or table.lacks(*dict.fromkeys([*columns.values(), *asked.where])):
        return sorter.reading()
    for line, row in table:
        if any(row[column] not in wanted for column, wanted in asked.where.items()):
            sorter.leave_out("of other kinds")
            continue
        cells = {key: row[name] for key, name in columns.items()}
        flight = _flight(cells, asked, day)
        if isinstance(flight, list):
            sorter.reject(line, [(columns.get(key, key), message) for key, message in flight])
        elif flight is None:
            sorter.leave_out(OTHER_DAYS)
        else:
            sorter.use(line, [flight])
    return sorter.reading()


def _decoded(data: bytes, *, path: str, encoding: str) -> str | Fault:
    if encoding == "utf-8":
        return text_of(data, path=path, what="table of flights")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{data[error.start]:02x} is not {encoding} text; name its encoding"
        return Fault(message, path=path, line=line)


def _flight(cells: dict[str, str], asked: CsvFile, day: ServiceDay) -> Flight | _Wrong | None:
    """The flight of a row, None where it is of another day, or what is wrong."""
    wrong: _Wrong = []
    if not cells["id"]:
        wrong.append(("id", "missing; name the flight"))
    instant = _instant(cells, asked, day, wrong)
    numbers = {key: _whole(cells[key], key, wrong) for key in LIMITS if cells.get(key)}
    is_international = False
    if "international" in cells:
        is_international = cells["international"] in asked.international
        if not is_international and cells["international"] not in asked.domestic:
            known = ", ".join((*asked.international, *asked.domestic))
            message = f"got {quoted(cells['international'])}; give one of {known}"
            wrong.append(("international", message))
    if wrong or instant is None:
        return wrong or None
    return Flight(
        id=cells["id"],
        at=instant,
        carrier=cells.get("carrier", ""),
        aircraft=cells.get("aircraft", ""),
        seats=numbers.get("seats"),
        persons=numbers.get("persons"),
        gate=-1 if (gate := numbers.get("gate")) is None else gate,
        international=is_international,
    )


def _instant(cells: dict[str, str], asked: CsvFile, day: ServiceDay, wrong: _Wrong) -> int | None:
    """Seconds since midnight of the service day, or None for another day or no time."""
    at = _parsed(cells["at"], asked.time_format, "at", wrong)
    if "date" in cells:
        on = _parsed(cells["date"], asked.date_format, "date", wrong)
        if at is None or on is None:
            return None
        return day.seconds(datetime.combine(on.date(), at.time()))
    if at is None:
        return None
    if _DATED.search(asked.time_format):
        return day.seconds(at)
    since = day.seconds(datetime.combine(day.day, at.time()))
    return since if since is not None else _midnight(at) + DAY_S


def _parsed(text: str, form: str, key: str, wrong: _Wrong) -> datetime | None:
    try:
        found = datetime.strptime(text, form)
    except (ValueError, re.error) as error:
        said = "" if str(error).startswith(("time data", "unconverted")) else f" ({error})"
        wrong.append((key, f"got {quoted(text)}; give it as {form} says{said}"))
        return None
    return found.replace(tzinfo=None)


def _midnight(at: datetime) -> int:
    return int((at - datetime.combine(at.date(), time())) / timedelta(seconds=1))


def _whole(text: str, key: str, wrong: _Wrong) -> int | None:
    least, most = LIMITS[key]
    if _WHOLE.fullmatch(text) and least <= int(text) <= most:
        return int(text)
    wrong.append((key, f"got {quoted(text)}; give a whole number {least} to {most}"))
    return None


def formats_amiss(asked: CsvFile) -> list[tuple[str, str]]:
    """Formats that no time can be read by, before a file is opened."""
    wrong: _Wrong = []
    example = datetime.combine(date(2026, 6, 1), time(5, 30))
    for key in ("time_format", "date_format"):
        form = getattr(asked, key)
        try:
            datetime.strptime(example.strftime(form), form)
        except (ValueError, re.error):
            message = f"got {quoted(form)}; give signs of strptime, such as %d/%m/%Y %H:%M"
            wrong.append((key, message))
    return wrong
