"""Shares of each period by the exact law, worked out again only where a plan changed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.planner.grid import Grid, Levels
from sim.planner.markov import MarkovDesk
from sim.planner.targets import Promise
from sim.queueing.changing_day import Day
from sim.queueing.population import Population
from sim.queueing.steps import Steps

ALIKE = 1e-10
"""Two laws of the queue whose probabilities differ by less in all are taken as one."""

US = 1e-6


class ExactDesk:
    """The share of each period of arrival that is served in time, for any levels.

    The day is followed period by period. A period's share depends on the law of the queue at
    its beginning and the levels up to the promised wait after its end; both are kept, so that a
    plan that differs in one period costs the periods around it only.

    Parameters
    ----------
    desk : MarkovDesk
    promises : tuple of Promise
        Of this station, ``long_run`` ones.
    grid : Grid
    """

    is_exact = True

    def __init__(self, desk: MarkovDesk, promises: tuple[Promise, ...], grid: Grid) -> None:
        self.desk, self.promises, self.grid = desk, promises, grid
        start = float(desk.arrivals.edges[0])
        ends = grid.period_us * US * np.arange(grid.periods + 1)
        horizon = float(desk.arrivals.edges[-1])
        edges = [start, *(end for end in ends[1:-1] if start < end < horizon), horizon]
        self.edges = np.array(edges)
        self.first = int(start // (grid.period_us * US))
        self._known: list[list[Population]] = [[] for _ in edges]
        self._next: dict[tuple[int, int, int], int] = {}
        self._kept: dict[tuple, tuple[NDArray, NDArray]] = {}
        self.cells = [int(np.ceil(horizon / (each.per_us * US) - 1e-9)) for each in promises]
        self.evaluations = 0

    @property
    def horizon_s(self) -> float:
        """When arrivals stop."""
        return float(self.edges[-1])

    def shares(self, levels: Levels) -> list[NDArray[np.float64]]:
        """Share served in time by period of arrival, for each promise; NaN where nobody comes."""
        came = [np.zeros(count) for count in self.cells]
        kept = [np.zeros(count) for count in self.cells]
        number = self._known_as(0, Population(levels[self.first], np.ones(1), np.zeros((0, 0))))
        for segment in range(len(self.edges) - 1):
            for which, promise in enumerate(self.promises):
                cells, parts = self._segment(segment, number, levels, which)
                first = int(self.edges[segment] // (promise.per_us * US) + 1e-9)
                places = np.minimum(first + np.arange(len(cells)), self.cells[which] - 1)
                np.add.at(came[which], places, cells)
                np.add.at(kept[which], places, parts)
            key = (segment, number, levels[self.first + segment])
            number = self._next[key]
        return [
            np.where(c > 0, k / np.where(c > 0, c, 1.0), np.nan)
            for c, k in zip(came, kept, strict=True)
        ]

    def keeps(self, levels: Levels) -> bool:
        """Whether every promise is kept."""
        return bool(self.slacks(levels).min() >= 0)

    def slacks(self, levels: Levels) -> NDArray[np.float64]:
        """Share less the promised one, of every period of every promise; infinite where idle."""
        found = [
            np.nan_to_num(share - promise.share, nan=np.inf)
            for share, promise in zip(self.shares(levels), self.promises, strict=True)
        ]
        return np.concatenate(found)

    def _segment(
        self, segment: int, number: int, levels: Levels, which: int
    ) -> tuple[NDArray, NDArray]:
        """Arrivals of one period, and those served in time, by cell of the promise."""
        promise = self.promises[which]
        within = promise.within_us * US
        begin, end = self.edges[segment], self.edges[segment + 1]
        place = self.first + segment
        seen = int(np.searchsorted(self.edges, end + within, side="left"))
        ahead = levels[place : max(self.first + seen, place + 1)]
        key = (segment, number, which, ahead)
        if key in self._kept and (segment, number, levels[place]) in self._next:
            return self._kept[key]
        self.evaluations += 1
        per = promise.per_us * US
        marks = per * np.arange(np.floor(begin / per + 1e-9) + 1, np.ceil(end / per - 1e-9))
        cuts = np.array([begin, *marks, end], dtype=np.float64)
        width = self.grid.period_us * US
        staff_edges = width * np.arange(place, self.grid.periods + 1)
        staff_edges[0] = min(staff_edges[0], begin)
        arrivals = self.desk.arrivals
        inside = arrivals.edges[(arrivals.edges > begin) & (arrivals.edges < end)]
        bounds = np.array([begin, *inside, end])
        day = Day(
            arrivals=Steps(bounds, arrivals.at((bounds[:-1] + bounds[1:]) / 2), 0.0),
            servers=Steps(
                np.asarray(staff_edges, dtype=np.float64),
                np.array(levels[place:], float),
                float(levels[-1]),
            ),
            mean_service=self.desk.mean_service_s,
            closing="idle_first",
            mean_patience=np.inf,
            within=within,
            edges=cuts,
            instants=np.array([end]),
        )
        found = day.follow(self._known[segment][number])
        after = self._known_as(segment + 1, found.populations[0])
        self._next[segment, number, levels[place]] = after
        came = found.arrivals
        result = (came, np.where(came > 0, np.nan_to_num(found.served_within) * came, 0.0))
        self._kept[key] = result
        return result

    def _known_as(self, edge: int, population: Population) -> int:
        """Number of a law of the queue among those met at an edge."""
        for number, other in enumerate(self._known[edge]):
            if other.servers == population.servers and _distance(other, population) < ALIKE:
                return number
        self._known[edge].append(population)
        return len(self._known[edge]) - 1


def _distance(one: Population, other: Population) -> float:
    total = 0.0
    for a, b in ((one.main[:, None], other.main[:, None]), (one.excess, other.excess)):
        rows, columns = max(a.shape[0], b.shape[0]), max(a.shape[1], b.shape[1])
        gap = np.zeros((rows, columns))
        gap[: a.shape[0], : a.shape[1]] += a
        gap[: b.shape[0], : b.shape[1]] -= b
        total += float(np.abs(gap).sum())
    return total
