"""Staffing through the day: how many servers are open when, and how many there are."""

from __future__ import annotations

from sim.scenario.clock import to_us
from sim.scenario.stations import Opening, Periods, Servers, StationSpec


def opening_levels(servers: Servers, *, start_us: int) -> tuple[tuple[int, int], ...]:
    """Instants and servers staffed from then on, the first at the start of the day.

    Overlapping openings add up; outside every opening nobody is there.
    """
    match servers:
        case Periods():
            period_us = to_us(servers.period_min.value * 60)
            raw = [(n * period_us, int(level.value)) for n, level in enumerate(servers.open)]
        case tuple():
            raw = _sum_of_openings(servers)
        case _:
            raw = [(0, int(servers.value))]
    before = [level for at, level in raw if at <= start_us]
    levels = [(start_us, before[-1] if before else 0)]
    for at, level in raw:
        if at > start_us and level != levels[-1][1]:
            levels.append((at, level))
    return tuple(levels)


def installed_servers(station: StationSpec, *, start_us: int) -> int:
    """Servers that exist: as written, or the highest level open from the start of the day on.

    Examples
    --------
    >>> installed_servers(StationSpec.model_validate({"id": "desk", "servers": 3}), start_us=0)
    3
    """
    highest = max(level for _, level in opening_levels(station.servers, start_us=start_us))
    return max(highest, int(station.installed.value) if station.installed else 0)


def _sum_of_openings(openings: tuple[Opening, ...]) -> list[tuple[int, int]]:
    changes: dict[int, int] = {}
    for opening in openings:
        count = int(opening.servers.value)
        changes[to_us(opening.from_)] = changes.get(to_us(opening.from_), 0) + count
        changes[to_us(opening.until)] = changes.get(to_us(opening.until), 0) - count
    level, levels = 0, []
    for at in sorted(changes):
        level += changes[at]
        levels.append((at, level))
    return levels
