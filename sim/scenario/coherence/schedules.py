"""Schedules: they are of a day, and everyone on them can be counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sim.scenario.booked import seats_by_type, seats_on
from sim.scenario.coherence.facilities import installed_servers
from sim.scenario.coherence.view import Finding, View
from sim.scenario.schedule_files import schedules_of
from sim.scenario.schedules.ask import SsimFile
from sim.scenario.wording import quoted

SCHEDULE = ("demand", "schedule")


def schedules_dated(view: View) -> Iterator[Finding]:
    """The day whose flights are meant is known, and so is what is domestic."""
    for path, schedule in schedules_of(view.spec.demand):
        if view.spec.date is None:
            message = "missing; a schedule lists the flights of many days, say of which"
            yield Finding(("date",), message, (path,))
        if isinstance(schedule, SsimFile) and schedule.scope != "all" and not schedule.domestic:
            message = "missing; scope asks which airports are domestic"
            yield Finding((*path, "domestic"), message, ((*path, "scope"),))


def departures_counted(view: View) -> Iterator[Finding]:
    """Every departure of the schedule has passengers, or seats and a load factor."""
    schedule = view.spec.demand.schedule
    if schedule is None:
        return
    if schedule.direction != "departures":
        message = "got arrivals; passengers come for departures, let arrivals be a flow"
        yield Finding((*SCHEDULE, "direction"), message)
    uncounted = [each for each in schedule.flights or () if each.persons is None]
    if uncounted and schedule.load_factor is None:
        message = "missing; the file does not say how many travel, give the share of seats taken"
        yield Finding((*SCHEDULE, "load_factor"), message)
    seats = seats_by_type(schedule)
    seatless: defaultdict[str, list[str]] = defaultdict(list)
    for flight in uncounted:
        if not seats_on(flight, seats):
            seatless[flight.aircraft].append(flight.id)
    for kind, flights in seatless.items():
        others = f" and {len(flights) - 1} more" if len(flights) > 1 else ""
        message = (
            f"has no seats for {quoted(kind)}, which {flights[0]}{others} fly; "
            f'add {{ id = "{kind}", seats = … }}'
        )
        yield Finding((*SCHEDULE, "aircraft"), message)


def scheduled_gates_exist(view: View) -> Iterator[Finding]:
    """A departure whose gate the file names leaves from a server of the boarding station."""
    schedule = view.spec.demand.schedule
    boarding = [place.station for place in view.places if place.visit.boards]
    station = view.stations.get(boarding[0]) if boarding else None
    if schedule is None or station is None or station.lanes != "by_departure":
        return
    there = installed_servers(station)
    for flight in schedule.flights or ():
        if flight.gate >= there:
            message = (
                f"departure {flight.id} leaves from gate {flight.gate}; "
                f"{station.id} has gates 0 to {there - 1}"
            )
            yield Finding((*SCHEDULE, "file"), message, (("stations",),))


def punctual_departures(view: View) -> Iterator[Finding]:
    """Delays are of departures."""
    if view.spec.demand.punctuality is not None and not view.has_departures:
        message = "needs departures, a timetable or a schedule in demand; take it out"
        yield Finding(("demand", "punctuality"), message, (("demand",),))


CHECKS = (schedules_dated, departures_counted, scheduled_gates_exist, punctual_departures)
