"""Policies that hold at some hours only: who chooses then goes by them, who has chosen does not."""

from __future__ import annotations

import random
from typing import Any

import pytest

from sim.scenario.clock import US_PER_S
from tests.contracts.engine.agreement import tell
from tests.contracts.engine.cases import Case, Simulate, events, only
from tests.contracts.engine.random_airports import random_airport

PEAK = [{"from": 2, "until": 4}]


def ruled(hours: list[dict[str, int]], **more: Any) -> Case:
    """A desk that is kept for passengers with bags at some hours, and a machine."""
    rule = {"id": "rule", "effective": "2025-12-01", "hours": hours, **more}
    restrict = [{"station": "desk", "to": "bag"}]
    case = Case().says(
        traits=[{"id": "bag"}], date="2025-12-01", policy=[{**rule, "restrict": restrict}]
    )
    case.station("desk", 9).station("kiosk", 9)
    return case.step(
        options=[{"station": "desk", "share": 0.5}, {"station": "kiosk", "share": 0.5}]
    )


def test_a_policy_holds_from_the_first_instant_of_its_hours_to_before_the_last(
    simulate: Simulate,
) -> None:
    """It is logged as it begins, before anyone chooses; at its end the desk is free again."""
    case = ruled(PEAK)
    for at in (1, 2, 3, 4):
        case.passenger(at, choose=0.1, again=0.5)

    assert only(case.log(simulate), "channel_chosen", "policy_effective") == events("""
        1 channel_chosen   p0 desk  v0
        2 policy_effective
        2 channel_chosen   p1 kiosk v0 =1
        3 channel_chosen   p2 kiosk v0 =1
        4 channel_chosen   p3 desk  v0
    """)


def test_a_policy_that_holds_as_the_day_starts_is_in_force_then(simulate: Simulate) -> None:
    """Its number is the first, whatever the order of the file; it comes back in the evening."""
    later = {"id": "later", "effective": "2025-12-01", "hours": [{"from": 5, "until": 6}]}
    case = ruled([{"from": 0, "until": 1}, {"from": 3, "until": 9}])
    case.scenario["policy"].insert(0, later)
    case.passenger(0, choose=0.1).passenger(1, choose=0.1).passenger(3, choose=0.1)

    assert only(case.log(simulate), "channel_chosen", "policy_effective") == events("""
        0 policy_effective
        0 channel_chosen   p0 kiosk v0 =1
        1 channel_chosen   p1 desk  v0
        3 policy_effective
        3 channel_chosen   p2 kiosk v0 =1
        5 policy_effective =1
    """)


@pytest.mark.parametrize("until", ["2025-12-01", "2025-12-02"])
def test_a_policy_ends_after_its_last_day(simulate: Simulate, until: str) -> None:
    """Its last day is still a day of it."""
    case = ruled([], until=until).passenger(0)

    assert only(case.log(simulate), "policy_effective") == events("0 policy_effective")


def test_a_policy_that_is_over_is_not_in_force(simulate: Simulate) -> None:
    """The day after the last it is as if it had never been."""
    case = ruled([], until="2025-12-01").says(date="2025-12-02").passenger(0, choose=0.1)

    assert only(case.log(simulate), "channel_chosen", "policy_effective") == events("""
        0 channel_chosen p0 desk v0
    """)


@pytest.mark.parametrize("seed", range(12))
def test_engines_tell_days_with_hours_alike(seed: int) -> None:
    """Random airports where counters or kiosks are kept for some at random hours."""
    dice = random.Random(seed)
    case = random_airport(dice.randint)
    start = case.spec().day_starts
    rules = []
    for number, station in enumerate(("kiosk", "counter")):
        cuts = sorted(start + at for at in dice.sample(range(3_000), 4))
        hours = [{"from": a, "until": b} for a, b in (cuts[:2], cuts[2:])]
        restrict = [{"station": station, "to": "face"}]
        rule = {"id": f"rule-{number}", "effective": "2025-12-01", "hours": hours}
        rules.append({**rule, "restrict": restrict})
    case.says(date="2026-01-01", policy=rules)

    told = tell(case)

    assert told.difference == ""
    assert {patch.at_us // US_PER_S for patch in case.network().patches} <= set(
        range(start, start + 3_000)
    )
