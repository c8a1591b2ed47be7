"""Values in the words of a TOML file, short enough for a message."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

LONGEST = 60
"""Characters of a value that a message quotes."""


def quoted(value: Any) -> str:
    """What was got, as a file would write it.

    Examples
    --------
    >>> quoted(True), quoted("three"), quoted([1, 2])
    ('true', '"three"', 'an array of 2')
    """
    match value:
        case bool():
            text = "true" if value else "false"
        case str():
            text = f'"{shortened(value)}"'
        case int():
            text = str(value) if abs(value) < 10**20 else "a number of more than 20 digits"
        case float():
            text = f"{value:.12g}"
        case datetime() | date() | time():
            text = value.isoformat()
        case dict():
            keys = ", ".join(shortened(str(key)) for key in list(value)[:3])
            more = ", …" if len(value) > 3 else ""
            text = f"the table {{ {keys}{more} }}" if value else "an empty table"
        case list() | tuple():
            text = f"an array of {len(value)}" if value else "an empty array"
        case None:
            text = "nothing"
        case _:
            text = shortened(str(value))
    return text


def shortened(text: str) -> str:
    r"""Text on one line, its unprintable characters escaped, cut where it is long.

    Examples
    --------
    >>> shortened("a\nb")
    'a\\nb'
    """
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
