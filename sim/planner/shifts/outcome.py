"""What a search for a roster can end with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from sim.planner.shifts.question import Levels


class RosterOutcome(StrEnum):
    """The closed set of ends of a search."""

    OPTIMAL = "OPTIMAL"
    GOOD = "GOOD"
    INFEASIBLE = "INFEASIBLE"
    NOT_FOUND = "NOT_FOUND"

    @property
    def is_success(self) -> bool:
        """Whether there is a roster that covers what is needed."""
        return self in {RosterOutcome.OPTIMAL, RosterOutcome.GOOD}

    @property
    def remedy(self) -> str:
        """What to do next."""
        match self:
            case RosterOutcome.OPTIMAL:
                return "Use the roster; no other is cheaper by more than the gap."
            case RosterOutcome.GOOD:
                return "Use the roster, or give the search more time to close its gap."
            case RosterOutcome.INFEASIBLE:
                return (
                    "Engage more people in the teams named, teach others that skill, allow shifts "
                    "that cover the periods named, or plan for fewer open servers there."
                )
            case RosterOutcome.NOT_FOUND:
                return "Give the search more time, or coarser periods and shifts."
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class Lack:
    """People who are missing at a station in successive periods, and why.

    Attributes
    ----------
    first, last : int
        Periods from midnight, both included.
    people : int
        Most that are missing at a time.
    crews : tuple of str
        Who could do it; without any, nobody has the skill.
    is_uncovered : bool
        No shift of theirs reaches one of these periods.
    """

    station: str
    first: int
    last: int
    people: int
    crews: tuple[str, ...]
    is_uncovered: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """The day of one person.

    Attributes
    ----------
    crew : str
        Whose.
    start, end : int
        First period and the one after the last, from midnight.
    rest : tuple of (int, int) or None
        First period of the rest and the one after it.
    stations : tuple of str
        Where, by period; "" while resting.
    """

    crew: str
    start: int
    end: int
    rest: tuple[int, int] | None
    stations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """What came of a search.

    Attributes
    ----------
    cost, bound : float or None
        Cost of the roster, and what no roster can be cheaper than.
    gap : float or None
        Their difference as a share of the cost.
    needed : mapping
        Levels that are kept: those asked, with the alternatives and cuts chosen.
    duties : tuple of Duty
        Person by person.
    lacks : tuple of Lack
        Where people are missing, if they are.
    variables, rows : int
        Size of the problem.
    """

    outcome: RosterOutcome
    cost: float | None
    bound: float | None
    gap: float | None
    elapsed_s: float
    needed: Mapping[str, Levels]
    duties: tuple[Duty, ...] = ()
    lacks: tuple[Lack, ...] = ()
    variables: int = 0
    rows: int = 0
