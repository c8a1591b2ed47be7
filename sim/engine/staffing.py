"""How many servers a station has open when: by plan, outages, closures and staff lent to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from sim.demand.workload import Workload
from sim.engine.network import NEVER, Network, Patch, Station

Interval = tuple[int, int]
"""Instants, the second not included; `NEVER` where it does not end."""


def open_servers(network: Network, workload: Workload, station: int) -> list[tuple[int, int]]:
    """Instants and servers open from then on, at a station, by plan and outages.

    Returns
    -------
    list of (int, int)
        In order, one entry for each instant at which anything changes.
    """
    plan = network.stations[station]
    changes = sorted(_changes(network, workload, plan))
    level, installed, is_down, down = 0, plan.installed, False, set[int]()
    found = dict[int, int]()
    for at_us, _, what, value, more in changes:
        match what:
            case "level":
                level = value
            case "install":
                level, installed = value, more
            case "fail":
                is_down = is_down or value < 0
                down |= {value} if value >= 0 else set()
            case _:
                is_down = is_down and value >= 0
                down -= {value}
        if is_down:
            found[at_us] = 0
        elif plan.closing == "idle_first":
            found[at_us] = min(level, installed - len(down))
        else:
            found[at_us] = level - sum(server < level for server in down)
    return list(found.items())


@dataclass(frozen=True, slots=True)
class Staff:
    """A station's level in time: as planned, none while closed, more while staff are lent."""

    network: Network
    station: int
    closed: list[Interval]
    lent: list[tuple[int, int, int]]

    def levels(self) -> tuple[tuple[int, int], ...]:
        """The station's levels, without those that patches set themselves."""
        plan = self.network.stations[self.station]
        by_patch = {patch.at_us for patch in self._patches()}
        changes = {at for at, _ in plan.levels}
        changes |= {each for ends in self.closed for each in ends}
        changes |= {each for ends in self.lent for each in ends[:2]}
        first = self.network.start_us
        found = list[tuple[int, int]]()
        before = NEVER
        for at_us in sorted({at for at in changes if at >= first} | by_patch):
            level = self._level(at_us)
            if at_us not in by_patch and (level != before or at_us == first):
                found.append((at_us, level))
            before = level
        return tuple(found)

    def patched(self, patch: Patch) -> Patch:
        """A patch with the level that holds then."""
        servers = tuple(
            (station, installed, self._level(patch.at_us))
            if station == self.station
            else (station, installed, level)
            for station, installed, level in patch.servers
        )
        return replace(patch, servers=servers)

    def _level(self, at_us: int) -> int:
        if any(_holds(each, at_us) for each in self.closed):
            return 0
        plan = self.network.stations[self.station]
        steps = [(at, 1, level, plan.installed) for at, level in plan.levels]
        installed = plan.installed
        for patch in self._patches():
            own = next(each for each in patch.servers if each[0] == self.station)
            steps.append((patch.at_us, 0, own[2], own[1]))
            installed = own[1] if patch.at_us <= at_us else installed
        known = [level for at, _, level, _ in sorted(steps) if at <= at_us]
        level = known[-1] if known else 0
        more = sum(servers for start, end, servers in self.lent if _holds((start, end), at_us))
        return min(level + more, max(installed, level)) if more else level

    def _patches(self) -> list[Patch]:
        return [
            patch
            for patch in self.network.patches
            if any(station == self.station for station, _, _ in patch.servers)
        ]


def _holds(interval: Interval, at_us: int) -> bool:
    return interval[0] <= at_us and (interval[1] == NEVER or at_us < interval[1])


def _changes(
    network: Network, workload: Workload, plan: Station
) -> Iterator[tuple[int, int, str, int, int]]:
    """Changes of a station's servers: instant, order within it, what, two values."""
    for at_us, level in plan.levels:
        yield at_us, 3, "level", level, 0
    for patch in network.patches:
        for station, installed, level in patch.servers:
            if station == plan.index:
                yield patch.at_us, 0, "install", level, installed
        yield from ((patch.at_us, 1, "repair", s, 0) for b, s in patch.repairs if b == plan.index)
        yield from ((patch.at_us, 2, "fail", s, 0) for b, s in patch.failures if b == plan.index)
    for row in np.flatnonzero(workload.outage_station == plan.index).tolist():
        at_us, server = int(workload.outage_at_us[row]), int(workload.outage_server[row])
        if workload.outage_is_end[row]:
            yield at_us, 4, "repair", server, 0
        else:
            yield at_us, 5, "fail", server, 0
