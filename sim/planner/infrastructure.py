"""How much equipment is enough: declared hourly capacity, and when each kind runs out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from sim.errors import Fault, ScenarioError
from sim.experiments.day import run_day
from sim.experiments.rollout import days_of_month
from sim.scenario.clock import to_us
from sim.scenario.dated import scenario_on, scenario_scaled
from sim.scenario.load import scenario_from_document
from sim.scenario.opening import installed_servers
from sim.scenario.scenario import Scenario
from sim.scenario.spec import Target

HOUR_US = 3_600_000_000
TINY = 1e-9
PLANNED = "by sim capacity"
"""Source of a number of servers that is tried here."""

MOST_FACTOR = 8.0
"""Demand is scaled at most so far."""

MOST_STEPS = 200
"""Servers added in one month at most before the search gives up."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """How the promises fare over some days.

    Attributes
    ----------
    shares : dict of str to float
        By target: the worst period's share, or the day's; days pooled.
    broken : tuple of Target
        Those below their share, in the order of the file.
    peak_per_h : float
        Most passengers setting out in a clock hour, mean of the days.
    """

    shares: dict[str, float]
    broken: tuple[Target, ...]
    peak_per_h: float


def kept(scenario: Scenario, *, days: int, seed: int) -> Kept:
    """How the promises of a scenario fare, days pooled by period of arrival.

    Raises
    ------
    ScenarioError
        If nothing is promised.
    """
    spec = scenario.spec
    if not spec.targets:
        message = "there is no promise to hold; add [[targets]] to the file"
        raise ScenarioError([Fault(message, key="targets")])
    counts: dict[str, dict[float, list[float]]] = {target.id: {} for target in spec.targets}
    peaks: list[int] = []
    for replication in range(days):
        day = run_day(scenario, seed=seed, replication=replication, overlap=False)
        arrival_us = np.asarray(day.log.tables.passengers.columns["arrival_us"])
        peaks.append(int(np.bincount(arrival_us // HOUR_US).max()) if len(arrival_us) else 0)
        for figures in day.summary["targets"]:
            for each in figures["periods"] or [{**figures, "start_s": 0.0}]:
                pair = counts[figures["id"]].setdefault(each["start_s"], [0.0, 0.0])
                pair[0] += (each["share"] or 0.0) * each["arrivals"]
                pair[1] += each["arrivals"]
    shares = {
        name: min((within / came for within, came in each.values() if came), default=1.0)
        for name, each in counts.items()
    }
    broken = tuple(each for each in spec.targets if shares[each.id] < each.share.value - TINY)
    return Kept(shares, broken, float(np.mean(peaks)))


def hourly_capacity(
    scenario: Scenario,
    *,
    days: int = 3,
    seed: int = 1,
    precision: float = 0.02,
    all_open: bool = False,
    say: Say | None = None,
) -> dict[str, Any]:
    """The largest hourly demand, scaled from the scenario's profile, that keeps its promises.

    Parameters
    ----------
    days : int
        Days simulated for each demand tried.
    precision : float
        Stop when the factor is known to this share.
    all_open : bool
        Whether every server installed is open all day; else the scenario's own openings.

    Returns
    -------
    dict
        ``outcome``: FOUND, ALREADY_BROKEN where today's demand is above it too,
        or BEYOND where eight times the demand still is below it; ``factor``, ``passengers_per_h``
        (those who set out in the busiest hour), ``departures_per_h`` (timetable only), and what
        gives way first just above it.

    Notes
    -----
    Bisection over the factor, with common random numbers. It is an estimate from `days` days;
    it supposes that what keeps the promise at some demand keeps it at less.
    """
    base = opened(scenario) if all_open else scenario
    own = kept(base, days=days, seed=seed)
    low, high, broken = 0.0, 1.0, own
    best: Kept | None = None
    if not own.broken:
        low, high, best = 1.0, 1.0, own
        while high < MOST_FACTOR:
            high = min(high * 1.5, MOST_FACTOR)
            found = _tried(base, high, days, seed, say)
            if found.broken:
                broken = found
                break
            low, best = high, found
        else:
            return _capacity("BEYOND", scenario=scenario, factor=low, own=own, best=best, over=None)
    while high - low > precision * high and high > precision:
        middle = (low + high) / 2
        found = _tried(base, middle, days, seed, say)
        if found.broken:
            high, broken = middle, found
        else:
            low, best = middle, found
    outcome = "ALREADY_BROKEN" if own.broken else "FOUND"
    return _capacity(outcome, scenario=scenario, factor=low, own=own, best=best, over=broken)


def _tried(scenario: Scenario, factor: float, days: int, seed: int, say: Say | None) -> Kept:
    found = kept(scenario_scaled(scenario, factor), days=days, seed=seed)
    if say is not None:
        said = ", ".join(each.id for each in found.broken) or "every promise kept"
        say(f"capacity: {factor:.3f} times the demand: {said}")
    return found


def _capacity(
    outcome: str,
    *,
    scenario: Scenario,
    factor: float,
    own: Kept,
    best: Kept | None,
    over: Kept | None,
) -> dict[str, Any]:
    remedies = {
        "FOUND": "Declare no more than this; `sim plan` certifies the staffing for it.",
        "ALREADY_BROKEN": "Today's demand is above it: open more servers, or promise less.",
        "BEYOND": "No promise binds; look for another limit, such as stands or the runway.",
    }
    timetable = scenario.spec.demand.timetable
    flights = max((each.value for each in timetable.per_hour), default=0.0) if timetable else None
    return {
        "outcome": outcome,
        "remedy": remedies[outcome],
        "factor": factor,
        "passengers_per_h": best.peak_per_h if best else 0.0,
        "today_per_h": own.peak_per_h,
        "departures_per_h": None if flights is None else flights * factor,
        "gives_way": [each.id for each in over.broken] if over else [],
        "shares": best.shares if best else own.shares,
    }


def opened(scenario: Scenario, servers: Mapping[str, int] | None = None) -> Scenario:
    """The scenario with every server installed open all day, and some numbers changed."""
    start_us = to_us(scenario.spec.day_starts)
    document = deepcopy(scenario.document)
    for station, each in zip(document["stations"], scenario.spec.stations, strict=True):
        count = installed_servers(each, start_us=start_us)
        count = (servers or {}).get(each.id, count)
        figure = {"value": count, "source": PLANNED}
        station["servers"] = figure
        station["installed"] = figure
    return scenario_from_document(document)


@dataclass(frozen=True, slots=True)
class Horizon:
    """What is asked of the years ahead.

    Attributes
    ----------
    months : tuple of date
        First days, in order.
    growth : float
        Growth of demand in a year, as a share; assumed unless a source is given.
    day : {"peak", "typical"}
        The day of each month that the equipment must be enough for.
    public_share : float
        Part of the capital that the public budget carries.
    """

    months: tuple[date, ...]
    growth: float
    day: str = "peak"
    public_share: float = 0.0


def equipment(
    scenario: Scenario,
    horizon: Horizon,
    *,
    days: int = 1,
    seed: int = 1,
    say: Say | None = None,
) -> dict[str, Any]:
    """What to install by month so that the promises hold with everything open.

    Returns
    -------
    dict
        ``months`` with servers, what ran out, capital and running cost and their public part;
        ``runs_out``: the first month in which each station's present equipment is not enough.

    Notes
    -----
    Month by month, demand is the calendar's and adoption's, times ``(1 + growth)`` to the power
    of the years since the scenario's own date. While a promise is broken, one server is added
    at the first station, in the order of the file, that breaks it. What stands is kept.
    """
    own = scenario.spec.date
    if own is None:
        message = "missing; months ahead need the date that the scenario's figures are of"
        raise ScenarioError([Fault(message, key="date")])
    start_us = to_us(scenario.spec.day_starts)
    stations = {each.id: each for each in scenario.spec.stations}
    servers = {name: installed_servers(each, start_us=start_us) for name, each in stations.items()}
    prices = {each.station: each for each in scenario.spec.prices}
    months: list[dict[str, Any]] = []
    runs_out: dict[str, str] = {}
    for month in horizon.months:
        day = days_of_month(scenario, month)[horizon.day]
        factor = (1 + horizon.growth) ** ((month - own).days / 365.25)
        base = scenario_scaled(scenario_on(scenario, day), factor)
        added: dict[str, int] = {}
        found = kept(opened(base, servers), days=days, seed=seed)
        while found.broken and sum(added.values()) < MOST_STEPS:
            name = found.broken[0].station
            runs_out.setdefault(name, f"{month:%Y-%m}")
            servers[name] += 1
            added[name] = added.get(name, 0) + 1
            found = kept(opened(base, servers), days=days, seed=seed)
        capital = sum(prices[name].capital.value * n for name, n in added.items() if name in prices)
        running = sum(
            prices[name].per_month.value * n for name, n in servers.items() if name in prices
        )
        if say is not None:
            said = ", ".join(f"{n} × {name}" for name, n in added.items()) or "nothing"
            say(f"equipment: {month:%Y-%m}, {day}: {said} to add")
        months.append(
            {
                "month": f"{month:%Y-%m}",
                "day": day.isoformat(),
                "factor": factor,
                "peak_per_h": found.peak_per_h,
                "outcome": "NOT_ENOUGH" if found.broken else "KEPT",
                "added": added,
                "servers": dict(servers),
                "capital": capital,
                "running": running,
                "capital_public": capital * horizon.public_share,
                "capital_private": capital * (1 - horizon.public_share),
            }
        )
    return {"months": months, "runs_out": runs_out, "unpriced": _unpriced(runs_out, prices)}


def _unpriced(names: Iterable[str], prices: Mapping[str, Any]) -> list[str]:
    return [name for name in names if name not in prices]
