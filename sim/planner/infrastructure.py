"""How much equipment is enough month by month, when each kind runs out, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sim.errors import Fault, ScenarioError
from sim.experiments.rollout import days_of_month
from sim.planner.kept import Kept, kept, opened
from sim.scenario.clock import to_us
from sim.scenario.dated import scenario_on, scenario_scaled
from sim.scenario.opening import installed_servers
from sim.scenario.scenario import Scenario

MOST_STEPS = 200
"""Servers added in one month at most before the search gives up."""

SUMS = ("capital", "capital_public", "capital_private", "running")
"""What months add up to, in millions of dong."""

Say = Callable[[str], None]


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
    at a station that breaks it: first at those that others call, since a gate that waits for a
    match server is not mended by another gate, then in the order of the file. What stands is
    kept.
    """
    own = scenario.spec.date
    if own is None:
        message = "missing; months ahead need the date that the scenario's figures are of"
        raise ScenarioError([Fault(message, key="date")])
    start_us = to_us(scenario.spec.day_starts)
    stations = {each.id: each for each in scenario.spec.stations}
    servers = {name: installed_servers(each, start_us=start_us) for name, each in stations.items()}
    prices = {each.station: each for each in scenario.spec.prices}
    called = _called(scenario)
    months: list[dict[str, Any]] = []
    runs_out: dict[str, str] = {}
    for month in horizon.months:
        day = days_of_month(scenario, month)[horizon.day]
        factor = (1 + horizon.growth) ** ((month - own).days / 365.25)
        base = scenario_scaled(scenario_on(scenario, day), factor)
        added: dict[str, int] = {}
        found = kept(opened(base, servers), days=days, seed=seed)
        while found.broken and sum(added.values()) < MOST_STEPS:
            name = _first_to_mend(found, called)
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
    return {
        "months": months,
        "runs_out": runs_out,
        "unpriced": _unpriced(runs_out, prices),
        "totals": {name: sum(each[name] for each in months) for name in SUMS},
    }


def _called(scenario: Scenario) -> set[str]:
    """Stations that others ask while they serve."""
    places = (place for step in scenario.spec.journey for place in (step, *step.options))
    return {call.station for place in places for call in place.calls}


def _first_to_mend(found: Kept, called: set[str]) -> str:
    return min(found.broken, key=lambda each: each.station not in called).station


def _unpriced(names: Iterable[str], prices: Mapping[str, Any]) -> list[str]:
    return [name for name in names if name not in prices]
