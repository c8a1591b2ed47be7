"""A plan from beginning to end: theory proposes, simulation disposes, fresh days certify."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.demand.expected import expected_persons
from sim.errors import UsageError
from sim.planner.certify import Certificate, Fresh, certified
from sim.planner.days import Days
from sim.planner.desk import DeskPlan, plan_desk
from sim.planner.exact import ExactDesk
from sim.planner.grid import Grid, Levels
from sim.planner.limits import cap_of
from sim.planner.markov import markov_desk
from sim.planner.missed import Departures
from sim.planner.outcome import PlanOutcome
from sim.planner.said import Said
from sim.planner.seen import DEPARTURES
from sim.planner.showable import refuse_unshowable
from sim.planner.sweeps import Sweeps
from sim.planner.tally import Tally
from sim.planner.targets import LONGEST_DAY_US, US_PER_MIN, Promise
from sim.planner.why import Cause, causes_of
from sim.scenario.clock import to_us
from sim.scenario.scenario import Scenario

MOST_PERIODS = 2_000
"""Periods of a plan at most."""

FRESH = 100_000
"""Replications from here on are for certificates: no search ever sees them."""

PERSONS = 2_000_000
"""Persons of the days searched on, about; a day of 24,000 holds 21 MB."""

ROUNDS = 8
"""Certificates tried at most; each repairs what the one before refused."""


@dataclass(frozen=True, slots=True, eq=False)
class StationPlan:
    """The plan of one station.

    Attributes
    ----------
    levels, today : tuple of int
        Servers by period as planned, and as the scenario has them open.
    lower_bound : int or None
        Server-periods that no plan goes below; None where none is known to hold.
    bound_says : str
        What the bound rests on, or why there is none.
    is_exact : bool
        Whether the exact law decided.
    exact : dict of str to ndarray
        Shares by the exact law, by promise.
    beside : dict of str to dict
        Plans of textbook methods for the same promise.
    """

    id: str
    levels: Levels
    today: Levels
    cap: Levels
    lower_bound: int | None
    bound_says: str
    is_exact: bool
    exact: dict[str, NDArray[np.float64]]
    tallies: tuple[Tally, ...] = ()
    beside: dict[str, dict] = field(default_factory=dict)

    @property
    def server_periods(self) -> int:
        """Server-periods in all."""
        return sum(self.levels)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """How the search ended, and with what."""

    scenario: Scenario
    outcome: PlanOutcome
    says: tuple[Said, ...]
    grid: Grid
    promises: tuple[Promise, ...]
    stations: tuple[StationPlan, ...]
    certificate: Certificate | None
    causes: tuple[Cause, ...] = ()
    tallies: tuple[Tally, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a search, besides the scenario.

    Attributes
    ----------
    days : int
        Fresh days of each certificate.
    on : date or None
        Date whose policies hold; no draw changes with it.
    """

    promises: tuple[Promise, ...]
    seed: int = 1
    days: int = 400
    jobs: int = 1
    bound: bool = True
    on: date | None = None


