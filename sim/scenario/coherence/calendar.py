"""The calendar: there is a day that it starts from, and a demand that it can scale."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sim.errors import ScenarioError
from sim.scenario.calendar import Calendar, falls_on, season_on
from sim.scenario.coherence.view import Finding, View

CALENDAR = ("demand", "calendar")


def calendar_scales(view: View) -> Iterator[Finding]:
    """A calendar scales a timetable or arrivals by law, and flights alone have seats."""
    demand = view.spec.demand
    if demand.calendar is None:
        return
    if demand.timetable is None and demand.arrivals is None and not demand.flows:
        message = "scales a timetable or arrivals by law, not given rows; take it out"
        yield Finding(CALENDAR, message, (("demand",),))
    elif demand.timetable is None:
        for number, holiday in enumerate(demand.calendar.holiday):
            if holiday.load_factor is not None:
                message = "has no effect without a timetable; take it out"
                yield Finding((*CALENDAR, "holiday", number, "load_factor"), message)


def calendar_starts(view: View) -> Iterator[Finding]:
    """The scenario has a date, whose own factor the others are compared with."""
    calendar, day = view.spec.demand.calendar, view.spec.date
    if calendar is None:
        return
    if day is None:
        message = "missing; the calendar needs the date that the demand is of"
        yield Finding(("date",), message, (CALENDAR,))
        return
    unknown = list(_unknown(calendar, day))
    for number, message in unknown:
        yield Finding((*CALENDAR, "holiday", number, "date"), message, (("date",),))
    if not unknown and season_on(calendar, day).factor == 0:
        message = f"says that nobody travels on {day}, the date of the scenario; give more"
        yield Finding(CALENDAR, message, (("date",),))


CHECKS = (calendar_scales, calendar_starts)


def _unknown(calendar: Calendar, day: date) -> Iterator[tuple[int, str]]:
    """Holidays of which it is not known when they are."""
    for number, holiday in enumerate(calendar.holiday):
        try:
            falls_on(holiday, day)
        except ScenarioError as error:
            yield number, error.faults[0].message
