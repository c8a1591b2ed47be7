"""Logs as XES (IEEE 1849), read piece by piece, plain or gzip.

A document type is refused: no log needs one, and with it go entities, which can grow a small
file into any size or name other files.
"""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from sim.calibration.delimited import GZIP
from sim.calibration.gathering import Gathering, whole
from sim.calibration.mapping import Mapping
from sim.calibration.words import Word
from sim.errors import Fault, InvalidInputError
from sim.scenario.reading import size_text

MAX_BYTES = 2_000_000_000
"""Longest document read, unpacked."""

MAX_DEPTH = 32
"""Deepest nesting of elements."""

MAX_SHAPES = 10_000
"""Different sets of attributes that are looked through for what is dropped."""

MAX_VALUE = 10_000
"""Longest value of an attribute."""

OWN_MARK = "chain_head"
"""Attribute of a log that `sim export` wrote: events say their kind, departures are rows."""

_CHUNK = 1 << 20
_VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})


class _StopReadingError(Exception):
    """A fault after which the rest cannot be read."""


@dataclass(slots=True)
class _Place:
    """Attributes of the trace and the event being read."""

    trace: dict[str, str] = field(default_factory=dict)
    event: dict[str, str] | None = None
    is_in_trace: bool = False
    depth: int = 0
    line: int = 0
    traces: int = 0


def gather_xes(path: Path, names: Mapping) -> Gathering:
    """Every event of an XES file.

    Raises
    ------
    InvalidInputError
        If it cannot be read.
    """
    gathering = Gathering(path.name, names)
    reader = _Reader(gathering)
    try:
        with _opened(path) as file:
            reader.read(file)
    except (OSError, EOFError, zlib.error) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InvalidInputError([Fault(f"cannot be read: {said}", path=path.name)]) from None
    return gathering


def _opened(path: Path) -> IO[bytes] | gzip.GzipFile:
    if not path.is_file():
        raise InvalidInputError([Fault("is no ordinary file; give a log file", path=path.name)])
    with path.open("rb") as file:
        is_zipped = file.read(2) == GZIP
    return gzip.open(path) if is_zipped else path.open("rb")


class _Reader:
    def __init__(self, gathering: Gathering) -> None:
        self._to = gathering
        self._at = _Place()
        self._done: set[int] = set()  # cases already told about
        self._shapes: set[tuple[str | None, ...]] = set()
        self._is_own = False
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def read(self, file: IO[bytes] | gzip.GzipFile) -> None:
        """Read to the end, or to the first fault that hides the rest."""
        size = 0
        try:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                if size > MAX_BYTES:
                    self._stop(f"is longer than {size_text(MAX_BYTES)}; split the log")
                self._parser.Parse(chunk, False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            said = expat.ErrorString(error.code) or "it breaks off"
            self._to.fault(f"is not XML: {said}", line=error.lineno)
        except _StopReadingError:
            pass

    def _stop(self, message: str) -> None:
        self._to.fault(message, line=self._parser.CurrentLineNumber)
        raise _StopReadingError

    def _doctype(self, *_: object) -> None:
        self._stop("declares a document type; take it out, entities are not expanded")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        at = self._at
        at.depth += 1
        name = tag.rpartition(":")[2]
        if at.depth > MAX_DEPTH:
            self._stop(f"nests more than {MAX_DEPTH} deep")
        if at.depth == 1 and name != "log":
            self._stop(f"begins with <{name[:40]}>; an XES file begins with <log>")
        if name == "trace" and at.depth == 2:
            at.trace, at.is_in_trace = {}, True
            at.traces += 1
        elif name == "event" and at.is_in_trace and at.depth == 3:
            at.event, at.line = {}, self._parser.CurrentLineNumber
        elif name in _VALUES and at.is_in_trace:
            self._value(attributes)
        elif at.depth == 2 and attributes.get("key") == OWN_MARK:
            self._is_own = True

    def _value(self, attributes: dict[str, str]) -> None:
        at = self._at
        key, value = attributes.get("key", ""), attributes.get("value", "")
        if len(value) > MAX_VALUE or len(key) > MAX_VALUE:
            self._stop(f"holds a value of more than {MAX_VALUE} characters")
        if at.event is not None and at.depth == 4:
            at.event[key] = value
        elif at.event is None and at.depth == 3:
            at.trace[key] = value

    def _end(self, tag: str) -> None:
        at = self._at
        at.depth -= 1
        name = tag.rpartition(":")[2]
        if name == "event" and at.depth == 2 and at.event is not None:
            self._event(at.event)
            at.event = None
        elif name == "trace" and at.depth == 1:
            at.is_in_trace = False

    def _event(self, event: dict[str, str]) -> None:
        to, line, trace = self._to, self._at.line, self._at.trace
        names = to.names
        case = trace.get(names.find("case", trace) or "concept:name") or f"#{self._at.traces}"
        station = names.find("station", event)
        clock = names.find("at", event)
        life = "kind" if self._is_own and "kind" in event else names.find("lifecycle", event)
        if self._is_own and event.get("with_lead") == "true":
            return  # told once more to each member of a party
        if clock is None:
            to.fault("an event has no time:timestamp", line=line)
            return
        us = to.instant(event[clock], line=line, in_us=clock.endswith("_us"))
        word = Word.COMPLETED if life is None else to.word(event[life], line=line)
        self._leave_out(trace, event, {station, clock, life, "concept:name"})
        if us is None or word is None:
            return
        if self._is_own:
            station = "station"
        place = event.get(station, "") if station is not None else ""
        resource = names.find("resource", event)
        persons = names.find("persons", event)
        row = to.event(
            case=case,
            station=place,
            word=word,
            us=us,
            line=line,
            persons=whole(event[persons], 1) if persons else 1,
            attempt=whole(event.get("attempt", ""), 0),
            resource=event.get(resource, "") if resource else "",
        )
        if row not in self._done:
            self._done.add(row)
            to.about(row, self._about(trace, event)[0], line=line)

    def _leave_out(
        self, trace: dict[str, str], event: dict[str, str], used: set[str | None]
    ) -> None:
        """Note the attributes that were not looked at, once for each set of them."""
        shape = (*trace, None, *event)
        if shape in self._shapes or len(self._shapes) > MAX_SHAPES:
            return
        self._shapes.add(shape)
        used = used | self._about(trace, event)[1]
        self._to.drop(key for key in (*trace, *event) if key not in used)

    def _about(
        self, trace: dict[str, str], event: dict[str, str]
    ) -> tuple[dict[str, str], set[str | None]]:
        """What is told of the case, by the trace or else by this event, and under which keys."""
        names = self._to.names
        about: dict[str, str] = {}
        used: set[str | None] = {"attempt"}
        for source in (event, trace):
            for what in ("departure", "party"):
                key = names.find(what, source)
                if key is not None and not (self._is_own and key == "departure"):
                    about[what] = source[key]
                    used.add(key)
            for trait, key in names.trait_columns(source).items():
                about[trait] = source[key]
                used.add(key)
            used |= {names.find(what, source) for what in ("case", "resource", "persons")}
        return about, used
