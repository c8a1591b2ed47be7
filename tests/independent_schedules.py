"""Minimal readers of schedules, written for the tests alone and sharing nothing with the program's.

They are lenient and slow, and go about it the other way round: they list every flight of the
season as an instant in UTC, and then look which fall on the day.
"""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

NAMES = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
MONTHS = {name: number for number, name in enumerate(NAMES, start=1)}
CARGO = set("FVMAHPTKDEWXINYZ")
SHIFT = {"J": -1, " ": 0} | {str(n): n for n in range(8)}


def every_departure(text: str, *, until: date) -> list[tuple[str, str, str, str, datetime]]:
    """Carrier and number, airport, terminal and type of every flight, and its local instant."""
    found: list[tuple[str, str, str, str, datetime]] = []
    mode = "L"
    lines = [line for line in text.splitlines() if line[0] in "2345"]
    for number, line in enumerate(lines):
        if line[0] == "2":
            mode = line[1]
        if line[0] != "3" or line[13] in CARGO or line[148] == "L":
            continue
        segments = lines[number + 1 : number + 9]
        below = segments[: next((n for n, s in enumerate(segments) if s[0] != "4"), 9)]
        if any(segment[30:33] == "050" for segment in below):
            continue
        first = _date(line[14:21])
        last = until if line[21:28] == "00XXX00" else min(until, _date(line[21:28]))
        sign = -1 if line[47] == "-" else 1
        zone = timezone(sign * timedelta(hours=int(line[48:50]), minutes=int(line[50:52])))
        clock = timedelta(hours=int(line[39:41]), minutes=int(line[41:43]))
        week = 0
        day = first
        while day <= last:
            week = (day.toordinal() - first.toordinal()) // 7
            runs = str(day.isoweekday()) in line[28:35]
            if runs and (line[35] != "2" or week % 2 == 0):
                midnight = datetime(day.year, day.month, day.day)
                at = midnight + clock + timedelta(days=SHIFT[line[192]])
                if mode == "U":
                    at = at.replace(tzinfo=timezone.utc).astimezone(zone).replace(tzinfo=None)  # noqa: UP017
                name = line[2:5].strip() + line[5:9].strip() + line[1].strip()
                name += "" if line[11:13] == "01" else f"-{int(line[11:13])}"
                found.append((name, line[36:39], line[52:54].strip(), line[72:75], at))
            day += timedelta(days=1)
    return found


def departures_on(text: str, airport: str, day: date) -> list[tuple[str, datetime]]:
    """Flights of an airport on a date, in order of time."""
    every = every_departure(text, until=day + timedelta(days=3))
    mine = [(name, at) for name, place, _, _, at in every if place == airport]
    return sorted((each for each in mine if each[1].date() == day), key=lambda each: each[1::-1])


def trains_on(feed: Path, stop: str, day: date) -> list[tuple[str, int]]:
    """Trips that leave a stop or station, and seconds after the midnight of the date."""
    stops = [row["stop_id"] for row in _rows(feed, "stops")
             if stop in (row["stop_id"], row.get("parent_station"))]  # fmt: skip
    found: list[tuple[str, int]] = []
    for offset in range(-4, 2):
        running = _running(feed, day + timedelta(days=offset))
        for trip in (row for row in _rows(feed, "trips") if row["service_id"] in running):
            calls = [row for row in _rows(feed, "stop_times") if row["trip_id"] == trip["trip_id"]]
            calls.sort(key=lambda row: int(row["stop_sequence"]))
            start = _seconds(calls[0]["departure_time"])
            repeats = [
                row for row in _rows(feed, "frequencies") if row["trip_id"] == trip["trip_id"]
            ]
            starts: list[tuple[str, int]] = []
            for row in repeats:
                at = _seconds(row["start_time"])
                while at < _seconds(row["end_time"]):
                    clock = f"{at // 3600:02d}:{at % 3600 // 60:02d}:{at % 60:02d}"
                    starts.append((f"{trip['trip_id']}@{clock}", at))
                    at += int(row["headway_secs"])
            for name, begin in starts or [(trip["trip_id"], start)]:
                for call in calls[:-1]:
                    if call["stop_id"] in stops and call["pickup_type"] != "1":
                        seconds = _seconds(call["departure_time"]) + begin - start + offset * 86_400
                        if 0 <= seconds < 86_400:
                            found.append((name, seconds))
    return sorted(found, key=lambda each: each[1])


def _running(feed: Path, day: date) -> set[str]:
    text = day.strftime("%Y%m%d")
    column = day.strftime("%A").lower()
    running = {row["service_id"] for row in _rows(feed, "calendar")
               if row["start_date"] <= text <= row["end_date"] and row[column] == "1"}  # fmt: skip
    for row in _rows(feed, "calendar_dates"):
        if row["date"] == text and row["exception_type"] == "1":
            running.add(row["service_id"])
        elif row["date"] == text:
            running.discard(row["service_id"])
    return running


def _rows(feed: Path, table: str) -> list[dict[str, str]]:
    with (feed / f"{table}.txt").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _seconds(text: str) -> int:
    hours, minutes, seconds = map(int, text.split(":"))
    return hours * 3600 + minutes * 60 + seconds


def _date(text: str) -> date:
    return date(2000 + int(text[5:]), MONTHS[text[2:5]], int(text[:2]))
