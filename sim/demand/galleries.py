"""Galleries that a day's probes are compared with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.departures import Departures
from sim.events.log import SideTable
from sim.scenario.program import Program
from sim.scenario.stations import Match

POPULATION = {"city": 10_000_000, "national": 100_000_000}
"""Identities in the large galleries where a scenario does not say: a city the size of Ho Chi
Minh City and the national population register (DESIGN, facts §5: over 104 million records)."""


@dataclass(frozen=True, slots=True, eq=False)
class Galleries:
    """Galleries of a run, and which slot uses which.

    Attributes
    ----------
    table : SideTable
        Columns ``id``, ``mode``, ``size``.
    of_slot : ndarray of int32, shape (slots,)
        First row of each slot that matches, else -1.
    per_departure : ndarray of bool, shape (slots,)
        Whether a slot has a row for each departure, from its first.
    """

    table: SideTable
    of_slot: NDArray[np.int32]
    per_departure: NDArray[np.bool_]


def galleries_of(program: Program, departures: Departures, *, persons: int) -> Galleries:
    """Galleries of every slot that matches; slots that ask for the same one share it.

    Parameters
    ----------
    persons : int
        Everyone of the day, the size of an ``airport-day`` gallery.
    """
    ids: list[str] = []
    modes: list[str] = []
    sizes: list[int] = []
    known: dict[tuple[str, str, int | None], int] = {}
    of_slot = np.full(len(program.slots), -1, dtype=np.int32)
    per_departure = np.zeros(len(program.slots), dtype=bool)
    for slot in program.slots:
        match = slot.spec.match
        if match is None:
            continue
        per_departure[slot.index] = match.gallery == "departure" and len(departures) > 0
        given = None if match.gallery_size is None else int(match.gallery_size.value)
        asked = (match.gallery, match.mode, given)
        if asked not in known:
            same = sum(kind == match.gallery for kind, _, _ in known)
            suffix = f"#{same + 1}" if same else ""
            known[asked] = len(ids)
            if per_departure[slot.index]:
                names = [f"departure/{each}{suffix}" for each in departures.id]
                size = departures.persons.tolist() if given is None else [given] * len(names)
            else:
                names, size = [match.gallery + suffix], [_size(match, given, persons=persons)]
            ids += names
            sizes += size
            modes += [match.mode] * len(names)
        of_slot[slot.index] = known[asked]
    columns = {"id": _words(ids), "mode": _words(modes), "size": np.array(sizes, dtype=np.int64)}
    return Galleries(SideTable(columns), of_slot, per_departure)


def _size(match: Match, given: int | None, *, persons: int) -> int:
    if given is not None:
        return given
    if match.gallery in {"chip", "vneid"}:
        return 1
    return POPULATION.get(match.gallery, persons)


def _words(words: list[str]) -> NDArray[np.object_]:
    column = np.empty(len(words), dtype=object)
    column[:] = words
    return column
