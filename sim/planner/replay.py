"""One station replayed by itself: the customers a simulation saw, under other levels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from sim.engine.network import Station
from sim.engine.recursion.stations import serve
from sim.planner.days import tallies
from sim.planner.grid import Grid, Levels
from sim.planner.margin import slack_of
from sim.planner.seen import Seen
from sim.planner.tally import Tally
from sim.planner.targets import Promise

MOST_STRETCH = 5.0
"""Factor by which waits of a replay are made longer or shorter, at most."""


class Replay:
    """Shares kept by a station first come first served, for any levels, on the same days.

    Customers join when they did in the simulation and take as long, whatever the levels. That is
    exact at a station where everybody comes first and waits in one line; elsewhere `calibrate`
    brings it near what the whole model showed.

    Parameters
    ----------
    margin : float
        Standard deviations of one day's figure by which an estimate must be above the promise.
    pool : ThreadPoolExecutor or None
        Serves days side by side; the recursion is compiled and runs beside the interpreter.
    """

    def __init__(
        self,
        station: Station,
        days: Sequence[Seen],
        promises: Sequence[Promise],
        *,
        grid: Grid,
        cells: dict[str, int],
        margin: float,
        pool: ThreadPoolExecutor | None = None,
    ) -> None:
        self.station, self.days, self.promises = station, days, tuple(promises)
        self.grid, self.cells, self.margin, self._pool = grid, cells, margin, pool
        self._offset: NDArray[np.float64] | float = 0.0
        self._stretch: dict[str, NDArray[np.float64]] = {}
        self._memo: dict[Levels, NDArray[np.float64]] = {}
        self._for_ever = [np.full(len(day.joined_us), -1, dtype=np.int64) for day in days]

    def tallies(self, levels: Levels) -> list[Tally]:
        """Each promise of the station over the days."""
        served = self._served(levels)
        found = []
        for promise in self.promises:
            stretch = self._stretch.get(promise.id)
            days = served if stretch is None else [_stretched(d, promise, stretch) for d in served]
            by_station = [{self.station.id: day} for day in days]
            found += tallies(by_station, (promise,), self.cells)
        return found

    def slacks(self, levels: Levels) -> NDArray[np.float64]:
        """Estimate less margin less promise, by period; infinite where too few come."""
        if levels not in self._memo:
            self._memo[levels] = slack_of(self.tallies(levels), margin=self.margin)
        return self._memo[levels] + self._offset

    def calibrate(self, levels: Levels, whole: Sequence[Tally], found: NDArray[np.float64]) -> None:
        """Make waits and slacks at these levels those that were found elsewhere.

        Parameters
        ----------
        whole : sequence of Tally
            The station's promises in the whole model, on the same days under these levels.
        found : ndarray of float64
            What their slacks are.

        Notes
        -----
        Whoever is served in turn waits less unequally than with priorities: waits of a period are
        stretched until as many of them are too long as in the whole model. What then is left
        between slacks is added.
        """
        served = self._served(levels)
        self._stretch = {
            each.promise.id: _stretch(served, each)
            for each in whole
            if each.promise.most_waiting is None
        }
        self._memo, self._offset = {}, 0.0
        own = self.slacks(levels)
        is_known = np.isfinite(own) & np.isfinite(found)
        gap = np.zeros(len(own))
        gap[is_known] = found[is_known] - own[is_known]
        self._offset = gap

    def leave(self, slacks: NDArray[np.bool_]) -> None:
        """Heed some slacks no longer."""
        self._offset = np.where(slacks, np.inf, self._offset)

    def _served(self, levels: Levels) -> list[Seen]:
        staffed = self.grid.staffed(self.station, levels)

        def served(day: Seen, for_ever: NDArray[np.int64]) -> Seen:
            times = serve(
                staffed,
                joined_us=day.joined_us,
                service_us=day.service_us,
                patience_us=for_ever,
                passenger=day.passenger,
                is_patient=True,
            )
            return day.served_at(times.started_us)

        each = map if self._pool is None else self._pool.map
        return list(each(served, self.days, self._for_ever))


def _stretched(day: Seen, promise: Promise, stretch: NDArray[np.float64]) -> Seen:
    period = np.minimum(day.joined_us // promise.per_us, len(stretch) - 1)
    waited = (day.started_us - day.joined_us) * stretch[period]
    return day.served_at(day.joined_us + waited.astype(np.int64))


def _stretch(served: Sequence[Seen], whole: Tally) -> NDArray[np.float64]:
    """By which factor waits of each period are too short, from the shares of too long ones."""
    promise, periods = whole.promise, whole.came.shape[1]
    joined = np.concatenate([day.joined_us for day in served])
    waited = np.concatenate([day.started_us for day in served]) - joined
    period = np.minimum(joined // promise.per_us, periods - 1)
    order = np.lexsort((waited, period))
    waited, first = waited[order], np.searchsorted(period[order], np.arange(periods + 1))
    came, kept = whole.came.sum(axis=0), whole.kept.sum(axis=0)
    factors = np.ones(periods)
    for cell in np.flatnonzero((np.diff(first) > 0) & (came > 0)).tolist():
        count = first[cell + 1] - first[cell]
        rank = max(math.ceil(kept[cell] / came[cell] * count - 1e-9), 1)
        longest = float(waited[first[cell] + rank - 1])
        if longest > 0 and (kept[cell] < came[cell] or longest > promise.within_us):
            factors[cell] = promise.within_us / longest
    return np.clip(factors, 1 / MOST_STRETCH, MOST_STRETCH)
