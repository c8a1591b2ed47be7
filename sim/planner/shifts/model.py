"""The roster as a mixed-integer programme: kinds of shift are counted, people have no names.

A variable for every kind of shift with every place of its rest: the rows are few, one for each
station and period, and the linear programme, solved in a second for 20,000 variables, is tight.
Counting rests apart from shifts has a sixth of the variables, but ten times the rows: measured
on ten stations with floaters its linear programme took twelve seconds.
Where floaters are is free in every period. Once shifts are whole numbers this is a transport
problem with a whole solution, so it need not be declared whole.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sim.planner.shifts.question import Crew, EitherCut, RosterQuestion, WindowCut
from sim.planner.shifts.rows import Programme

Terms = list[tuple[int, float]]


@dataclass(slots=True)
class Model:
    """The programme, and which variable means what.

    Attributes
    ----------
    shifts : dict
        Variable of a shift by crew and place in its list.
    floating : dict
        Variable of the floaters at a station in a period, by crew.
    chosen : dict
        Variable of an alternative, by station and place.
    short : dict
        Variable of the people missing at a station in a period, in an elastic programme.
    """

    question: RosterQuestion
    programme: Programme = field(default_factory=Programme)
    shifts: dict[tuple[str, int], int] = field(default_factory=dict)
    floating: dict[tuple[str, str, int], int] = field(default_factory=dict)
    chosen: dict[tuple[str, int], int] = field(default_factory=dict)
    short: dict[tuple[str, int], int] = field(default_factory=dict)
    at: dict[tuple[str, int], Terms] = field(default_factory=lambda: defaultdict(list))


def build(question: RosterQuestion, *, elastic: bool = False) -> Model:
    """The programme of a question; an elastic one may leave people missing."""
    model = Model(question)
    for crew in question.crews:
        on_duty = _work(model, crew)
        _posts(model, crew, on_duty)
    if elastic:
        for station in question.needed:
            for period in _span(question):
                variable = model.programme.variable(whole=False)
                model.short[station, period] = variable
                model.at[station, period].append((variable, 1.0))
    for station, levels in question.needed.items():
        _demand(model, station, levels)
    for cut in question.cuts:
        _cut(model, cut)
    return model


def _span(question: RosterQuestion) -> range:
    return range(question.first, question.first + question.periods)


def _work(model: Model, crew: Crew) -> dict[int, Terms]:
    """Shifts of a crew: who is at work in each period."""
    programme = model.programme
    on_duty: dict[int, Terms] = defaultdict(list)
    most = float("inf") if crew.people is None else float(crew.people)
    for place, (shift, cost) in enumerate(zip(crew.shifts, crew.costs, strict=True)):
        variable = programme.variable(cost, most=most)
        model.shifts[crew.id, place] = variable
        for period in shift.worked:
            on_duty[period].append((variable, 1.0))
    if crew.people is not None:
        everybody = [(model.shifts[crew.id, place], 1.0) for place in range(len(crew.shifts))]
        programme.row(everybody, high=crew.people)
    return on_duty


def _posts(model: Model, crew: Crew, on_duty: dict[int, Terms]) -> None:
    """Where a crew can work: at its one station, or free to change in every period."""
    question, programme = model.question, model.programme
    stations = [name for name in crew.stations if name in question.needed]
    for period in _span(question):
        terms = on_duty.get(period, [])
        if not terms:
            continue
        if len(stations) == 1:
            model.at[stations[0], period] += terms
            continue
        for station in stations:
            variable = programme.variable(whole=bool(question.cuts))
            model.floating[crew.id, station, period] = variable
            model.at[station, period].append((variable, 1.0))
        sent = [(model.floating[crew.id, name, period], 1.0) for name in stations]
        programme.row([*sent, *((variable, -factor) for variable, factor in terms)], high=0)


def _demand(model: Model, station: str, levels: tuple[int, ...]) -> None:
    question, programme = model.question, model.programme
    plans = question.alternatives.get(station, ())
    for place in range(len(plans)):
        model.chosen[station, place] = programme.variable(most=1)
    if plans:
        one = [(model.chosen[station, place], 1.0) for place in range(len(plans))]
        programme.row(one, low=1, high=1)
    for number, period in enumerate(_span(question)):
        more = [
            (model.chosen[station, place], -float(max(plan[number] - levels[number], 0)))
            for place, plan in enumerate(plans)
        ]
        needs = [each for each in more if each[1]]
        if levels[number] > 0 or needs:
            programme.row([*model.at[station, period], *needs], low=levels[number])


def _cut(model: Model, cut: WindowCut | EitherCut) -> None:
    question, programme = model.question, model.programme
    match cut:
        case WindowCut(station, periods, level):
            terms = [term for period in periods for term in model.at[station, period]]
            programme.row(terms, low=level)
        case EitherCut(station, raised):
            choices: Terms = []
            for period, level in raised:
                floor = question.needed[station][period - question.first]
                choice = programme.variable(most=1)
                choices.append((choice, 1.0))
                terms = [*model.at[station, period], (choice, -float(max(level - floor, 0)))]
                programme.row(terms, low=floor)
            programme.row(choices, low=1)
