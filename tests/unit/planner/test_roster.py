"""Rosters that can be checked by hand, and what a roster keeps whatever it is asked."""

from __future__ import annotations

import numpy as np
import pytest

from sim.planner.beside_today import beside_today
from sim.planner.roster import attended, own_levels, roster
from sim.planner.shifts.outcome import RosterOutcome
from sim.planner.shifts.question import Crew, EitherCut, RosterQuestion, Shift, WindowCut
from sim.planner.shifts.rules import cost_h, shifts_of
from sim.planner.shifts.solve import find_roster
from sim.planner.shifts.tables import lack_text, roster_document
from sim.scenario.load import load_scenario
from sim.scenario.roster import RosterSpec
from tests.evidence.roster import is_covered

NEEDED = (2, 3, 5, 6, 4, 3, 5, 7, 6, 4, 2, 1)


def crew(shifts: list[Shift], *, stations: tuple[str, ...] = ("a",), **kwargs: object) -> Crew:
    costs = tuple(each.length + 1.0 for each in shifts)
    return Crew(stations[0], stations, tuple(shifts), costs, **kwargs)  # type: ignore[arg-type]


def plain(lengths: tuple[int, ...] = (4, 6)) -> list[Shift]:
    return [Shift(start, length) for length in lengths for start in range(13 - length)]


def rested() -> list[Shift]:
    sixes = [Shift(start, 6, start + after, 1) for start in range(7) for after in (2, 3)]
    return [*plain((4,)), *sixes]


@pytest.mark.parametrize(("shifts", "least"), [(plain(), 61), (rested(), 63)])
def test_twelve_periods_cost_what_the_book_says(shifts: list[Shift], least: float) -> None:
    """Twelve periods by shifts of four and six cost 61; 63 where the six take a rest."""
    asked = RosterQuestion(0, {"a": NEEDED}, (crew(shifts),))

    found = find_roster(asked, gap=0)

    assert (found.outcome, found.cost) == (RosterOutcome.OPTIMAL, pytest.approx(least))
    assert is_covered(asked, found)


def test_one_floater_does_for_two() -> None:
    """A floater takes two posts that are never needed at once, where two people would."""
    both = {"a": (1, 1, 0, 0), "b": (0, 0, 1, 1)}
    day = [Shift(0, 4)]
    own = (crew(day, stations=("a",)), crew(day, stations=("b",)))
    alone = find_roster(RosterQuestion(0, both, own), gap=0)
    asked = RosterQuestion(0, both, (*own, Crew("f", ("a", "b"), tuple(day), (6.0,))))

    found = find_roster(asked, gap=0)

    assert (alone.cost, found.cost) == (10.0, 6.0)
    assert [duty.stations for duty in found.duties] == [("a", "a", "b", "b")]


def test_cuts_and_alternatives_let_the_roster_choose() -> None:
    """Two in one of two periods costs less than two in a given one; the cheaper plan is taken."""
    shifts = (Shift(0, 1), Shift(1, 1))
    people = (Crew("a", ("a",), shifts, (1.0, 5.0)),)
    either = EitherCut("a", ((0, 2), (1, 2)))
    window = WindowCut("a", (0, 1), 4)
    plans = {"a": ((1, 3), (3, 1))}

    def cost(**kwargs: object) -> float | None:
        return find_roster(RosterQuestion(0, {"a": (1, 1)}, people, **kwargs), gap=0).cost  # type: ignore[arg-type]

    assert cost() == pytest.approx(6)
    assert cost(cuts=(either,)) == pytest.approx(7)
    assert cost(cuts=(window,)) == pytest.approx(8)
    assert cost(alternatives=plans) == pytest.approx(8)


def test_too_few_people_says_who_and_when() -> None:
    """Six people cannot do what needs seven: the outcome names station, periods and team."""
    found = find_roster(RosterQuestion(0, {"a": NEEDED}, (crew(plain(), people=6),)))

    assert found.outcome is RosterOutcome.INFEASIBLE
    assert found.duties == ()
    assert {each.crews for each in found.lacks} == {("a",)}
    assert "engage more" in lack_text(found.lacks[0], 60)


def test_nobody_reaches_a_period() -> None:
    """Where no shift covers a period, the remedy is another shift, not more people."""
    found = find_roster(RosterQuestion(0, {"a": (1, 1, 1)}, (crew([Shift(1, 2)]),)))

    assert [(each.first, each.last, each.is_uncovered) for each in found.lacks] == [(0, 0, True)]
    assert "no shift of a reaches it" in lack_text(found.lacks[0], 60)


def test_the_same_question_has_the_same_roster() -> None:
    """Nothing is left to chance."""
    rng = np.random.default_rng(3)
    needed = {name: tuple(rng.integers(1, 5, 12).tolist()) for name in "ab"}
    people = (crew(rested()), crew(rested(), stations=("b",)))
    people += (Crew("f", ("b", "a"), tuple(plain()), (5.5,) * len(plain())),)
    asked = RosterQuestion(0, needed, people)

    first, again = find_roster(asked), find_roster(asked)

    assert first.duties == again.duties
    assert is_covered(asked, first)


def test_rests_and_nights_follow_the_rules() -> None:
    """A shift of six hours rests half an hour, 45 minutes by night, where hours cost 30 % more."""
    rules = RosterSpec()
    day, night = (shifts_of(rules, first=at * 4, until=at * 4 + 1)[0] for at in (8, 22))

    assert (day.rest, night.rest) == (2, 3)
    assert cost_h(day, rules) == pytest.approx(6)
    assert cost_h(night, rules) == pytest.approx(6 * 1.3)


def test_a_terminal_is_rostered_and_set_beside_today() -> None:
    """One counter more than today all day shows as too few today, in hours and in money."""
    spec = load_scenario("sgn-t3").spec
    own = {"counter": own_levels(spec, period_min=60)["counter"]}
    more = {"counter": tuple(level + 1 if level else 0 for level in own["counter"])}

    today, plan = (roster(spec, each, period_min=60) for each in (own, more))
    said = beside_today(plan, today)["stations"]["counter"]

    assert "counter" in attended(spec)
    assert "kiosk" not in attended(spec)
    assert plan.found.outcome is RosterOutcome.OPTIMAL
    assert said["hours"]["plan"] - said["hours"]["today"] == pytest.approx(22)
    assert [each["people"] for each in said["under"]] == [1]
    assert said["over"] == []
    document = roster_document(plan.question, plan.found)
    assert document["hours_at_work"] >= document["hours_needed"]
