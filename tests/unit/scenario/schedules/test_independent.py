"""A made-up SSIM file and a made-up GTFS feed say the same to readers of other hands.

A small reader among the tests always takes part; rustyssim and partridge where installed.
"""

import importlib.util
import warnings
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sim.scenario.find import scenario_folder
from sim.scenario.schedules.found import Sorter
from sim.scenario.schedules.ssim import read_legs
from tests.independent_schedules import departures_on, trains_on
from tests.ssim_writer import ssim_date
from tests.unit.scenario.schedules.files import (
    FEED,
    asked_gtfs,
    asked_ssim,
    departures,
    made_up_ssim,
    read,
)

SEASON = [date(2026, 5, 28) + timedelta(days=n) for n in range(45)]
FLIGHTS = {
    "made up": (made_up_ssim(), ["SGN", "HAN"]),
    "Can Tho": ((scenario_folder() / "vca-summer-2026.ssim").read_bytes(), ["VCA", "HAN", "DAD"]),
}


def other(name: str) -> ModuleType:
    """Somebody else's reader, or a skipped test where it is not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
        return importlib.import_module(name)


@pytest.mark.parametrize("name", FLIGHTS)
def test_the_flights_of_every_day(tmp_path: Path, name: str) -> None:
    """45 days of each airport: the same flights at the same minutes."""
    data, airports = FLIGHTS[name]
    compared = 0
    for airport in airports:
        for day in SEASON:
            wanted = {
                flight: at.strftime("%H:%M")
                for flight, at in departures_on(data.decode(), airport, day)
            }
            reading = read(tmp_path, data, asked_ssim(airport=airport), day=day)
            compared += len(wanted)

            assert {f.id: f"{f.at // 3600:02d}:{f.at // 60 % 60:02d}" for f in reading.flights} == (
                wanted
            ), (airport, day)
    assert compared > 150


@pytest.mark.parametrize("stop", ["BT", "BT-1", "ST"])
def test_the_trains_of_every_day(tmp_path: Path, stop: str) -> None:
    """Ten days of each stop, exceptions among them: the same trains at the same seconds."""
    compared = 0
    for day in SEASON[10:20]:
        reading = read(tmp_path, FEED, asked_gtfs(stop=stop), day=day)
        wanted = trains_on(tmp_path / "feed", stop, day)
        compared += len(wanted)

        assert sorted((f.id, f.at) for f in reading.flights) == sorted(wanted), day
    assert compared > 5


def test_rustyssim_reads_the_same_legs(tmp_path: Path) -> None:
    """Every field of every leg that decides a flight, as rustyssim parses it."""
    rustyssim = other("rustyssim")
    for number, (data, _) in enumerate(FLIGHTS.values()):
        path = tmp_path / f"{number}.ssim"
        path.write_bytes(data)
        carriers, legs, _ = rustyssim.split_ssim_to_dataframes(str(path))
        ours = [each.leg for each in read_legs(data, Sorter("x"))]
        theirs: list[dict[str, Any]] = legs.to_dicts()

        assert len(carriers.to_dicts()) == len({leg.carrier for leg in ours})
        assert len(theirs) == len(ours) > 10
        for leg, row in zip(ours, theirs, strict=True):
            wanted = _as_rustyssim(leg)
            assert wanted == {key: str(row[key] or "").strip() for key in wanted}


def _as_rustyssim(leg: Any) -> dict[str, str]:
    """A leg in the words of rustyssim's columns."""

    def clock(call: Any) -> str:
        return f"{call.minutes // 60:02d}{call.minutes % 60:02d}"

    def offset(call: Any) -> str:
        minutes = abs(call.utc_offset)
        return f"{'-' if call.utc_offset < 0 else '+'}{minutes // 60:02d}{minutes % 60:02d}"

    return {
        "airline_designator": leg.carrier,
        "flight_number": leg.name.removeprefix(leg.carrier).split("-")[0],
        "leg_sequence_number": f"{leg.sequence:02d}",
        "service_type": leg.service,
        "period_of_operation_from": ssim_date(leg.first),
        "period_of_operation_to": ssim_date(None if leg.last == date.max else leg.last),
        "frequency_rate": "2" if leg.is_fortnightly else "",
        "time_variation_departure": offset(leg.departure),
        "time_variation_arrival": offset(leg.arrival),
        "date_variation": f"{leg.departure.shift}{leg.arrival.shift}",
        "days_of_operation": "".join(str(d) if d in leg.days else " " for d in range(1, 8)).strip(),
        "departure_station": leg.departure.station,
        "scheduled_time_of_passenger_departure": clock(leg.departure),
        "passenger_terminal_departure": leg.departure.terminal,
        "arrival_station": leg.arrival.station,
        "scheduled_time_of_passenger_arrival": clock(leg.arrival),
        "aircraft_type": leg.equipment,
    }


def test_partridge_reads_the_same_trains(tmp_path: Path) -> None:
    """Services by date, and departures at the station, as partridge has them."""
    partridge = other("partridge")
    read(tmp_path, FEED, asked_gtfs())
    feed_path = str(tmp_path / "feed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        services = partridge.read_service_ids_by_date(feed_path)
        for day in SEASON[10:25]:
            running = services.get(day, frozenset())
            feed = partridge.load_feed(feed_path, view={"trips.txt": {"service_id": list(running)}})
            times = feed.stop_times if running else None
            wanted: list[tuple[str, int]] = []
            if times is not None and len(times):
                last = times.groupby("trip_id")["stop_sequence"].transform("max")
                at_stop = times[
                    times["stop_id"].isin(["BT-1", "BT-2"])
                    & (times["stop_sequence"] != last)
                    & (times["trip_id"] != "REPEAT")
                ]
                wanted = [
                    (row.trip_id, int(row.departure_time)) for row in at_stop.itertuples()
                    if row.departure_time < 86_400
                ]  # fmt: skip
            ours = [
                (flight.id, flight.at)
                for flight in read(tmp_path, FEED, asked_gtfs(), day=day).flights
                if "@" not in flight.id and flight.id != "NIGHT"
            ]

            assert sorted(ours) == sorted(wanted), day


def test_departures_is_what_is_compared(tmp_path: Path) -> None:
    """The instants compared are those that scenarios get."""
    reading = read(tmp_path, made_up_ssim(), asked_ssim())
    (_, at), *_ = departures_on(made_up_ssim().decode(), "SGN", date(2026, 6, 12))

    assert datetime.combine(at.date(), time()) + timedelta(seconds=reading.flights[0].at) == at
    assert departures(reading)
