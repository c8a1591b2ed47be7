"""Policies: rules with dates, and perhaps hours, that say who may use what."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from sim.scenario.clock import ClockTime, to_us
from sim.scenario.dates import Day
from sim.scenario.figures import Strict
from sim.scenario.stations import Id, Text


class Restriction(Strict):
    """Who may still choose a station."""

    station: Id
    to: str


class Hours(Strict):
    """Hours of the day in which a policy holds, the end excluded."""

    from_: Annotated[ClockTime, Field(alias="from")]
    until: ClockTime

    @model_validator(mode="after")
    def _forward(self) -> Hours:
        if self.until <= self.from_:
            msg = "until is not after from; a period may not end before it starts"
            raise ValueError(msg)
        return self


class Policy(Strict):
    """A rule that holds from a date on.

    Attributes
    ----------
    effective : Day
        First day.
    until : Day or None
        Last day; None is for good.
    hours : tuple of Hours or None
        When it holds on these days; None is all day.
    restrict : tuple of Restriction
        Stations it keeps for some.
    """

    id: Id
    effective: Day
    until: Day | None = None
    title: Text | None = None
    hours: Annotated[tuple[Hours, ...] | None, Field(max_length=24, strict=False)] = None
    restrict: Annotated[tuple[Restriction, ...], Field(strict=False)] = ()
    source: str | None = None

    @model_validator(mode="after")
    def _forward(self) -> Policy:
        if self.until is not None and self.until < self.effective:
            msg = f"until = {self.until} is before effective = {self.effective}; order them"
            raise ValueError(msg)
        spans = sorted((each.from_, each.until) for each in self.hours or ())
        if any(first[1] >= then[0] for first, then in pairwise(spans)):
            msg = "two of its hours overlap or touch; join them"
            raise ValueError(msg)
        return self


def holds_at(policy: Policy, at_us: int) -> bool:
    """Whether a policy that is in force on the day holds at an instant of it."""
    return not policy.hours or any(
        to_us(each.from_) <= at_us < to_us(each.until) for each in policy.hours
    )


def turns_after(policies: Iterable[Policy], start_us: int) -> list[int]:
    """Instants after the start of the day at which a policy begins or ceases to hold."""
    instants = {
        to_us(at)
        for policy in policies
        for each in policy.hours or ()
        for at in (each.from_, each.until)
    }
    return sorted(at for at in instants if at > start_us)
