"""A station through the day, period by period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.projections.ordering import stable_order, starts_of_runs
from sim.projections.stations import StationDay
from sim.projections.steps import Steps
from sim.projections.visit_table import VisitRows, select
from sim.projections.waits import counts_for_waits, mean_s, ranks, seconds
from sim.scenario.clock import US_PER_S

HALF_HOUR_US = 30 * 60 * US_PER_S
FIVE_MINUTES_US = 5 * 60 * US_PER_S


@dataclass(frozen=True, slots=True, eq=False)
class WaitsByPeriod:
    """Waits of those who came in each period that anyone came in.

    Attributes
    ----------
    start_us : ndarray of int64, shape (n,)
        Start of each period, a multiple of its length since midnight.
    arrivals : ndarray of int64
        Customers who joined or balked in it.
    waits : ndarray of int64
        Those of them who started service.
    total_us, p95_us : ndarray of int64
        Sum and nearest-rank 95 % point of their waits; -1 without waits.
    """

    start_us: NDArray[np.int64]
    arrivals: NDArray[np.int64]
    waits: NDArray[np.int64]
    total_us: NDArray[np.int64]
    p95_us: NDArray[np.int64]

    def figures(self, period: int) -> dict[str, Any]:
        """One period as plain JSON."""
        waits = int(self.waits[period])
        return {
            "start_s": seconds(int(self.start_us[period])),
            "arrivals": int(self.arrivals[period]),
            "mean_s": mean_s(int(self.total_us[period]), waits),
            "p95_s": seconds(int(self.p95_us[period])) if waits else None,
        }


def waits_by_period(rows: VisitRows, *, period_us: int, since_us: int) -> WaitsByPeriod:
    """Waits of a station's customers by the period in which they came.

    Parameters
    ----------
    rows : VisitRows
        Visits at one station in the order in which they began.
    period_us : int
        Length of the periods, which are counted from midnight.
    since_us : int
        Those who came earlier are left out.
    """
    came = select(rows, rows.joined_us >= since_us)
    period = came.joined_us // period_us
    begins = starts_of_runs(period)
    periods, place = period[begins], np.cumsum(begins) - 1
    arrivals = np.bincount(place, minlength=len(periods))
    counted = counts_for_waits(came, since_us=since_us)
    place, wait_us = place[counted], came.wait_us[counted]
    order = stable_order(place, wait_us)
    ascending = wait_us[order]
    waits = np.bincount(place, minlength=len(periods))
    first = np.cumsum(waits) - waits
    total_us, p95_us = np.zeros_like(waits), np.full_like(waits, -1)
    has_waits = waits > 0
    if len(ascending):
        total_us[has_waits] = np.add.reduceat(ascending, first[has_waits])
        p95_us[has_waits] = ascending[(first + ranks(waits, 95))[has_waits]]
    return WaitsByPeriod(periods * period_us, arrivals, waits, total_us, p95_us)


def worst_half_hour(rows: VisitRows, *, since_us: int) -> dict[str, Any] | None:
    """The half hour whose arrivals waited longest on average; the earliest of equals.

    Returns
    -------
    dict or None
        Start, arrivals, mean and 95 % point; None where nobody was served.
    """
    periods = waits_by_period(rows, period_us=HALF_HOUR_US, since_us=since_us)
    served = np.flatnonzero(periods.waits)
    if not len(served):
        return None
    means = periods.total_us[served] / periods.waits[served]
    return periods.figures(int(served[np.argmax(means)]))


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """A station by equal periods; every column has one value per period.

    Attributes
    ----------
    start_us : ndarray of int64, shape (n,)
        Start of each period, a multiple of its length since midnight.
    arrivals, waits : ndarray of int64
        Customers who came, and those of them who started service.
    wait_us, wait_p95_us : ndarray of int64
        Sum and 95 % point of their waits.
    queue, busy, open : ndarray of float64
        Mean over the period.
    queue_max : ndarray of int64
        Longest queue in the period.
    """

    start_us: NDArray[np.int64]
    arrivals: NDArray[np.int64]
    waits: NDArray[np.int64]
    wait_us: NDArray[np.int64]
    wait_p95_us: NDArray[np.int64]
    queue: NDArray[np.float64]
    queue_max: NDArray[np.int64]
    busy: NDArray[np.float64]
    open: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.start_us)

    def as_json(self) -> dict[str, list[Any]]:
        """Columns as lists; None where nobody waited."""
        waits = self.waits.tolist()
        return {
            "start_s": (self.start_us / US_PER_S).tolist(),
            "arrivals": self.arrivals.tolist(),
            "wait_mean_s": [
                mean_s(*pair) for pair in zip(self.wait_us.tolist(), waits, strict=True)
            ],
            "wait_p95_s": [
                seconds(p95) if count else None
                for p95, count in zip(self.wait_p95_us.tolist(), waits, strict=True)
            ],
            "queue": self.queue.tolist(),
            "queue_max": self.queue_max.tolist(),
            "busy": self.busy.tolist(),
            "open": self.open.tolist(),
        }


def timeline(
    day: StationDay, *, period_us: int, from_us: int, until_us: int, since_us: int = 0
) -> Timeline:
    """A station's day by equal periods.

    Parameters
    ----------
    day : StationDay
        The station's day.
    period_us : int
        Length of a period, such as `HALF_HOUR_US`.
    from_us, until_us : int
        The periods that touch this window are given.
    since_us : int
        Those who came earlier count neither as arrivals nor for waits.
    """
    first = from_us // period_us
    periods = max(-(-until_us // period_us) - first, 0)
    grid_us = (first + np.arange(periods + 1)) * period_us
    by_period = waits_by_period(day.visits.rows, period_us=period_us, since_us=since_us)
    place = by_period.start_us // period_us - first
    is_inside = (place >= 0) & (place < periods)

    def spread(column: NDArray[np.int64], empty: int = 0) -> NDArray[np.int64]:
        result = np.full(periods, empty, dtype=np.int64)
        result[place[is_inside]] = column[is_inside]
        return result

    def mean(steps: Steps) -> NDArray[np.float64]:
        return steps.integrals(grid_us) / period_us

    return Timeline(
        start_us=grid_us[:-1],
        arrivals=spread(by_period.arrivals),
        waits=spread(by_period.waits),
        wait_us=spread(by_period.total_us),
        wait_p95_us=spread(by_period.p95_us, -1),
        queue=mean(day.queue),
        queue_max=day.queue.maxima(grid_us),
        busy=mean(day.busy),
        open=mean(day.open),
    )
