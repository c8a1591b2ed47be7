"""Trips of a GTFS feed with their calls and headways, every row of every table looked at."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field

from sim.scenario.schedules.ask import GtfsFile
from sim.scenario.schedules.found import Sorter
from sim.scenario.schedules.gtfs_days import Services
from sim.scenario.schedules.gtfs_feed import Feed
from sim.scenario.schedules.tables import Table
from sim.scenario.suggestions import advice
from sim.scenario.wording import quoted

MAX_HOURS = 96
"""Times of a trip stay below so many hours after the midnight of its date."""

_TIME = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_Wrong = list[tuple[str, str]]


@dataclass(slots=True)
class Call:
    """A trip at a stop; seconds since midnight of the trip's date, None where not given."""

    line: int
    sequence: int
    stop: str
    arrives: int | None
    departs: int | None
    picks_up: bool
    drops_off: bool


@dataclass(slots=True)
class Trip:
    """A trip with its calls, and the headways at which it is repeated."""

    id: str
    route: str
    service: str
    way: str
    calls: list[Call] = field(default_factory=list)
    headways: list[tuple[int, int, int]] = field(default_factory=list)

    def starts(self) -> list[tuple[str, int]]:
        """Suffix and shift in seconds of each run of the trip on a date."""
        if not self.headways:
            return [("", 0)]
        first = self.calls[0].departs or 0
        return [
            (f"@{at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d}", at - first)
            for begin, end, every in self.headways
            for at in range(begin, end, every)
        ]


def read_stops(feed: Feed, asked: GtfsFile, sorter: Sorter) -> dict[str, str]:
    """The station of each stop, or ""."""
    table = Table(feed.texts["stops.txt"], path=f"{feed.path}/stops.txt", sorter=sorter)
    stops: dict[str, str] = {}
    if table.lacks("stop_id"):
        return stops
    for line, row in table:
        wrong = _named(row, "stop_id", stops)
        if wrong:
            sorter.reject(line, wrong, table.path)
        else:
            sorter.frame()
            stops[row["stop_id"]] = row.get("parent_station", "")
    if asked.stop not in stops:
        remedy = advice(asked.stop, stops, kind="it has")
        sorter.complain(f"has no stop {quoted(asked.stop)}; {remedy}", path=table.path)
    return stops


def read_trips(feed: Feed, asked: GtfsFile, services: Services, sorter: Sorter) -> dict[str, Trip]:
    """Trips by id, still without calls."""
    routes = _routes(feed, asked, sorter)
    table = Table(feed.texts["trips.txt"], path=f"{feed.path}/trips.txt", sorter=sorter)
    trips: dict[str, Trip] = {}
    if table.lacks("trip_id", "route_id", "service_id"):
        return trips
    if asked.direction_id is not None:
        table.lacks("direction_id")
    for line, row in table:
        wrong = _named(row, "trip_id", trips)
        for key, known in (("route_id", routes), ("service_id", services.ids)):
            if row[key] not in known:
                wrong.append((key, f"there is no {quoted(row[key])}; {advice(row[key], known)}"))
        way = row.get("direction_id", "")
        if way not in {"", "0", "1"}:
            wrong.append(("direction_id", f"got {quoted(way)}; give 0, 1 or nothing"))
        if wrong:
            sorter.reject(line, wrong, table.path)
        else:
            sorter.frame()
            trips[row["trip_id"]] = Trip(row["trip_id"], row["route_id"], row["service_id"], way)
    return trips


def _routes(feed: Feed, asked: GtfsFile, sorter: Sorter) -> set[str]:
    table = Table(feed.texts["routes.txt"], path=f"{feed.path}/routes.txt", sorter=sorter)
    routes: set[str] = set()
    if table.lacks("route_id"):
        return routes
    for line, row in table:
        wrong = _named(row, "route_id", routes)
        if wrong:
            sorter.reject(line, wrong, table.path)
        else:
            sorter.frame()
            routes.add(row["route_id"])
    for route in asked.routes:
        if route not in routes:
            remedy = advice(route, sorted(routes), kind="it has")
            sorter.complain(f"has no route {quoted(route)}; {remedy}", path=table.path)
    return routes


