"""The scenario of another day: demand and roster as the calendar scales them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from sim.errors import Fault, ScenarioError
from sim.scenario.calendar import season_on
from sim.scenario.load import scenario_from_document
from sim.scenario.scenario import Scenario
from sim.scenario.spec import ScenarioSpec

SCALED = "scaled by demand.calendar"
"""Source of a figure that the calendar made."""


@dataclass(frozen=True, slots=True)
class Change:
    """How a day differs from the scenario's own.

    Attributes
    ----------
    factor : float
        Passengers of the day as a multiple of those of the scenario's own date.
    load_factor : float
        Load factor of the day's holidays; 0 where none gives one.
    holidays : tuple of str
        Ids of its holidays.
    """

    factor: float
    load_factor: float = 0.0
    holidays: tuple[str, ...] = ()


def change_on(spec: ScenarioSpec, day: date) -> Change:
    """How demand on a day compares with that of the scenario's own date.

    Raises
    ------
    ScenarioError
        If the calendar does not reach that day.
    """
    calendar = spec.demand.calendar
    if calendar is None:
        return Change(factor=1.0)
    assert spec.date is not None, "a calendar without a date is not coherent"
    season = season_on(calendar, day)
    if day == spec.date:
        return Change(factor=1.0, holidays=season.holidays)
    factor = season.factor / season_on(calendar, spec.date).factor
    return Change(factor, season.load_factor, season.holidays)


def scenario_on(scenario: Scenario, day: date) -> Scenario:
    """The scenario of another day: its date, its policies, its demand and roster.

    Parameters
    ----------
    scenario : Scenario
        What the file says of its own date. The same with that date is the scenario itself.
    day : date
        The day.

    Returns
    -------
    Scenario
        With a digest and a resolved document of its own, from which it can be made again.

    Raises
    ------
    ScenarioError
        If the calendar does not reach that day, or makes more of it than a scenario takes.

    Notes
    -----
    With the calendar's factor *f* for the day over that for the scenario's own date, the
    timetable has ``f L / L'`` times its departures, where *L* is its load factor and *L'*
    the larger of *L* and the holiday's: fuller flights carry a part of the additional
    passengers. Hours are rounded by largest remainder, so that the day's total is right;
    nothing is left to chance. Rates of Poisson arrivals, and sizes of platoons, are scaled by
    *f*. A roster that follows demand by the share *a* opens ``1 + a (f - 1)`` times its
    servers, rounded up, at most those installed.
    """
    if day == scenario.spec.date:
        return scenario
    change = change_on(scenario.spec, day)
    document = deepcopy(scenario.document)
    document["date"] = day.isoformat()
    _scale_demand(document["demand"], change)
    calendar = scenario.spec.demand.calendar
    if calendar is not None and calendar.roster_follows.value:
        growth = 1 + calendar.roster_follows.value * (change.factor - 1)
        for station in document["stations"]:
            _scale_roster(station, growth)
    try:
        return scenario_from_document(document)
    except ScenarioError as error:
        faults = [Fault(f"{each.message} (on {day})", key=each.key) for each in error.faults]
        raise ScenarioError(faults) from None


def apportioned(parts: Sequence[float], factor: float) -> list[int]:
    """Whole numbers near ``factor`` times the parts, with the right sum: largest remainder.

    Parameters
    ----------
    parts : sequence of float
        Not negative.
    factor : float
        Not negative; the sum of the result is ``factor * sum(parts)``, rounded.

    Examples
    --------
    >>> apportioned([1, 1, 1, 0], 1.4)
    [2, 1, 1, 0]
    """
    wanted = [part * factor for part in parts]
    floors = [math.floor(each + 1e-9) for each in wanted]  # 1.1 * 10 is a hair above 11
    missing = math.floor(factor * math.fsum(parts) + 0.5 + 1e-9) - sum(floors)
    order = sorted(range(len(parts)), key=lambda i: (round(floors[i] - wanted[i], 9), i))
    for place in order[: max(missing, 0)]:
        floors[place] += 1
    return floors


def _scale_demand(demand: dict[str, Any], change: Change) -> None:
    timetable, arrivals = demand.get("timetable"), demand.get("arrivals")
    if timetable is not None:
        own = timetable["load_factor"]["value"]
        filled = max(own, change.load_factor)
        carried = own / filled if filled else 1.0
        hours = [each["value"] for each in timetable["per_hour"]]
        scaled = apportioned(hours, change.factor * carried)
        if scaled != hours:
            timetable["per_hour"] = [_figure(each) for each in scaled]
        if filled != own:
            timetable["load_factor"] = _figure(filled)
    if arrivals is not None and change.factor != 1:
        match arrivals["law"]:
            case "platoon":
                arrivals["size"] = max(1, math.floor(arrivals["size"] * change.factor + 0.5))
            case _ if "rate_per_s" in arrivals:
                arrivals["rate_per_s"] = _scaled(arrivals["rate_per_s"], change.factor)
            case _:
                rates = arrivals["rate_per_min"]
                arrivals["rate_per_min"] = [_scaled(each, change.factor) for each in rates]


def _scale_roster(station: dict[str, Any], growth: float) -> None:
    """Open more or fewer servers where people, not machines, are counted."""
    servers, installed = station["servers"], station.get("installed")
    most = math.inf if installed is None else installed["value"]
    if isinstance(servers, list):
        for opening in servers:
            opening["servers"] = _staffed(opening["servers"], growth, most)
    elif "open" in servers:
        servers["open"] = [_staffed(each, growth, most) for each in servers["open"]]
    elif installed is not None:
        station["servers"] = _staffed(servers, growth, most)


def _staffed(level: dict[str, Any], growth: float, most: float) -> dict[str, Any]:
    scaled = min(math.ceil(level["value"] * growth - 1e-9), most)
    return level if scaled == level["value"] else _figure(scaled)


def _scaled(figure: dict[str, Any], factor: float) -> dict[str, Any]:
    return _figure(figure["value"] * factor)


def _figure(value: float) -> dict[str, Any]:
    return {"value": value, "source": SCALED}
