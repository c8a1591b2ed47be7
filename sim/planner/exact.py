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

MEANS_ALIKE = 1e-6
"""Laws whose mean numbers present differ by more are not compared."""

HAIR = 1e-9
"""What instants and shares of a period may be off by rounding."""

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
        self._alike: list[dict[tuple[int, int], list[int]]] = [{} for _ in edges]
        self._next: dict[tuple[int, int, int], int] = {}
        self._kept: dict[tuple, tuple[NDArray, NDArray]] = {}
        self.cells = [int(np.ceil(horizon / (each.per_us * US) - 1e-9)) for each in promises]
        self._told: dict[Levels, NDArray[np.float64]] = {}
        self.evaluations = 0

    @property
    def horizon_s(self) -> float:
        """When arrivals stop."""
        return float(self.edges[-1])

    def shares(self, levels: Levels) -> list[NDArray[np.float64]]:
        """Share served in time by period of arrival, for each promise; NaN where nobody comes."""
        came = [np.zeros(count) for count in self.cells]
        kept = [np.zeros(count) for count in self.cells]
        law = self._first(levels)
        for segment in range(len(self.edges) - 1):
            for which in range(len(self.promises)):
                cells, parts = self._segment(segment, law, levels, which)
                places = self._cells_of(segment, which, len(cells))
                np.add.at(came[which], places, cells)
                np.add.at(kept[which], places, parts)
            law = self._after(segment, law, levels[self.first + segment])
        return [
            np.where(c > 0, k / np.where(c > 0, c, 1.0), np.nan)
            for c, k in zip(came, kept, strict=True)
        ]

    def keeps(self, levels: Levels) -> bool:
        """Whether every promise is kept."""
        return bool(self.slacks(levels).min() >= 0)

    def slacks(self, levels: Levels) -> NDArray[np.float64]:
        """Share less the promised one, of every period of every promise; infinite where idle."""
        if levels not in self._told:
            found = [
                np.nan_to_num(share - promise.share, nan=np.inf)
                for share, promise in zip(self.shares(levels), self.promises, strict=True)
            ]
            self._told[levels] = np.concatenate(found)
        return self._told[levels]

    def slack(self, levels: Levels, number: int) -> float:
        """One of the slacks; what comes after its period is not worked out."""
        if levels in self._told:
            return float(self._told[levels][number])
        which, cell = self._place_of(number)
        promise = self.promises[which]
        begin, end = cell * promise.per_us * US, (cell + 1) * promise.per_us * US
        is_last = cell == self.cells[which] - 1
        came = kept = 0.0
        law = self._first(levels)
        for segment in range(len(self.edges) - 1):
            if self.edges[segment] > end - HAIR and not is_last:
                break
            if self.edges[segment + 1] > begin + HAIR:
                arrivals, parts = self._segment(segment, law, levels, which)
                at = self._cells_of(segment, which, len(arrivals)) == cell
                came, kept = came + arrivals[at].sum(), kept + parts[at].sum()
            law = self._after(segment, law, levels[self.first + segment])
        return float(kept / came - promise.share) if came > 0 else np.inf

    def cells_reach(self, number: int) -> tuple[int, int]:
        """First and last period of arrival of a slack, among the periods of the plan."""
        which, cell = self._place_of(number)
        per = self.promises[which].per_us
        end = min((cell + 1) * per, self.grid.periods * self.grid.period_us)
        return self.grid.at(cell * per), self.grid.at(end - 1)

    def _place_of(self, number: int) -> tuple[int, int]:
        for which, count in enumerate(self.cells):
            if number < count:
                return which, number
            number -= count
        raise AssertionError(number)

    def _cells_of(self, segment: int, which: int, count: int) -> NDArray[np.int64]:
        """Periods of a promise that the parts of a segment belong to."""
        first = int(self.edges[segment] // (self.promises[which].per_us * US) + HAIR)
        return np.minimum(first + np.arange(count), self.cells[which] - 1)

    def _first(self, levels: Levels) -> int:
        """Law at the start of the day: nobody is there."""
        return self._known_as(0, Population(levels[self.first], np.ones(1), np.zeros((0, 0))))

    def _after(self, segment: int, law: int, level: int) -> int:
        """Law at the end of a segment."""
        key = (segment, law, level)
        if key not in self._next:
            self.evaluations += 1
            end = float(self.edges[segment + 1])
            population = self._known[segment][law]
            day = self._day(segment, (level,), within=None, cuts=np.zeros(0))
            self._next[key] = self._known_as(segment + 1, day.follow(population).populations[0])
            assert day.end == end
        return self._next[key]

    def _segment(
        self, segment: int, law: int, levels: Levels, which: int
    ) -> tuple[NDArray, NDArray]:
        """Arrivals of one period, and those served in time, by cell of the promise."""
        promise = self.promises[which]
        within = promise.within_us * US
        begin, end = self.edges[segment], self.edges[segment + 1]
        place = self.first + segment
        seen = int(np.searchsorted(self.edges, end + within, side="left"))
        ahead = levels[place : max(self.first + seen, place + 1)]
        key = (segment, law, which, ahead)
        if key in self._kept:
            return self._kept[key]
        self.evaluations += 1
        per = promise.per_us * US
        marks = per * np.arange(np.floor(begin / per + HAIR) + 1, np.ceil(end / per - HAIR))
        cuts = np.array([begin, *marks, end], dtype=np.float64)
        found = self._day(segment, ahead, within=within, cuts=cuts).follow(
            self._known[segment][law]
        )
        after = (segment, law, ahead[0])
        if after not in self._next:
            self._next[after] = self._known_as(segment + 1, found.populations[0])
        came = found.arrivals
        result = (came, np.where(came > 0, np.nan_to_num(found.served_within) * came, 0.0))
        self._kept[key] = result
        return result

    def _day(self, segment: int, levels: Levels, *, within: float | None, cuts: NDArray) -> Day:
        """The question what becomes of a segment, with the levels from it on."""
        begin, end = self.edges[segment], self.edges[segment + 1]
        place = self.first + segment
        staff_edges = self.grid.period_us * US * np.arange(place, place + len(levels) + 1)
        staff_edges[0] = min(staff_edges[0], begin)
        arrivals = self.desk.arrivals
        inside = arrivals.edges[(arrivals.edges > begin) & (arrivals.edges < end)]
        bounds = np.array([begin, *inside, end])
        return Day(
            arrivals=Steps(bounds, arrivals.at((bounds[:-1] + bounds[1:]) / 2), 0.0),
            servers=Steps(
                np.asarray(staff_edges, dtype=np.float64),
                np.array(levels, float),
                float(levels[-1]),
            ),
            mean_service=self.desk.mean_service_s,
            closing="idle_first",
            mean_patience=np.inf,
            within=within,
            edges=cuts,
            instants=np.array([end]),
        )

    def _known_as(self, edge: int, population: Population) -> int:
        """Number of a law of the queue among those met at an edge."""
        near = self._alike[edge]
        step = round(population.mean_present / MEANS_ALIKE)
        for place in (step - 1, step, step + 1):
            for number in near.get((population.servers, place), ()):
                if _distance(self._known[edge][number], population) < ALIKE:
                    return number
        self._known[edge].append(population)
        number = len(self._known[edge]) - 1
        near.setdefault((population.servers, step), []).append(number)
        return number


def _distance(one: Population, other: Population) -> float:
    total = 0.0
    for a, b in ((one.main[:, None], other.main[:, None]), (one.excess, other.excess)):
        rows, columns = max(a.shape[0], b.shape[0]), max(a.shape[1], b.shape[1])
        gap = np.zeros((rows, columns))
        gap[: a.shape[0], : a.shape[1]] += a
        gap[: b.shape[0], : b.shape[1]] -= b
        total += float(np.abs(gap).sum())
    return total
