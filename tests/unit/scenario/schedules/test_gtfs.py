"""GTFS feeds: which trains leave a stop on a day."""

# ruff: noqa: E501 - a case is easier to read on one line

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.unit.scenario.schedules.files import FEED, asked_gtfs, departures, read, zipped

SATURDAY = date(2026, 6, 13)
REPEATED = {f"REPEAT@10:{n}0:00": f"10:{n}0" for n in range(3)}


def changed(table: str, old: str, new: str) -> dict[str, str]:
    """The feed with other text in one table."""
    assert FEED[table].count(old) == 1, (table, old)
    return FEED | {table: FEED[table].replace(old, new)}


def with_rows(table: str, rows: str) -> dict[str, str]:
    """The feed with more rows in one table."""
    return FEED | {table: FEED[table] + rows}


def test_the_trains_of_a_day(tmp_path: Path) -> None:
    """Exceptions beat the calendar, headways repeat a trip, a terminus is no departure."""
    found = departures(read(tmp_path, FEED, asked_gtfs()))

    assert found == {"E1": "07:00", "OTHER": "09:00", **REPEATED}


def test_trains_past_midnight_are_on_the_next_day(tmp_path: Path) -> None:
    """24:21 on Friday's timetable is 00:21 on Saturday."""
    found = departures(read(tmp_path, FEED, asked_gtfs(routes=["1"]), day=SATURDAY))

    assert found == {
        "REPEAT@24:00:00": "00:00",
        "REPEAT@24:05:00": "00:05",
        "NIGHT": "00:21",
        "E1": "07:00",
        **REPEATED,
    }


def test_a_service_day_keeps_its_night(tmp_path: Path) -> None:
    """From 04:00 on, the same trains come at 24:21 of Friday."""
    found = departures(read(tmp_path, FEED, asked_gtfs(routes=["1"]), starts=14_400))

    assert [found[name] for name in ("NIGHT", "REPEAT@24:05:00")] == ["24:21", "24:05"]


@pytest.mark.parametrize(
    ("asked", "trains"),
    [
        ({"stop": "BT-1"}, ["E1"]),
        ({"direction": "arrivals"}, ["E2"]),
        ({"direction": "arrivals", "stop": "NHT"}, ["E2", *REPEATED]),
        ({"stop": "ST", "direction_id": 1}, ["E2"]),
        ({"routes": ["2"]}, ["OTHER"]),
    ],
)
def test_what_is_asked_for(tmp_path: Path, asked: dict[str, Any], trains: list[str]) -> None:
    """Stop or whole station, direction, line; those that only let out are no departures."""
    reading = read(tmp_path, changed("stop_times.txt", "E1,,,NHT,2,0\n", ""), asked_gtfs(**asked))

    assert sorted(departures(reading)) == sorted(trains)


def test_a_zip_archive_is_the_same(tmp_path: Path) -> None:
    """The archive and the folder have the same trains and the same digest."""
    packed = read(tmp_path, zipped(FEED), asked_gtfs(file="feed.zip"))
    folder = read(tmp_path, FEED, asked_gtfs())

    assert (packed.flights, packed.sha256) == (folder.flights, folder.sha256)


def test_rows_add_up(tmp_path: Path) -> None:
    """Every row of every table that is read has its box."""
    tally = read(tmp_path, FEED, asked_gtfs()).tally
    tables = ("routes", "stops", "calendar", "calendar_dates", "trips", "stop_times", "frequencies")

    assert tally.read == sum(len(FEED[f"{name}.txt"].splitlines()) - 1 for name in tables)
    assert tally.adds_up
    assert (tally.used, tally.rejected, tally.out_of_period) == (3, 0, 2)


