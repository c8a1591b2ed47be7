"""What a station's days add up to: figures that merge exactly, whatever the order.

A tally of two days is the sum of theirs, so that a year is folded a day at a time and none
of its logs is looked at twice. Waits are counted by whole seconds, rounded down; since
rounding keeps their order, a percentile of the counts is that of the waits, rounded down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.projections.timeline import HALF_HOUR_US, waits_by_period
from sim.projections.visit_table import VisitRows
from sim.projections.waits import PERCENTS, counts_for_waits, mean_s, ranks
from sim.scenario.clock import US_PER_S


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Sums by whole number, of those numbers that there are.

    Attributes
    ----------
    at : ndarray of int64, shape (n,)
        The numbers, rising.
    sums : ndarray of int64, shape (n, k)
        What was summed at each of them.
    """

    at: NDArray[np.int64]
    sums: NDArray[np.int64]

    @classmethod
    def of(cls, at: NDArray[np.int64], sums: NDArray[np.int64]) -> Histogram:
        """Sums of rows by the number each belongs to; numbers may repeat, in any order."""
        known, place = np.unique(at, return_inverse=True)
        total = np.zeros((len(known), sums.shape[1]), dtype=np.int64)
        np.add.at(total, place, sums)
        return cls(known, total)

    def plus(self, other: Histogram) -> Histogram:
        """Both together."""
        at = np.concatenate([self.at, other.at])
        return Histogram.of(at, np.concatenate([self.sums, other.sums]))


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """One station's sums over any number of days.

    Attributes
    ----------
    customers, persons : int
        Customers who joined or balked, and the persons in them.
    waits, wait_us : int
        Customers whose wait counts, and the sum of their waits.
    longest_us : int
        Longest of these waits; -1 without any.
    seconds : Histogram
        Waits by whole seconds.
    half_hours : Histogram
        Customers, waits and sum of waits by the half hour of arrival, from midnight.
    """

    customers: int
    persons: int
    waits: int
    wait_us: int
    longest_us: int
    seconds: Histogram
    half_hours: Histogram

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            customers=self.customers + other.customers,
            persons=self.persons + other.persons,
            waits=self.waits + other.waits,
            wait_us=self.wait_us + other.wait_us,
            longest_us=max(self.longest_us, other.longest_us),
            seconds=self.seconds.plus(other.seconds),
            half_hours=self.half_hours.plus(other.half_hours),
        )

    def percentile_s(self, percent: int) -> int | None:
        """Nearest-rank percentile of the waits in whole seconds, rounded down.

        Examples
        --------
        >>> one = Histogram(np.array([3, 60]), np.array([[9], [1]]))
        >>> none = Histogram(np.array([], dtype=int), np.zeros((0, 3), dtype=int))
        >>> Tally(10, 10, 10, 87_000_000, 60_000_000, one, none).percentile_s(95)
        60
        """
        if not self.waits:
            return None
        rank = ranks(np.array([self.waits]), percent)
        upto = np.cumsum(self.seconds.sums[:, 0])
        return int(self.seconds.at[np.searchsorted(upto, rank, side="right")[0]])

    def figures(self) -> dict[str, Any]:
        """The sums as people read them: plain JSON, None where nobody waited."""
        longest = None if self.longest_us < 0 else self.longest_us / US_PER_S
        return {
            "arrivals": self.customers,
            "persons": self.persons,
            "waits": self.waits,
            "waiting_h": self.wait_us / (3600 * US_PER_S),
            "wait_s": {
                "mean": mean_s(self.wait_us, self.waits),
                **{f"p{percent}": self.percentile_s(percent) for percent in PERCENTS},
                "max": longest,
            },
            "worst_half_hour": self._worst_half_hour(),
        }

    def _worst_half_hour(self) -> dict[str, Any] | None:
        """The half hour of the day whose customers waited longest on average, over all days."""
        customers, waits, wait_us = self.half_hours.sums.T
        if not waits.any():
            return None
        worst = int(np.argmax(wait_us / np.maximum(waits, 1)))
        return {
            "start_s": int(self.half_hours.at[worst]) * (HALF_HOUR_US // US_PER_S),
            "arrivals": int(customers[worst]),
            "mean_s": mean_s(int(wait_us[worst]), int(waits[worst])),
        }

    def as_json(self) -> dict[str, Any]:
        """Everything that is needed to add it to others."""
        return {
            "customers": self.customers,
            "persons": self.persons,
            "waits": self.waits,
            "wait_us": self.wait_us,
            "longest_us": self.longest_us,
            "seconds": self.seconds.at.tolist(),
            "waits_by_second": self.seconds.sums[:, 0].tolist(),
            "half_hours": self.half_hours.at.tolist(),
            "by_half_hour": self.half_hours.sums.tolist(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Tally:
        """The tally that `as_json` wrote."""
        return cls(
            **{key: data[key] for key in ("customers", "persons", "waits", "wait_us")},
            longest_us=data["longest_us"],
            seconds=Histogram(_column(data["seconds"]), _table(data["waits_by_second"], 1)),
            half_hours=Histogram(_column(data["half_hours"]), _table(data["by_half_hour"], 3)),
        )


def tally_of(rows: VisitRows, *, since_us: int) -> Tally:
    """The tally of one day at one station.

    Parameters
    ----------
    rows : VisitRows
        Visits there in the order in which they began.
    since_us : int
        End of the warm-up: waits of those who came earlier do not count.
    """
    waits_us = rows.wait_us[counts_for_waits(rows, since_us=since_us)]
    periods = waits_by_period(rows, period_us=HALF_HOUR_US, since_us=since_us)
    by_half_hour = np.stack([periods.arrivals, periods.waits, periods.total_us], axis=1)
    return Tally(
        customers=len(rows),
        persons=int(rows.persons.sum()),
        waits=len(waits_us),
        wait_us=int(waits_us.sum()),
        longest_us=int(waits_us.max(initial=-1)),
        seconds=Histogram.of(waits_us // US_PER_S, np.ones((len(waits_us), 1), dtype=np.int64)),
        half_hours=Histogram(periods.start_us // HALF_HOUR_US, by_half_hour.astype(np.int64)),
    )


def summed(tallies: Iterable[Tally]) -> Tally:
    """All together; at least one."""
    first, *others = tallies
    for each in others:
        first = first.plus(each)
    return first


def _column(values: list[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def _table(values: list[Any], columns: int) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64).reshape(len(values), columns)
