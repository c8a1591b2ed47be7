"""The periods a plan is made of, and levels of staffing on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.engine.network import Network, Station

Levels = tuple[int, ...]
"""Servers open by period."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Equal periods from local midnight.

    Attributes
    ----------
    period_us : int
    periods : int
        Up to the last in which somebody comes; the last level is kept after it.
    start_us : int
        Start of the service day.
    """

    period_us: int
    periods: int
    start_us: int = 0

    def staffed(self, station: Station, levels: Sequence[int]) -> Station:
        """A station with these levels."""
        changes = [(self.start_us, int(levels[min(self.at(self.start_us), self.periods - 1)]))]
        for period, level in enumerate(levels):
            at_us = period * self.period_us
            if at_us > self.start_us and level != changes[-1][1]:
                changes.append((at_us, int(level)))
        installed = max(station.installed, *levels)
        return replace(station, levels=tuple(changes), installed=installed)

    def at(self, at_us: int) -> int:
        """The period an instant lies in."""
        return at_us // self.period_us

    def sampled(self, station: Station) -> Levels:
        """Highest level of a station's own openings in each period."""
        found = []
        for period in range(self.periods):
            begin, end = period * self.period_us, (period + 1) * self.period_us
            before = [level for at_us, level in station.levels if at_us <= begin]
            within = [level for at_us, level in station.levels if begin < at_us < end]
            found.append(max([*before[-1:], *within], default=0))
        return tuple(found)


def with_plan(network: Network, grid: Grid, plan: dict[str, Levels]) -> Network:
    """The network with planned levels in place of the scenario's own."""
    stations = tuple(
        grid.staffed(station, plan[station.id]) if station.id in plan else station
        for station in network.stations
    )
    return replace(network, stations=stations)


def with_one_more(network: Network, name: str, from_us: int, until_us: int) -> Network:
    """The network with one server more at a station between two instants."""

    def raised(levels: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        marks = sorted({at for at, _ in levels} | {from_us, until_us})
        found: list[tuple[int, int]] = []
        for at in marks:
            own = [level for begins, level in levels if begins <= at]
            if not own:  # the day has not begun
                continue
            level = own[-1] + int(from_us <= at < until_us)
            if not found or found[-1][1] != level:
                found.append((at, level))
        return tuple(found)

    stations = tuple(
        replace(each, levels=raised(each.levels), installed=each.installed + 1)
        if each.id == name
        else each
        for each in network.stations
    )
    return replace(network, stations=stations)