MALFORMED: dict[str, tuple[dict[str, str], str, int, str]] = {
    "trip twice": (with_rows("trips.txt", "1,week,W1,0\n"), "trips.txt", 8, "stands twice"),
    "trip without name": (with_rows("trips.txt", "1,week,,0\n"), "trips.txt", 8, "name it"),
    "trip of no route": (with_rows("trips.txt", "9,week,X,0\n"), "trips.txt", 8, 'no "9"'),
    "trip of no service": (with_rows("trips.txt", "1,weak,X,0\n"), "trips.txt", 8, "mean week?"),
    "third direction": (with_rows("trips.txt", "1,week,X,2\n"), "trips.txt", 8, "give 0, 1"),
    "cells missing": (with_rows("trips.txt", "1,week\n"), "trips.txt", 8, "has 2 cells"),
    "quotes": (with_rows("trips.txt", '1,week,"X,0\n'), "trips.txt", 8, "mend the quotes"),
    "route twice": (with_rows("routes.txt", "1,M,1,1\n"), "routes.txt", 4, "stands twice"),
    "stop twice": (with_rows("stops.txt", "ST,a,1,1,0,\n"), "stops.txt", 7, "stands twice"),
    "stop without name": (with_rows("stops.txt", ",a,1,1,0,\n"), "stops.txt", 7, "name it"),
    "weekday": (changed("calendar.txt", "week,1", "week,yes"), "calendar.txt", 2, "1 where it runs"),
    "start date": (changed("calendar.txt", "week,1,1,1,1,1,0,0,20260601", "week,1,1,1,1,1,0,0,2026-06-01"), "calendar.txt", 2, "such as 20260601"),
    "no such date": (changed("calendar.txt", "week,1,1,1,1,1,0,0,20260601", "week,1,1,1,1,1,0,0,20260631"), "calendar.txt", 2, "such as 20260601"),
    "dates backwards": (changed("calendar.txt", "week,1,1,1,1,1,0,0,20260601", "week,1,1,1,1,1,0,0,20261231"), "calendar.txt", 2, "swap them"),
    "service twice": (with_rows("calendar.txt", "week,1,1,1,1,1,0,0,20260601,20260831\n"), "calendar.txt", 4, "stands twice"),
    "service without name": (with_rows("calendar.txt", ",1,1,1,1,1,0,0,20260601,20260831\n"), "calendar.txt", 4, "name the service"),
    "exception type": (with_rows("calendar_dates.txt", "week,20260701,3\n"), "calendar_dates.txt", 6, "2 for removed"),
    "exception date": (with_rows("calendar_dates.txt", "week,1 July,1\n"), "calendar_dates.txt", 6, "such as 20260601"),
    "exception twice": (with_rows("calendar_dates.txt", "week,20260612,1\n"), "calendar_dates.txt", 6, "already"),
    "time": (changed("stop_times.txt", "W1,06:00:00", "W1,6h00"), "stop_times.txt", 2, "give a time"),
    "minute 60": (changed("stop_times.txt", "W1,06:00:00", "W1,06:60:00"), "stop_times.txt", 2, "give a time"),
    "hour 96": (changed("stop_times.txt", "OTHER,09:10:00,09:10:00", "OTHER,96:00:00,96:00:00"), "stop_times.txt", 17, "below 96:00:00"),
    "leaves before it comes": (changed("stop_times.txt", "06:03:00,06:03:30", "06:03:30,06:03:00"), "stop_times.txt", 3, "before the arrival"),
    "backwards along the trip": (changed("stop_times.txt", "W1,06:30:00,06:30:00", "W1,06:02:00,06:02:00"), "stop_times.txt", 4, "before trip W1 leaves"),
    "no such trip": (with_rows("stop_times.txt", "X,06:00:00,06:00:00,ST,1,0\n"), "stop_times.txt", 18, "among the trips"),
    "no such stop": (changed("stop_times.txt", "06:30:00,ST", "06:30:00,SX"), "stop_times.txt", 4, "among the stops"),
    "sequence": (changed("stop_times.txt", "NHT,2,0\nW1", "NHT,two,0\nW1"), "stop_times.txt", 3, "a whole number"),
    "sequence twice": (changed("stop_times.txt", "NHT,2,0\nW1", "NHT,1,0\nW1"), "stop_times.txt", 3, "stands twice in trip W1"),
    "no time at an end": (changed("stop_times.txt", "W1,06:30:00,06:30:00", "W1,,"), "stop_times.txt", 4, "missing at an end"),
    "pickup type": (changed("stop_times.txt", "06:00:00,BT-1,1,0", "06:00:00,BT-1,1,4"), "stop_times.txt", 2, "give 0 to 3"),
    "headway of no trip": (with_rows("frequencies.txt", "X,10:00:00,11:00:00,600,0\n"), "frequencies.txt", 4, "among the trips"),
    "headway 0": (with_rows("frequencies.txt", "E1,10:00:00,11:00:00,0,0\n"), "frequencies.txt", 4, "got 0"),
    "headway of letters": (with_rows("frequencies.txt", "E1,10:00:00,11:00:00,often,0\n"), "frequencies.txt", 4, "a whole number"),
    "headway backwards": (with_rows("frequencies.txt", "E1,11:00:00,10:00:00,600,0\n"), "frequencies.txt", 4, "is not after"),
    "headway without end": (with_rows("frequencies.txt", "E1,11:00:00,,600,0\n"), "frequencies.txt", 4, "missing"),
    "headways overlap": (with_rows("frequencies.txt", "REPEAT,10:20:00,11:00:00,600,0\n"), "frequencies.txt", 4, "overlaps another"),
}  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_row_is_refused(tmp_path: Path, case: str) -> None:
    """With its table, its line and the reason; and the rows add up all the same."""
    feed, table, line, words = MALFORMED[case]
    reading = read(tmp_path, feed, asked_gtfs())
    told = [(Path(fault.path).name, fault.line, str(fault)) for fault in reading.faults]

    assert any(each[:2] == (table, line) and words in each[2] for each in told), told
    assert reading.tally.rejected >= 1


@pytest.mark.parametrize(
    ("feed", "words"),
    [
        ({k: v for k, v in FEED.items() if k != "stop_times.txt"}, "has no stop_times.txt"),
        ({k: v for k, v in FEED.items() if not k.startswith("calendar")}, "runs on any day"),
        (FEED | {"trips.txt": ""}, "trips.txt:1: is empty"),
        (changed("stops.txt", "stop_id,", "stop,"), "has no column stop_id; did you mean stop?"),
        (changed("trips.txt", "direction_id", "trip_id"), "names the column trip_id twice"),
        (FEED | {"stops.txt": "stop_id\n\0\n"}, "holds binary data"),
        (FEED | {"stops.txt": "stop_id\nST\n"}, 'has no stop "BT"'),
    ],
)
def test_a_feed_that_is_none(tmp_path: Path, feed: dict[str, str], words: str) -> None:
    """Missing tables and columns are told by name."""
    assert any(words in str(fault) for fault in read(tmp_path, feed, asked_gtfs()).faults)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 and no more", zipped(FEED)[:900]])
def test_a_damaged_archive(tmp_path: Path, data: bytes) -> None:
    """It is refused, not half read."""
    (fault,) = read(tmp_path, data, asked_gtfs(file="feed.zip")).faults

    assert "cannot be read as a GTFS zip archive" in fault.message


def test_a_blank_time_is_not_made_up(tmp_path: Path) -> None:
    """Stops without a time are sound, unless they are the one asked for."""
    reading = read(tmp_path, FEED, asked_gtfs(stop="NHT"))

    assert [fault.line for fault in reading.faults] == [6]
    assert "not interpolated" in reading.faults[0].message
