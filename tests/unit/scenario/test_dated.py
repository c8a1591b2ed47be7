"""The scenario of another day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.arrivals import PlatoonArrivals, PoissonArrivals
from sim.scenario.dated import apportioned, change_on, scenario_on
from sim.scenario.demand import Timetable
from sim.scenario.load import Scenario, load_scenario, scenario_from_document
from sim.scenario.stations import Periods

OWN, PEAK = date(2026, 1, 14), date(2026, 2, 12)


@pytest.fixture(scope="module")
def t3() -> Scenario:
    return load_scenario("sgn-t3")


def timetable(scenario: Scenario) -> Timetable:
    assert scenario.spec.demand.timetable is not None
    return scenario.spec.demand.timetable


def departures(scenario: Scenario) -> int:
    return sum(int(hour.value) for hour in timetable(scenario).per_hour)


def servers(scenario: Scenario, station: str) -> list[int]:
    """Levels of a station with opening hours, or its one level."""
    found = next(each.servers for each in scenario.spec.stations if each.id == station)
    match found:
        case tuple():
            return [int(opening.servers.value) for opening in found]
        case Periods():
            return [int(level.value) for level in found.open]
        case _:
            return [int(found.value)]


def test_its_own_date_is_the_scenario_itself(t3: Scenario) -> None:
    """Nothing is scaled on the date the scenario describes."""
    assert scenario_on(t3, OWN) is t3
    assert change_on(t3.spec, OWN).factor == 1.0


def test_departures_of_a_year_add_up(t3: Scenario) -> None:
    """Each day's departures are its factor times those of the own date, rounded once."""
    own = timetable(t3)
    for number in range(0, 365, 7):
        day = date(2026, 1, 2) + timedelta(days=number)
        change = change_on(t3.spec, day)
        carried = own.load_factor.value / max(own.load_factor.value, change.load_factor)
        scaled = timetable(scenario_on(t3, day))
        wanted = [hour.value * change.factor * carried for hour in own.per_hour]

        assert abs(sum(hour.value for hour in scaled.per_hour) - sum(wanted)) <= 0.5 + 1e-9
        for hour, exact in zip(scaled.per_hour, wanted, strict=True):
            assert abs(hour.value - exact) < 1


def test_fuller_flights_carry_a_part_of_the_additional_passengers(t3: Scenario) -> None:
    """At the Tet peak 1.75 times the passengers fly on 1.47 times the departures."""
    peak = scenario_on(t3, PEAK)

    assert change_on(t3.spec, PEAK).factor == pytest.approx(1.75, abs=0.01)
    assert timetable(peak).load_factor.value == 0.955
    assert departures(peak) == 220
    assert departures(t3) == 150


def test_the_roster_follows_up_to_what_is_installed(t3: Scenario) -> None:
    """Counters and lanes follow by their share, machines and gates do not."""
    peak = scenario_on(t3, PEAK)

    assert servers(peak, "counter") == [26, 51, 40, 26]  # 1 + 0.75 × 0.751 times, rounded up
    assert servers(peak, "security") == [10, 24, 19, 13]
    assert servers(scenario_on(t3, PEAK + timedelta(days=1)), "security")[1] == 25
    for machine in ("kiosk", "bag-drop", "id-gate", "help-desk", "boarding"):
        assert servers(peak, machine) == servers(t3, machine)


def test_a_day_can_be_made_again_from_its_document(t3: Scenario) -> None:
    """The document a run keeps gives the same scenario, with a digest of its own."""
    peak = scenario_on(t3, PEAK)

    assert scenario_from_document(peak.document).digest == peak.digest != t3.digest
    assert peak.spec.date == PEAK


def test_policies_follow_the_date(t3: Scenario) -> None:
    """The counter rule holds from 1 December 2025."""
    before, after = date(2025, 11, 30), date(2025, 12, 1)
    in_force = [[p.id for p in scenario_on(t3, d).program().policies] for d in (before, after)]

    assert in_force == [[], ["counter-rule"]]


def law(arrivals: str, **calendar: object) -> Scenario:
    document = {
        "id": "law",
        "kind": "generic",
        "date": "2026-01-14",
        "horizon_s": 600,
        "demand": {"calendar": {"month": [1, 1.5, *[1] * 10], **calendar}},
        "stations": [
            {
                "id": "desk",
                "servers": {"period_min": 5, "open": [2, 3]},
                "service": {"law": "exponential", "mean_s": 4.0},
            }
        ],
        "journey": [{"station": "desk"}],
    }
    return scenario_from_document(document, overrides=[f"demand.arrivals={arrivals}"])


def test_rates_are_scaled() -> None:
    """Poisson rates by the factor, whole or by period; sizes of platoons, rounded."""
    whole = law('{ law = "poisson", rate_per_s = 0.4 }')
    periods = law('{ law = "poisson", period_min = 5, rate_per_min = [2, 4] }')
    platoons = law('{ law = "platoon", at_s = [0, 60], size = 7 }')
    found = [scenario_on(s, PEAK).spec.demand.arrivals for s in (whole, periods, platoons)]

    assert isinstance(found[0], PoissonArrivals)
    assert found[0].rate_per_s is not None
    assert found[0].rate_per_s.value == pytest.approx(0.6)
    assert isinstance(found[1], PoissonArrivals)
    assert found[1].rate_per_min is not None
    assert [rate.value for rate in found[1].rate_per_min] == [3.0, 6.0]
    assert isinstance(found[2], PlatoonArrivals)
    assert found[2].size is not None
    assert found[2].size.value == 11


def test_levels_by_period_follow_too() -> None:
    """A roster by equal periods is scaled like one with opening hours; by default none is."""
    arrivals = '{ law = "poisson", rate_per_s = 0.4 }'
    levels = [
        scenario_on(law(arrivals, **given), PEAK).document["stations"][0]["servers"]["open"]
        for given in ({}, {"roster_follows": 1.0})
    ]

    assert [[int(each["value"]) for each in found] for found in levels] == [[2, 3], [3, 5]]


def test_without_a_calendar_only_the_date_changes() -> None:
    """Every day has the same demand; the date still decides the policies."""
    document = dict(load_scenario("vca").document)
    del document["adoption"]  # whose shares the date would move
    vca = scenario_from_document(document)
    day = scenario_on(vca, PEAK)

    assert day.document == {**vca.document, "date": "2026-02-12"}
    assert change_on(vca.spec, PEAK).factor == 1.0


def test_too_much_is_refused_with_the_day() -> None:
    """A day that no scenario may have is a fault that names it."""
    crowded = law('{ law = "poisson", rate_per_s = 9000 }', weekday=[1, 1, 1, 9, 1, 1, 1])

    with pytest.raises(ScenarioError, match=r"brings .* \(on 2026-02-12\)"):
        scenario_on(crowded, PEAK)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=24), st.floats(0, 5))
def test_apportioned_keeps_the_sum(parts: list[int], factor: float) -> None:
    """The sum is the factor times the sum, rounded; no part is a whole unit off."""
    found = apportioned(parts, factor)

    assert abs(sum(found) - factor * sum(parts)) <= 0.5 + 1e-6
    assert all(abs(n - part * factor) < 1 + 1e-6 for n, part in zip(found, parts, strict=True))


@given(st.lists(st.integers(0, 400), min_size=1, max_size=24))
def test_apportioned_by_one_is_the_same(parts: list[int]) -> None:
    """A factor of one changes nothing."""
    assert apportioned(parts, 1.0) == parts
