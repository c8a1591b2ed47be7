"""Random routes, drawn whole before anyone sets out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.crowd import Crowd, Group
from sim.demand.expected import MAX_ROWS
from sim.demand.visits import Visits, place_of
from sim.errors import Fault, ScenarioError
from sim.scenario.program import GO_EXIT, GO_LEAVE, Program, Step
from sim.scenario.stations import StationSpec

MAX_VISITS = 10_000
"""Longest route accepted, in visits."""

STREAM = "route"

_OUT = -1


@dataclass(frozen=True, slots=True, eq=False)
class Routes:
    """Where each person goes, visit by visit, person by person.

    Attributes
    ----------
    first : ndarray of int64, shape (persons + 1,)
        First row of each person.
    person, step : ndarray of int64, shape (rows,)
        Who visits which step.
    number : ndarray of int64, shape (rows,)
        The person's how-many-th visit to that step, from 1.
    """

    first: NDArray[np.int64]
    person: NDArray[np.int64]
    step: NDArray[np.int64]
    number: NDArray[np.int64]


def draw_routes(crowd: Crowd, program: Program) -> Routes:
    """Follow the branches of every step until everyone is out.

    A step whose shares sum to less than one goes on with the next step otherwise.

    Raises
    ------
    ScenarioError
        If branches lead in circles for ever, sum to more than one, leave an option open, or
        make a route longer than `MAX_VISITS`; or if there are parties.
    """
    _check(program, has_parties=len(crowd.parties.size) < len(crowd))
    heights, targets = _tables(program)
    people = np.arange(len(crowd), dtype=np.int64)
    at = np.zeros(len(crowd), dtype=np.int64)
    persons: list[NDArray[np.int64]] = []
    steps: list[NDArray[np.int64]] = []
    rows = 0
    while len(people):
        rows += len(people)
        if len(persons) == MAX_VISITS or rows > MAX_ROWS:
            raise _too_long(len(people), visits=len(persons), rows=rows)
        persons.append(people)
        steps.append(at)
        u = Group(crowd, people).uniforms(f"{STREAM}#{len(persons)}")
        column = (u[:, None] >= heights[at]).sum(axis=1)
        after = targets[at, column]
        goes_on = after != _OUT
        people, at = people[goes_on], after[goes_on]
    return _in_order(
        np.concatenate(persons) if persons else people,
        np.concatenate(steps) if steps else at,
        people=len(crowd),
        width=len(program.steps),
    )


def draw_route_visits(
    crowd: Crowd, routes: Routes, program: Program, stations: Mapping[str, StationSpec]
) -> Visits:
    """Draws of every visit; later visits to a step have streams of their own."""
    visits = Visits.empty(program, len(routes.step))
    width = len(program.steps)
    key = routes.number * width + routes.step
    order = np.argsort(key, kind="stable")
    cuts = np.flatnonzero(np.diff(key[order])) + 1
    for rows in np.split(order, cuts) if len(order) else []:
        step = program.steps[int(routes.step[rows[0]])]
        visits.draw(
            rows,
            slot=step.slots[0],
            group=Group(crowd, routes.person[rows]),
            place=place_of(step.id, step.slots[0].spec.id, int(routes.number[rows[0]])),
            stations=stations,
        )
    return visits


def _in_order(
    person: NDArray[np.int64], step: NDArray[np.int64], *, people: int, width: int
) -> Routes:
    """Visits by person, from visits by their number in the route."""
    order = np.argsort(person, kind="stable")
    person, step = person[order], step[order]
    first = np.concatenate(([0], np.cumsum(np.bincount(person, minlength=people))))
    key = person * width + step
    by_key = np.argsort(key, kind="stable")
    is_new = np.ones(len(key), dtype=bool)
    is_new[1:] = np.diff(key[by_key]) != 0
    starts = np.flatnonzero(is_new)
    before = np.repeat(starts, np.diff(np.append(starts, len(key))))
    number = np.empty(len(key), dtype=np.int64)
    number[by_key] = np.arange(len(key)) - before + 1
    return Routes(first=first.astype(np.int64), person=person, step=step, number=number)


def _tables(program: Program) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Cumulative shares of the branches of each step, and the target of each interval."""
    width = max(len(step.branches) for step in program.steps)
    heights = np.full((len(program.steps), width), np.inf)
    targets = np.full((len(program.steps), width + 1), _OUT, dtype=np.int64)
    for step in program.steps:
        ends = np.cumsum([share for _, share in step.branches])
        if len(ends) and _is_whole(step):
            ends[-1] = np.inf
        heights[step.index, : len(ends)] = ends
        reached = [_inside(target) for target, _ in step.branches]
        targets[step.index, : len(reached)] = reached
        targets[step.index, len(reached) :] = _next(step, program)
    return heights, targets


def _check(program: Program, *, has_parties: bool) -> None:
    faults: list[Fault] = []
    if has_parties:
        message = "passengers on random routes travel alone; leave party_sizes out"
        faults.append(Fault(message, key="demand.party_sizes"))
    for step in program.steps:
        total = sum(share for _, share in step.branches)
        if total > 1 + 1e-9:
            message = f"branches of {step.id} sum to {total:g}; at most 1"
            faults.append(Fault(message, key="journey.next"))
        if step.is_choice:
            message = f"{step.id} offers {len(step.slots)} options; random routes take one each"
            faults.append(Fault(message, key="journey.options"))
    endless = _endless(program)
    if endless:
        message = (
            f"nobody who comes to {', '.join(endless)} ever gets out; "
            'give one of their branches to = "exit"'
        )
        faults.append(Fault(message, key="journey.next"))
    if faults:
        raise ScenarioError(faults)


def _endless(program: Program) -> list[str]:
    """Steps within reach from which no branch leads out."""
    onward = [_onward(step, program) for step in program.steps]
    gets_out: set[int] = {_OUT}
    while True:
        more = {i for i, to in enumerate(onward) if i not in gets_out and to & gets_out}
        if not more:
            break
        gets_out |= more
    reached, frontier = {0}, [0]
    while frontier:
        fresh = onward[frontier.pop()] - reached - {_OUT}
        reached |= fresh
        frontier += fresh
    return [program.steps[i].id for i in sorted(reached - gets_out)]


def _onward(step: Step, program: Program) -> set[int]:
    targets = {_inside(target) for target, share in step.branches if share > 0}
    return targets if _is_whole(step) else targets | {_next(step, program)}


def _is_whole(step: Step) -> bool:
    return sum(share for _, share in step.branches) >= 1 - 1e-9


def _inside(target: int) -> int:
    return _OUT if target in {GO_EXIT, GO_LEAVE} else target


def _next(step: Step, program: Program) -> int:
    return step.index + 1 if step.index + 1 < len(program.steps) else _OUT


def _too_long(people: int, *, visits: int, rows: int) -> ScenarioError:
    message = (
        f"after {visits} visits each, {rows} in all, {people} passengers are still on their way; "
        f"at most {MAX_VISITS} visits and {MAX_ROWS} in all: let more branches lead to exit"
    )
    return ScenarioError([Fault(message, key="journey.next")])
