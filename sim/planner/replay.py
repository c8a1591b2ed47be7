"""One station replayed by itself: the customers a simulation saw, under other levels."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from sim.engine.network import Station
from sim.engine.recursion.stations import serve
from sim.planner.days import Seen, tallies
from sim.planner.grid import Grid, Levels
from sim.planner.tally import Tally
from sim.planner.targets import Promise


class Replay:
    """Shares kept by a station first come first served, for any levels, on the same days.

    Customers join when they did in the simulation and take as long, whatever the levels. That is
    exact at a station where everybody comes first and waits in one line; elsewhere `calibrate`
    adds what the whole model showed beside it.

    Parameters
    ----------
    margin : float
        Standard errors of one day's figure by which an estimate must be above the promise.
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
        jobs: int = 1,
    ) -> None:
        self.station, self.days, self.promises = station, days, tuple(promises)
        self.grid, self.cells, self.margin, self.jobs = grid, cells, margin, jobs
        self._offset: NDArray[np.float64] | float = 0.0
        self._memo: dict[Levels, NDArray[np.float64]] = {}
        self._pool = ThreadPoolExecutor(jobs) if jobs > 1 else None

    def tallies(self, levels: Levels) -> list[Tally]:
        """Each promise of the station over the days."""
        staffed = self.grid.staffed(self.station, levels)

        def started(day: Seen) -> dict[str, Seen]:
            times = serve(
                staffed,
                joined_us=day.joined_us,
                service_us=day.service_us,
                patience_us=np.full(len(day.joined_us), -1, dtype=np.int64),
                passenger=day.passenger,
                is_patient=True,
            )
            seen = Seen(day.passenger, day.joined_us, times.started_us, day.service_us)
            return {self.station.id: seen}

        found = (
            map(started, self.days) if self._pool is None else self._pool.map(started, self.days)
        )
        return tallies(list(found), self.promises, self.cells)

    def slacks(self, levels: Levels) -> NDArray[np.float64]:
        """Estimate less margin less promise, by period; infinite where too few come."""
        if levels not in self._memo:
            self._memo[levels] = slack_of(self.tallies(levels), margin=self.margin)
        return self._memo[levels] + self._offset

    def calibrate(self, levels: Levels, found: NDArray[np.float64]) -> None:
        """Move slacks so that they are those found elsewhere at these levels."""
        self._offset = 0.0
        own = self.slacks(levels)
        is_known = np.isfinite(own) & np.isfinite(found)
        gap = np.zeros(len(own))
        gap[is_known] = found[is_known] - own[is_known]
        self._offset = gap


def slack_of(tallied: Sequence[Tally], *, margin: float) -> NDArray[np.float64]:
    """Estimate less margin less promise, of every period of every promise.

    Parameters
    ----------
    margin : float
        Standard deviations of one day's figure.
    """
    parts = []
    for each in tallied:
        slack = each.estimate - margin * each.spread - each.promise.asked
        parts.append(np.where(each.is_judged, slack, np.inf))
    return np.concatenate(parts)
