"""Queues passenger by passenger, without an event list: what the engines are held against.

Nothing here is shared with the engines. `next_free` is the recursion of Kiefer and
Wolfowitz; `staffed` adds a schedule pointer and the index of the server.

References
----------
Kiefer and Wolfowitz (1955), On the theory of queues with many servers.
Ebert, Wu, Mengersen and Ruggeri (2020), Computationally efficient simulation of queues.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush, heapreplace
from typing import Literal

Closing = Literal["idle_first", "named", "pause"]

NEVER = 1 << 62
"""Later than anything."""


@dataclass(frozen=True, slots=True)
class Service:
    """When a passenger's service started and ended, and at which server."""

    start: int
    end: int
    server: int


UNSERVED = Service(NEVER, NEVER, -1)
"""Nobody ever opens a server for this passenger."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """Servers open: `levels[k]` in the half-open time from `changes[k]` to the next change."""

    changes: tuple[int, ...]
    levels: tuple[int, ...]

    @classmethod
    def of_windows(cls, windows: Sequence[tuple[int, int, int]]) -> Staffing:
        """Windows ``(from, until, servers)`` add up; nobody is there outside them."""
        edges = sorted({0, *(edge for window in windows for edge in window[:2])})
        levels = [sum(n for begin, end, n in windows if begin <= edge < end) for edge in edges]
        kept = [k for k in range(len(edges)) if k == 0 or levels[k] != levels[k - 1]]
        return cls(tuple(edges[k] for k in kept), tuple(levels[k] for k in kept))

    @classmethod
    def of_periods(cls, period: int, levels: Sequence[int]) -> Staffing:
        """Equal periods from 0; the last level stays."""
        kept = [k for k in range(len(levels)) if k == 0 or levels[k] != levels[k - 1]]
        return cls(tuple(k * period for k in kept), tuple(levels[k] for k in kept))

    def at(self, instant: int) -> int:
        """Servers open at an instant; the level of a change holds from that very instant."""
        return self.levels[bisect_right(self.changes, instant) - 1]

    def next_change(self, instant: int) -> int:
        """First change after an instant, or `NEVER`."""
        place = bisect_right(self.changes, instant)
        return self.changes[place] if place < len(self.changes) else NEVER


def next_free(arrivals: Sequence[int], services: Sequence[int], *, servers: int) -> list[int]:
    """Starts of service at `servers` servers that are always open, first come, first served.

    Each passenger takes the server that is free next; which of several does not matter.
    """
    free = [0] * servers
    starts = []
    for arrival, service in zip(arrivals, services, strict=True):
        starts.append(max(arrival, free[0]))
        heapreplace(free, starts[-1] + service)
    return starts


def staffed(
    arrivals: Sequence[int],
    services: Sequence[int],
    *,
    staffing: Staffing,
    closing: Closing = "idle_first",
    passengers: Sequence[int] | None = None,
) -> list[Service]:
    """Service of each passenger under changing staff, first come, first served.

    A passenger starts at the first instant, not before the one ahead, at which a server may
    take somebody:

    * ``idle_first``: fewer servers are busy than open;
    * ``named``: a server with an index below the number open is free;
    * ``pause``: the same, and work goes on only while the server's index is below that number.

    Servers that end at an instant end one after the other in order of passenger, and the next
    in line takes each as it comes, unless staff changes at that instant: then all ends come
    first, the change second, and the lowest index goes first. Arrivals see all of these.

    Parameters
    ----------
    arrivals : sequence of int
        Not decreasing; equal instants in the order in which they join.
    services : sequence of int
        Work of each, zero included.
    passengers : sequence of int or None
        Number of each; None is in order of arrival. Walks let people overtake.
    """
    line = _Line(staffing, closing)
    numbers = range(len(arrivals)) if passengers is None else passengers
    return [
        line.serve(number, arrival, service)
        for number, arrival, service in zip(numbers, arrivals, services, strict=True)
    ]


class _Line:
    """Clock, free servers and busy servers as the passenger last served found them."""

    def __init__(self, staffing: Staffing, closing: Closing) -> None:
        self.staffing = staffing
        self.closing = closing
        self.clock = 0
        self.changed = -1
        self.free = list(range(max(staffing.levels)))
        self.busy: list[tuple[int, int, int]] = []

    def serve(self, number: int, arrival: int, service: int) -> Service:
        self.clock = max(self.clock, arrival)
        while self.clock < NEVER:
            self._let_end(before=self.clock)
            is_change = self.clock in self.staffing.changes and self.changed < self.clock
            if arrival == self.clock or is_change:
                self._let_end(before=self.clock + 1)
                self.changed = self.clock
            while True:
                if self._may_start():
                    return self._start(number, service)
                if not self.busy or self.busy[0][0] != self.clock:
                    break
                self._let_one_end()
            ends = self.busy[0][0] if self.busy else NEVER
            self.clock = min(ends, self.staffing.next_change(self.clock))
        return UNSERVED

    def _may_start(self) -> bool:
        level = self.staffing.at(self.clock)
        if self.closing == "idle_first":
            return len(self.busy) < level
        return bool(self.free) and self.free[0] < level

    def _start(self, number: int, service: int) -> Service:
        server = heappop(self.free)
        end = self._end(server, service)
        heappush(self.busy, (end, number, server))
        return Service(self.clock, end, server)

    def _end(self, server: int, work: int) -> int:
        if self.closing != "pause":
            return self.clock + work
        begin = self.clock
        while begin < NEVER:
            until = self.staffing.next_change(begin)
            if self.staffing.at(begin) > server:
                if work <= until - begin:
                    return begin + work
                work -= until - begin
            begin = until
        return NEVER

    def _let_end(self, *, before: int) -> None:
        while self.busy and self.busy[0][0] < before:
            self._let_one_end()

    def _let_one_end(self) -> None:
        self.free.append(heappop(self.busy)[2])
        heapify(self.free)
