"""Trains at a stop on a day from a static GTFS feed."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sim.scenario.schedules.ask import Flight, GtfsFile
from sim.scenario.schedules.found import OTHER_DAYS, Reading, ServiceDay, Sorter
from sim.scenario.schedules.gtfs_days import Services
from sim.scenario.schedules.gtfs_feed import Feed
from sim.scenario.schedules.gtfs_trips import (
    MAX_HOURS,
    Call,
    Trip,
    read_calls,
    read_headways,
    read_stops,
    read_trips,
)


def read_gtfs(path: str, *, asked: GtfsFile, day: ServiceDay) -> Reading:
    """Trains at the stop that a scenario asks for, on one day.

    Times are of the place, and count from the midnight that a trip's date begins with; those
    past 24:00 are on the next date. A train departs where one may get in, and arrives where
    one may get out: neither the last stop of a trip is a departure nor the first an arrival.

    Parameters
    ----------
    path : str
        Zip archive or folder.
    asked : GtfsFile
        Stop, routes, direction.
    day : ServiceDay
        The day.
    """
    sorter, feed = Sorter(path), Feed(path)
    sorter.faults += feed.faults
    if feed.faults:
        return sorter.reading(feed.sha256)
    services = Services(feed.texts, path=path, sorter=sorter)
    stops = read_stops(feed, asked, sorter)
    trips = read_trips(feed, asked, services, sorter)
    read_calls(feed, trips, stops, sorter)
    read_headways(feed, trips, sorter)
    here = {stop for stop, parent in stops.items() if asked.stop in {stop, parent}}
    for trip in trips.values():
        good = _in_order(trip, sorter, f"{path}/stop_times.txt")
        _sort(trip, good, asked=asked, here=here, services=services, day=day, sorter=sorter)
    return sorter.reading(feed.sha256)


def _in_order(trip: Trip, sorter: Sorter, path: str) -> list[Call]:
    """Calls of a trip in order, those out of it rejected."""
    trip.calls.sort(key=lambda call: call.sequence)
    good: list[Call] = []
    latest = -1
    for call in trip.calls:
        wrong: list[tuple[str, str]] = []
        is_end = call is trip.calls[0] or call is trip.calls[-1]
        if good and call.sequence == good[-1].sequence:
            wrong.append(("stop_sequence", f"{call.sequence} stands twice in trip {trip.id}"))
        if call.arrives is None and is_end:
            wrong.append(("arrival_time", f"missing at an end of trip {trip.id}; give the time"))
        if call.arrives is not None and call.arrives < latest:
            message = f"is before trip {trip.id} leaves the stop before; mend the time or the order"
            wrong.append(("arrival_time", message))
        if wrong:
            sorter.reject(call.line, wrong, path)
            continue
        latest = max(latest, call.departs if call.departs is not None else -1)
        good.append(call)
    trip.calls = good
    return good


def _sort(
    trip: Trip,
    calls: list[Call],
    *,
    asked: GtfsFile,
    here: set[str],
    services: Services,
    day: ServiceDay,
    sorter: Sorter,
) -> None:
    """Use the calls that are asked for, leave the others out."""
    wants_route = not asked.routes or trip.route in asked.routes
    wants_way = asked.direction_id is None or trip.way == str(asked.direction_id)
    seen = 0
    for call in calls:
        is_departure = asked.direction == "departures"
        end, allowed = (calls[-1], call.picks_up) if is_departure else (calls[0], call.drops_off)
        at = call.departs if is_departure else call.arrives
        if call.stop not in here:
            sorter.leave_out("at other stops")
        elif not wants_route:
            sorter.leave_out("of other routes")
        elif not wants_way:
            sorter.leave_out("of the other direction")
        elif call is end or not allowed:
            sorter.leave_out("where nobody gets in" if is_departure else "where nobody gets out")
        elif at is None:
            message = "missing at the stop asked for; give the time, it is not interpolated"
            path = f"{sorter.path}/stop_times.txt"
            sorter.reject(call.line, [("departure_time", message)], path)
        else:
            seen += 1
            name = trip.id if seen == 1 else f"{trip.id}#{call.sequence}"
            flights = _trains(trip, name, at, services=services, day=day)
            if flights:
                sorter.use(call.line, flights, f"{sorter.path}/stop_times.txt")
            else:
                sorter.leave_out(OTHER_DAYS)


def _trains(trip: Trip, name: str, at: int, *, services: Services, day: ServiceDay) -> list[Flight]:
    found: list[Flight] = []
    for back in range(2 * MAX_HOURS // 24, -2, -1):
        date = day.day - timedelta(days=back)
        if not services.runs(trip.service, date):
            continue
        midnight = datetime.combine(date, time())
        for suffix, shift in trip.starts():
            seconds = day.seconds(midnight + timedelta(seconds=at + shift))
            if seconds is not None:
                found.append(Flight(id=f"{name}{suffix}", at=seconds, aircraft=trip.route))
    return found
