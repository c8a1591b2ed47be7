"""Latency without a clock: requests, a policy of batching and a table of times."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.matcher.trace.service import CAP, ServiceTable

MOST_SERVERS = 4096

SMALLEST_PART = 20_000
"""People below which a part of a gallery is no faster for being smaller."""


@dataclass(frozen=True, slots=True)
class Batching:
    """When a free server begins.

    Attributes
    ----------
    policy : {"greedy", "window", "single"}
        With all that wait; once the first has waited `window_s` or the batch is full; one by one.
    cap : int
        Most requests of a batch.
    window_s : float
        Longest wait for company.
    """

    policy: Literal["greedy", "window", "single"] = "greedy"
    cap: int = CAP
    window_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Served:
    """What became of the requests.

    Attributes
    ----------
    latency_s : ndarray of float64, shape (n,)
        From request to answer.
    busy_s : float
        Seconds of all servers together.
    batches : int
        Batches served.
    """

    latency_s: NDArray[np.float64]
    busy_s: float
    batches: int

    def percentile(self, share: float) -> float:
        """Nearest-rank percentile of the latencies, seconds."""
        ordered = np.sort(self.latency_s)
        return float(ordered[max(0, int(np.ceil(share * len(ordered))) - 1)])


def served(
    at_s: NDArray[np.float64],
    table: ServiceTable,
    *,
    servers: int = 1,
    batching: Batching | None = None,
) -> Served:
    """Serve requests in the order they come.

    Parameters
    ----------
    at_s : ndarray of float64, shape (n,)
        Instants, not decreasing.
    table : ServiceTable
        Time of a batch.
    servers : int
        Cores, each a server of its own over the whole gallery.
    batching : Batching or None
        None is greedy.
    """
    rule = batching or Batching()
    cap = 1 if rule.policy == "single" else rule.cap
    free = [0.0] * servers
    done = np.empty(len(at_s))
    busy, batches, first = 0.0, 0, 0
    while first < len(at_s):
        start = max(heapq.heappop(free), at_s[first])
        if rule.policy == "window":
            full = at_s[first + cap - 1] if first + cap <= len(at_s) else np.inf
            start = max(start, min(at_s[first] + rule.window_s, full))
        last = min(first + cap, max(first + 1, int(np.searchsorted(at_s, start, side="right"))))
        takes = table.batch_s(last - first)
        done[first:last] = start + takes
        heapq.heappush(free, start + takes)
        busy, batches, first = busy + takes, batches + 1, last
    return Served(done - at_s, busy, batches)


@dataclass(frozen=True, slots=True)
class Cores:
    """Cores that keep a promise, and how they share the work.

    Attributes
    ----------
    parts : int
        Cores that search one batch together, each a part of the gallery.
    groups : int
        Such groups, each with a gallery of its own.
    """

    parts: int
    groups: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.parts * self.groups


def least_cores(
    at_s: NDArray[np.float64],
    table: ServiceTable,
    *,
    promise_s: float,
    share: float = 0.99,
    spare: int = 0,
) -> Cores | None:
    """Least cores whose latency keeps a promise, whether they split the gallery or not.

    Parameters
    ----------
    spare : int
        Groups that may be out of order while the others still keep it; they are counted.

    Returns
    -------
    Cores or None
        None where no division of at most `MOST_SERVERS` cores keeps it. Of equals the one with
        the fewest groups, since each holds a copy of the gallery.
    """
    best: Cores | None = None
    parts = 1
    while parts <= (best.total if best else MOST_SERVERS):
        groups = cores_for(at_s, table.split(parts), promise_s=promise_s, share=share)
        found = None if groups is None else Cores(parts, groups + spare)
        if found and (best is None or found.total <= best.total):
            best = found
        is_worth_splitting = table.people // (parts * 2) >= SMALLEST_PART
        parts = parts * 2 if is_worth_splitting else MOST_SERVERS + 1
    return best


def cores_for(
    at_s: NDArray[np.float64],
    table: ServiceTable,
    *,
    promise_s: float,
    share: float = 0.99,
    batching: Batching | None = None,
) -> int | None:
    """Least cores whose latency keeps a promise; None where no number does.

    Parameters
    ----------
    promise_s : float
        Latency that `share` of the requests must not exceed.
    """
    if table.seconds[0] > promise_s:
        return None
    low, high = 0, 1
    while served(at_s, table, servers=high, batching=batching).percentile(share) > promise_s:
        if high >= MOST_SERVERS:
            return None
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        kept = served(at_s, table, servers=middle, batching=batching).percentile(share)
        low, high = (low, middle) if kept <= promise_s else (middle, high)
    return high
