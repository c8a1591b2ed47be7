"""Forks of small days: what an engine takes, with another plan from an instant on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.demand.outages import OutageTable
from sim.demand.workload import Workload
from sim.engine.network import Network
from sim.engine.splice import spliced, with_outages
from sim.events.log import COLUMNS, EventBlock, concat_blocks
from sim.scenario.clock import to_us
from tests.contracts.engine.cases import Case, Simulate, lines_of
from tests.contracts.engine.dice import Roll

Day = tuple[Network, Workload]


def forked(case: Case, at: float, after: Case) -> Day:
    """A case until an instant, and from then on the plan of another; `case` draws everything."""
    return forked_day(
        (case.network(), case.workload()), (after.network(), after.workload()), at_us=to_us(at)
    )


def forked_day(day: Day, after: Day, *, at_us: int) -> Day:
    """As `forked`, of what engines take."""
    network = spliced(day[0], before=day[0], after=after[0], at_us=at_us)
    return with_outages(network, day[1], before=outage_table(day[1]), after=outage_table(after[1]))


def log_of(day: Day, simulate: Simulate) -> list[str]:
    """Every event as a line of text."""
    return lines_of(concat_blocks(simulate(*day)), [station.id for station in day[0].stations])


def outage_table(work: Workload) -> OutageTable:
    """The outages of a day."""
    return OutageTable(
        work.outage_at_us, work.outage_station, work.outage_server, work.outage_is_end
    )


def without_outages(work: Workload) -> Workload:
    """The same day with servers that never fail."""
    return replace(
        work,
        outage_at_us=work.outage_at_us[:0],
        outage_station=work.outage_station[:0],
        outage_server=work.outage_server[:0],
        outage_is_end=work.outage_is_end[:0],
    )


def with_level(network: Network, station: int, level: int, *, from_us: int) -> Network:
    """A network with that many servers at a station from an instant on, no two levels alike."""
    here = network.stations[station]
    levels = [each for each in here.levels if each[0] < from_us]
    if not levels or levels[-1][1] != level:
        levels.append((from_us, level))
    changed = replace(here, levels=tuple(levels), installed=max(here.installed, level))
    stations = [changed if each.index == station else each for each in network.stations]
    return replace(network, stations=tuple(stations))


def random_fork(day: Day, other: Case, roll: Roll) -> tuple[Day, int]:
    """A day with another plan, some of it another case's outages, and when that takes over."""
    network, work = day
    plan = random_plan(network, roll)
    outages = other.workload() if roll(0, 1) else work
    rows = zip(outages.outage_station.tolist(), outages.outage_server.tolist(), strict=True)
    fits = np.array(
        [
            number < len(network.stations) and server < network.stations[number].installed
            for number, server in rows
        ],
        dtype=bool,
    )
    after = replace(
        work,
        outage_at_us=np.maximum(outages.outage_at_us[fits], network.start_us),
        outage_station=outages.outage_station[fits],
        outage_server=outages.outage_server[fits],
        outage_is_end=outages.outage_is_end[fits],
    )
    at_us = network.start_us + to_us(roll(0, 30))
    return forked_day(day, (plan, after), at_us=at_us), at_us


def past(events: EventBlock, at_us: int) -> list[list[int]]:
    """Columns of the events before an instant."""
    before = events[: int(np.searchsorted(events.at_us, at_us))]
    return [getattr(before, name).tolist() for name in COLUMNS]


def random_plan(network: Network, roll: Roll) -> Network:
    """Another plan for the same facility: levels, who policies admit, shares."""
    stations, slots = list(network.stations), list(network.slots)
    for station in network.stations:
        if roll(0, 1):
            most = station.installed if station.by_departure else 4
            starts_us = station.levels[0][0]
            levels = [(starts_us, roll(0, most))]
            for at in range(roll(0, 2)):
                later = (starts_us + to_us(5 + 7 * at + roll(0, 5)), roll(0, most))
                levels += [later] if later[1] != levels[-1][1] else []
            highest = max(level for _, level in levels)
            stations[station.index] = replace(
                station, levels=tuple(levels), installed=max(station.installed, highest)
            )
    for slot in network.slots:
        if roll(0, 2) == 0:
            permit = slots[roll(0, len(slots) - 1)].guard
            slots[slot.index] = replace(slot, weight=roll(1, 5) << 18, permit=permit)
    return replace(network, stations=tuple(stations), slots=tuple(slots))
