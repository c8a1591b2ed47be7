"""The rollout of a directive as a file: which facilities, by when, over which months."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from sim.errors import ScenarioError
from sim.scenario.calendar import Calendar
from sim.scenario.dates import Day
from sim.scenario.document import read_document
from sim.scenario.faults import explain, in_order
from sim.scenario.figures import Strict
from sim.scenario.find import scenario_folder
from sim.scenario.layers import grow
from sim.scenario.stations import Id, Text

PLAN_FILE = "_rollout.toml"
"""Name of the shipped plan, beside the scenarios and none of them."""

MOST_MONTHS = 240


def month_from_text(data: Any) -> Any:
    """The first day of a month written as ``2025-09``."""
    if not isinstance(data, str):
        return data
    try:
        if len(data) != 7:
            raise ValueError
        return date.fromisoformat(f"{data}-01")
    except ValueError:
        msg = f"{data!r} is not a month; write 2025-09"
        raise ValueError(msg) from None


Month = Annotated[date, BeforeValidator(month_from_text)]
"""A month, as its first day."""


class Phase(Strict):
    """Another scenario that a facility follows from a day on."""

    from_: Annotated[Day, Field(alias="from")]
    scenario: str


class Facility(Strict):
    """A facility that the directive names.

    Attributes
    ----------
    scenario : str
        Built-in scenario, or a file: an ordinary day of the facility.
    phases : tuple of Phase
        What it is from some days on, in order of time.
    """

    scenario: str
    phases: Annotated[tuple[Phase, ...], Field(max_length=50, strict=False)] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Facility:
        days = [each.from_ for each in self.phases]
        if any(first >= then for first, then in pairwise(days)):
            msg = f"phases of {self.scenario} are not in order of time; order them"
            raise ValueError(msg)
        return self


class Milestone(Strict):
    """A date of the directive, told beside what happens at the facilities."""

    id: Id
    on: Day
    title: Text
    source: str | None = None


class Group(Strict):
    """Facilities with one date by which the directive wants them ready.

    Attributes
    ----------
    due : Day
        Last day for the change; a reading aid, nothing is switched by it.
    calendar : Calendar or None
        For facilities whose demand can be scaled and that have no calendar of their own.
    """

    id: Id
    name: Text
    due: Day
    calendar: Calendar | None = None
    facilities: Annotated[tuple[Facility, ...], Field(min_length=1, max_length=500, strict=False)]
    source: str | None = None


class RolloutPlan(Strict):
    """Which facilities are looked at, over which months.

    Attributes
    ----------
    from_, to : Month
        First and last month.
    milestones : tuple of Milestone
        Dates that are told; policies in the scenarios decide what changes.
    """

    id: Id
    title: Text
    from_: Annotated[Month, Field(alias="from")]
    to: Month
    milestones: Annotated[tuple[Milestone, ...], Field(max_length=100, strict=False)] = ()
    groups: Annotated[tuple[Group, ...], Field(min_length=1, max_length=100, strict=False)]

    @model_validator(mode="after")
    def _ordered(self) -> RolloutPlan:
        if self.to < self.from_:
            msg = f"to = {self.to:%Y-%m} is before from = {self.from_:%Y-%m}; order them"
            raise ValueError(msg)
        return self


def load_plan(path: str | Path | None = None) -> RolloutPlan:
    """A plan from a file, by default the shipped one.

    Raises
    ------
    ScenarioError
        With every fault of the file.
    """
    document = read_document(path or scenario_folder() / PLAN_FILE)
    root = grow(document.data, document)
    try:
        return RolloutPlan.model_validate(document.data, by_alias=True, by_name=False)
    except ValidationError as error:
        raise ScenarioError(in_order(explain(error, model=RolloutPlan, root=root))) from None


def months_between(first: date, last: date) -> list[date]:
    """First days of the months from one to another, both included.

    Examples
    --------
    >>> [f"{each:%Y-%m}" for each in months_between(date(2025, 11, 1), date(2026, 1, 1))]
    ['2025-11', '2025-12', '2026-01']
    """
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [
        date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        for n in range(count)
    ]
