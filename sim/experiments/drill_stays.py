"""Everyone's time at stations on a day of an outage drill."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.experiments.day import Day
from sim.projections.visit_table import Outcome, VisitRows, select
from sim.scenario.clock import US_PER_S

BIN_S = 300
"""Seconds by which curves are averaged."""

STAY = "parking-places"
"""Kind of the stations whose service is a stay."""


class Stays:
    """From joining a queue to leaving the station; at a place to stay only the wait for it."""

    def __init__(self, day: Day) -> None:
        rows = day.folded.visits.rows
        self.passengers = len(day.folded.people.final_kind)
        self.rows: VisitRows = select(rows, rows.outcome != Outcome.BALKED)
        end_us = np.where(self.rows.ended_us < 0, day.folded.last_us, self.rows.ended_us)
        stays = np.isin(self.rows.station, _places_to_stay(day)) & self.rows.has_started
        end_us = np.where(stays, self.rows.started_us, end_us)
        self.took_us: NDArray[np.int64] = np.maximum(end_us - self.rows.joined_us, 0)
        self._order = np.argsort(self.rows.station, kind="stable")
        bounds = np.arange(len(day.folded.stations) + 1)
        self._bounds = np.searchsorted(self.rows.station[self._order], bounds)

    def at(self, stations: Sequence[int], *, calls: bool = False) -> NDArray[np.intp]:
        """Rows of the visits to some stations, without requests or with them."""
        parts = [self._order[self._bounds[row] : self._bounds[row + 1]] for row in stations]
        here = np.concatenate([*parts, np.zeros(0, dtype=np.intp)])
        return here if calls else here[~self.rows.is_call[here]]

    def by_passenger(self, stations: Sequence[int]) -> NDArray[np.int64]:
        """Microseconds of each passenger at some stations; a party's lead has its time."""
        here = self.at(stations)
        total = np.zeros(self.passengers, dtype=np.int64)
        np.add.at(total, self.rows.passenger[here], self.took_us[here])
        return total

    def persons(self, stations: Sequence[int]) -> NDArray[np.int64]:
        """For how many persons each passenger stood at those stations, at most."""
        here = self.at(stations)
        most = np.zeros(self.passengers, dtype=np.int64)
        np.maximum.at(most, self.rows.passenger[here], self.rows.persons[here])
        return most

    def person_us(self, stations: Sequence[int]) -> int:
        """Person-microseconds at some stations."""
        here = self.at(stations)
        return int((self.took_us[here] * self.rows.persons[here]).sum())

    def worst_s(self, stations: Sequence[int]) -> float | None:
        """Longest time at any of some stations."""
        here = self.at(stations, calls=True)
        return float(self.took_us[here].max()) / US_PER_S if len(here) else None

    def curve(self, station: int, bins: int) -> NDArray[np.float64]:
        """Mean seconds at a station by when people joined it; NaN where nobody did."""
        here = self.at([station], calls=True)
        place = np.minimum(self.rows.joined_us[here] // (BIN_S * US_PER_S), bins - 1)
        counts = np.bincount(place, minlength=bins)
        sums = np.bincount(place, weights=self.took_us[here] / US_PER_S, minlength=bins)
        return np.divide(sums, counts, out=np.full(bins, np.nan), where=counts > 0)


def _places_to_stay(day: Day) -> list[int]:
    """Rows of the stations whose service is a stay."""
    names = day.folded.stations
    return [names.index(each.id) for each in day.scenario.spec.stations if each.kind == STAY]
