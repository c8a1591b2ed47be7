"""Adoption: logistic curves, anchored where a scenario was written, and the literacy lever."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.errors import ScenarioError
from sim.scenario.adopting import shares_of
from sim.scenario.adoption import Curve, Stage, logistic_of, share_then
from sim.scenario.dated import installed_on, scenario_on
from sim.scenario.load import Scenario, load_scenario, scenario_from_document

OWN = date(2026, 1, 14)
CURVE = Curve.model_validate(
    {
        "id": "gate",
        "trait": "wants_gate",
        "ceiling": {"value": 0.7, "low": 0.5, "high": 0.85},
        "known": [
            {"on": "2025-09-15", "share": {"value": 0.175, "low": 0.15, "high": 0.2}},
            {"on": "2026-02-10", "share": {"value": 0.4, "low": 0.35, "high": 0.45}},
        ],
        "literacy_odds": 2.0,
    }
)
NOVICES = Curve.model_validate(
    {
        "id": "novices",
        "trait": "first_timer",
        "floor": {"value": 0.05, "low": 0.02, "high": 0.1},
        "ceiling": {"value": 0.6, "low": 0.5, "high": 0.8},
        "known": [
            {"on": "2025-12-01", "share": {"value": 0.2, "low": 0.1, "high": 0.4}},
            {"on": "2026-01-14", "share": {"value": 0.15, "low": 0.06, "high": 0.3}},
        ],
        "literacy_odds": 0.5,
    }
)


@pytest.fixture(scope="module")
def t3() -> Scenario:
    return load_scenario("sgn-t3")


def share(scenario: Scenario, name: str) -> float:
    """The last share of a trait, that of the class without condition."""
    trait = next(each for each in scenario.spec.traits if each.id == name)
    return [figure.value for _, _, figure in shares_of(trait)][-1]


@pytest.mark.parametrize(
    ("pace", "start", "winter"), [("low", 0.15, 0.35), ("base", 0.175, 0.40), ("high", 0.2, 0.45)]
)
def test_a_curve_goes_through_its_known_shares(pace: str, start: float, winter: float) -> None:
    """At each pace the logistic curve meets that end of both dated shares, to rounding."""
    logistic = logistic_of(CURVE, pace)  # type: ignore[arg-type]

    assert logistic.share_on(date(2025, 9, 15)) == pytest.approx(start)
    assert logistic.share_on(date(2026, 2, 10)) == pytest.approx(winter)
    assert logistic.share_on(date(2035, 1, 1)) == pytest.approx(logistic.ceiling)


def test_midpoint_and_steepness_by_hand() -> None:
    """From 1/4 to 4/7 of the way in 148 days: ln 3 + ln(4/3) in that time, half-way between."""
    logistic = logistic_of(CURVE, "base")
    per_day = (math.log(3) + math.log(4 / 3)) / 148

    assert logistic.per_year == pytest.approx(per_day * 365.25)
    assert logistic.midpoint == pytest.approx(date(2025, 9, 15).toordinal() + math.log(3) / per_day)
    assert logistic.share_on(date.fromordinal(round(logistic.midpoint))) == pytest.approx(
        0.35, abs=2e-3
    )


def test_a_share_of_novices_falls() -> None:
    """It falls to its floor; less adoption means more novices."""
    shares = [logistic_of(NOVICES, pace).share_on(OWN) for pace in ("low", "base", "high")]

    assert logistic_of(NOVICES, "base").per_year < 0
    assert shares == pytest.approx([0.3, 0.15, 0.06])
    assert logistic_of(NOVICES, "base").share_on(date(2030, 1, 1)) == pytest.approx(0.05)


@given(
    written=st.floats(0.001, 0.999),
    days=st.integers(-400, 800),
    literacy=st.floats(0, 1),
    pace=st.sampled_from(["low", "base", "high"]),
)
def test_moving_there_and_back_changes_nothing(
    written: float, days: int, literacy: float, pace: str
) -> None:
    """Odds are multiplied on the way there and divided on the way back; shares stay shares."""
    anchor = Stage(OWN)
    then = Stage(OWN + timedelta(days=days), pace, literacy)  # type: ignore[arg-type]
    there = share_then(CURVE, written, anchor=anchor, then=then)

    assert 0 < there < 1
    assert share_then(CURVE, there, anchor=then, then=anchor) == pytest.approx(written, rel=1e-9)


def test_the_odds_of_a_share_move_as_the_curves_do() -> None:
    """A place with twice the curve's odds has twice its odds on every date."""
    then = date(2026, 12, 31)
    logistic = logistic_of(CURVE, "base")

    def odds(x: float) -> float:
        return x / (1 - x)

    ahead = 2 * odds(logistic.share_on(OWN))
    moved = share_then(CURVE, ahead / (1 + ahead), anchor=Stage(OWN), then=Stage(then))

    assert odds(moved) == pytest.approx(2 * odds(logistic.share_on(then)))


