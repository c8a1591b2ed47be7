"""From counts of shifts to people: which floater goes where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from sim.planner.shifts.model import Model
from sim.planner.shifts.outcome import Duty
from sim.planner.shifts.question import Levels, Shift

CHANGE, UNSKILLED = 1.0, 1e6


@dataclass(slots=True)
class _Person:
    crew: str
    shift: Shift
    skills: tuple[str, ...]
    stations: dict[int, str] = field(default_factory=dict)


def duties_of(
    model: Model, x: NDArray[np.float64], needed: Mapping[str, Levels]
) -> tuple[Duty, ...]:
    """People of a solution, with their places.

    Parameters
    ----------
    x : ndarray of float, shape (n_variables,)
        The solution, whole where it has to be.
    needed : mapping
        Levels that are kept.

    Notes
    -----
    Floaters stay where they are as long as they are
    needed there: the least changes from one period to the next.
    """
    people: list[_Person] = []
    for crew in model.question.crews:
        skills = tuple(name for name in crew.stations if name in needed)
        own = [
            _Person(crew.id, shift, skills)
            for place, shift in enumerate(crew.shifts)
            for _ in range(int(x[model.shifts[crew.id, place]]))
        ]
        people += sorted(own, key=lambda each: (each.shift.start, each.shift.end))
    _placed(model, people, needed)
    return tuple(
        Duty(
            each.crew,
            each.shift.start,
            each.shift.end,
            (each.shift.rest_at, each.shift.rest_at + each.shift.rest) if each.shift.rest else None,
            tuple(each.stations.get(p, "") for p in range(each.shift.start, each.shift.end)),
        )
        for each in people
    )


def _placed(model: Model, people: list[_Person], needed: Mapping[str, Levels]) -> None:
    """Give everybody a station in every period; floaters go where people are missing."""
    question = model.question
    begin = min((each.shift.start for each in people), default=0)
    until = max((each.shift.end for each in people), default=0)
    before: dict[int, str] = {}
    for period in range(begin, until):
        here = [n for n, each in enumerate(people) if each.shift.works(period)]
        number = period - question.first
        within = 0 <= number < question.periods
        missing = {name: levels[number] if within else 0 for name, levels in needed.items()}
        free: list[int] = []
        for n in here:
            skills = people[n].skills
            if len(skills) == 1:
                people[n].stations[period] = skills[0]
                missing[skills[0]] -= 1
            else:
                free.append(n)
        posts = [name for name, count in missing.items() for _ in range(max(count, 0))]
        for n, name in _matched(people, free, posts, before).items():
            people[n].stations[period] = name
            before[n] = name


def _matched(
    people: list[_Person], free: list[int], posts: list[str], before: Mapping[int, str]
) -> dict[int, str]:
    """Who takes which post, with the fewest changes; others stay or begin at their first skill."""
    stay = {n: before.get(n) or people[n].skills[0] for n in free}
    if not free or not posts:
        return stay
    cost = np.array(
        [
            [
                UNSKILLED
                if post not in people[n].skills
                else 0.0
                if before.get(n) == post
                else CHANGE
                for post in posts
            ]
            for n in free
        ]
    )
    who, where = linear_sum_assignment(cost)
    assert len(who) == len(posts), "fewer floaters than posts"
    assert cost[who, where].max() < UNSKILLED, "a post without a skill"
    return stay | {free[n]: posts[post] for n, post in zip(who, where, strict=True)}
