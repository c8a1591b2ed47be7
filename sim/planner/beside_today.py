"""A plan's staffing beside that of today: hours, cost, where there are too many or too few."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.planner.roster import Rostered
from sim.planner.shifts.question import Levels
from sim.planner.shifts.tables import clock


def beside_today(plan: Rostered, today: Rostered) -> dict[str, Any]:
    """What changes against today's openings, rostered by the same rules.

    Parameters
    ----------
    plan, today : Rostered
        With periods of the same length.

    Returns
    -------
    dict
        Cost and people of both; by station person-hours of both, and the stretches in which
        today has more or fewer people than the plan.
    """
    minutes = plan.question.period_min
    assert today.question.period_min == minutes, "rosters of different periods"
    wanted, there = _from_midnight(plan), _from_midnight(today)
    stations = {
        name: _station(wanted[name], there.get(name, ()), minutes) for name in sorted(wanted)
    }
    return {
        "cost": {"plan": plan.found.cost, "today": today.found.cost},
        "people": {"plan": len(plan.found.duties), "today": len(today.found.duties)},
        "stations": stations,
    }


def _from_midnight(rostered: Rostered) -> dict[str, Levels]:
    question: Mapping[str, Levels] = rostered.found.needed
    return {name: (0,) * rostered.question.first + each for name, each in question.items()}


def _station(plan: Levels, today: Levels, minutes: int) -> dict[str, Any]:
    length = max(len(plan), len(today))
    wanted, there = (each + (0,) * (length - len(each)) for each in (plan, today))
    differences = [now - then for now, then in zip(there, wanted, strict=True)]
    return {
        "hours": {"plan": sum(wanted) * minutes / 60, "today": sum(there) * minutes / 60},
        "over": _stretches([max(each, 0) for each in differences], minutes),
        "under": _stretches([max(-each, 0) for each in differences], minutes),
    }


def _stretches(people: list[int], minutes: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for period, count in enumerate(people):
        if not count:
            continue
        if period and people[period - 1] and found:
            found[-1]["until"] = clock(period + 1, minutes)
            found[-1]["people"] = max(found[-1]["people"], count)
        else:
            begin, end = clock(period, minutes), clock(period + 1, minutes)
            found.append({"from": begin, "until": end, "people": count})
    return found