def test_nobody_and_everybody_stay() -> None:
    """Shares of 0 and 1 are rules, not habits: no curve moves them."""
    then = Stage(date(2027, 1, 1), "high", 1.0)

    assert share_then(CURVE, 0.0, anchor=Stage(OWN), then=then) == 0.0
    assert share_then(CURVE, 1.0, anchor=Stage(OWN), then=then) == 1.0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ceiling": 0.3}, "is not between floor 0 and ceiling 0.3"),
        ({"floor": 0.2}, "is not between floor 0.2"),
        (
            {"known": [{"on": "2026-02-10", "share": 0.1}, {"on": "2025-09-15", "share": 0.2}]},
            "not in order of time",
        ),
        (
            {"known": [{"on": "2025-02-10", "share": 0.2}, {"on": "2025-09-15", "share": 0.2}]},
            "a curve needs two that differ",
        ),
    ],
)
def test_a_curve_that_cannot_be_is_refused(change: dict, words: str) -> None:
    """Known shares lie between the limits, in order of time, and differ."""
    whole = CURVE.model_dump(mode="json", exclude_none=True)

    with pytest.raises(ValidationError, match=words):
        Curve.model_validate({**whole, **change})


def test_its_own_date_has_the_written_shares(t3: Scenario) -> None:
    """At base pace and without a programme nothing on the file's own date is moved."""
    assert scenario_on(t3, OWN) is t3
    assert share(t3, "wants_gate") == 0.38
    assert share(t3, "first_timer") == 0.15


def test_other_dates_move_along_the_curves(t3: Scenario) -> None:
    """Earlier fewer take the gates and more are novices, later the other way round."""
    days = [scenario_on(t3, date(*day)) for day in ((2025, 9, 15), (2026, 2, 10), (2026, 12, 31))]

    gates = [share(each, "wants_gate") for each in days]
    novices = [share(each, "first_timer") for each in days]
    assert gates == sorted(gates)
    assert gates[0] < 0.2
    assert 0.65 < gates[2] < 0.75
    assert novices == sorted(novices, reverse=True)
    special = next(each for each in days[2].spec.traits if each.id == "online_checkin").shares[0]
    assert special.share.value == 0.0


def test_a_day_made_again_from_its_document_is_that_day(t3: Scenario) -> None:
    """A resolved document says what its shares hold for, so nothing is moved twice."""
    lever = load_scenario("sgn-t3", overrides=["adoption.literacy=0.5", "adoption.pace=high"])
    for scenario in (scenario_on(t3, date(2026, 6, 1)), lever, scenario_on(lever, OWN)):
        again = scenario_from_document(scenario.document)

        assert again.digest == scenario.digest
        assert again.document == scenario.document


