"""Everything a log says about a day, folded in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.events.log import EventBlock, EventLog, SideTables
from sim.projections.fold import run_fold
from sim.projections.openings import OpeningMark, opening_in
from sim.projections.outcomes import Outcomes, People
from sim.projections.parties import Parties, parties_of, with_persons_of_balks
from sim.projections.servers import ServerHistory, Servers
from sim.projections.stations import StationDay, station_day
from sim.projections.visit_table import VisitTable
from sim.projections.visits import Visits
from sim.scenario.spec import ScenarioSpec


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """A run, ready to be asked.

    Attributes
    ----------
    stations : tuple of str
        Station ids by row.
    visits : VisitTable
        All visits.
    servers : tuple of ServerHistory
        Of each station.
    people : People
        What became of everyone.
    parties : Parties
        Who travels with whom.
    events : int
        Events in the log.
    last_us : int
        Instant of the last one.
    opening : OpeningMark or None
        Where the log opens in mid-day.
    facility : ndarray of int32 or None, shape (passengers,)
        In a world, the number of each passenger's facility.
    """

    stations: tuple[str, ...]
    visits: VisitTable
    servers: tuple[ServerHistory, ...]
    people: People
    parties: Parties
    events: int
    last_us: int
    opening: OpeningMark | None = None
    facility: NDArray[np.int32] | None = None

    def station_days(self) -> tuple[StationDay, ...]:
        """The day of each station, in the order of `stations`."""
        split = self.visits.by_station(len(self.stations))
        return tuple(station_day(*pair) for pair in zip(split, self.servers, strict=True))


class DayFold:
    """A fold from events to a `Day`; an engine's blocks may go through it and be dropped.

    Parameters
    ----------
    stations : sequence of str
        Station ids by row.
    tables : SideTables
        The tables that events refer to.
    spec : ScenarioSpec
        The scenario that was run.
    """

    def __init__(self, *, stations: Sequence[str], tables: SideTables, spec: ScenarioSpec) -> None:
        self._stations = tuple(stations)
        self._parties = parties_of(tables)
        self._facility = tables.passengers.columns.get("facility")
        per_party = {station.id for station in spec.stations if station.per == "party"}
        self._is_per_party = np.array([name in per_party for name in stations], dtype=bool)
        self._visits = Visits()
        self._servers = Servers(len(self._stations))
        self._people = Outcomes()
        self._events = 0
        self._last_us = 0
        self._opening: OpeningMark | None = None

    def update(self, block: EventBlock) -> None:
        """Take the next events."""
        if not len(block):
            return
        for fold in (self._visits, self._servers, self._people):
            fold.update(block)
        self._opening = self._opening or opening_in(block)
        self._events += len(block)
        self._last_us = int(block.at_us[-1])

    def write(self, block: EventBlock) -> None:
        """Take the next events as a sink does."""
        self.update(block)

    def result(self) -> Day:
        """The day so far."""
        visits = with_persons_of_balks(
            self._visits.result(), self._parties, is_per_party=self._is_per_party
        )
        return Day(
            stations=self._stations,
            visits=visits,
            servers=self._servers.result(),
            people=self._people.result(),
            parties=self._parties,
            events=self._events,
            last_us=self._last_us,
            opening=self._opening,
            facility=self._facility,
        )


def fold_day(log: EventLog, spec: ScenarioSpec) -> Day:
    """The day that a log tells of."""
    return run_fold(DayFold(stations=log.stations, tables=log.tables, spec=spec), log.blocks())
