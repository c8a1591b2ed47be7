"""Declared hourly capacity: the most demand at which every promise still holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.planner.kept import Kept, kept, opened
from sim.scenario.dated import scenario_scaled
from sim.scenario.scenario import Scenario

MOST_FACTOR = 8.0
"""Demand is scaled at most so far."""

Say = Callable[[str], None]


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
