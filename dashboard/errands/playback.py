"""A kept run minute by minute: what a playback shows, in columns small enough for a browser."""

from __future__ import annotations

import base64
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.jobs import Report

MOST_STATIONS = 24
"""Of more no plan is drawn, so their links, which may be thousands, are left out."""

WIDTHS = (1, 2, 4)
"""Bytes that a whole number may take; the least that holds a column is used."""


@dataclass(frozen=True, slots=True)
class PlaybackErrand:
    """Every whole minute of a kept run."""

    folder: str

    @property
    def key(self) -> Hashable:
        """Same key, same result."""
        return ("playback", self.folder)

    def carry_out(self, report: Report) -> dict[str, Any]:
        """Columns as `packed` makes them, of each station and of each link between places.

        Returns
        -------
        dict
            ``first`` minute and number of ``minutes``; ``arrived`` and ``left``; ``stations``
            by id with ``open``, ``busy`` and ``persons`` waiting; ``links`` with ``source``,
            ``target``, ``persons`` by minute and their ``total``.
        """
        from sim.events.store import open_run
        from sim.projections.day import fold_day
        from sim.projections.minutes import MINUTE_US, minutes_of
        from sim.scenario.load import scenario_from_document

        log = open_run(Path(self.folder))
        day = fold_day(log, scenario_from_document(log.manifest.scenario).spec)
        found = minutes_of(day, from_us=_begins_us(day))
        return {
            "first": int(found.at_us[0] // MINUTE_US),
            "minutes": len(found.at_us),
            "arrived": packed(found.arrived),
            "left": packed(found.left),
            "stations": {
                name: {
                    "open": packed(found.open[row]),
                    "busy": packed(found.busy[row]),
                    "persons": packed(found.persons[row]),
                }
                for row, name in enumerate(day.stations)
            },
            "links": [
                {
                    "source": each.source,
                    "target": each.target,
                    "persons": packed(each.persons),
                    "total": int(each.persons.sum()),
                }
                for each in found.links
                if len(day.stations) <= MOST_STATIONS
            ],
        }


def _begins_us(day: Any) -> int:
    """When the log opens, or the first minute in which anybody comes."""
    if day.opening is not None:
        return day.opening.at_us
    arrived = day.people.arrived_us[day.people.has_arrived]
    return int(arrived.min(initial=day.last_us))


def packed(column: NDArray[np.int64]) -> dict[str, Any]:
    """Whole numbers from zero on as little-endian bytes in base 64, and how many bytes each takes.

    Examples
    --------
    >>> packed(np.array([1, 255]))
    {'width': 1, 'bytes': 'Af8='}
    >>> packed(np.array([256]))
    {'width': 2, 'bytes': 'AAE='}
    """
    width = next(each for each in WIDTHS if column.max(initial=0) < 256**each)
    data = column.astype(f"<u{width}").tobytes()
    return {"width": width, "bytes": base64.b64encode(data).decode("ascii")}


def unpacked(column: dict[str, Any]) -> NDArray[np.int64]:
    """The column that was packed."""
    data = base64.b64decode(column["bytes"])
    return np.frombuffer(data, dtype=f"<u{column['width']}").astype(np.int64)
