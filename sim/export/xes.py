"""XES (IEEE 1849): one trace per passenger."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import KINDS, Kind
from sim.events.log import EventBlock
from sim.export.instants import texts
from sim.export.meaning import DETAIL_NAMES, INSTANTS, REF_NAMES, told_to_each
from sim.export.source import PIECE_ROWS, Source
from sim.export.spool import Spool
from sim.export.target import Write
from sim.projections.ordering import starts_of_runs
from sim.projections.parties import Parties, parties_of
from sim.scenario.service_day import ZONE

RECORD = np.dtype(
    [
        ("passenger", "<i4"),
        ("is_with_lead", "?"),
        ("at_us", "<i8"),
        ("kind", "u1"),
        ("station", "<i2"),
        ("visit", "<i2"),
        ("server", "<i2"),
        ("ref", "<i4"),
        ("detail", "<i8"),
    ]
)
"""An event as it waits for its trace."""

TRANSITIONS: dict[Kind, str] = {
    Kind.QUEUE_JOINED: "schedule",
    Kind.SERVICE_STARTED: "start",
    Kind.SERVICE_PAUSED: "suspend",
    Kind.SERVICE_RESUMED: "resume",
    Kind.SERVICE_INTERRUPTED: "suspend",
    Kind.SERVICE_COMPLETED: "complete",
    Kind.RENEGED: "withdraw",
    Kind.BALKED: "manualskip",
    Kind.CALL_TIMED_OUT: "ate_abort",
}
"""Lifecycle of the activity named after the station; all other kinds are activities themselves."""

HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/>\
<string key="lifecycle:transition" value="complete"/>\
<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/><string key="kind" value=""/></global>
<classifier name="Activity" keys="concept:name"/>
<classifier name="Activity with lifecycle" keys="concept:name lifecycle:transition"/>
<classifier name="Event kind" keys="kind"/>
<string key="lifecycle:model" value="standard"/>
<string key="time_zone" value="{ZONE}"/>
"""


def write_xes(source: Source, write: Write, *, near: Path) -> None:
    """Every passenger's journey as a trace; events of the facility are in none.

    Parameters
    ----------
    source : Source
        What is exported.
    write : Write
        Takes the text.
    near : Path
        Directory for a temporary file of about 40 bytes per event.
    """
    parties = parties_of(source.tables)
    write(HEAD)
    write(_tag("string", "concept:name", source.scenario) + "\n")
    write(_tag("string", "chain_head", source.chain_head) + "\n")
    write(_tag("int", "replication", source.replication) + "\n")
    with Spool(near, passengers=len(parties), records=len(source.log)) as spool:
        for block in source.blocks():
            spool.put(_records(block, parties))
        traces = _Traces(source)
        for number, records in enumerate(spool.ranges(), 1):
            for some in _portions(records):
                write("".join(traces.of(some)))
            source.tell("traces", number, len(spool))
    write("</log>\n")


def _records(block: EventBlock, parties: Parties) -> NDArray[np.void]:
    rows, passenger, is_with_lead = told_to_each(block, parties)
    records = np.empty(len(rows), dtype=RECORD)
    records["passenger"], records["is_with_lead"] = passenger, is_with_lead
    for name in ("at_us", "kind", "station", "visit", "server", "ref", "detail"):
        records[name] = getattr(block, name)[rows]
    return records


def _portions(records: NDArray[np.void]) -> Iterator[NDArray[np.void]]:
    """Records in pieces of some `PIECE_ROWS`, no trace cut in two."""
    first = np.flatnonzero(starts_of_runs(records["passenger"]))
    marks = np.arange(PIECE_ROWS, len(records), PIECE_ROWS)
    cuts = first[np.searchsorted(first, marks, side="right") - 1]
    for begin, end in pairwise(np.unique([0, *cuts, len(records)]).tolist()):
        yield records[begin:end]


class _Traces:
    """Writes records as traces."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._heads = {
            (code, station): _event_head(kind, name)
            for code, kind in enumerate(KINDS)
            for station, name in [*enumerate(source.stations), (-1, "")]
        }
        self._servers = [quoteattr(name)[1:-1] for name in source.stations]

    def of(self, records: NDArray[np.void]) -> Iterator[str]:
        """Traces of records that are ordered by passenger."""
        first = np.flatnonzero(starts_of_runs(records["passenger"]))
        events = self._events(records)
        heads = self._heads_of(records["passenger"][first])
        for head, (begin, end) in zip(
            heads, pairwise([*first.tolist(), len(records)]), strict=True
        ):
            yield f"<trace>{head}\n"
            yield from events[begin:end]
            yield "</trace>\n"

    def _heads_of(self, passengers: NDArray[np.int32]) -> Iterator[str]:
        """Attributes of the traces of some passengers, all of them in the table."""
        names = [_tag("string", "concept:name", f"passenger/{row}") for row in passengers.tolist()]
        parts = [names]
        for name, column in self._source.tables.passengers.columns.items():
            values = column[passengers]
            if name in INSTANTS:
                times = texts(values, day=self._source.day)
                parts.append([_tag("date", INSTANTS[name], time) for time in times])
            else:
                parts.append([_typed(name, value) for value in values.tolist()])
        return map("".join, zip(*parts, strict=True))

    def _events(self, records: NDArray[np.void]) -> list[str]:
        times = texts(records["at_us"], day=self._source.day)
        columns = [records[name].tolist() for name in RECORD.names or () if name != "at_us"]
        return [
            f"{self._heads[kind, station]}"
            f'<date key="time:timestamp" value="{time}"/>'
            f"{self._resource(station, server)}{_instance(visit)}{_meaning(kind, ref, detail)}"
            f"{_WITH_LEAD if is_with_lead else ''}</event>\n"
            for time, _, is_with_lead, kind, station, visit, server, ref, detail in zip(
                times, *columns, strict=True
            )
        ]

    def _resource(self, station: int, server: int) -> str:
        if server < 0 or station < 0:
            return ""
        return f'<string key="org:resource" value="{self._servers[station]}/{server}"/>'


def _meaning(kind: int, ref: int, detail: int) -> str:
    text = ""
    if ref >= 0 and REF_NAMES[kind]:
        text += f'<int key="{REF_NAMES[kind]}" value="{ref}"/>'
    if DETAIL_NAMES[kind]:
        text += f'<int key="{DETAIL_NAMES[kind]}" value="{detail}"/>'
    return text


def _instance(visit: int) -> str:
    return f'<string key="concept:instance" value="{visit}"/>' if visit >= 0 else ""


_WITH_LEAD = '<boolean key="with_lead" value="true"/>'


def _event_head(kind: Kind, station: str) -> str:
    transition = TRANSITIONS.get(kind)
    name = station if transition and station else kind.value
    return (
        f"<event>{_tag('string', 'concept:name', name)}"
        f"{_tag('string', 'lifecycle:transition', transition or 'complete')}"
        f"{_tag('string', 'kind', kind.value)}"
        + (_tag("string", "station", station) if station else "")
    )


@lru_cache(maxsize=4096, typed=True)
def _typed(name: str, value: Any) -> str:
    match value:
        case bool():
            return _tag("boolean", name, "true" if value else "false")
        case int():
            return _tag("int", name, value)
        case float():
            return _tag("float", name, value) if isfinite(value) else ""
        case _:
            return _tag("string", name, value)


def _tag(kind: str, key: str, value: object) -> str:
    return f"<{kind} key={quoteattr(key)} value={quoteattr(str(value))}/>"
