"""Fields of an SSIM record: where they stand, and what they may hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from sim.scenario.wording import quoted

WIDTH = 200
"""Columns of every record."""

OPEN_END = "00XXX00"
"""Last day of a period without end."""

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")

CARRYING = frozenset("JSUQGBRCLO")
"""Service types with passengers: scheduled, additional and charter."""

EMPTY_HANDED = frozenset("FVMAHPTKDEWXINYZ")
"""Service types without public passengers: cargo, mail, positioning, training, private."""

SHIFTS = {" ": 0, "J": -1} | {str(number): number for number in range(8)}
"""Days between a flight's date and the date of one of its times; J is the day before."""


class Field(NamedTuple):
    """A field by its first and last column, from 1, and how its text is read."""

    name: str
    first: int
    last: int
    read: Callable[[str], Any]


class UnreadableError(ValueError):
    """What is wrong with the text of a field."""


Wrong = list[tuple[str, str]]
"""Fields, and what is wrong with each."""


def read_fields(line: str, fields: tuple[Field, ...]) -> tuple[dict[str, Any], Wrong]:
    """Values of the fields of a record, and what is wrong with which."""
    values: dict[str, Any] = {}
    wrong: Wrong = []
    for field in fields:
        text = line[field.first - 1 : field.last]
        try:
            values[field.name] = field.read(text)
        except UnreadableError as error:
            columns = f"column {field.first}" if field.first == field.last else (
                f"columns {field.first} to {field.last}")  # fmt: skip
            wrong.append((field.name, f"got {quoted(text)} in {columns}; {error}"))
    return values, wrong


def matching(pattern: str, wanted: str) -> Callable[[str], str]:
    """Text of a form, without the blanks around it."""
    compiled = re.compile(pattern, re.ASCII)

    def read(text: str) -> str:
        if compiled.fullmatch(text) is None:
            raise UnreadableError(f"give {wanted}")
        return text.strip()

    return read


def whole(least: int, most: int) -> Callable[[str], int]:
    """Digits that fill the field, within limits."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
            raise UnreadableError(f"give {least:0{len(text)}d} to {most:0{len(text)}d}")
        return int(text)

    return read


def calendar_date(text: str) -> date:
    """A date such as 29MAR26."""
    day, month, year = text[:2], text[2:5], text[5:]
    try:
        return date(2000 + int(_digits(year)), MONTHS.index(month) + 1, int(_digits(day)))
    except ValueError:
        raise UnreadableError("give a date such as 29MAR26") from None


def last_date(text: str) -> date:
    """A date, or the sign that there is none."""
    return date.max if text == OPEN_END else calendar_date(text)


def days_of_week(text: str) -> frozenset[int]:
    """Days 1 (Monday) to 7, each in its own place or blank."""
    fits = all(each in {" ", str(place)} for place, each in enumerate(text, start=1))
    if not fits or not text.strip():
        raise UnreadableError('give each day in its own place, such as "1 3 5 7", and at least one')
    return frozenset(int(each) for each in text if each != " ")


def clock_min(text: str) -> int:
    """Minutes since midnight of HHMM; 2400 is the end of the day."""
    minutes = int(_digits(text)) // 100 * 60 + int(text) % 100
    if int(text) % 100 > 59 or minutes > 24 * 60:
        raise UnreadableError("give a time HHMM, 0000 to 2400")
    return minutes


def utc_offset_min(text: str) -> int:
    """Minutes that local time is ahead of UTC, from ±HHMM."""
    sign, digits = text[0], text[1:]
    if sign not in "+-" or int(_digits(digits)) % 100 > 59 or int(digits) > 1400:
        raise UnreadableError("give the variation from UTC, such as +0700")
    minutes = int(digits) // 100 * 60 + int(digits) % 100
    return minutes if sign == "+" else -minutes


def fortnightly(text: str) -> bool:
    """Whether it runs every second week only."""
    if text not in {" ", "1", "2"}:
        raise UnreadableError("leave it blank for every week, or give 2 for every second")
    return text == "2"


def service_type(text: str) -> str:
    """A letter of the list of service types."""
    if text not in CARRYING | EMPTY_HANDED:
        raise UnreadableError("give a service type, such as J")
    return text


def date_shift(text: str) -> tuple[int, int]:
    """Days that departure and arrival are after the flight's date."""
    if any(each not in SHIFTS for each in text):
        raise UnreadableError("give 0 to 7, or J for the day before, for departure and arrival")
    return SHIFTS[text[0]], SHIFTS[text[1]]


def seats_in(text: str) -> int | None:
    """Seats of a configuration such as C16Y168, or None where it does not tell.

    Examples
    --------
    >>> seats_in("C16Y168"), seats_in("Y230BB4"), seats_in("VVVV")
    (184, 230, None)
    """
    found = re.fullmatch(r"((?:[A-Z]\d{1,3})+)(?:(?:BB|LL|PP|VV).*)?", text.strip(), re.ASCII)
    total = sum(map(int, re.findall(r"\d+", found[1]))) if found else 0
    return total if 0 < total <= 5_000 else None


def _digits(text: str) -> str:
    if not (text.isascii() and text.isdigit()):
        raise UnreadableError("give digits there, such as 0605")
    return text
