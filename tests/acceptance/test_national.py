"""The whole country on one day, simulated once for all that is asked of it here."""

from __future__ import annotations

import pytest

from sim.experiments.day import Day, run_day
from sim.projections.audit import audit
from sim.scenario.load import load_scenario

OUTCOMES = ("boarded", "missed", "exited", "reneged", "balked", "present")


@pytest.fixture(scope="module")
def day() -> Day:
    """One ordinary day of the country."""
    return run_day(load_scenario("national"))


def test_nobody_is_lost_in_the_country(day: Day) -> None:
    """Everyone has one outcome, and the audit finds nothing."""
    assert sum(day.summary[outcome] for outcome in OUTCOMES) == day.summary["passengers"] > 300_000
    assert audit(day.log, day.scenario.spec) == ()


def test_every_place_is_there_and_asks_one_service(day: Day) -> None:
    """28 terminals, Hanoi Station, 34 stops, four car parks; VNeID stands once, and bears it."""
    names = day.log.stations
    kinds = [each.scenario.spec.kind for each in day.scenario.facilities]

    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "airport": 28,
        "railway-station": 1,
        "metro": 34,
        "parking": 4,
    }
    assert [name for name in names if name.rpartition("/")[2] == "vneid"] == ["vneid"]
    vneid = day.summary["stations"]["vneid"]
    assert vneid["arrivals"] > 50_000
    assert vneid["timed_out"] == 0


def test_who_drives_passes_the_entry_of_the_car_park(day: Day) -> None:
    """Cars of the chain come besides those that the car parks have of their own."""
    stations, facilities = day.summary["stations"], day.summary["facilities"]

    for terminal, park in (("han-t1", "parking-han-t1"), ("sgn-t3", "parking-sgn")):
        walked = stations[f"{terminal}/walk-to-{terminal}"]["arrivals"]
        assert 300 < walked < 1_200
        assert stations[f"{park}/entry"]["arrivals"] == facilities[park]["passengers"] + walked
