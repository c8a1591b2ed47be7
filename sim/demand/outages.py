"""Outages of the day: those written down, and failures at random."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from sim.demand.inversion import whole_us
from sim.demand.streams import Streams
from sim.errors import Fault, ScenarioError
from sim.scenario.clock import US_PER_S, to_us
from sim.scenario.opening import installed_servers
from sim.scenario.spec import Failures, ScenarioSpec

BANK = -1
"""Server of an outage that takes the whole bank."""

MAX_FAILURES = 1_000_000
"""Most failures of one server that are drawn for a day."""

_Interval = tuple[int, int, int, int]  # station, server, from, until


@dataclass(frozen=True, slots=True, eq=False)
class OutageTable:
    """Failures and repairs in order of time, then station, server, start before end.

    Attributes
    ----------
    at_us : ndarray of int64
    station, server : ndarray of int32
        Number of the station; index of the server or `BANK`.
    is_end : ndarray of bool
    """

    at_us: NDArray[np.int64]
    station: NDArray[np.int32]
    server: NDArray[np.int32]
    is_end: NDArray[np.bool_]


def outages_of(spec: ScenarioSpec, *, until_us: int, streams: Streams) -> OutageTable:
    """Outages of a day; those of one server, or of one bank, never overlap or touch.

    Nothing is down before the day starts.

    Parameters
    ----------
    until_us : int
        Failures begin before this; the last repair may come later.
    streams : Streams
        Each server of each ``failures`` entry has a stream of its own.
    """
    numbers = {station.id: number for number, station in enumerate(spec.stations)}
    begins_us = spec.day_starts * US_PER_S
    intervals: list[_Interval] = [
        (
            numbers[outage.station],
            server,
            max(outage.from_ * US_PER_S, begins_us),
            outage.until * US_PER_S,
        )
        for outage in spec.outages
        for server in ((BANK,) if outage.servers is None else outage.servers)
    ]
    for failures in spec.failures:
        number = numbers[failures.station]
        servers = range(installed_servers(spec.stations[number], start_us=to_us(spec.day_starts)))
        for server in (BANK,) if failures.of == "bank" else servers:
            downs = failure_intervals(
                failures, server=server, from_us=begins_us, until_us=until_us, streams=streams
            )
            intervals += [(number, server, start, end) for start, end in downs]
    return _table(merged(intervals))


def failure_intervals(
    failures: Failures, *, server: int, from_us: int, until_us: int, streams: Streams
) -> list[tuple[int, int]]:
    """When a server is down: exponential times up and down in turn, up at first.

    A later `until_us` only adds failures.

    Raises
    ------
    ScenarioError
        If more than `MAX_FAILURES` are expected.
    """
    up_s, down_s = failures.mtbf_h.value * 3600, failures.mttr_min.value * 60
    expected = max(0.0, until_us - from_us) / US_PER_S / (up_s + down_s)
    if expected > MAX_FAILURES:
        message = f"{expected:.0f} failures of one server a day; at most {MAX_FAILURES}"
        raise ScenarioError([Fault(message, key=f"failures.{failures.id}.mtbf_h")])
    name = f"outage/{failures.id}/{failures.station}/{'bank' if server == BANK else server}"
    n = int(expected + 6 * expected**0.5) + 4
    while True:
        u = streams.uniforms(name, 2 * n).reshape(n, 2)
        turns = np.cumsum(whole_us(-np.log1p(-u) * [up_s, down_s])) + from_us
        if turns[-1] >= until_us:
            break
        n *= 2
    downs = turns.reshape(n, 2)
    return [(start, end) for start, end in downs.tolist() if start < until_us]


def merged(intervals: Iterable[_Interval]) -> list[_Interval]:
    """The same instants covered, without overlap within a station's server.

    Examples
    --------
    >>> merged([(0, 1, 5, 9), (0, 1, 1, 5), (0, 2, 3, 4)])
    [(0, 1, 1, 9), (0, 2, 3, 4)]
    """
    result: list[_Interval] = []
    kept = sorted(each for each in intervals if each[2] < each[3])
    for (station, server), group in groupby(kept, key=lambda each: each[:2]):
        (_, _, start, end), *later = group
        for _, _, next_start, next_end in later:
            if next_start > end:
                result.append((station, server, start, end))
                start, end = next_start, next_end
            else:
                end = max(end, next_end)
        result.append((station, server, start, end))
    return result


def joined(tables: Iterable[OutageTable]) -> OutageTable:
    """One table of several: outages of one server that overlap or touch become one."""
    intervals: list[_Interval] = []
    for table in tables:
        begun: dict[tuple[int, int], int] = {}
        rows = zip(
            table.station.tolist(),
            table.server.tolist(),
            table.at_us.tolist(),
            table.is_end.tolist(),
            strict=True,
        )
        for station, server, at_us, is_end in rows:
            if is_end:
                intervals.append((station, server, begun.pop((station, server)), at_us))
            else:
                begun[station, server] = at_us
    return _table(merged(intervals))


def _table(intervals: list[_Interval]) -> OutageTable:
    rows = sorted(
        (at, station, server, is_end)
        for station, server, start, end in intervals
        for at, is_end in ((start, False), (end, True))
    )
    at_us, station, server, is_end = zip(*rows, strict=True) if rows else ((),) * 4
    return OutageTable(
        at_us=np.array(at_us, dtype=np.int64),
        station=np.array(station, dtype=np.int32),
        server=np.array(server, dtype=np.int32),
        is_end=np.array(is_end, dtype=bool),
    )
