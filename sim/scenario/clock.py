"""Instants of the service day as files write them: ``05:30:00``, ``"05:30"``, ``"25:10"``."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

US_PER_S = 1_000_000
"""Microseconds in a second."""

_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?")


def clock_s(data: Any) -> Any:
    """Seconds since local midnight of a time of day; hours may pass 24.

    Examples
    --------
    >>> clock_s("25:10")
    90600
    """
    if isinstance(data, time):
        return data.hour * 3600 + data.minute * 60 + data.second
    if isinstance(data, str):
        match = _CLOCK.fullmatch(data)
        if match is None:
            msg = f"{data!r} is not a time of day; write 05:30 or, past midnight, 25:10"
            raise ValueError(msg)
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return hours * 3600 + minutes * 60 + seconds
    return data


def clock_text(seconds: float) -> str:
    """Time of day of an instant, ``HH:MM``; hours may pass 24.

    Examples
    --------
    >>> clock_text(90_600)
    '25:10'
    """
    minutes = int(seconds // 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def to_us(seconds: float) -> int:
    """Whole microseconds nearest to a duration in seconds.

    Examples
    --------
    >>> to_us(1.0000004)
    1000000
    """
    return round(seconds * US_PER_S)


LONGEST_S = 400 * 86_400
"""Longest horizon, instant or duration accepted: 400 days."""

ClockTime = Annotated[
    int,
    BeforeValidator(clock_s),
    Field(ge=0, le=LONGEST_S),
    WithJsonSchema(
        {"type": ["string", "integer"], "description": "HH:MM, or seconds since midnight"}
    ),
]
"""Seconds since local midnight, read from a time of day."""


def instant_text(at_us: int) -> str:
    """An instant of the service day as ``HH:MM``, with seconds where it has them.

    Examples
    --------
    >>> instant_text(36_000_000_000), instant_text(36_005_000_000)
    ('10:00', '10:00:05')
    """
    seconds, rest = divmod(at_us, US_PER_S)
    text = clock_text(seconds)
    return f"{text}:{seconds % 60:02d}" if rest or seconds % 60 else text
