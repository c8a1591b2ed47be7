"""One TOML file as read: its tables, and the line on which each key stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import Fault, ScenarioError
from sim.scenario.keys import KeyPath
from sim.scenario.lines import MAX_DEPTH, TooDeepError, key_lines
from sim.scenario.reading import read_bytes, text_of
from sim.scenario.wording import quoted

MAX_BYTES = 5_000_000
"""Largest scenario file."""

MAX_KEYS = 200_000
"""Most keys, and elements on lines of their own, of a scenario file."""

_PLACE = re.compile(r" \((?:at line (\d+), column (\d+)|at end of document)\)$")


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """Tables of a file with the line of each key.

    Attributes
    ----------
    path : str
        The file, as messages name it.
    folder : Path
        Where names of other files in it start from.
    data : dict
        Tables as `tomllib` gives them.
    lines : mapping of KeyPath to int
        Line of each key; empty for data that comes from no file.
    """

    path: str
    folder: Path
    data: dict[str, Any]
    lines: Mapping[KeyPath, int] = field(default_factory=dict)

    def line(self, key: KeyPath) -> int:
        """Line of a key, or of the nearest table around it; 0 where unknown."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 0)


def read_document(path: str | Path) -> Document:
    """Read a scenario file.

    Raises
    ------
    ScenarioError
        If it cannot be read, is too large, is not UTF-8 text or not TOML.
    """
    data = read_bytes(path, limit=MAX_BYTES, what="scenario")
    if isinstance(data, Fault):
        raise ScenarioError([data])
    text = text_of(data, path=str(path), what="scenario")
    if isinstance(text, Fault):
        raise ScenarioError([text])
    return parse_document(text, path=path)


def parse_document(text: str, *, path: str | Path) -> Document:
    r"""Tables and lines of the text of a scenario file.

    Raises
    ------
    ScenarioError
        If it is not TOML, is empty, or nests too deeply.

    Examples
    --------
    >>> parse_document("a = [1,\n 2]", path="a.toml").line(("a", 1))
    2
    """
    name = str(path)
    if text.startswith("\ufeff"):
        message = "starts with a byte order mark, which TOML does not allow; save it without"
        raise ScenarioError([Fault(message, path=name, line=1)])
    try:
        lines = key_lines(text)
        tables = tomllib.loads(text)
    except TooDeepError as error:
        message = f"{error}; a scenario needs far fewer"
        raise ScenarioError([Fault(message, path=name, line=error.line)]) from None
    except RecursionError:
        message = f"nests deeper than {MAX_DEPTH} levels; a scenario needs far fewer"
        raise ScenarioError([Fault(message, path=name)]) from None
    except (ValueError, OverflowError) as error:
        raise ScenarioError([_syntax_fault(str(error), text, name)]) from None
    if len(lines) > MAX_KEYS:
        message = f"holds {len(lines)} keys and elements; at most {MAX_KEYS}: give less detail"
        raise ScenarioError([Fault(message, path=name)])
    if not tables:
        message = "is empty; a scenario needs id, kind, demand, stations and journey"
        raise ScenarioError([Fault(message, path=name)])
    return Document(path=name, folder=Path(path).parent, data=tables, lines=lines)


def _syntax_fault(reason: str, text: str, path: str) -> Fault:
    rows = text.split("\n")
    place = _PLACE.search(reason)
    if place is None:  # such as a number of more digits than Python reads
        return Fault(f"is not TOML: {reason}", path=path)
    said = _PLACE.sub("", reason)
    said = said[:1].lower() + said[1:]
    if place[1] is None:
        message = f"is not TOML: {said} at the end of the file; close what is open"
        return Fault(message, path=path, line=len(rows))
    line, column = int(place[1]), int(place[2])
    written = quoted(rows[line - 1].strip()) if line <= len(rows) else "the end of the file"
    message = f"is not TOML: {said} at column {column}, got {written}; {_remedy(said)}"
    return Fault(message, path=path, line=line)


def _remedy(said: str) -> str:
    match said.split(maxsplit=1)[0] if said else "":
        case "cannot":
            return "give each key and table once"
        case "expected":
            return "write key = value, one to a line"
        case _ if "value" in said:
            return "text stands in quotes, numbers and true or false without"
        case _:
            return "write key = value or [table]; text stands in quotes"
