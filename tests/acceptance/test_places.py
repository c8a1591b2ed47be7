"""Stations, metro stops and car parks do what their questions are about."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest

from sim.demand.departures import departure_rows
from sim.experiments.day import Day, run_day
from sim.projections.audit import audit
from sim.scenario.coherence.facilities import highest_servers
from sim.scenario.load import load_scenario
from sim.scenario.provenance import figures
from tests.places import (
    full_at_h,
    gate_s,
    recognised,
    served_per_h,
    those_referred,
    visits_to,
    worst_half_hour_min,
    worst_minutes_to,
)

HOUR_US = 3_600_000_000
OUTCOMES = ("boarded", "missed", "exited", "reneged", "balked", "present")
BUSY_LANE = [
    "demand.arrivals.rate_per_min=[12]",
    "horizon_s=21600",
    "stations.entry.servers=9",
    "stations.places.servers=9000",
    "stations.exit.servers=1",
]


PLACES = (
    "ben-thanh-holiday",
    "hanoi-station",
    "hanoi-station-tet",
    "hcmc-1",
    "metro-2a",
    "metro-2a-phase-1",
    "metro-2a-phase-2",
    "metro-2a-phase-3",
    "metro-2a-record",
    "metro-3",
    "metro-stop",
    "parking-cars",
    "parking-han-t1",
    "parking-han-t1-manual",
    "parking-hoan-kiem",
    "parking-metro",
    "parking-sgn",
)
LONG = {"metro-2a-record", "metro-2a-phase-1", "metro-2a-phase-2"}
"""Audited at full size by the evidence; their stops are those of others here."""


@cache
def a_day(name: str, *overrides: str) -> Day:
    """One day of a built-in scenario."""
    return run_day(load_scenario(name, overrides=list(overrides)))


@pytest.mark.parametrize("name", PLACES)
def test_every_figure_says_where_it_comes_from(name: str) -> None:
    """Published or assumed: no figure of a place is without a source."""
    assert [row.key for row in figures(load_scenario(name)) if not row.source] == []


@pytest.mark.parametrize("name", sorted(set(PLACES) - LONG))
def test_runs_without_contradiction(name: str) -> None:
    """A full day: everyone has one outcome, and the audit finds nothing."""
    day = a_day(name)

    assert sum(day.summary[outcome] for outcome in OUTCOMES) == day.summary["passengers"] > 0
    assert audit(day.log, day.scenario.spec) == ()


@pytest.fixture(scope="module")
def hanoi() -> Day:
    """The ordinary day at Hanoi Station."""
    return a_day("hanoi-station")


def test_biometric_gates_take_what_the_trial_took(hanoi: Day) -> None:
    """A passenger holds a gate of Hanoi Station 3 to 5 s, and more than 98 % are recognised."""
    assert 3 <= gate_s(hanoi, "gate-face") <= 5
    assert recognised(hanoi, "gate-face") > 0.98


def test_who_is_not_recognised_goes_through_by_hand(hanoi: Day) -> None:
    """Everyone whom a gate refers goes to the staffed lane, and nearly everyone boards."""
    refused = those_referred(hanoi, "gate-face")

    assert refused
    assert refused <= set(visits_to(hanoi, "gate-staffed").passenger.tolist())
    assert hanoi.summary["missed"] < 0.01 * hanoi.summary["boarded"]


def test_ticket_buyers_do_not_board(hanoi: Day) -> None:
    """Who only buys a ticket goes home; every passenger of a train boards or misses it."""
    demand = load_scenario("hanoi-station").spec.demand
    booked = sum(row.persons for row in departure_rows(demand, day_starts=0))

    assert hanoi.summary["boarded"] + hanoi.summary["missed"] == booked
    assert hanoi.summary["exited"] == hanoi.summary["passengers"] - booked > 0


def test_a_tag_lane_passes_nearly_twice_as_many() -> None:
    """A lane at Noi Bai passes 1.7 to 1.9 times as many vehicles with tags as by hand."""
    tags, by_hand = (
        served_per_h(a_day(name, *BUSY_LANE), "exit", from_h=2, until_h=6)
        for name in ("parking-han-t1", "parking-han-t1-manual")
    )

    assert 1.7 < tags / by_hand < 1.9


def test_the_park_and_ride_is_full_before_eight() -> None:
    """The first motorbike turns round between 07:30 and 08:00; with 1,100 places none does."""
    assert 7.5 < (full_at_h(a_day("parking-metro"), "places") or 0) < 8.0
    assert full_at_h(a_day("parking-metro", "stations.places.servers=1100"), "places") is None


def test_places_never_hold_more_than_there_are() -> None:
    """No more motorbikes stand in the park than it has places, and those turned away leave."""
    day = a_day("parking-metro")
    rows = visits_to(day, "places")
    parked = rows.has_started
    ends_us = rows.ended_us[parked]
    steps = sorted(
        [(at, 1) for at in rows.started_us[parked].tolist()]
        + [(at, -1) for at in ends_us[ends_us >= 0].tolist()]
    )
    inside, most = 0, 0
    for _, step in steps:
        inside += step
        most = max(most, inside)

    assert most == 480
    assert day.summary["balked"] == rows.has_balked.sum()


def test_more_gates_dissolve_the_queue_at_ben_thanh() -> None:
    """Ten to twenty minutes to the gates on the holiday; a few with one gate more."""
    assert 10 < worst_minutes_to(a_day("ben-thanh-holiday"), "gates") < 20
    assert worst_minutes_to(a_day("ben-thanh-holiday", "stations.gates.servers=6"), "gates") < 7


def test_leaving_riders_come_in_trainloads() -> None:
    """In the morning peak, when trains come every 6 min, one minute in six has most arrivals."""
    came_us = a_day("metro-stop").folded.people.arrived_us
    peak = came_us[(came_us >= 7 * HOUR_US) & (came_us < 8 * HOUR_US)]

    by_minute = np.bincount(peak // (HOUR_US // 60) % 6, minlength=6)
    assert by_minute.max() > 0.4 * len(peak)


def test_a_line_is_its_stops() -> None:
    """Line 2A has 12 stops and 65 gates; a day is 35,000 riders who enter and as many who leave."""
    day = a_day("metro-2a")
    stations = {each.id: each for each in day.scenario.spec.stations}
    gates = [name for name in stations if name.endswith("/gates")]

    assert len(gates) == 12
    assert sum(highest_servers(stations[name]) for name in gates) == 65
    assert abs(day.summary["exited"] - 2 * 35_000) < 5 * 70_000**0.5


def test_faces_slow_the_gates_phase_by_phase() -> None:
    """The same riders hold the gates of Cat Linh longer in each phase of the rollout."""
    names = ("metro-2a", *(f"metro-2a-phase-{number}" for number in (1, 2, 3)))
    held = [gate_s(a_day(name), "cat-linh/gates") for name in names]

    assert held == sorted(held)
    assert held[-1] > 1.3 * held[0]


def test_nameless_tickets_are_sold_at_machines_until_the_policy() -> None:
    """On the eve of phase 3 machines sell to everybody, from then on to known faces alone."""
    scenario = load_scenario("metro-2a-phase-3")
    before, after = (
        len(visits_to(run_day(scenario, on=on), "cat-linh/ticket-machine"))
        for on in (date(2026, 6, 30), date(2026, 7, 1))
    )

    assert after < before


def test_a_free_day_with_every_face_recognised_is_too_much_for_cat_linh() -> None:
    """With barriers open the record day flows; with 4.2 s a face the terminus waits minutes."""
    faces = ["facilities.cat-linh.stations.gates.service.mean_s=4.2"]
    barriers, recognised_all = (
        worst_half_hour_min(
            run_day(load_scenario("metro-2a-record", overrides=overrides)), "cat-linh/gates"
        )
        for overrides in ([], faces)
    )

    assert barriers < 0.1
    assert recognised_all > 3
