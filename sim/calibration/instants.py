"""Instants as logs write them: ISO 8601, a time of day, or seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sim.scenario.clock import LONGEST_S, US_PER_S

_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,9}))?)?", re.ASCII)
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,9})?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)

NEVER = "1970-01-01"
"""Date that OCEL gives to values that hold always."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A reading of a log's clock.

    Attributes
    ----------
    us : int
        Microseconds: of a date since 1970 by the clock on the wall, else since midnight.
    is_dated : bool
        Whether a date stood with it.
    offset_s : int or None
        Distance from UTC where one stood with it.
    """

    us: int
    is_dated: bool = False
    offset_s: int | None = None


def read_instant(text: str, *, in_us: bool = False) -> Instant | str:
    """An instant, or what is wrong with it.

    Parameters
    ----------
    text : str
        As the log has it.
    in_us : bool
        Whether a plain number counts microseconds instead of seconds.

    Examples
    --------
    >>> read_instant("05:30").us, read_instant("25:10:00.5").us, read_instant("60").us
    (19800000000, 90600500000, 60000000)
    >>> read_instant("2026-01-14T06:00:00+07:00").offset_s
    25200
    """
    text = text.strip()
    if _NUMBER.fullmatch(text):
        us = round(float(text) * (1 if in_us else US_PER_S))
        return _limited(us, text)
    match = _CLOCK.fullmatch(text)
    if match is not None:
        hours, minutes, seconds = (int(part or 0) for part in match.groups()[:3])
        fraction = round(float(f"0.{match[4]}") * US_PER_S) if match[4] else 0
        return _limited((hours * 3600 + minutes * 60 + seconds) * US_PER_S + fraction, text)
    try:
        read = datetime.fromisoformat(text) if len(text) <= 40 else None
    except ValueError:
        read = None
    if read is None:
        return f"{_quoted(text)} is no instant; write 2026-01-14T06:05:00, 06:05:00 or seconds"
    offset = read.utcoffset()
    wall = (read.replace(tzinfo=UTC) - _EPOCH) // _US
    seconds = None if offset is None else int(offset.total_seconds())
    return Instant(wall, is_dated=True, offset_s=seconds)


def _limited(us: int, text: str) -> Instant | str:
    if us > LONGEST_S * US_PER_S:
        return f"{_quoted(text)} is more than 400 days; write a date, as 2026-01-14T06:05:00"
    return Instant(us)


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}…")
