"""Airports: all of Vietnam's are there, and an ordinary day is one that a planner would believe."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sim.scenario.find import builtin_scenarios
from tests.airport_days import day_of, has, margin_min, visitors

ALL_22 = {
    "HAN": ("han-t1", "han-t2"), "SGN": ("sgn-t1", "sgn-t2", "sgn-t3"),
    "DAD": ("dad-t1", "dad-t2"), "CXR": ("cxr", "cxr-t2"), "PQC": ("pqc", "pqc-intl"),
    "HPH": ("hph",), "VII": ("vii",), "HUI": ("hui",), "VCA": ("vca",), "VDO": ("vdo",),
    "DLI": ("dli",), "BMV": ("bmv",), "UIH": ("uih",), "VCS": ("vcs",), "PXU": ("pxu",),
    "THD": ("thd",), "VDH": ("vdh",), "VCL": ("vcl",), "TBB": ("tbb",), "DIN": ("din",),
    "VKG": ("vkg",), "CAH": ("cah",),
}  # fmt: skip
"""Scenarios of an ordinary day by IATA code; of T1 at Tan Son Nhat there is only the first."""

ORDINARY = sorted({name for names in ALL_22.values() for name in names} - {"sgn-t1"})
INTERNATIONAL = ["han-t2", "sgn-t2", "dad-t2", "cxr-t2", "pqc-intl"]
BANDS_MIN = {"counter": 20, "security": 10, "id-manual": 10, "emigration": 10, "autogate": 5}
"""Upper ends of the bands of good service."""

DEPARTING = {"han-t1": 26_000, "han-t2": 19_500, "sgn-t2": 24_000, "dad-t1": 11_800}
DEPARTING |= {"dad-t2": 8_900, "cxr": 4_300, "cxr-t2": 3_500, "hph": 3_660, "hui": 2_900}
DEPARTING |= {"dli": 3_400, "vcs": 575, "han-t1-tet": 33_150, "han-t2-tet": 25_500}
DEPARTING |= {"sgn-t2-tet": 28_000, "dad-t1-tet": 16_500}
"""Passengers of a day as the sources of the scenarios derive them."""


def test_all_airports_are_there() -> None:
    """Twenty-two, each with a scenario of its own."""
    assert len(ALL_22) == 22
    assert {name for names in ALL_22.values() for name in names} <= builtin_scenarios().keys()


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_days_keep_their_promises(name: str) -> None:
    """On an ordinary day 95 % wait inside the bands, and hardly anybody misses the flight."""
    summary = day_of(name).summary

    for station, limit in BANDS_MIN.items():
        if station in summary["stations"]:
            assert (summary["stations"][station]["wait_s"]["p95"] or 0) / 60 <= limit, station
    assert summary["missed"] <= max(2, 0.003 * summary["passengers"])
    assert all(target["is_met"] for target in summary["targets"])


@pytest.mark.parametrize("name", sorted(DEPARTING))
def test_traffic_is_what_its_source_derives(name: str) -> None:
    """As many passengers as the source of the timetable works out, within 4 %."""
    assert day_of(name).summary["passengers"] == pytest.approx(DEPARTING[name], rel=0.04)


@pytest.mark.parametrize("name", ["han-t1", "dad-t1"])
def test_peaks_and_first_days_are_harder(name: str) -> None:
    """Counters wait longer at the Tet peak and on the first day of the rule than as a rule."""
    ordinary, peak, first = (
        day_of(each).summary["stations"]["counter"]["wait_s"]["p95"]
        for each in (name, f"{name}-tet", f"{name}-first-day")
    )

    assert ordinary < min(peak, first)


def test_manual_lanes_queue_while_face_lanes_flow() -> None:
    """As seen at Noi Bai T1 on a busy day: minutes for an officer, none at the gates."""
    stations = day_of("han-t1-tet").summary["stations"]

    assert stations["id-manual"]["worst_half_hour"]["mean_s"] > 300
    assert stations["id-gate"]["wait_s"]["p95"] < 30


def test_families_and_foreigners_meet_an_officer_at_the_border() -> None:
    """No child and no foreigner goes through an autogate; first-timers take longer than others."""
    day = day_of("sgn-t2")
    through = np.zeros(len(day.log.tables.passengers), dtype=bool)
    through[list(visitors(day, "autogate"))] = True

    assert through.any()
    assert not (through & (has(day, "other_documents") | has(day, "child_in_party"))).any()
    assert "id-manual" not in day.summary["stations"]


def test_who_must_show_a_visa_is_exempt() -> None:
    """Without a bag, with a visa to show: a counter, before the rule and after it."""
    for on in (date(2025, 11, 30), date(2025, 12, 1)):
        day = day_of("pqc-intl", on=on)
        shows = has(day, "document_check") & ~has(day, "checked_bag") & ~has(day, "special")
        leads = {p for p in np.flatnonzero(shows).tolist() if p in visitors(day, "kiosk")}

        assert shows.any()
        assert not leads
        assert visitors(day, "counter") & set(np.flatnonzero(shows).tolist())


def test_to_the_letter_nobody_without_a_bag_is_exempt() -> None:
    """With no documents to see, only bags and special passengers are left at the counters."""
    day = day_of("pqc-intl", "traits.document_check.share=0", "traits.kiosk_fails.shares=[]")
    at_counter = np.array(sorted(visitors(day, "counter")))

    assert (has(day, "checked_bag") | has(day, "special"))[at_counter].all()


def test_tickets_are_bought_before_check_in() -> None:
    """A few start at a window, a machine or their own phone, and the rest go straight on."""
    day = day_of("han-t1")
    buyers = [visitors(day, each) for each in ("ticket-window", "ticket-kiosk", "ticket-app")]
    wanted = np.flatnonzero(has(day, "buys_ticket"))

    assert all(buyers)
    assert set().union(*buyers) <= set(wanted.tolist())
    assert 0.005 < len(wanted) / day.summary["passengers"] < 0.03


def test_a_face_is_taken_at_the_counter_or_in_the_app() -> None:
    """Both open the gates: of those who came without, some of either went through them."""
    day = day_of("han-t1")
    came_without = set(np.flatnonzero(~has(day, "biometric_enrolled")).tolist())
    through = visitors(day, "id-gate") & came_without

    assert through & visitors(day, "counter")
    assert through & visitors(day, "vneid-app")


def test_after_a_kiosk_gave_up_a_counter_takes_them() -> None:
    """The rule moves people and strands nobody: who failed at a kiosk is checked in by staff."""
    day = day_of("dad-t1-first-day")
    failed = has(day, "kiosk_fails") & ~has(day, "checked_bag") & ~has(day, "special")
    failed &= ~has(day, "online_checkin")
    both = visitors(day, "kiosk") & visitors(day, "counter")

    assert both <= set(np.flatnonzero(failed).tolist())
    assert len(both) > 50


@pytest.mark.parametrize("name", ["cah", "vkg", "din", "vcs"])
def test_the_smallest_fields_run(name: str) -> None:
    """One to ten departures a day, most of them turboprops: everyone boards."""
    summary = day_of(name).summary

    assert summary["boarded"] == summary["passengers"] < 700


@pytest.mark.parametrize("name", INTERNATIONAL)
def test_international_counters_open_three_hours_before(name: str) -> None:
    """Nobody with a bag counts as waiting before the counters of the flight are open."""
    day = day_of(name)

    assert margin_min(day)[has(day, "checked_bag")].max() <= 180