def test_pace_fans_out_around_the_written_share(t3: Scenario) -> None:
    """Low is below base and high above it, on the own date and later."""
    for day in (OWN, date(2026, 9, 1)):
        shares = [
            share(
                scenario_on(load_scenario("sgn-t3", overrides=[f"adoption.pace={pace}"]), day),
                "wants_gate",
            )
            for pace in ("low", "base", "high")
        ]

        assert shares == sorted(shares)
        assert len(set(shares)) == 3


def test_literacy_enrols_more_leaves_fewer_novices_and_shortens_kiosks(t3: Scenario) -> None:
    """The lever works on a plain run of the file's own date, and scales in between."""
    half, full = (load_scenario("sgn-t3", overrides=[f"adoption.literacy={x}"]) for x in (0.5, 1.0))

    def kiosk_s(scenario: Scenario) -> float:
        station = next(each for each in scenario.spec.stations if each.id == "kiosk")
        assert station.service is not None
        return station.service[-1].mean_s.value  # type: ignore[union-attr]

    for name in ("biometric_enrolled", "vneid_level2", "online_checkin", "wants_gate"):
        assert share(t3, name) < share(half, name) < share(full, name)
    assert share(t3, "first_timer") > share(half, "first_timer") > share(full, "first_timer")
    assert kiosk_s(full) == pytest.approx(0.85 * kiosk_s(t3))
    assert kiosk_s(half) == pytest.approx(math.sqrt(0.85) * kiosk_s(t3))
    assert (
        scenario_on(full, date(2026, 6, 1)).spec.stations[1].service
        == full.spec.stations[1].service
    )


def test_a_curve_of_one_class_moves_that_class_alone(t3: Scenario) -> None:
    """By group: a class's own curve wins, one without a class moves the others."""
    document = {**t3.document, "adoption": {**t3.document["adoption"]}}
    own = {
        **CURVE.model_dump(mode="json", exclude_none=True),
        "id": "bag",
        "trait": "online_checkin",
    }
    document["adoption"]["curves"] = [{**own, "when": "checked_bag"}]
    moved = scenario_on(scenario_from_document(document), date(2026, 12, 1))
    shares = next(each for each in moved.spec.traits if each.id == "online_checkin").shares

    assert [each.share.value for each in shares][::2] == [0.0, 0.45]
    assert shares[1].share.value > 0.15


def station(scenario: Scenario, name: str) -> Any:
    """A station, of whatever form its servers are."""
    return next(each for each in scenario.spec.stations if each.id == name)


def equipped(t3: Scenario, *entries: dict) -> Scenario:
    return scenario_from_document({**t3.document, "equipment": list(entries)})


def test_equipment_comes_on_its_day(t3: Scenario) -> None:
    """Machines are all open from their day on, staffed desks at most those installed."""
    scenario = equipped(
        t3,
        {"id": "a", "station": "id-gate", "from": "2026-03-01", "installed": 16},
        {"id": "b", "station": "counter", "from": "2026-03-01", "installed": 30},
    )

    def servers(day: date) -> tuple[float, float]:
        there = scenario_on(scenario, day)
        counter = max(each.servers.value for each in station(there, "counter").servers)
        return station(there, "id-gate").servers.value, counter

    assert servers(date(2026, 2, 28))[0] == 8
    assert servers(date(2026, 3, 1)) == (16, 30)


def test_equipment_before_its_first_day_is_stated(t3: Scenario) -> None:
    """Where the own date is later the past must be said; it then holds."""
    entry = {"id": "a", "station": "id-gate", "from": "2025-12-01", "installed": 8}
    with pytest.raises(ScenarioError, match="say how many servers id-gate had before 2025-12-01"):
        equipped(t3, entry)

    scenario = equipped(t3, {**entry, "formerly": 3})
    assert installed_on(scenario.spec, date(2025, 11, 30))["id-gate"][0] == 3
    past, later = (scenario_on(scenario, date(*day)) for day in ((2025, 11, 30), (2026, 1, 20)))
    assert station(past, "id-gate").servers.value == 3
    assert station(later, "id-gate").servers == station(t3, "id-gate").servers
