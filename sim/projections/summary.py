"""The figures of a run, as `sim run --json` prints them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.events.log import EventLog
from sim.projections.day import Day, fold_day
from sim.projections.facilities import facility_figures
from sim.projections.flows import flows
from sim.projections.service_level import service_level
from sim.projections.stations import StationDay, station_figures
from sim.projections.targets import target_figures
from sim.projections.timeline import HALF_HOUR_US, worst_half_hour
from sim.projections.visit_table import VisitRows
from sim.projections.waits import distribution_s, seconds
from sim.scenario.clock import to_us
from sim.scenario.spec import ScenarioSpec
from sim.scenario.stations import StationSpec
from sim.scenario.world_union import facility_ids


@dataclass(frozen=True, slots=True)
class Window:
    """What part of a run the figures are about.

    Attributes
    ----------
    from_us, until_us : int
        Window of the time-weighted figures.
    since_us : int
        End of the warm-up.
    opens_us : int
        When the run begins, where that is in mid-day.
    """

    from_us: int
    until_us: int
    since_us: int
    opens_us: int = 0

    def opened(self, at_us: int) -> Window:
        """The window of a run that begins in mid-day."""
        from_us = max(self.from_us, at_us)
        return Window(from_us, max(self.until_us, from_us), self.since_us, at_us)

    @property
    def comes_us(self) -> int:
        """From when on those who come are looked at by the time of their coming."""
        return max(self.since_us, self.opens_us)


def window_of(
    spec: ScenarioSpec, *, last_us: int, from_us: int | None = None, until_us: int | None = None
) -> Window:
    """The window a scenario asks for: its day's start to its horizon, or to the last event."""
    start = to_us(spec.day_starts) if from_us is None else from_us
    if until_us is None:
        until_us = last_us if spec.horizon_s is None else to_us(spec.horizon_s.value)
    return Window(start, max(until_us, start), start + to_us(spec.warmup_s.value))


def summarise(
    log: EventLog, spec: ScenarioSpec, *, from_us: int | None = None, until_us: int | None = None
) -> dict[str, Any]:
    """Every figure of a run as plain JSON: unrounded, None where nothing was observed.

    Parameters
    ----------
    log : EventLog
        The run.
    spec : ScenarioSpec
        The scenario that was run.
    from_us, until_us : int or None
        Window of the time-weighted figures; by default as in `window_of`.
    """
    return summarise_day(fold_day(log, spec), spec, from_us=from_us, until_us=until_us)


def summarise_day(
    day: Day, spec: ScenarioSpec, *, from_us: int | None = None, until_us: int | None = None
) -> dict[str, Any]:
    """As `summarise`, of a log that was folded before."""
    window = window_of(spec, last_us=day.last_us, from_us=from_us, until_us=until_us)
    if day.opening is not None:
        window = window.opened(day.opening.at_us)
    specs = {station.id: station for station in spec.stations}
    days = dict(zip(day.stations, day.station_days(), strict=True))
    return {
        "passengers": day.people.passengers,
        "events": day.events,
        "window": {"from_s": seconds(window.from_us), "until_s": seconds(window.until_us)},
        "stations": {name: _station(each, specs.get(name), window) for name, each in days.items()},
        "journey_s": distribution_s(day.people.journeys_us()),
        **day.people.counts(),
        **_facilities(day, spec),
        "targets": [
            target_figures(
                days[target.station].visits.rows,
                target,
                since_us=window.comes_us,
                until_us=max(day.last_us, window.until_us),
            )
            for target in spec.targets
            if target.station in days
        ],
        "flows": [
            asdict(flow)
            for flow in flows(day.visits, day.people, day.parties, stations=day.stations)
        ],
    }


def _facilities(day: Day, spec: ScenarioSpec) -> dict[str, Any]:
    """Figures of each facility, where there are several."""
    if day.facility is None:
        return {}
    return {"facilities": facility_figures(day.people, day.facility, facility_ids(spec))}


def _station(day: StationDay, spec: StationSpec | None, window: Window) -> dict[str, Any]:
    standard = None if spec is None else spec.standard
    bounds = {
        "from_us": window.from_us,
        "until_us": window.until_us,
        "since_us": window.since_us,
    }
    return {
        **station_figures(day, **bounds),
        "level_of_service": service_level(day.visits, standard, **bounds) if standard else None,
        "worst_half_hour": worst_half_hour(day.visits.rows, since_us=window.comes_us),
        "arrivals_by_half_hour": _arrivals_by_half_hour(day.visits.rows, window),
    }


def _arrivals_by_half_hour(rows: VisitRows, window: Window) -> dict[str, Any]:
    """Customers who came in each half hour from the first in which anyone came."""
    joined_us = rows.joined_us[rows.joined_us >= window.opens_us]
    if not len(joined_us):
        return {"start_s": None, "arrivals": []}
    half_hours = joined_us // HALF_HOUR_US
    first = int(half_hours[0])
    return {
        "start_s": seconds(first * HALF_HOUR_US),
        "arrivals": np.bincount(half_hours - first).tolist(),
    }
