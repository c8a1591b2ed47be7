"""The scenario of another day: demand and roster as the calendar scales them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from sim.errors import Fault, ScenarioError
from sim.scenario.adopting import moved
from sim.scenario.calendar import season_on
from sim.scenario.load import scenario_from_document
from sim.scenario.scenario import Scenario
from sim.scenario.schedule_files import forget_flights
from sim.scenario.spec import ScenarioSpec

SCALED = "scaled by demand.calendar"
"""Source of a figure that the calendar made."""

EQUIPPED = "by the equipment calendar from {}"
"""Source of a number of servers that the equipment calendar gives."""


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
    """The scenario of another day: its date, policies, demand, adoption, equipment and roster.

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
    servers, rounded up, at most those installed. Shares move along the curves of adoption,
    see `sim.scenario.adoption`. Equipment is that of the last entry up to the day, where it
    is another than on the scenario's own date; machines are all open, people at most so many.
    A schedule file is read anew for the day.
    """
    if day == scenario.spec.date:
        return scenario
    if scenario.facilities:
        return _world_on(scenario, day)
    change = change_on(scenario.spec, day)
    document = deepcopy(scenario.document)
    document["date"] = day.isoformat()
    _scale_demand(document["demand"], change)
    forget_flights(document["demand"])
    _equip(document["stations"], scenario.spec, day)
    document.pop("equipment", None)  # a day has the one it has
    calendar = scenario.spec.demand.calendar
    if calendar is not None and calendar.roster_follows.value:
        growth = 1 + calendar.roster_follows.value * (change.factor - 1)
        for station in document["stations"]:
            _scale_roster(station, growth)
    try:
        return scenario_from_document(document, overrides=moved(scenario.spec, document, day=day))
    except ScenarioError as error:
        faults = [Fault(f"{each.message} (on {day})", key=each.key) for each in error.faults]
        raise ScenarioError(faults) from None


def _world_on(scenario: Scenario, day: date) -> Scenario:
    """A world of another day: each facility's, and their own calendars."""
    tables = scenario.document["facilities"]
    facilities = [
        {**table, "scenario": scenario_on(each.scenario, day).document}
        for table, each in zip(tables, scenario.facilities, strict=True)
    ]
    changed = {"date": day.isoformat(), "facilities": facilities}
    return scenario_from_document({**scenario.document, **changed})


def scenario_scaled(scenario: Scenario, factor: float) -> Scenario:
    """The same day with more or fewer passengers: the profile, times a factor.

    Raises
    ------
    ScenarioError
        If demand is given as a list, a file or a trace, which no factor scales.
    """
    demand = scenario.spec.demand
    if factor == 1:
        return scenario
    is_given = bool(demand.departures or demand.schedule or scenario.trace or scenario.facilities)
    if is_given or not (demand.timetable or demand.arrivals or demand.flows):
        message = (
            "demand that is given as a list, a file, a trace or a world cannot be scaled; "
            "write it as a timetable or as arrivals by law"
        )
        raise ScenarioError([Fault(message, key="demand")])
    document = deepcopy(scenario.document)
    _scale_demand(document["demand"], Change(factor=factor))
    return scenario_from_document(document)


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
    if change.factor != 1:
        laws = [flow["arrivals"] for flow in demand.get("flows", ())]
        for law in laws if arrivals is None else [arrivals]:
            _scale_law(law, change.factor)


def _scale_law(law: dict[str, Any], factor: float) -> None:
    """Rates times the factor; sizes of platoons too, rounded where they are the number."""
    if law["law"] == "poisson":
        for key in ("rate_per_s", "per_day"):
            if key in law:
                law[key] = _scaled(law[key], factor)
        if "rate_per_min" in law:
            law["rate_per_min"] = [_scaled(each, factor) for each in law["rate_per_min"]]
        return

    def resized(size: dict[str, Any]) -> dict[str, Any]:
        scaled = size["value"] * factor
        return _figure(scaled if law["size_law"] == "poisson" else math.floor(scaled + 0.5))

    for table in (law, *law["headways"]):
        if "size" in table:
            table["size"] = resized(table["size"])
    if "sizes" in law:
        law["sizes"] = [resized(each) for each in law["sizes"]]
    if "per_day" in law:
        law["per_day"] = _scaled(law["per_day"], factor)


def installed_on(spec: ScenarioSpec, day: date) -> dict[str, tuple[int, str]]:
    """Servers that the equipment calendar gives stations on a day, with the source."""
    found: dict[str, tuple[int, str]] = {}
    for entry in sorted(spec.equipment or (), key=lambda each: each.from_):
        source = entry.source or EQUIPPED.format(entry.from_)
        if entry.from_ <= day:
            found[entry.station] = int(entry.installed.value), source
        elif entry.formerly is not None:
            found.setdefault(entry.station, (int(entry.formerly.value), source))
    return found


def _equip(stations: list[dict[str, Any]], spec: ScenarioSpec, day: date) -> None:
    """Give stations the servers of a day; those of the own date stand as they are written."""
    if spec.date is None:
        return
    own, then = installed_on(spec, spec.date), installed_on(spec, day)
    for station in stations:
        name = station["id"]
        if name not in then or then[name] == own.get(name):
            continue
        most, source = then[name]
        figure, servers = {"value": most, "source": source}, station["servers"]
        if isinstance(servers, dict) and "value" in servers and "installed" not in station:
            station["servers"] = figure  # machines: all there are
            continue
        _scale_levels(station, 1.0, most)
        station["installed"] = figure


def _scale_roster(station: dict[str, Any], growth: float) -> None:
    """Open more or fewer servers where people, not machines, are counted."""
    servers, installed = station["servers"], station.get("installed")
    most = math.inf if installed is None else installed["value"]
    if isinstance(servers, list) or "open" in servers or installed is not None:
        _scale_levels(station, growth, most)


def _scale_levels(station: dict[str, Any], growth: float, most: float) -> None:
    servers = station["servers"]
    if isinstance(servers, list):
        for opening in servers:
            opening["servers"] = _staffed(opening["servers"], growth, most)
    elif "open" in servers:
        servers["open"] = [_staffed(each, growth, most) for each in servers["open"]]
    else:
        station["servers"] = _staffed(servers, growth, most)


def _staffed(level: dict[str, Any], growth: float, most: float) -> dict[str, Any]:
    scaled = min(math.ceil(level["value"] * growth - 1e-9), most)
    return level if scaled == level["value"] else _figure(scaled)


def _scaled(figure: dict[str, Any], factor: float) -> dict[str, Any]:
    return _figure(figure["value"] * factor)


def _figure(value: float) -> dict[str, Any]:
    return {"value": value, "source": SCALED}
