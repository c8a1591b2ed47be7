"""How people are rostered: shifts, rests, skills and what an hour costs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.scenario.clock import ClockTime
from sim.scenario.figures import Figure, NonNegative, Positive, Strict, Whole
from sim.scenario.stations import Id

LABOUR_CODE = "Labour Code 2019 (45/2019/QH14), Article {}: general knowledge, medium confidence"
ASSUMED_SHIFTS = "assumed: shifts of six to eight hours, on the half hour"

_EIGHT = Figure(value=8.0, source=LABOUR_CODE.format("105, at most 8 hours a day"))


class ShiftSpec(Strict):
    """A family of shifts: how long they are and when they may start.

    Attributes
    ----------
    shortest_h, longest_h : Positive
        Lengths in hours, the rest included.
    step_min : Positive
        Minutes from one length to the next.
    start_every_min : Positive
        Shifts start at multiples of this, counted from midnight.
    earliest, latest : ClockTime or None
        First and last start; None leaves it open.
    """

    id: Id
    shortest_h: Positive = Figure(value=6.0, source=ASSUMED_SHIFTS)
    longest_h: Positive = _EIGHT
    step_min: Positive = Figure(value=30.0, source=ASSUMED_SHIFTS)
    start_every_min: Positive = Figure(value=30.0, source=ASSUMED_SHIFTS)
    earliest: ClockTime | None = None
    latest: ClockTime | None = None
    source: str | None = None

    @model_validator(mode="after")
    def _ordered(self) -> ShiftSpec:
        if self.longest_h.value < self.shortest_h.value:
            msg = f"longest_h = {self.longest_h.value:g} is below shortest_h; order them"
            raise ValueError(msg)
        if self.longest_h.value > 24:
            msg = f"longest_h = {self.longest_h.value:g}; a shift is at most 24 hours"
            raise ValueError(msg)
        if None not in (self.earliest, self.latest) and self.latest < self.earliest:  # type: ignore[operator]
            msg = "latest start is before the earliest; order them"
            raise ValueError(msg)
        return self


class RestSpec(Strict):
    """The rest in the middle of a shift.

    Attributes
    ----------
    from_h : NonNegative
        Shifts at least this long have one.
    rest_min : NonNegative
        How long it is; 0 is none.
    night_rest_min : NonNegative
        How long in shifts with `night_h` hours or more between ten at night and six.
    night_h : Positive
        See `night_rest_min`.
    after_h, before_h : NonNegative
        It begins between so many hours after the start of the shift.
    every_min : Positive
        Minutes from one possible begin to the next.
    is_paid : bool
        Whether it counts as hours worked.
    """

    from_h: NonNegative = Figure(value=6.0, source=LABOUR_CODE.format(109))
    rest_min: NonNegative = Figure(value=30.0, source=LABOUR_CODE.format(109))
    night_rest_min: NonNegative = Figure(value=45.0, source=LABOUR_CODE.format(109))
    night_h: Positive = Figure(value=3.0, source="assumed: three hours of night make it night work")
    after_h: NonNegative = Figure(value=2.0, source="assumed: not in the first two hours")
    before_h: NonNegative = Figure(value=4.0, source="assumed: four hours on end are enough")
    every_min: Positive = Figure(value=30.0, source="assumed: every half hour")
    is_paid: bool = True
    source: str | None = None

    @model_validator(mode="after")
    def _ordered(self) -> RestSpec:
        if self.before_h.value < self.after_h.value:
            msg = f"before_h = {self.before_h.value:g} is below after_h; order them"
            raise ValueError(msg)
        latest = self.before_h.value + max(self.rest_min.value, self.night_rest_min.value) / 60
        if max(self.rest_min.value, self.night_rest_min.value) > 0 and latest >= self.from_h.value:
            msg = (
                f"a rest may end {latest:g} h into a shift, which may be over after "
                f"{self.from_h.value:g} h; lower before_h or raise from_h"
            )
            raise ValueError(msg)
        return self


class Team(Strict):
    """People with one set of skills; those with several stations are floaters.

    Attributes
    ----------
    stations : tuple of Id
        Where they can work.
    people : Whole or None
        How many there are on a day; None is as many as needed.
    cost_per_h : NonNegative
        What an hour of one costs.
    """

    id: Id
    stations: Annotated[tuple[Id, ...], Field(min_length=1, max_length=100, strict=False)]
    people: Whole | None = None
    cost_per_h: NonNegative = Figure(value=1.0, source="assumed: counted in hours")
    source: str | None = None


class Post(Strict):
    """How many people one open server of a station takes."""

    station: Id
    people_per_server: Whole
    source: str | None = None


class RosterSpec(Strict):
    """How people are rostered.

    Attributes
    ----------
    period_min : Positive
        Shifts and rests begin and end on multiples of this.
    night_premium : NonNegative
        What an hour between ten at night and six costs more, as a share.
    shifts : tuple of ShiftSpec
        Without any, half-hourly ones of six to eight hours.
    teams : tuple of Team
        Stations in no team have one of their own.
    posts : tuple of Post
        Stations that are not named take one person for each open server.
    """

    period_min: Positive = Figure(value=15.0, source="assumed: quarters of an hour")
    night_premium: NonNegative = Figure(value=0.3, source=LABOUR_CODE.format("98, at least 30 %"))
    shifts: Annotated[tuple[ShiftSpec, ...], Field(max_length=20, strict=False)] = ()
    rest: RestSpec = Field(default_factory=RestSpec)
    teams: Annotated[tuple[Team, ...], Field(max_length=200, strict=False)] = ()
    posts: Annotated[tuple[Post, ...], Field(max_length=200, strict=False)] = ()
    source: str | None = None


class Price(Strict):
    """What one server of a station costs to put up and to keep.

    Attributes
    ----------
    capital : NonNegative
        Price of one, installed, in millions of dong.
    per_month : NonNegative
        Maintenance, energy and lines of one, in millions of dong a month; staff not included.
    """

    station: Id
    capital: NonNegative
    per_month: NonNegative
    source: str | None = None
