"""What is known of a day before it starts: delays of called stations, and degraded modes.

Staffing, outages and background traffic are all settled before time starts, so when a service
is down or slow, and what its callers then do, is settled too. Both engines ask here, and then
only follow: a table of delays, levels of staff, and when each degraded mode begins and ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sim.demand.workload import Workload
from sim.engine.background import NEVER, Background, Degradation
from sim.engine.backlog import FOREVER_US, MILLION, Retries, backlog, delays
from sim.engine.network import Network
from sim.engine.staffing import Interval, Staff, open_servers
from sim.scenario.clock import US_PER_S

HOUR_S = 3_600
SLACK_S = 12 * HOUR_S
"""Seconds that delays are worked out for after the last thing that is known to happen."""

LONGEST_S = 8 * 24 * HOUR_S
"""Seconds that delays are worked out for at most; what starts later has the last delay."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A degraded mode in force.

    Attributes
    ----------
    from_us, until_us : int
        Instants; the second is `NEVER` where it lasts.
    mode : int
        Number of the degradation.
    """

    from_us: int
    until_us: int
    mode: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """A day as it will be, whoever comes.

    Attributes
    ----------
    network : Network
        With the levels of staff that degraded modes bring.
    delay_us : dict of int to ndarray of int64, shape (seconds,)
        By station: what is added to a service that starts in each second from the start.
    spells : tuple of Spell
        In order of degradation, then time.
    """

    network: Network
    delay_us: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    spells: tuple[Spell, ...] = ()


def outlook_of(network: Network, workload: Workload) -> Outlook:
    """Work out delays and degraded modes of a day.

    Parameters
    ----------
    network : Network
        As planned, with what forks change.
    workload : Workload
        Of it only the outages count, and how long the day is.
    """
    if not network.backgrounds and not network.degradations:
        return Outlook(network)
    seconds = _seconds(network, workload)
    delay_us, slow = dict[int, NDArray[np.int64]](), dict[int, _Traffic]()
    for background in network.backgrounds:
        openings = open_servers(network, workload, background.station)
        most_us = FOREVER_US
        if background.refuse_after_us != NEVER:
            installed = network.stations[background.station].installed
            most_us = background.refuse_after_us * installed
        traffic = _traffic(
            background, openings, start_us=network.start_us, seconds=seconds, most_us=most_us
        )
        delay_us[background.station] = delays(traffic.backlog_us, traffic.capacity_us)
        slow[background.station] = traffic
    spells = list[Spell]()
    for number, mode in enumerate(network.degradations):
        troubles = _down(open_servers(network, workload, mode.service))
        traffic = slow.get(mode.service)
        if mode.delay_us != NEVER and traffic is not None:
            troubles = _united([*troubles, *traffic.slower_than(mode.delay_us, network.start_us)])
        spells += spells_of(mode, number, troubles)
    return Outlook(_with_levels(network, spells), delay_us, tuple(spells))


def spells_of(mode: Degradation, number: int, troubles: Iterable[Interval]) -> Iterator[Spell]:
    """When a degraded mode is in force, given when its service is in trouble.

    Trouble counts once it has lasted so long without a break; the mode ends when the service
    has been well for so long.

    Parameters
    ----------
    troubles : iterable of (int, int)
        In order, apart from each other.
    """
    begun, over = NEVER, NEVER
    for start, end in troubles:
        if begun != NEVER and start < over:
            over = NEVER if end == NEVER else end + mode.recovers_us
            if over == NEVER:
                break
            continue
        if begun != NEVER:
            yield Spell(begun, over, number)
            begun = NEVER
        if end == NEVER or end > start + mode.after_us:
            begun = start + mode.after_us
            over = NEVER if end == NEVER else end + mode.recovers_us
            if over == NEVER:
                break
    if begun != NEVER:
        yield Spell(begun, over, number)


# -- background ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Traffic:
    capacity_us: NDArray[np.int64]
    backlog_us: NDArray[np.int64]

    def slower_than(self, bound_us: int, start_us: int) -> list[Interval]:
        """When the backlog would take the servers open just then longer than a bound."""
        limit = bound_us * (self.capacity_us // US_PER_S) + (
            bound_us * (self.capacity_us % US_PER_S) // US_PER_S
        )
        is_slow = np.concatenate([[False], self.backlog_us > limit, [False]])
        edges = np.flatnonzero(np.diff(is_slow.astype(np.int8))).tolist()
        at = [start_us + second * US_PER_S for second in edges]
        if len(self.backlog_us) in edges[1::2]:
            at[-1] = NEVER
        return list(zip(at[::2], at[1::2], strict=True))


def _traffic(
    background: Background,
    openings: list[tuple[int, int]],
    *,
    start_us: int,
    seconds: int,
    most_us: int,
) -> _Traffic:
    edges = start_us + np.arange(seconds + 1, dtype=np.int64) * US_PER_S
    capacity_us = _integral(openings, edges)
    clock_s = start_us // US_PER_S + np.arange(seconds)
    work_us = np.array(background.work_us, dtype=np.int64)[clock_s // HOUR_S % 24]
    for surge in background.surges:
        within = (edges[:-1] >= surge.from_us) & (edges[:-1] < surge.until_us)
        work_us = np.where(within, work_us * surge.factor_ppm // MILLION, work_us)
    retries = None
    if background.retry_after_us != NEVER:
        retries = Retries(background.retry_after_us, background.retry_ppm)
    return _Traffic(capacity_us, backlog(work_us, capacity_us, retries=retries, most_us=most_us))


def _integral(openings: list[tuple[int, int]], edges: NDArray[np.int64]) -> NDArray[np.int64]:
    """Server time between edges, where so many servers are open from each instant on."""
    at = np.array([edges[0], *(max(at, int(edges[0])) for at, _ in openings)], dtype=np.int64)
    level = np.array([0, *(servers for _, servers in openings)], dtype=np.int64)
    until = np.concatenate([[0], np.cumsum(np.diff(at) * level[:-1])])
    here = np.searchsorted(at, edges, side="right") - 1
    return np.diff(until[here] + (edges - at[here]) * level[here])


def _seconds(network: Network, workload: Workload) -> int:
    """How many seconds from the start of the day delays are worked out for."""
    last = [network.start_us, network.cut_us]
    last += [at for station in network.stations for at, _ in station.levels]
    last += [int(column[-1]) for column in (workload.arrival_us,) if len(column)]
    last += [int(column.max()) for column in (workload.departure_us,) if len(column)]
    last += [int(column.max()) for column in (workload.outage_at_us,) if len(column)]
    last += [patch.at_us for patch in network.patches]
    known_s = (max(last) - network.start_us) // US_PER_S + 1
    return int(min(max(known_s, 24 * HOUR_S) + SLACK_S, LONGEST_S))


# -- troubles and staff --------------------------------------------------------------------


def _down(openings: list[tuple[int, int]]) -> list[Interval]:
    """When no server is open."""
    ends = [at for at, _ in openings[1:]] + [NEVER]
    return _united(
        (at, end) for (at, servers), end in zip(openings, ends, strict=True) if servers <= 0
    )


def _united(intervals: Iterable[Interval]) -> list[Interval]:
    """The same instants in as few intervals as may be."""
    found = list[Interval]()
    for start, end in sorted(intervals):
        if found and (found[-1][1] == NEVER or start <= found[-1][1]):
            before = found[-1]
            last = NEVER if NEVER in (before[1], end) else max(before[1], end)
            found[-1] = (before[0], last)
        else:
            found.append((start, end))
    return found


def _with_levels(network: Network, spells: Iterable[Spell]) -> Network:
    """The network with stations closed, and staff re-posted, while degraded modes last."""
    closed = dict[int, list[Interval]]()
    lent = dict[int, list[tuple[int, int, int]]]()
    for spell in spells:
        mode = network.degradations[spell.mode]
        if mode.closes:
            closed.setdefault(mode.station, []).append((spell.from_us, spell.until_us))
        start = spell.from_us + mode.repost_us
        if mode.repost_to != NEVER and (spell.until_us == NEVER or start < spell.until_us):
            lent.setdefault(mode.repost_to, []).append((start, spell.until_us, mode.repost_servers))
    stations, patches = list(network.stations), list(network.patches)
    for number in sorted({*closed, *lent}):
        staff = Staff(network, number, closed.get(number, []), lent.get(number, []))
        stations[number] = replace(stations[number], levels=staff.levels())
        patches = [staff.patched(patch) for patch in patches]
    return replace(network, stations=tuple(stations), patches=tuple(patches))
