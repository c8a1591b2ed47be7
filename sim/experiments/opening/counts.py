"""Counts by station: ``station,waiting,in_service``, as somebody with a clipboard has them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.errors import Fault, ScenarioError
from sim.scenario.clock import to_us
from sim.scenario.reading import read_bytes, text_of
from sim.scenario.suggestions import advice
from sim.scenario.wording import quoted

MAX_BYTES = 10_000_000
"""Largest file of counts."""

MOST = 1_000_000
"""Most customers that are believed to stand at one station."""

LONGEST_S = 86_400
"""Longest mean wait that is believed."""

WANTED = ("station", "waiting", "in_service")
OPTIONAL = ("mean_wait_s",)


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted at a station.

    Attributes
    ----------
    station : int
        Its row in the station list.
    waiting, in_service : int
        Customers: persons, or parties where they are served as one.
    mean_wait_us : int or None
        How long those who wait have waited so far, on average.
    line : int
        Where it stands in the file, from 1; 0 where it comes from no file.
    """

    station: int
    waiting: int
    in_service: int
    mean_wait_us: int | None = None
    line: int = 0


def read_counts(path: Path, *, stations: Sequence[str], visited: Iterable[str]) -> list[Count]:
    """Read a file of counts.

    Parameters
    ----------
    path : Path
        The file.
    stations : sequence of str
        Station ids by row.
    visited : iterable of str
        Those of them where passengers queue; the others only answer requests.

    Raises
    ------
    ScenarioError
        With every fault.
    """
    name = str(path)
    data = read_bytes(path, limit=MAX_BYTES, what="counts")
    text = data if isinstance(data, Fault) else text_of(data, path=name, what="counts")
    if isinstance(text, Fault):
        raise ScenarioError([text])
    reader = csv.reader(text.removeprefix("\ufeff").splitlines())
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise ScenarioError([Fault(f"is no CSV: {error}", name, reader.line_num)]) from None
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        raise ScenarioError([Fault(f"is empty; start with {','.join(WANTED)}", name)])
    (head_line, head), body = rows[0], rows[1:]
    faults = [Fault(text, name, head_line) for text in _header_faults(head)]
    if faults:
        raise ScenarioError(faults)
    counts, seen = list[Count](), dict[str, int]()
    known = set(visited)
    for line, row in body:
        found, count = _row(head, row, line, stations=stations, visited=known)
        station = row[head.index("station")] if len(row) == len(head) else ""
        if station in seen:
            found.append(f"{quoted(station)} was counted in line {seen[station]} already; keep one")
        elif station:
            seen[station] = line
        faults += [Fault(text, name, line) for text in found]
        counts += [count] if count is not None else []
    if not body:
        faults.append(Fault("counts nothing; give a line for each station", name, head_line))
    if faults:
        raise ScenarioError(faults)
    return counts


def _header_faults(head: Sequence[str]) -> list[str]:
    example = ",".join(WANTED)
    missing = [each for each in WANTED if each not in head]
    unknown = [each for each in head if each not in (*WANTED, *OPTIONAL)]
    found = []
    if missing:
        found.append(f"header lacks {', '.join(missing)}; write {example}")
    if unknown:
        allowed = ", ".join((*WANTED, *OPTIONAL))
        found.append(f"header has no use for {quoted(', '.join(unknown))}; known are {allowed}")
    if len(set(head)) < len(head):
        found.append(f"header names a column twice; write {example}")
    return found


def _row(
    head: Sequence[str],
    row: Sequence[str],
    line: int,
    *,
    stations: Sequence[str],
    visited: set[str],
) -> tuple[list[str], Count | None]:
    """What is wrong with a line, and the count if nothing is."""
    if len(row) != len(head):
        return [f"has {len(row)} cells where the header has {len(head)}"], None
    cells = dict(zip(head, row, strict=True))
    station, found = cells["station"], list[str]()
    if station not in stations:
        hint = advice(station, stations, kind="stations are")
        found.append(f"{quoted(station)} is no station of this scenario; {hint}")
    elif station not in visited:
        found.append(f"{quoted(station)} only answers requests; count the passengers who wait")
    numbers = {name: _whole(cells[name], name, found) for name in ("waiting", "in_service")}
    mean_us = _mean_us(cells.get("mean_wait_s", ""), found)
    if found:
        return found, None
    return [], Count(stations.index(station), **numbers, mean_wait_us=mean_us, line=line)


def _whole(text: str, name: str, found: list[str]) -> int:
    """A count; what is wrong with it is added to `found`."""
    if text.isascii() and text.isdigit() and len(text) < len(str(MOST)) + 1 and int(text) <= MOST:
        return int(text)
    found.append(f"{name} is {quoted(text)}; write a whole number from 0 to {MOST:,}")
    return 0


def _mean_us(text: str, found: list[str]) -> int | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if 0 <= value <= LONGEST_S:
        return to_us(value)
    found.append(
        f"mean_wait_s is {quoted(text)}; write seconds from 0 to {LONGEST_S:,}, or nothing"
    )
    return None
