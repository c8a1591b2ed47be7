"""Dotted keys: how a place inside a scenario is written, ``stations.counter.servers``.

A key path is a tuple of table keys and array indices. In writing, an element of an array
that goes by an id is named by it, any other by its index from 0: ``servers[2].until``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sim.scenario.journey import name_steps

KeyPath = tuple[str | int, ...]
"""Table keys and array indices from the top of a file to a value."""

IDENTITIES = {
    "aircraft": "id",
    "background": "id",
    "calls": "station",
    "carriers": "id",
    "chains": "id",
    "curves": "id",
    "degraded": "id",
    "departures": "id",
    "equipment": "id",
    "facilities": "id",
    "failures": "id",
    "flows": "id",
    "growth": "id",
    "holiday": "id",
    "journey": "id",
    "lessons": "station",
    "options": "station",
    "outages": "id",
    "policy": "id",
    "posts": "station",
    "prices": "station",
    "restrict": "station",
    "shifts": "id",
    "stations": "id",
    "surges": "id",
    "targets": "id",
    "teams": "id",
    "traits": "id",
}
"""Arrays whose elements go by a key of their own, and that key.

A step of the journey without ``id`` goes by its station.
"""

MOST_NAMED = 2_000
"""Elements of longer arrays go by their index: no sound scenario is so long."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PART = re.compile(r"""\s*(?:([^\s."'][^."']*?)|"([^"]*)"|'([^']*)')\s*(?:\.|$)""")


def element_ids(name: str, elements: Sequence[Any]) -> tuple[str, ...]:
    """Id of each element of the array `name`, "" where it has none.

    Examples
    --------
    >>> element_ids("journey", [{"station": "desk"}, {"station": "desk"}, {"id": "last"}])
    ('desk', 'desk-2', 'last')
    """
    if name not in IDENTITIES:
        return ("",) * len(elements)
    if name == "journey":
        return name_steps([(_text(each, "id"), _text(each, "station")) for each in elements])
    return tuple(_text(each, IDENTITIES[name]) or "" for each in elements)


def dotted(data: Any, path: KeyPath) -> str:
    """Dotted key of a place, with the ids that stand in the data.

    Examples
    --------
    >>> data = {"stations": [{"id": "desk", "servers": [{"until": 3}]}]}
    >>> dotted(data, ("stations", 0, "servers", 0, "until"))
    'stations.desk.servers[0].until'
    """
    parts: list[str] = []
    for depth, part in enumerate(path):
        if isinstance(part, str):
            parts.append(part_text(part))
            data = data.get(part) if isinstance(data, dict) else None
            continue
        elements = data if isinstance(data, list) else []
        name = str(path[depth - 1]) if depth else ""
        ids = element_ids(name, elements) if len(elements) <= MOST_NAMED else ()
        own = ids[part] if part < len(ids) else ""
        if own and ids.count(own) == 1:
            parts.append(part_text(own))
        else:
            parts[-1:] = [f"{parts[-1] if parts else ''}[{part}]"]
        data = elements[part] if part < len(elements) else None
    return ".".join(parts)


def fitted(data: Any, path: KeyPath) -> KeyPath:
    """A path of the specification as it stands in the data: a single law has no index."""
    found: list[str | int] = []
    for part in path:
        if isinstance(part, int) and isinstance(data, dict):
            continue
        found.append(part)
        below = step_down(data, part)
        data = below[0] if below is not None else None
    return tuple(found)


def step_down(data: Any, part: str | int) -> tuple[Any] | None:
    """The value one step down, in a tuple since it may be anything; None where none is."""
    if isinstance(data, dict) and part in data:
        return (data[part],)
    if isinstance(data, list) and isinstance(part, int) and 0 <= part < len(data):
        return (data[part],)
    return None


def part_text(part: str) -> str:
    """One part of a dotted key, quoted where TOML asks for it."""
    if _BARE.fullmatch(part):
        return part
    if not part.isprintable() or len(part) > 80:
        part = part[:80].encode("unicode_escape").decode()
    return f'"{part}"'


def split_key(text: str) -> tuple[str, ...] | None:
    """Parts of a dotted key as written, or None where it cannot be read.

    Examples
    --------
    >>> split_key('sources."stations.*.walk"')
    ('sources', 'stations.*.walk')
    """
    parts: list[str] = []
    at = 0
    while True:
        match = _PART.match(text, at)
        if match is None:
            return None
        parts.append(next(group for group in match.groups() if group is not None))
        at = match.end()
        if at == len(text):
            return None if text.rstrip().endswith(".") and match[0].endswith(".") else tuple(parts)


def _text(element: Any, key: str) -> str | None:
    value = element.get(key) if isinstance(element, dict) else None
    return value if isinstance(value, str) and value else None
