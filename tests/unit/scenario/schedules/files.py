"""A made-up SSIM file and a made-up GTFS feed, and how they are read here."""

# ruff: noqa: E501 - a case is easier to read on one line

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from sim.scenario.schedules.ask import Schedule
from sim.scenario.schedules.found import Reading, ServiceDay
from sim.scenario.schedules.read import read_schedule
from tests.ssim_writer import Block, WrittenLeg, ssim_bytes

FRIDAY = date(2026, 6, 12)

LEGS = {
    "VN": [
        WrittenLeg("VN", 217, "HAN", "0600", "SGN", "0810", origin_terminal="T1", target_terminal="3"),
        WrittenLeg("VN", 218, "SGN", "0905", "HAN", "1115", origin_terminal="3", configuration="C16Y187"),
        WrittenLeg("VN", 122, "SGN", "2330", "DAD", "0055", days="57", origin_terminal="3", shifts="01"),
        WrittenLeg("VN", 591, "SGN", "0030", "HKG", "0415", target_utc="+0800", days="6", origin_terminal="2"),
        WrittenLeg("VN", 1340, "SGN", "1010", "CXR", "1115", days="13", fortnightly=True,
                   period=(date(2026, 6, 1), date(2026, 7, 31)), origin_terminal="3"),
        WrittenLeg("VN", 8201, "SGN", "1200", "PQC", "1305", origin_terminal="3", aircraft="AT7",
                   elements=((50, "0V 8201"),)),
        WrittenLeg("VN", 3333, "SGN", "0200", "HAN", "0410", service="F", aircraft="32X"),
    ],
    "VJ": [  # times and dates in UTC: 06:00 at Saigon is 23:00 of the day before
        WrittenLeg("VJ", 120, "SGN", "2300", "HAN", "0110", days="4", origin_terminal="1", shifts="01"),
        WrittenLeg("VJ", 162, "SGN", "0100", "HAN", "0310", days="5", origin_terminal="1"),
        WrittenLeg("VJ", 84, "HAN", "1500", "SGN", "1710", days="5", origin_utc="+0700", target_terminal="1"),
        WrittenLeg("VJ", 84, "SGN", "1810", "BNE", "0310", days="5", sequence=2, target_utc="+1000",
                   origin_terminal="2", shifts="01"),
        WrittenLeg("VJ", 99, "SGN", "0400", "DLI", "0450", period=(date(2026, 6, 12), None)),
    ],
}  # fmt: skip

BLOCKS = [Block("VN", "L", LEGS["VN"]), Block("VJ", "U", LEGS["VJ"])]

FEED: dict[str, str] = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nM,Metro,https://example.org,Asia/Ho_Chi_Minh\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\n1,M,1,1\n2,M,2,1\n",
    "stops.txt": (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        "BT,Ben Thanh,10.77,106.69,1,\nBT-1,Ben Thanh 1,10.77,106.69,0,BT\n"
        "BT-2,Ben Thanh 2,10.77,106.69,0,BT\nNHT,Opera,10.77,106.70,0,\nST,Suoi Tien,10.86,106.80,0,\n"
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "week,1,1,1,1,1,0,0,20260601,20260831\nend,0,0,0,0,0,1,1,20260601,20260831\n"
    ),
    "calendar_dates.txt": (
        "service_id,date,exception_type\nweek,20260612,2\nend,20260612,1\nfair,20260612,1\nfair,20260613,1\n"
    ),
    "trips.txt": (
        "route_id,service_id,trip_id,direction_id\n"
        "1,week,W1,0\n1,end,E1,0\n1,end,E2,1\n1,fair,NIGHT,0\n1,fair,REPEAT,0\n2,end,OTHER,0\n"
    ),
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type\n"
        "W1,06:00:00,06:00:00,BT-1,1,0\nW1,06:03:00,06:03:30,NHT,2,0\nW1,06:30:00,06:30:00,ST,3,0\n"
        "E1,07:00:00,07:00:00,BT-1,1,0\nE1,,,NHT,2,0\nE1,07:30:00,07:30:00,ST,3,0\n"
        "E2,8:00:00,8:00:00,ST,1,0\nE2,08:27:00,08:27:30,NHT,5,1\nE2,08:30:00,08:30:00,BT-2,9,0\n"
        "NIGHT,23:50:00,23:50:00,ST,1,0\nNIGHT,24:20:00,24:21:00,BT-1,2,0\nNIGHT,24:25:00,24:25:00,NHT,3,0\n"
        "REPEAT,00:00:00,00:00:00,BT-2,1,0\nREPEAT,00:03:00,00:03:00,NHT,2,0\n"
        "OTHER,09:00:00,09:00:00,BT-2,1,0\nOTHER,09:10:00,09:10:00,ST,2,0\n"
    ),
    "frequencies.txt": (
        "trip_id,start_time,end_time,headway_secs,exact_times\n"
        "REPEAT,10:00:00,10:30:00,600,1\nREPEAT,24:00:00,24:10:00,300,0\n"
    ),
}  # fmt: skip


def asked_ssim(**more: Any) -> dict[str, Any]:
    return {"file": "s26.ssim", "format": "ssim", "airport": "SGN", **more}


def asked_gtfs(**more: Any) -> dict[str, Any]:
    return {"file": "feed", "format": "gtfs", "stop": "BT", **more}


def asked_csv(columns: Mapping[str, str] | None = None, **more: Any) -> dict[str, Any]:
    mapping = {"id": "FLT", "at": "STD"} | dict(columns or {})
    return {"file": "aodb.csv", "format": "csv", "columns": mapping, **more}


def read(
    folder: Path, content: bytes | Mapping[str, str], asked: dict[str, Any], *,
    day: date = FRIDAY, starts: int = 0,
) -> Reading:  # fmt: skip
    """A file, or the tables of a feed, read as a scenario would."""
    schedule = TypeAdapter(Schedule).validate_python(asked)
    path = folder / schedule.file
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.mkdir(exist_ok=True)
        for name, text in content.items():
            (path / name).write_bytes(text.encode())
    return read_schedule(str(path), asked=schedule, day=ServiceDay(day, starts))


def zipped(tables: Mapping[str, str]) -> bytes:
    """A feed as a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in tables.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def made_up_ssim(*, end: str = "\n", fill: bool = True) -> bytes:
    return ssim_bytes(BLOCKS, end=end, fill=fill)


def departures(reading: Reading) -> dict[str, str]:
    """Time of each flight by its id, without faults."""
    assert not reading.faults, reading.faults
    return {f.id: f"{f.at // 3600:02d}:{f.at // 60 % 60:02d}" for f in reading.flights}
