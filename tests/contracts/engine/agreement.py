"""Whether two engines tell a day alike, and the first event in which they do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.demand.workload import Workload
from sim.engine.network import Network
from sim.events.log import COLUMNS, EventBlock, concat_blocks
from tests.contracts.engine.cases import Case, lines_of
from tests.engines import ENGINES

BEFORE = 3
"""Events shown before the first that differs."""


@dataclass(frozen=True, slots=True)
class Told:
    """A day as both engines tell it.

    Attributes
    ----------
    events : EventBlock
        Every event, in the words of the reference engine.
    difference : str
        What the engines first differ in; empty where in nothing.
    """

    events: EventBlock
    difference: str


def tell(case: Case) -> Told:
    """Run both engines on a case."""
    return tell_day(case.network(), case.workload())


def tell_day(network: Network, workload: Workload, *, cut_us: int | None = None) -> Told:
    """Run both engines on a day, cut at an instant or as the network says."""
    if cut_us is not None:
        network = replace(network, cut_us=cut_us)
    reference, compiled = (
        concat_blocks(ENGINES[name](network, workload)) for name in ("reference", "compiled")
    )
    stations = [station.id for station in network.stations]
    return Told(reference, difference(reference, compiled, stations))


def difference(reference: EventBlock, compiled: EventBlock, stations: Sequence[str]) -> str:
    """The first event in which two logs differ, in words; empty where they are equal."""
    both = min(len(reference), len(compiled))
    differs = {
        name: _first(getattr(reference, name)[:both], getattr(compiled, name)[:both], none=both)
        for name in COLUMNS
    }
    number = min(differs.values())
    if number == both and len(reference) == len(compiled):
        return ""
    columns = [name for name, first in differs.items() if first == number < both]
    found = [f"event {number}: {', '.join(columns) or 'one log ends here'}"]
    rows = slice(max(0, number - BEFORE), number)
    found += [f"  both       {line}" for line in lines_of(reference[rows], stations)]
    for name, log in (("reference", reference), ("compiled", compiled)):
        found += [f"  {name:<10} {line}" for line in _line(log, number, stations)]
    return "\n".join(found)


def _first(one: np.ndarray, other: np.ndarray, *, none: int) -> int:
    """The first place where two columns differ; a column of another type differs at once."""
    if one.dtype != other.dtype:
        return 0
    places = np.flatnonzero(one != other)
    return int(places[0]) if len(places) else none


def _line(log: EventBlock, number: int, stations: Sequence[str]) -> Iterator[str]:
    if number >= len(log):
        yield "(no more events)"
        return
    place = slice(number, number + 1)
    yield f"{lines_of(log[place], stations)[0]} (event {int(log.seq[number])} by its number)"
