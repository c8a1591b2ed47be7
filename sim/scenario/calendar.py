"""The calendar: how many travel on a weekday, in a month, around a holiday."""

from __future__ import annotations

import calendar as months
import math
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field, model_validator

from sim.errors import Fault, ScenarioError
from sim.scenario.figures import Figure, Range, Share, Strict
from sim.scenario.lunar import TET
from sim.scenario.stations import Id
from sim.scenario.wording import quoted

LUNAR = "tet"
"""Name of the first day of the lunar year, where a date is asked for."""

REACH = 60
"""Most days a holiday may reach before or after its date."""

Factor = Annotated[
    Figure,
    Range(
        lambda x: 0 <= x <= 20,
        "a factor; give 0 to 20, where 1 changes nothing",
        {"type": "number", "minimum": 0, "maximum": 20},
    ),
]
Offset = Annotated[int, Field(ge=-REACH, le=REACH)]


def _holiday_date(data: Any) -> Any:
    if type(data) is date:
        return data.isoformat()
    if not isinstance(data, str) or data == LUNAR:
        return data
    try:
        date.fromisoformat(data if len(data) > 5 else f"2024-{data}")
    except ValueError:
        msg = f'{quoted(data)} is no day; write "{LUNAR}", "09-02" for every year, or 2026-09-02'
        raise ValueError(msg) from None
    return data


class Holiday(Strict):
    """Days around a feast on which more or fewer people travel.

    Attributes
    ----------
    date : str
        ``tet`` for the first day of the lunar year, a day of every year such as ``09-02``,
        or one date.
    first, last : int
        First and last of the days, counted from that date: -10 is ten days before it.
    factor : Factor
        Demand of these days, times what weekday and month make of it.
    load_factor : Share or None
        Share of seats taken, where more than the timetable's own.
    """

    id: Id
    date: Annotated[str, BeforeValidator(_holiday_date)]
    first: Offset = 0
    last: Offset = 0
    factor: Factor
    load_factor: Share | None = None
    source: str | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Holiday:
        if self.last < self.first:
            msg = f"last = {self.last} is before first = {self.first}; order them"
            raise ValueError(msg)
        if self.load_factor is not None and self.load_factor.value == 0:
            msg = "load_factor = 0 leaves every seat empty; lower the factor instead"
            raise ValueError(msg)
        return self


class Calendar(Strict):
    """How the demand of other days compares with that of the scenario's own date.

    Attributes
    ----------
    weekday : tuple of Factor, length 7
        Monday to Sunday.
    month : tuple of Factor, length 12
        January to December.
    holiday : tuple of Holiday
        Days apart from these; a day in several of them has the product of their factors.
    roster_follows : Share
        Share of a change in demand that the roster follows, up to the servers installed: 0
        opens what the scenario's own date does, 1 as many more as passengers are. It is
        about stations with opening hours or `installed`.
    """

    weekday: Annotated[tuple[Factor, ...], Field(min_length=7, max_length=7, strict=False)] = (
        Figure(value=1.0),
    ) * 7
    month: Annotated[tuple[Factor, ...], Field(min_length=12, max_length=12, strict=False)] = (
        Figure(value=1.0),
    ) * 12
    holiday: Annotated[tuple[Holiday, ...], Field(max_length=1000, strict=False)] = ()
    roster_follows: Share = Figure(value=0.0)
    weekday_source: str | None = None
    month_source: str | None = None
    source: str | None = None


class Season(NamedTuple):
    """What a calendar says of one day.

    Attributes
    ----------
    factor : float
        Product of the factors of weekday, month and holidays.
    load_factor : float
        Largest load factor of its holidays; 0 where none gives one.
    holidays : tuple of str
        Ids of its holidays.
    """

    factor: float
    load_factor: float
    holidays: tuple[str, ...]


def season_on(calendar: Calendar, day: date) -> Season:
    """What the calendar says of a day.

    Raises
    ------
    ScenarioError
        If the date of Tet in its year is not known.

    Examples
    --------
    >>> tet = {"id": "tet-rush", "date": "tet", "first": -7, "last": -1, "factor": 1.5}
    >>> season_on(Calendar.model_validate({"holiday": [tet]}), date(2026, 2, 10))
    Season(factor=1.5, load_factor=0.0, holidays=('tet-rush',))
    """
    found = [each for each in calendar.holiday if falls_on(each, day)]
    by_rule = calendar.weekday[day.weekday()].value * calendar.month[day.month - 1].value
    load_factors = [each.load_factor.value for each in found if each.load_factor is not None]
    return Season(
        factor=by_rule * math.prod(each.factor.value for each in found),
        load_factor=max(load_factors, default=0.0),
        holidays=tuple(each.id for each in found),
    )


def falls_on(holiday: Holiday, day: date) -> bool:
    """Whether a day is one of a holiday's.

    Raises
    ------
    ScenarioError
        If the date of Tet in its year is not known.
    """
    earliest, latest = (day - timedelta(days=offset) for offset in (holiday.last, holiday.first))
    return any(earliest <= each <= latest for each in _dates(holiday, earliest.year, latest.year))


def _dates(holiday: Holiday, first_year: int, last_year: int) -> Iterator[date]:
    """The dates a holiday has in some years."""
    if len(holiday.date) > 5:
        yield date.fromisoformat(holiday.date)
        return
    for year in range(first_year, last_year + 1):
        if holiday.date == LUNAR:
            yield _tet(holiday, year)
        elif holiday.date != "02-29" or months.isleap(year):
            yield date.fromisoformat(f"{year}-{holiday.date}")


def _tet(holiday: Holiday, year: int) -> date:
    if year not in TET:
        message = f"Tet {year} is not known, {min(TET)} to {max(TET)} are; give its date"
        raise ScenarioError([Fault(message, key=f"demand.calendar.holiday.{holiday.id}.date")])
    return TET[year]
