"""Days drawn at random for one station or a line of them, with what the recursion makes of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sim.demand.workload import SKIPS
from tests.engines import NEVER, day_of, generic, run_engine, visits_of
from tests.theory import recursions
from tests.theory.recursions import UNSERVED, Closing, Staffing, staffed

US = 1_000_000
"""Microseconds in a second."""

CLOSINGS: tuple[Closing, ...] = ("idle_first", "named", "pause")


@dataclass(frozen=True, slots=True)
class Desk:
    """A station: its staffing for the recursion, and the same as a scenario says it."""

    staffing: Staffing
    servers: int | Mapping[str, Any] | Sequence[Mapping[str, Any]]
    closing: Closing = "idle_first"

    @classmethod
    def always(cls, servers: int) -> Desk:
        """A constant number of servers."""
        return cls(Staffing((0,), (servers,)), servers)

    @classmethod
    def by_periods(cls, period_s: int, levels: Sequence[int], closing: Closing) -> Desk:
        """Levels by equal periods."""
        told = {"period_min": period_s / 60, "open": list(levels)}
        return cls(Staffing.of_periods(period_s * US, levels), told, closing)

    @classmethod
    def by_windows(cls, windows: Sequence[tuple[int, int, int]], closing: Closing) -> Desk:
        """Windows ``(from_s, until_s, servers)``, which add up."""
        told = [{"from": a, "until": b, "servers": n} for a, b, n in windows]
        staffing = Staffing.of_windows([(a * US, b * US, n) for a, b, n in windows])
        return cls(staffing, told, closing)


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A day of trace-driven passengers through desks in a row.

    Attributes
    ----------
    arrivals : ndarray of int64, shape (n,)
    services : ndarray of int64, shape (n, desks)
        ``SKIPS`` where the passenger passes the desk by.
    walks : ndarray of int64, shape (n, desks)
    """

    desks: tuple[Desk, ...]
    arrivals: NDArray[np.int64]
    services: NDArray[np.int64]
    walks: NDArray[np.int64]

    def __str__(self) -> str:
        """All it takes to see the case again."""
        return (
            f"desks={[(desk.servers, desk.closing) for desk in self.desks]} "
            f"arrivals={self.arrivals.tolist()} services={self.services.tolist()} "
            f"walks={self.walks.tolist()}"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Columns of shape (n, desks), `NEVER` where it did not happen."""

    joined: NDArray[np.int64]
    started: NDArray[np.int64]
    completed: NDArray[np.int64]
    server: NDArray[np.int64]

    def differs_from(self, other: Answer) -> str:
        """The first passenger treated otherwise, in words; nothing where all agree."""
        for name in ("joined", "started", "completed", "server"):
            mine, theirs = getattr(self, name), getattr(other, name)
            for passenger, desk in np.argwhere(mine != theirs)[:1]:
                return (
                    f"passenger {passenger} at desk {desk}: {name} "
                    f"{mine[passenger, desk]} against {theirs[passenger, desk]}"
                )
        return ""


def by_recursion(case: Case) -> Answer:
    """The day desk by desk: who completes at one walks to the next."""
    n, desks = case.services.shape
    joined, started, completed, server = (
        np.full((n, desks), NEVER, dtype=np.int64) for _ in range(4)
    )
    at: dict[int, int] = dict(enumerate(case.arrivals.tolist()))
    for place, desk in enumerate(case.desks):
        here = {
            passenger: instant + int(case.walks[passenger, place])
            for passenger, instant in at.items()
            if case.services[passenger, place] != SKIPS
        }
        line = sorted(here, key=lambda passenger: (here[passenger], passenger))
        outcome = staffed(
            [here[passenger] for passenger in line],
            [int(case.services[passenger, place]) for passenger in line],
            staffing=desk.staffing,
            closing=desk.closing,
            passengers=line,
        )
        for passenger, service in zip(line, outcome, strict=True):
            joined[passenger, place] = here[passenger]
            del at[passenger]
            if service is not UNSERVED:
                started[passenger, place] = service.start
                server[passenger, place] = service.server
            if service.end < recursions.NEVER:
                completed[passenger, place] = at[passenger] = service.end
    return Answer(joined, started, completed, server)


def by_engine(case: Case, *, engine: str) -> Answer:
    """The day as an engine logs it."""
    spec = generic(
        [
            {"id": f"desk-{place}", "servers": desk.servers, "closing": desk.closing}
            for place, desk in enumerate(case.desks)
        ]
    )
    day = day_of(case.arrivals, case.services, walk_us=case.walks)
    n, desks = case.services.shape
    events = run_engine(spec, day, engine=engine)
    seen = visits_of(events, passengers=n, visits=desks, by="station")
    return Answer(seen.joined_us, seen.started_us, seen.completed_us, seen.server)


def random_case(
    rng: Generator,
    *,
    desks: int = 1,
    closing: Closing | None = None,
    grid_us: int = US,
    passengers: int = 150,
    is_staffed: bool = True,
    servers: int = 4,
) -> Case:
    """A day on a grid of time, loaded so that queues form and empty.

    Parameters
    ----------
    closing : {"idle_first", "named", "pause"} or None
        One rule for all desks; None draws one for each.
    grid_us : int
        Arrivals, services and walks are multiples of it; a whole second, on which staff
        changes too, makes ties abound.
    is_staffed : bool
        Whether staff changes; else `servers` are there all the time.
    servers : int
        Most servers at a desk.
    """
    span_s = 240
    drawn = [
        _random_desk(rng, span_s=span_s, servers=servers, closing=closing)
        if is_staffed
        else Desk.always(servers)
        for _ in range(desks)
    ]
    open_s = [max(_open_s(desk.staffing, span_s * US), 1) for desk in drawn]
    mean_us = [rng.uniform(0.5, 1.3) * US * total / passengers for total in open_s]
    services = np.column_stack(
        [rng.integers(0, round(2 * mean / grid_us) + 1, passengers) for mean in mean_us]
    )
    services = services.astype(np.int64) * grid_us
    walks = rng.integers(0, 1 + 3 * US // grid_us, services.shape) * grid_us * rng.integers(0, 2)
    if desks > 1:
        services[rng.random(services.shape) < 0.1] = SKIPS
    arrivals = np.sort(rng.integers(0, span_s * US // grid_us, passengers)) * grid_us
    return Case(tuple(drawn), arrivals.astype(np.int64), services, walks.astype(np.int64))


def _random_desk(rng: Generator, *, span_s: int, servers: int, closing: Closing | None) -> Desk:
    rule = closing or CLOSINGS[rng.integers(len(CLOSINGS))]
    if rng.random() < 0.5:
        period_s = int(rng.integers(5, 60))
        levels = rng.integers(0, servers + 1, max(span_s // period_s, 1)).tolist()
        levels[-1] = max(levels[-1], int(rng.random() < 0.9))  # one in ten may close for good
        return Desk.by_periods(period_s, levels if any(levels) else [1], rule)
    edges = np.sort(rng.integers(0, span_s, (int(rng.integers(1, 9)), 2)))
    windows = [(int(a), int(b) + 1, int(rng.integers(1, servers))) for a, b in edges]
    if rng.random() < 0.9:
        windows.append((span_s // 2, 100 * span_s, 1))
    return Desk.by_windows(windows, rule)


def _open_s(staffing: Staffing, until: int) -> float:
    edges = [*(change for change in staffing.changes if change < until), until]
    return (
        sum((b - a) * level for a, b, level in zip(edges, edges[1:], staffing.levels, strict=False))
        / US
    )
