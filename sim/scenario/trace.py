"""Given arrivals and service times: ``arrival_s,<station>,<station>,…``, a row a passenger.

Times are in seconds and rounded to the nearest microsecond once, here. A blank cell means
that the passenger skips the station. Rows may stand in any order: they are sorted by
arrival, and rows of one instant keep the order of the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import Fault, ScenarioError
from sim.scenario.clock import LONGEST_S, US_PER_S
from sim.scenario.reading import first_places, read_bytes, text_of
from sim.scenario.wording import quoted

if TYPE_CHECKING:  # most scenarios have no trace, and so need no NumPy to be checked
    import numpy as np
    from numpy.typing import NDArray

MAX_BYTES = 1_000_000_000
"""Largest trace file."""

BLANK = -1
"""Service time of a station the passenger skips."""

ARRIVAL = "arrival_s"
"""Name of the first column."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Passengers as a trace gives them, in order of arrival.

    Attributes
    ----------
    path : Path
        The file, absolute.
    stations : tuple of str
        Station of each service column.
    arrival_us : ndarray of int64, shape (n,)
        Arrival in microseconds, not decreasing.
    service_us : ndarray of int64, shape (n, stations)
        Service time in microseconds, `BLANK` where the passenger skips the station.
    digest : str
        SHA-256 of the columns, whatever the file looked like.
    """

    path: Path
    stations: tuple[str, ...]
    arrival_us: NDArray[np.int64]
    service_us: NDArray[np.int64]
    digest: str

    def __len__(self) -> int:
        return len(self.arrival_us)


def read_trace(path: str | Path, *, stations: Sequence[str] | None) -> Trace:
    """Read a trace file.

    Parameters
    ----------
    path : str or Path
        The file.
    stations : sequence of str or None
        Stations that the header must name, in the order of the journey; None takes the
        header as it is.

    Raises
    ------
    ScenarioError
        With every faulty row, the first hundred one by one.

    Notes
    -----
    A million rows of four stations take about a second.
    """
    from sim.scenario.trace_cells import quick_cells, slow_cells

    name = str(path)
    data = read_bytes(path, limit=MAX_BYTES, what="trace")
    if isinstance(data, Fault):
        raise ScenarioError([data])
    head, _, body = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").partition(b"\n")
    if not head.strip():
        message = f"has no header; start with {ARRIVAL},{','.join(stations or ['<station>'])}"
        raise ScenarioError([Fault(message, path=name, line=1)])
    text = text_of(head, path=name, what="trace")
    if isinstance(text, Fault):
        raise ScenarioError([text])
    columns = [cell.strip().strip('"').strip() for cell in text.split(",")]
    faults = _header_faults(columns, stations, name)
    cells = quick_cells(body, len(columns)) if len(columns) > 1 else None
    if cells is None or not _is_sound(cells):
        readable = text_of(body, path=name, what="trace")
        if isinstance(readable, Fault):
            place = Fault(readable.message, path=name, line=readable.line + 1)
            raise ScenarioError([*faults, place])
        cells, found = slow_cells(readable, columns, path=name, longest_s=LONGEST_S)
        faults += first_places(found, path=name)
    if faults:
        raise ScenarioError(faults)
    return _trace(Path(path).absolute(), tuple(columns[1:]), cells)


def _header_faults(columns: list[str], stations: Sequence[str] | None, path: str) -> list[Fault]:
    wanted = [ARRIVAL, *(columns[1:] if stations is None else stations)]
    if columns == wanted and len(columns) > 1:
        return []
    example = ",".join([ARRIVAL, *(stations or ["<station>"])])
    got = quoted(",".join(columns))
    missing = [name for name in wanted if name not in columns]
    unknown = [name for name in columns if name not in wanted]
    if missing or unknown:
        parts = [f"lacks {', '.join(missing[:10])}"] if missing else []
        parts += [f"has no use for {quoted(', '.join(unknown[:10]))}"] if unknown else []
        message = f"header {got} {' and '.join(parts)}; write {example}"
    else:
        message = f"header {got} is not in the order of the journey; write {example}"
    return [Fault(message, path=path, line=1)]


def _is_sound(cells: NDArray[np.float64]) -> bool:
    """Whether every time is one a day can have; NaN stands for a blank."""
    import numpy as np

    given = cells[~np.isnan(cells)]
    return bool(
        not np.isnan(cells[:, 0]).any() and (given >= 0).all() and (given <= LONGEST_S).all()
    )


def _trace(path: Path, stations: tuple[str, ...], cells: NDArray[np.float64]) -> Trace:
    import numpy as np

    times = np.rint(cells * US_PER_S)
    times[np.isnan(times)] = BLANK
    whole = times.astype(np.int64)
    whole = whole[np.argsort(whole[:, 0], kind="stable")]
    arrival_us, service_us = whole[:, 0].copy(), whole[:, 1:].copy()
    digest = hashlib.sha256(",".join([ARRIVAL, *stations]).encode())
    for column in (arrival_us, *service_us.T):
        digest.update(np.ascontiguousarray(column, dtype="<i8").tobytes())
    for array in (arrival_us, service_us):
        array.flags.writeable = False
    return Trace(path, stations, arrival_us, service_us, digest.hexdigest())
