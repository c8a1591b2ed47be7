"""The people of a plan: a roster for its certified servers, beside one for today's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.planner.beside_today import beside_today
from sim.planner.plan import Plan
from sim.planner.roster import Rostered, attended, roster
from sim.planner.shifts.tables import (
    DUTY_COLUMNS,
    SHIFT_COLUMNS,
    STAFF_COLUMNS,
    csv_text,
    duty_rows,
    roster_document,
    shift_rows,
    staff_rows,
)

OWN_RULES = "the rules of the scenario's roster"

DEFAULT_RULES = (
    "default rules, assumed: the file has no roster of its own; shifts of six to eight hours by "
    "half hours, rests and nights as in the Labour Code"
)


@dataclass(frozen=True, slots=True, eq=False)
class Staff:
    """Who works when, if the plan is carried out.

    Attributes
    ----------
    plan : Rostered
        For the plan's levels.
    today : Rostered or None
        For today's levels of the same stations in the same periods, by the same rules; None where
        nobody is there today.
    unattended : tuple of str
        Stations of the plan whose servers are machines.
    rules : str
        Where shifts and rests come from.
    """

    plan: Rostered
    today: Rostered | None
    unattended: tuple[str, ...]
    rules: str


def staff_of(
    plan: Plan,
    *,
    gap: float,
    time_limit_s: float,
    say: Callable[[str], None] = lambda text: None,
) -> Staff | None:
    """The roster of a certified plan; None without a certificate, or with machines only.

    Parameters
    ----------
    gap, time_limit_s
        As in `roster`, for each of the two rosters.
    say : callable
        Told what is being done.

    Notes
    -----
    In a ``generic`` scenario every planned server is a person; elsewhere those of stations that
    are `attended`.
    """
    if not plan.outcome.is_success:
        return None
    spec, minutes = plan.scenario.spec, plan.grid.period_us / 60e6
    manned = {each.id for each in plan.stations} if spec.kind == "generic" else {*attended(spec)}
    own = {each.id: each for each in plan.stations if each.id in manned and any(each.levels)}
    if not own:
        return None

    def rostered(levels: dict[str, tuple[int, ...]]) -> Rostered:
        return roster(spec, levels, period_min=minutes, gap=gap, time_limit_s=time_limit_s, say=say)

    today = {name: each.today for name, each in own.items()}
    return Staff(
        plan=rostered({name: each.levels for name, each in own.items()}),
        today=rostered(today) if any(any(levels) for levels in today.values()) else None,
        unattended=tuple(each.id for each in plan.stations if each.id not in manned),
        rules=DEFAULT_RULES if spec.roster is None else OWN_RULES,
    )


def staff_document(staff: Staff) -> dict[str, Any]:
    """The roster as plain JSON, as the plan holds it."""
    document = roster_document(staff.plan.question, staff.plan.found)
    return {
        **document,
        "rules": staff.rules,
        "stations": list(staff.plan.question.needed),
        "unattended": list(staff.unattended),
        "today": None if staff.today is None else beside_today(staff.plan, staff.today),
    }


def roster_files(rostered: Rostered) -> dict[str, str]:
    """The roster as CSV tables, by the name of the file."""
    question, found = rostered.question, rostered.found
    return {
        "shifts.csv": csv_text(SHIFT_COLUMNS, shift_rows(found, question.period_min)),
        "people.csv": csv_text(DUTY_COLUMNS, duty_rows(found, question.period_min)),
        "staff.csv": csv_text(STAFF_COLUMNS, staff_rows(question, found)),
    }
