"""From a question to a roster, or to what is missing where there is no roster."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.planner.shifts.minimum import minimised
from sim.planner.shifts.model import Model, build
from sim.planner.shifts.naming import duties_of
from sim.planner.shifts.outcome import Lack, Roster, RosterOutcome
from sim.planner.shifts.question import EitherCut, Levels, RosterQuestion, WindowCut

DEFAULT_GAP = 1e-3
"""A roster is good enough when no other can be cheaper by more than this share."""

TINY = 1e-6


def find_roster(
    question: RosterQuestion,
    *,
    gap: float = DEFAULT_GAP,
    time_limit_s: float = 60.0,
    say: Callable[[str], None] | None = None,
) -> Roster:
    """The cheapest shifts that keep every station staffed.

    Parameters
    ----------
    gap : float
        Stop when the cost is proven to be within this share of the least.
    time_limit_s : float
        Stop then with the best roster there is. Up to the limit the same question gives the
        same roster; one that the limit cut short depends on the machine.
    say : callable or None
        Told what is being done.

    Returns
    -------
    Roster
        With its bound and gap, person by person; or what is missing, where and why.
    """
    started = time.perf_counter()
    model = build(question)
    if say is not None:
        size = f"{len(model.programme.costs)} variables, {model.programme.rows} rows"
        say(f"roster: {len(question.needed)} stations, {question.periods} periods: {size}")
    found = minimised(model.programme, gap=gap, time_limit_s=time_limit_s, say=say)
    variables, rows = len(model.programme.costs), model.programme.rows
    if found.x is None:
        lacks = _lacks(question, time_limit_s) if found.is_infeasible else ()
        return Roster(
            RosterOutcome.INFEASIBLE if found.is_infeasible else RosterOutcome.NOT_FOUND,
            *(None, None, None),
            time.perf_counter() - started,
            question.needed,
            lacks=lacks,
            variables=variables,
            rows=rows,
        )
    whole = np.round(found.x)
    cost = float(np.dot(model.programme.costs, np.where(model.programme.is_whole, whole, found.x)))
    bound = min(found.bound, cost)
    reached = (cost - bound) / cost if cost > 0 else 0.0
    needed = _kept(model, found.x)
    return Roster(
        outcome=RosterOutcome.OPTIMAL if reached <= gap + TINY else RosterOutcome.GOOD,
        cost=cost,
        bound=bound,
        gap=reached,
        elapsed_s=time.perf_counter() - started,
        needed=needed,
        duties=duties_of(model, whole, needed),
        variables=variables,
        rows=rows,
    )


def _kept(model: Model, x: NDArray[np.float64]) -> dict[str, Levels]:
    """Levels to be kept: those asked, raised by the alternatives and cuts that were chosen."""
    question = model.question
    kept = {name: list(levels) for name, levels in question.needed.items()}
    for (station, place), variable in model.chosen.items():
        if x[variable] > 0.5:
            plan = question.alternatives[station][place]
            kept[station] = [max(pair) for pair in zip(kept[station], plan, strict=True)]
    for cut in question.cuts:  # whoever helps to keep a cut has a place there
        match cut:
            case WindowCut(station, periods, _):
                raised = periods
            case EitherCut(station, pairs):
                raised = tuple(period for period, _ in pairs)
        for period in raised:
            staffed = sum(factor * x[variable] for variable, factor in model.at[station, period])
            number = period - question.first
            kept[station][number] = max(kept[station][number], int(staffed + 0.5))
    return {name: tuple(levels) for name, levels in kept.items()}


def _lacks(question: RosterQuestion, time_limit_s: float) -> tuple[Lack, ...]:
    """Where people are missing when as few as possible are."""
    model = build(question, elastic=True)
    model.programme.costs_of(dict.fromkeys(model.short.values(), 1.0))
    found = minimised(model.programme, gap=1e-2, time_limit_s=time_limit_s)
    if found.x is None:
        return ()
    lacks: list[Lack] = []
    for station in question.needed:
        able = tuple(crew for crew in question.crews if station in crew.stations)
        reached = {p for crew in able for s in crew.shifts for p in range(s.start, s.end)}
        for number in range(question.periods):
            period = question.first + number
            people = int(np.ceil(found.x[model.short[station, period]] - TINY))
            if people <= 0:
                continue
            is_uncovered = period not in reached
            last = lacks[-1] if lacks else None
            if last and (last.station, last.last + 1, last.is_uncovered) == (
                station, period, is_uncovered,
            ):  # fmt: skip
                lacks[-1] = Lack(
                    station, last.first, period, max(last.people, people), last.crews, is_uncovered
                )
                continue
            names = tuple(crew.id for crew in able)
            lacks.append(Lack(station, period, period, people, names, is_uncovered))
    return tuple(lacks)
