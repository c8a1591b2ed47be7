"""On which line of a TOML file each key stands.

`tomllib` says what a file means, not where. This scanner walks the same text and notes
the line of every header, key and element. It never judges: at the first thing that it
cannot read it stops, and `tomllib` says what is wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import suppress

from sim.scenario.keys import KeyPath

MAX_DEPTH = 32
"""Deepest nesting of tables, arrays and dotted keys."""

_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_KEY_PART = re.compile(
    r"""[ \t]*+(?:([A-Za-z0-9_-]++)|("(?:[^"\\\n]++|\\.)*+")|'([^'\n]*+)')[ \t]*+"""
)
_STRING = re.compile(
    r'"""(?s:[^"\\]++|\\.|"(?!""))*+"{3,5}'
    r"|'''(?s:[^']++|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'"
)
_NUMBERS = re.compile(r"\[[-+0-9._eE, \t]*+\]")
_SCALAR = re.compile(r"[^,\[\]{}#\n\"'=]++")
_ESCAPE = re.compile(r"""\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([btnfr"\\]))""")
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


class TooDeepError(ValueError):
    """A file nests deeper than `MAX_DEPTH`."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"nests deeper than {MAX_DEPTH} levels")


class _UnreadableError(Exception):
    """Here the scanner gives up; `tomllib` will say why."""


def key_lines(text: str) -> dict[KeyPath, int]:
    r"""Line of every key and array element, from 1.

    Elements on the line of their array are left out.

    Raises
    ------
    TooDeepError
        If the file nests deeper than `MAX_DEPTH`.

    Examples
    --------
    >>> key_lines("[a]\nb.c = 1\n")
    {('a',): 1, ('a', 'b'): 2, ('a', 'b', 'c'): 2}
    """
    scanner = _Scanner(text)
    with suppress(_UnreadableError):
        scanner.scan()
    return scanner.lines


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {}
        self._elements: dict[KeyPath, int] = {}  # of arrays of tables written with [[…]]
        self._breaks = [match.start() for match in re.finditer("\n", text)]

    def scan(self) -> None:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._assignment(table)
            self._skip(_BLANK)

    def _header(self) -> KeyPath:
        line = self._line()
        is_element = self.text.startswith("[[", self.at)
        self.at += 2 if is_element else 1
        *above, last = self._key()
        self._expect("]]" if is_element else "]")
        path: KeyPath = ()
        for part in above:
            path = self._inside((*path, part), line)
        path = (*path, last)
        if not is_element:
            self._note(path, line)
            return self._inside(path, line)
        self._note(path, line)
        index = self._elements.get(path, -1) + 1
        self._elements[path] = index
        self._note((*path, index), line)
        return (*path, index)

    def _inside(self, path: KeyPath, line: int) -> KeyPath:
        """The table a header part leads to: of an array of tables, its last element."""
        self._note(path, line)
        index = self._elements.get(path)
        return path if index is None else (*path, index)

    def _assignment(self, table: KeyPath) -> None:
        line = self._line()
        path = table
        for part in self._key():
            path = (*path, part)
            self._note(path, line)
        self._expect("=")
        self._skip_spaces()
        self._value(path, line)

    def _value(self, path: KeyPath, line: int) -> None:
        match self.text[self.at : self.at + 1]:
            case '"' | "'":
                self._skip(_STRING)
            case "[":
                self._array(path, line)
            case "{":
                self._inline_table(path)
            case _:
                self._skip(_SCALAR)

    def _array(self, path: KeyPath, line: int) -> None:
        if numbers := _NUMBERS.match(self.text, self.at):
            self.at = numbers.end()
            return
        self.at += 1
        index = 0
        while True:
            self._skip(_BLANK)
            if self.text.startswith("]", self.at):
                self.at += 1
                return
            own = self._line()
            element = (*path, index)
            if own != line:
                self._note(element, own)
            self._deeper(element)
            self._value(element, own)
            self._skip(_BLANK)
            if not self.text.startswith("]", self.at):
                self._expect(",")
            index += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        self._skip(_BLANK)
        while not self.text.startswith("}", self.at):
            self._deeper(path)
            self._assignment(path)
            self._skip(_BLANK)
            if not self.text.startswith("}", self.at):
                self._expect(",")
                self._skip(_BLANK)
        self.at += 1

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            match = _KEY_PART.match(self.text, self.at)
            if match is None:
                raise _UnreadableError
            self.at = match.end()
            bare, basic, literal = match.groups()
            parts.append(_unescaped(basic[1:-1]) if basic else literal if bare is None else bare)
            if len(parts) > MAX_DEPTH:
                raise TooDeepError(self._line())
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def _note(self, path: KeyPath, line: int) -> None:
        self._deeper(path)
        self.lines.setdefault(path, line)

    def _deeper(self, path: KeyPath) -> None:
        if len(path) > MAX_DEPTH:
            raise TooDeepError(self._line())

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise _UnreadableError
        self.at = match.end()

    def _skip_spaces(self) -> None:
        while self.text[self.at : self.at + 1] in {" ", "\t"}:
            self.at += 1

    def _expect(self, mark: str) -> None:
        if not self.text.startswith(mark, self.at):
            raise _UnreadableError
        self.at += len(mark)

    def _line(self) -> int:
        return bisect_right(self._breaks, self.at - 1) + 1 if self.at else 1


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        short, long, plain = match.groups()
        if plain:
            return _ESCAPES[plain]
        code = int(short or long, 16)
        return chr(code) if code <= 0x10FFFF else ""

    return _ESCAPE.sub(character, text)
