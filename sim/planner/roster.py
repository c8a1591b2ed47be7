"""The roster of a scenario: who works when, so that a plan's servers are staffed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sim.planner.shifts.outcome import Roster
from sim.planner.shifts.question import Crew, EitherCut, Levels, RosterQuestion, WindowCut
from sim.planner.shifts.rules import cost_h, shifts_of
from sim.planner.shifts.solve import DEFAULT_GAP, find_roster
from sim.scenario.clock import to_us
from sim.scenario.opening import opening_levels
from sim.scenario.roster import RosterSpec
from sim.scenario.spec import ScenarioSpec
from sim.scenario.stations import StationSpec

US_PER_MIN = 60_000_000
DAY_MIN = 24 * 60


@dataclass(frozen=True, slots=True)
class Rostered:
    """A roster with what it was asked.

    Attributes
    ----------
    rules : RosterSpec
        Shifts, rests and teams; defaults where the scenario says nothing.
    question : RosterQuestion
        People needed by period.
    found : Roster
        What came of it.
    """

    rules: RosterSpec
    question: RosterQuestion
    found: Roster


def roster(
    spec: ScenarioSpec,
    servers: Mapping[str, Sequence[int]],
    *,
    period_min: float,
    first_period: int = 0,
    alternatives: Mapping[str, Sequence[Sequence[int]]] | None = None,
    cuts: Sequence[WindowCut | EitherCut] = (),
    gap: float = DEFAULT_GAP,
    time_limit_s: float = 60.0,
    say: Callable[[str], None] | None = None,
) -> Rostered:
    """The cheapest shifts that staff a plan.

    Parameters
    ----------
    servers : mapping of str to sequence of int
        Servers open at each station by period of the plan; machines that nobody attends are
        to be left out, see `attended`.
    period_min : float
        Minutes in a period of the plan.
    first_period : int
        Period, from midnight, of the first level.
    alternatives : mapping or None
        Other plans of a station that keep its promise too, in the same periods; each at least
        `servers`. The cheapest of them is staffed.
    cuts : sequence of WindowCut or EitherCut
        What else must hold, in people and in periods of the roster.
    gap, time_limit_s, say
        As in `find_roster`.

    Returns
    -------
    Rostered
        Its `found.outcome` says whether there is a roster.
    """
    rules = spec.roster or RosterSpec()
    minutes = rules.period_min.value
    attending = {post.station: int(post.people_per_server.value) for post in rules.posts}

    def people(station: str, levels: Sequence[int]) -> Levels:
        fine = _refined(levels, first_period, period_min, minutes)
        return tuple(level * attending.get(station, 1) for level in fine)

    needed = {name: people(name, levels) for name, levels in servers.items()}
    others = {
        name: tuple(people(name, each) for each in plans)
        for name, plans in (alternatives or {}).items()
    }
    first = int(first_period * period_min // minutes)
    question = RosterQuestion(
        first=first,
        needed=needed,
        crews=_crews(rules, needed, others, first),
        period_min=int(minutes),
        alternatives=others,
        cuts=tuple(cuts),
    )
    found = find_roster(question, gap=gap, time_limit_s=time_limit_s, say=say)
    return Rostered(rules, question, found)


def attended(spec: ScenarioSpec) -> tuple[str, ...]:
    """Stations that people attend: named in the roster, or with a plan of opening or reserves."""
    named = set[str]()
    if spec.roster is not None:
        named = {name for team in spec.roster.teams for name in team.stations}
        named |= {post.station for post in spec.roster.posts}
    return tuple(
        each.id
        for each in spec.stations
        if each.batch is None and (each.id in named or _has_people(each))
    )


def own_levels(spec: ScenarioSpec, *, period_min: float) -> dict[str, Levels]:
    """The highest level of each attended station's own openings in each period from midnight."""
    period_us = round(period_min * US_PER_MIN)
    start_us = to_us(spec.day_starts)
    stations = {each.id: each for each in spec.stations}
    changes = {
        name: opening_levels(stations[name].servers, start_us=start_us) for name in attended(spec)
    }
    last_us = max((at for each in changes.values() for at, _ in each), default=0)
    day_us = start_us + DAY_MIN * US_PER_MIN
    periods = -(-max(last_us, day_us if last_us <= day_us else last_us) // period_us)
    return {
        name: tuple(
            _highest(each, number * period_us, (number + 1) * period_us, until_us=day_us)
            for number in range(periods)
        )
        for name, each in changes.items()
    }


def _highest(
    changes: tuple[tuple[int, int], ...], from_us: int, until: int, *, until_us: int
) -> int:
    """The highest level within a period; what has no end closes with the service day."""
    if from_us >= until_us and changes[-1][0] < from_us:
        return 0
    before = [level for at, level in changes if at <= from_us]
    within = [level for at, level in changes if from_us < at < until]
    return max([*before[-1:], *within], default=0)


def _has_people(station: StationSpec) -> bool:
    return not hasattr(station.servers, "value") or station.installed is not None


def _refined(levels: Sequence[int], first: int, period: float, fine: float) -> Levels:
    """The same levels by the roster's periods: the highest that overlaps each."""
    begin, end = first * period, (first + len(levels)) * period
    found: list[int] = []
    for number in range(int(begin // fine), -int(-end // fine)):
        overlaps = [
            int(level)
            for place, level in enumerate(levels)
            if (first + place) * period < (number + 1) * fine
            and (first + place + 1) * period > number * fine
        ]
        found.append(max(overlaps, default=0))
    return tuple(found)


def _crews(
    rules: RosterSpec,
    needed: Mapping[str, Levels],
    alternatives: Mapping[str, tuple[Levels, ...]],
    first: int,
) -> tuple[Crew, ...]:
    """The teams that are named, and one of its own for every station in none."""
    asked: list[tuple[str, tuple[str, ...], float, int | None]] = []
    for team in rules.teams:
        stations = tuple(name for name in team.stations if name in needed)
        if stations:
            people = None if team.people is None else int(team.people.value)
            asked.append((team.id, stations, team.cost_per_h.value, people))
    held = {name for _, stations, _, _ in asked for name in stations}
    taken = {name for name, _, _, _ in asked}
    asked += [
        (f"{name}-own" if name in taken else name, (name,), 1.0, None)
        for name in needed
        if name not in held
    ]
    crews: list[Crew] = []
    for name, stations, per_h, people in asked:
        plans = [plan for each in stations for plan in (needed[each], *alternatives.get(each, ()))]
        busy = [number for plan in plans for number, level in enumerate(plan) if level]
        if not busy:
            continue
        shifts = shifts_of(rules, first=first + min(busy), until=first + max(busy) + 1)
        costs = tuple(per_h * cost_h(each, rules) for each in shifts)
        crews.append(Crew(name, stations, shifts, costs, people))
    return tuple(crews)
