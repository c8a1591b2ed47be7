"""Small days begun again in mid-day: what an engine tells from there, beside the day itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.events.log import EventBlock, concat_blocks
from sim.events.memory import MemoryLog
from sim.experiments.opening.beginning import continued
from sim.experiments.opening.section import section_of
from sim.experiments.opening.standing import opening_of
from tests.contracts.engine.agreement import difference
from tests.contracts.engine.forks import Day
from tests.engines import ENGINES


def whole_day(day: Day, *, engine: str = "compiled") -> MemoryLog:
    """The log of a day."""
    network, work = day
    stations = [each.id for each in network.stations]
    return MemoryLog([concat_blocks(ENGINES[engine](*day))], stations=stations, tables=work.tables)


def begun(day: Day, log: MemoryLog, *, at_us: int, engine: str) -> MemoryLog:
    """The log of a day begun at an instant from another log of it."""
    network, work = day
    section = section_of(log, network, work, at_us=at_us)
    opening = opening_of(section, network, work)
    rest = ENGINES[engine](network, work, opening=opening)  # type: ignore[call-arg]
    return MemoryLog(
        list(continued(section, rest)), stations=list(log.stations), tables=work.tables
    )


def rest_of(log: MemoryLog, *, at_us: int, rows: int | None = None) -> EventBlock:
    """Events from an instant on, or the last `rows`, numbered from 0."""
    events = concat_blocks(log.blocks())
    first = int(np.searchsorted(events.at_us, at_us)) if rows is None else len(events) - rows
    rest = events[max(first, 0) :]
    return replace(rest, seq=np.arange(len(rest), dtype=np.int64))


def other_future(day: Day, *, at_us: int) -> dict[str, str]:
    """By engine, in what the day begun at an instant differs from then on; empty for nothing."""
    log = whole_day(day)
    future = rest_of(log, at_us=at_us)
    found = {}
    for engine in ENGINES:
        new = begun(day, log, at_us=at_us, engine=engine)
        found[engine] = difference(
            future, rest_of(new, at_us=at_us, rows=len(future)), list(log.stations)
        )
        section = len(new) - len(future)
        if not found[engine] and concat_blocks(new.blocks()).at_us[:section].max() > at_us:
            found[engine] = "the opening ends after its instant"
    return found
