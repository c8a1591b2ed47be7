"""Random worlds with their truth, for folds to be compared with."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from hypothesis import strategies as st

from sim.events.log import EventBlock
from sim.events.memory import MemoryLog, remember
from tests.unit.projections.hall import SPEC, STATIONS, Guest, Hall
from tests.unit.projections.logs import cut, tables_of

SEEDS = st.integers(0, 10_000)
CUTS = st.lists(st.integers(0, 600), max_size=12)
END = 400
"""No world lasts so long."""


@lru_cache(maxsize=64)
def hall(seed: int) -> Hall:
    return Hall(seed)


def log_of(world: Hall) -> MemoryLog:
    tables = tables_of(world.party_of)
    return remember([world.block()], stations=STATIONS, tables=tables)


def pieces(world: Hall, places: list[int]) -> list[EventBlock]:
    return list(cut(world.block(), *places))


def in_queue(world: Hall, station: int) -> np.ndarray:
    """Customers waiting in each unit of time, counted one by one."""
    return _counted([wait for guest in _at(world, station) for wait in guest.waits])


def persons_in_queue(world: Hall, station: int) -> np.ndarray:
    waits = [w for guest in _at(world, station) for w in guest.waits for _ in range(guest.persons)]
    return _counted(waits)


def at_work(world: Hall, station: int) -> np.ndarray:
    """Servers at work in each unit of time; a batch is the work of one."""
    tasks = {
        (batch if batch >= 0 else (row, number), start, end)
        for row, guest in enumerate(_at(world, station))
        for number, (start, end, batch) in enumerate(guest.works)
    }
    return _counted([[start, end] for _, start, end in tasks])


def open_servers(world: Hall, station: int) -> np.ndarray:
    values = np.zeros(END, dtype=np.int64)
    for at, servers in world.open_at[station]:
        values[at:] = servers
    return values


def _at(world: Hall, station: int) -> list[Guest]:
    return [guest for guest in world.guests if guest.station == station]


def _counted(spells: list[list[int]]) -> np.ndarray:
    values = np.zeros(END, dtype=np.int64)
    for start, end in spells:
        values[start : END if end < 0 else end] += 1
    return values


__all__ = [
    "CUTS",
    "END",
    "SEEDS",
    "SPEC",
    "STATIONS",
    "at_work",
    "hall",
    "in_queue",
    "log_of",
    "open_servers",
    "persons_in_queue",
    "pieces",
]
