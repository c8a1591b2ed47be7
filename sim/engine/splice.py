"""A day that goes on otherwise from an instant on: two networks, spliced there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np

from sim.demand.outages import OutageTable
from sim.demand.workload import Workload
from sim.engine.network import Network, Patch, Station

Unit = tuple[int, int]
"""A station, and one of its servers or -1 for the whole bank."""

FIRST, LAST = range(2)
"""Within an instant: what a patch changes, and what was planned."""


def spliced(
    network: Network,
    *,
    before: Network,
    after: Network,
    at_us: int,
    policies: tuple[int, ...] = (),
) -> Network:
    """A network whose timelines are others from an instant on.

    Parameters
    ----------
    network : Network
        The day so far, perhaps patched before; at `at_us` at the latest.
    before, after : Network
        What was planned and what is planned now; they differ in timelines alone.
    at_us : int
        When the new plan takes over.
    policies : tuple of int
        Numbers of the policies it brings into force.
    """
    stations, servers = list(network.stations), list[tuple[int, int, int]]()
    for old, new in zip(before.stations, after.stations, strict=True):
        if (old.levels, old.installed) == (new.levels, new.installed):
            continue
        station = stations[old.index]
        level, installed = _standing(network, station, at_us)
        wanted = max(installed, new.installed)
        now = next(level for at, level in reversed(new.levels) if at <= at_us)
        stations[old.index] = replace(
            station,
            levels=_until(station.levels, at_us)
            + tuple(each for each in new.levels if each[0] > at_us),
            grown=max(station.grown, wanted) if wanted > station.installed else station.grown,
        )
        if level != now or wanted != installed:
            servers.append((old.index, wanted, now))
    patch = Patch(
        at_us=at_us,
        policies=policies,
        slots=tuple(
            (new.index, new.permit, new.weight)
            for old, new in zip(before.slots, after.slots, strict=True)
            if (old.permit, old.weight) != (new.permit, new.weight)
        ),
        servers=tuple(servers),
    )
    return replace(network, stations=tuple(stations), patches=(*network.patches, patch))


def with_outages(
    network: Network, workload: Workload, *, before: OutageTable, after: OutageTable
) -> tuple[Network, Workload]:
    """The same with other outages from the last patch on; the workload's draws are as they were.

    Parameters
    ----------
    network : Network
        Its last patch is given the failures and repairs of that very instant.
    workload : Workload
        Its table of outages is the one to change.
    before, after : OutageTable
        What was planned and what is planned now.
    """
    at_us = network.patches[-1].at_us
    old, new = _by_unit(_rows(before)), _by_unit(_rows(after))
    touched = {unit for unit in {*old, *new} if old[unit] != new[unit]}
    if not touched:
        return network, workload
    table = OutageTable(
        workload.outage_at_us,
        workload.outage_station,
        workload.outage_server,
        workload.outage_is_end,
    )
    down = _down(network, table, at_us)
    wanted = {unit for unit in touched if _is_down(new[unit], at_us)}
    rows = [row for row in _rows(table) if row[1:3] not in touched or row[0] < at_us]
    rows += [row for row in _rows(after) if row[1:3] in touched and row[0] > at_us]
    at, station, server, is_end = zip(*sorted(rows), strict=True) if rows else ((),) * 4
    patch = replace(
        network.patches[-1],
        repairs=tuple(sorted((touched & down) - wanted)),
        failures=tuple(sorted(wanted - down)),
    )
    return replace(network, patches=(*network.patches[:-1], patch)), replace(
        workload,
        outage_at_us=np.array(at, dtype=np.int64),
        outage_station=np.array(station, dtype=np.int32),
        outage_server=np.array(server, dtype=np.int32),
        outage_is_end=np.array(is_end, dtype=bool),
    )


def _until(levels: Iterable[tuple[int, int]], at_us: int) -> tuple[tuple[int, int], ...]:
    return tuple(each for each in levels if each[0] < at_us)


def _standing(network: Network, station: Station, at_us: int) -> tuple[int | None, int]:
    """Level and servers installed just before a patch; no level before the day starts."""
    levels = [(at, LAST, level) for at, level in _until(station.levels, at_us)]
    installed = station.installed
    for patch in network.patches:
        for number, there, level in patch.servers:
            if number == station.index:
                levels.append((patch.at_us, FIRST, level))
                installed = there
    return sorted(levels, key=lambda each: each[:2])[-1][2] if levels else None, installed


Row = tuple[int, int, int, bool]
"""``(at_us, station, server, is_end)``."""


def _rows(table: OutageTable) -> list[Row]:
    columns = (table.at_us, table.station, table.server, table.is_end)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _by_unit(rows: Iterable[Row]) -> defaultdict[Unit, list[tuple[int, bool]]]:
    found = defaultdict[Unit, list[tuple[int, bool]]](list)
    for at_us, station, server, is_end in rows:
        found[station, server].append((at_us, is_end))
    return found


def _is_down(changes: Collection[tuple[int, bool]], at_us: int) -> bool:
    """Whether a unit is out at an instant, what happens then included."""
    past = [is_end for at, is_end in changes if at <= at_us]
    return bool(past) and not past[-1]


def _down(network: Network, table: OutageTable, at_us: int) -> set[Unit]:
    """What is out just before a patch, by the table and by earlier patches."""
    changes = [
        (at, LAST, is_end, (station, server))
        for at, station, server, is_end in _rows(table)
        if at < at_us
    ]
    for patch in network.patches[:-1]:
        changes += [(patch.at_us, FIRST, True, unit) for unit in patch.repairs]
        changes += [(patch.at_us, FIRST, False, unit) for unit in patch.failures]
    down = set[Unit]()
    for _, _, is_end, unit in sorted(changes, key=lambda each: each[:2]):
        (down.discard if is_end else down.add)(unit)
    return down