def read_calls(feed: Feed, trips: dict[str, Trip], stops: dict[str, str], sorter: Sorter) -> None:
    """Give every trip its calls."""
    table = Table(feed.texts["stop_times.txt"], path=f"{feed.path}/stop_times.txt", sorter=sorter)
    needed = ("trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time")
    if table.lacks(*needed):
        return
    for line, row in table:
        wrong: _Wrong = []
        for key, known in (("trip_id", trips), ("stop_id", stops)):
            if row[key] not in known:
                wrong.append((key, f"there is no {quoted(row[key])} among the {key[:-3]}s"))
        sequence = _number(row, "stop_sequence", wrong)
        arrives = read_time(row, "arrival_time", wrong)
        departs = read_time(row, "departure_time", wrong)
        if arrives is not None and departs is not None and departs < arrives:
            wrong.append(("departure_time", f"{row['departure_time']} is before the arrival"))
        for key in ("pickup_type", "drop_off_type"):
            if row.get(key, "") not in {"", "0", "1", "2", "3"}:
                wrong.append((key, f"got {quoted(row[key])}; give 0 to 3 or nothing"))
        if wrong:
            sorter.reject(line, wrong, table.path)
            continue
        call = Call(
            line, sequence, row["stop_id"],
            arrives if arrives is not None else departs,
            departs if departs is not None else arrives,
            picks_up=row.get("pickup_type", "") != "1",
            drops_off=row.get("drop_off_type", "") != "1",
        )  # fmt: skip
        trips[row["trip_id"]].calls.append(call)


def read_headways(feed: Feed, trips: dict[str, Trip], sorter: Sorter) -> None:
    """Tell the trips that are repeated at which headways."""
    if "frequencies.txt" not in feed.texts:
        return
    path = f"{feed.path}/frequencies.txt"
    table = Table(feed.texts["frequencies.txt"], path=path, sorter=sorter)
    if table.lacks("trip_id", "start_time", "end_time", "headway_secs"):
        return
    given: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for line, row in table:
        wrong: _Wrong = []
        if row["trip_id"] not in trips:
            wrong.append(("trip_id", f"there is no {quoted(row['trip_id'])} among the trips"))
        begin, end = (read_time(row, key, wrong) for key in ("start_time", "end_time"))
        every = _number(row, "headway_secs", wrong)
        if not any(key == "headway_secs" for key, _ in wrong) and every == 0:
            wrong.append(("headway_secs", "got 0; give the seconds from one train to the next"))
        for key, value in (("start_time", begin), ("end_time", end)):
            if value is None and not row[key]:
                wrong.append((key, "missing; give a time such as 05:30:00"))
        if begin is not None and end is not None:
            if end <= begin:
                wrong.append(("end_time", f"{row['end_time']} is not after {row['start_time']}"))
            elif any(
                begin < other_end and other < end for other, other_end in given[row["trip_id"]]
            ):
                wrong.append(("start_time", "overlaps another headway of the trip"))
        if wrong or begin is None or end is None:
            sorter.reject(line, wrong, table.path)
            continue
        sorter.frame()
        given[row["trip_id"]].append((begin, end))
        trips[row["trip_id"]].headways.append((begin, end, every))


def read_time(row: dict[str, str], key: str, wrong: _Wrong) -> int | None:
    """Seconds of a time such as 25:10:00; None where nothing is given."""
    text = row[key]
    match = _TIME.fullmatch(text)
    if match is not None and int(match[1]) < MAX_HOURS:
        return int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3])
    if text:
        message = f"got {quoted(text)}; give a time such as 05:30:00, below {MAX_HOURS}:00:00"
        wrong.append((key, message))
    return None


def _number(row: dict[str, str], key: str, wrong: _Wrong) -> int:
    if _NUMBER.fullmatch(row[key]):
        return int(row[key])
    wrong.append((key, f"got {quoted(row[key])}; give a whole number"))
    return 0


def _named(row: dict[str, str], key: str, known: Container[str]) -> _Wrong:
    name = row[key]
    if not name:
        return [(key, "missing; name it")]
    return [(key, f"{quoted(name)} stands twice; keep one")] if name in known else []