def run_plan(
    scenario: Scenario, asked: Asked, *, progress: Callable[[str], None] = lambda text: None
) -> Plan:
    """Search the smallest staffing that keeps the promises, and certify it.

    Parameters
    ----------
    scenario : Scenario
    asked : Asked
    progress : callable
        Told in words what is being done.

    Raises
    ------
    UsageError
        If the plan would have too many periods, or nobody comes to a station.
    """
    spec = scenario.spec
    period_min = 30.0 if spec.plan is None else spec.plan.period_min.value
    confidence = 0.95 if spec.plan is None else spec.plan.confidence.value
    if not 0.5 <= confidence < 1:
        raise UsageError(f"plan.confidence = {confidence:g}; give 0.5 to 0.9999")
    names = tuple(each.id for each in spec.stations if _promised(each.id, asked.promises))
    persons = (
        1000.0 if scenario.trace is not None or scenario.facilities else expected_persons(spec)
    )
    count = int(min(max(PERSONS / max(persons, 1), 24), 400))
    progress(f"drawing {count} days to search on")
    days = Days(scenario, seed=asked.seed, replications=range(count), jobs=asked.jobs, on=asked.on)
    departing = tuple({each.station for each in asked.promises} & {DEPARTURES})
    today = days.seen(None, {}, (*names, *departing))
    _refuse_empty(today, names)
    grid = _grid(scenario, today, names, period_us=round(period_min * US_PER_MIN))
    cells = {each.id: _cells(each, grid) for each in asked.promises}
    family = sum(cells.values())
    doubt = (1 - confidence) / 2 / family

    caps: dict[str, Levels] = {}
    plans: dict[str, Levels] = {}
    desks: dict[str, DeskPlan] = {}
    says: list[Said] = []
    for name in names:
        own = tuple(each for each in asked.promises if each.station == name)
        caps[name] = (cap_of(scenario, name, today=[day[name] for day in today]),) * grid.periods
        desk = markov_desk(scenario, name)
        if not isinstance(desk, str) and all(each.is_plain for each in own):
            progress(f"{name}: searching by the exact law")
            oracle = ExactDesk(desk, own, grid)
            desks[name] = plan_desk(
                oracle,
                cap=caps[name],
                with_bound=asked.bound,
                progress=lambda text, name=name: progress(f"{name}: {text}"),
            )
            plans[name] = desks[name].levels
            says += [each.at(name) for each in desks[name].broken]
    others = tuple(name for name in names if name not in desks)
    sweeps = Sweeps(
        days=days, grid=grid, cells=cells, promises=asked.promises, caps=caps,
        fixed=dict(plans), others=others, progress=progress,
    )  # fmt: skip
    departures = Departures(
        days=days, grid=grid, cells=cells, promises=asked.promises, caps=caps, progress=progress
    )
    if others and not says:
        says += sweeps.infeasible(doubt=doubt)
    says += departures.infeasible(caps, doubt=doubt)
    if says:
        plan = {**{name: caps[name] for name in others}, **plans}
        final, certificate, outcome = [], None, PlanOutcome.INFEASIBLE
    else:
        fresh = Fresh(
            scenario, grid, asked.promises, cells, seed=asked.seed, jobs=asked.jobs,
            confidence=confidence, first=FRESH, on=asked.on,
            days=sweeps.days_for(doubt=doubt, at_least=asked.days) if others else asked.days,
        )  # fmt: skip
        refuse_unshowable(
            [each for each in asked.promises if each.station not in desks],
            days=fresh.days, doubt=doubt,
        )  # fmt: skip
        outcome, trial, words = certified(
            fresh, departures.kept(sweeps.search(fresh.margin(1)), fresh.margin(1)),
            sweeps=sweeps, departures=departures, rounds=ROUNDS, progress=progress,
            desks={name: desk.oracle for name, desk in desks.items()},
        )  # fmt: skip
        plan, final, certificate = trial.plan, trial.tallies, trial.certificate
        says += words
    stations = tuple(
        _station(name, plan[name], desks.get(name), days, grid, caps[name], final, scenario)
        for name in names
    )
    progress("looking for what causes the waits")
    causes = causes_of(days, today, grid, plan, asked.promises, cells, progress)
    return Plan(
        scenario, outcome, tuple(says), grid, asked.promises, stations, certificate, causes,
        tuple(final),
    )  # fmt: skip


def _promised(station: str, promises: Sequence[Promise]) -> bool:
    return any(each.station == station for each in promises)


def _refuse_empty(today: list, names: tuple[str, ...]) -> None:
    empty = [name for name in names if not any(len(day[name].joined_us) for day in today)]
    if empty:
        raise UsageError(
            f"on {len(today)} days nobody comes to {', '.join(empty)}; a promise there means "
            "nothing, take it out"
        )


def _grid(scenario: Scenario, today: list, names: tuple[str, ...], *, period_us: int) -> Grid:
    spec = scenario.spec
    last = max(int(day[name].joined_us.max(initial=0)) for day in today for name in names)
    if spec.horizon_s is not None and spec.demand.arrivals is not None:
        periods = math.ceil(to_us(spec.horizon_s.value) / period_us)
    else:
        periods = last // period_us + 1
    if periods > MOST_PERIODS:
        raise UsageError(
            f"plan.period_min = {period_us / US_PER_MIN:g} makes {periods} periods; "
            f"{MOST_PERIODS} at most, take longer ones"
        )
    return Grid(period_us, periods, to_us(spec.day_starts))


def _cells(promise: Promise, grid: Grid) -> int:
    if promise.per_us >= LONGEST_DAY_US:
        return 1
    return max(1, math.ceil(grid.periods * grid.period_us / promise.per_us - 1e-9))


def _station(  # noqa: PLR0917 - what one station was planned with
    name: str,
    levels: Levels,
    desk: DeskPlan | None,
    days: Days,
    grid: Grid,
    cap: Levels,
    final: Sequence[Tally],
    scenario: Scenario,
) -> StationPlan:
    station = next(each for each in days.network.stations if each.id == name)
    own = tuple(each for each in final if each.promise.station == name)
    if desk is None:
        reason = markov_desk(scenario, name)
        why = reason if isinstance(reason, str) else "a promise is daily, or of a queue"
        says = (
            f"no bound: {why}, so one server more may make somebody wait longer, or the law of "
            "its queue is not known exactly"
        )
        return StationPlan(name, levels, grid.sampled(station), cap, None, says, False, {}, own)
    shares = desk.oracle.shares(levels)
    exact = {each.id: share for each, share in zip(desk.oracle.promises, shares, strict=True)}
    return StationPlan(
        name, levels, grid.sampled(station), cap, desk.lower_bound, desk.bound_says, True, exact,
        own, desk.beside,
    )  # fmt: skip
