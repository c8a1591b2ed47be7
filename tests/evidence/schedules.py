"""Schedules at full size: every date of a season, every airport and stop, by two readers."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from sim.demand.departures import departures_of
from sim.demand.punctuality import delayed
from sim.demand.streams import Streams
from sim.experiments.day import run_day
from sim.scenario.dated import scenario_on
from sim.scenario.find import scenario_folder
from sim.scenario.load import load_scenario
from tests.evidence.claim import Claim, Finding, Steps
from tests.independent_schedules import departures_on, trains_on
from tests.ssim_writer import SUMMER
from tests.unit.scenario.schedules.files import FEED, asked_gtfs, asked_ssim, made_up_ssim, read

DATES = [SUMMER[0] + timedelta(days=n) for n in range((SUMMER[1] - SUMMER[0]).days + 1)]
CAN_THO = "vca-summer-2026.ssim"
AIRPORTS = {
    "made-up": ["SGN", "HAN"],
    CAN_THO: ["VCA", "HAN", "DAD"],
}
DAYS = 100
"""Replications over which punctuality is counted."""


def compare(name: str) -> dict[str, Any]:
    """One file, or what is drawn from one."""
    if name == "punctuality":
        return _punctuality()
    if name == "engines":
        return _engines()
    return _trains() if name == "feed" else _flights(name)


def examine(steps: Steps) -> Finding:
    """Both files, the feed, the delays, and a week of both engines."""
    found = steps.each([*AIRPORTS, "feed", "punctuality", "engines"], compare)
    return Finding(passed=all(each["ok"] for each in found.values()), figures=found)


def _flights(name: str) -> dict[str, Any]:
    data = made_up_ssim() if name == "made-up" else (scenario_folder() / name).read_bytes()
    flights, differing = 0, []
    with tempfile.TemporaryDirectory() as folder:
        for airport in AIRPORTS[name]:
            for day in DATES:
                wanted = {
                    flight: at.hour * 3600 + at.minute * 60
                    for flight, at in departures_on(data.decode(), airport, day)
                }
                reading = read(Path(folder), data, asked_ssim(airport=airport), day=day)
                flights += len(wanted)
                if {f.id: f.at for f in reading.flights} != wanted or not reading.tally.adds_up:
                    differing.append(f"{airport} {day}")
    return {
        "airport_days": len(DATES) * len(AIRPORTS[name]),
        "flights": flights,
        "differing": differing,
        "ok": not differing and flights > 100,
    }


def _trains() -> dict[str, Any]:
    trains, differing = 0, []
    dates = [date(2026, 5, 28) + timedelta(days=n) for n in range(30)]
    with tempfile.TemporaryDirectory() as folder:
        for stop in ("BT", "BT-1", "BT-2", "ST"):
            for day in dates:
                reading = read(Path(folder), FEED, asked_gtfs(stop=stop), day=day)
                wanted = trains_on(Path(folder, "feed"), stop, day)
                trains += len(wanted)
                if sorted((f.id, f.at) for f in reading.flights) != sorted(wanted):
                    differing.append(f"{stop} {day}")
    return {"stop_days": 4 * len(dates), "trains": trains, "differing": differing,
            "ok": not differing and trains > 50}  # fmt: skip


def _punctuality() -> dict[str, Any]:
    """Share on time of each carrier over many days, beside the share stated."""
    spec = load_scenario("vca-summer").spec
    asked = spec.demand.punctuality
    assert asked is not None
    planned = departures_of(spec)
    on_time: dict[str, list[bool]] = {each.id: [] for each in asked.carriers}
    for replication in range(DAYS):
        left = delayed(planned, asked, Streams(1, replication))
        assert left.planned_us is not None
        is_on_time = left.at_us - left.planned_us <= asked.on_time_within_min.value * 60_000_000
        for carrier, each in zip(left.carrier.tolist(), is_on_time.tolist(), strict=True):
            on_time[carrier].append(each)
    rows = {
        each.id: {
            "stated": each.on_time.value,
            "drawn": float(np.mean(on_time[each.id])),
            "departures": len(on_time[each.id]),
        }
        for each in asked.carriers
    }
    return {
        "carriers": rows,
        "ok": all(
            abs(row["drawn"] - row["stated"])
            < 4 * (row["stated"] * (1 - row["stated"]) / row["departures"]) ** 0.5
            for row in rows.values()
        ),
    }


def _engines() -> dict[str, Any]:
    """A week of the schedule, with its delays: the same chain heads by both engines."""
    scenario = load_scenario("vca-summer")
    same = 0
    for offset in range(7):
        day = scenario_on(scenario, date(2026, 7, 1) + timedelta(days=offset))
        heads = {
            run_day(day, seed=1, replication=offset, engine=engine).log.chain_head
            for engine in ("compiled", "reference")
        }
        same += len(heads) == 1
    return {"days": 7, "same_heads": same, "ok": same == 7}


CLAIM = Claim(
    "schedules",
    "Made-up SSIM files and a GTFS feed give the flights and trains that independent readers find, "
    "on every date; departures are late as often as stated; both engines agree on them.",
    examine,
)
