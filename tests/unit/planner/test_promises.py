"""Promises of days, of queues and of departures, against answers worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import poisson

from sim.errors import InvalidInputError
from sim.planner.outcome import PlanOutcome
from sim.planner.plan import Asked, Plan, run_plan
from sim.planner.seen import Seen
from sim.planner.showable import refuse_unshowable
from sim.planner.tally import FEW_BAD_DAYS, Tally, time_above_s
from sim.planner.targets import LONGEST_DAY_US, Promise, promises_of
from sim.scenario.load import load_scenario

PEOPLE, WITHIN_MIN = 20, 5

PLATOON = """
id = "platoon"
kind = "generic"
horizon_s = 900
[demand]
arrivals = {{ law = "platoon", at_s = [0], size = 20 }}
[[stations]]
id = "desk"
servers = 1
service = {{ law = "{law}", mean_s = 60 }}
[[journey]]
station = "desk"
[plan]
period_min = 15
max_servers = 12
"""

FLIGHT = """
id = "flight"
kind = "airport"
[demand]
departures = [{ id = "VN1", at = "06:00", persons = 60 }]
show_up = [{ mean_min = 60, sd_min = 0.01 }]
[[stations]]
id = "desk"
servers = 1
installed = 5
service = { law = "deterministic", mean_s = 120 }
[[stations]]
id = "gate"
servers = 5
service = { law = "deterministic", mean_s = 1 }
[[journey]]
station = "desk"
[[journey]]
station = "gate"
boards = true
opens_before_min = 60
closes_before_min = 15
[plan]
period_min = 30
"""


def planned(folder: Path, text: str, *targets: str, days: int = 400) -> Plan:
    path = folder / "asked.toml"
    path.write_text(text, encoding="utf-8")
    scenario = load_scenario(path)
    return run_plan(scenario, Asked(promises_of(scenario, targets), days=days))


def share_of_days(servers: int, in_time: int) -> float:
    """Days on which so many of a platoon start in time, services being exponential.

    While people wait every server works, so starts are a Poisson process after the first ones.
    """
    return float(poisson.sf(in_time - servers - 1, WITHIN_MIN * servers))


def mean_share(servers: int) -> float:
    """Share of the platoon that starts in time, in the mean of days."""
    each = [share_of_days(servers, number) for number in range(servers + 1, PEOPLE + 1)]
    return (servers + sum(each)) / PEOPLE


def test_daily_promises_need_what_the_law_of_the_day_says(tmp_path: Path) -> None:
    """16 of 20 in 5 min on 85 % of days take four desks, in the mean of days three."""
    law = PLATOON.format(law="exponential")
    assert [share_of_days(servers, 16) >= 0.85 for servers in (3, 4)] == [False, True]
    assert [mean_share(servers) >= 0.8 for servers in (2, 3)] == [False, True]

    daily = planned(tmp_path, law, "desk:0.8:300:15:0.85", days=200)
    long_run = planned(tmp_path, law, "desk:0.8:300:15", days=200)

    assert [each.outcome for each in (daily, long_run)] == [PlanOutcome.CERTIFIED] * 2
    assert [each.stations[0].levels for each in (daily, long_run)] == [(4,), (3,)]
    (tally,) = daily.tallies
    assert tally.estimate[0] == pytest.approx(share_of_days(4, 16), abs=0.04)
    assert 0.85 <= tally.low(0.025)[0] <= share_of_days(4, 16)


@pytest.mark.parametrize("target", ["desk:waiting:8:0.9:15", "desk:area:9.6:1.2:0.9:15"])
def test_a_queue_is_kept_within_its_room(tmp_path: Path, target: str) -> None:
    """20 come at once, each takes a minute: six desks let more than eight wait for a minute."""
    found = planned(tmp_path, PLATOON.format(law="deterministic"), target, days=60)

    assert found.outcome is PlanOutcome.CERTIFIED
    assert found.stations[0].levels == (6,)
    assert found.tallies[0].estimate[0] == pytest.approx(14 / 15)


def test_missed_departures_are_mended_where_people_waited(tmp_path: Path) -> None:
    """Two desks serve 44 of 60 before the gate closes, three all: the promise asks for three."""
    found = planned(tmp_path, FLIGHT, "desk:0.4:3600", "departures:missed:0.1", days=60)

    assert found.outcome is PlanOutcome.CERTIFIED
    assert max(found.stations[0].levels) == 3
    assert (found.tallies[1].kept == 60).all()
    cause = next(each for each in found.causes if each.promise.most_missed is not None)
    assert cause.station == "desk"
    assert cause.share == pytest.approx(22 / 60)
    assert [each.departure for each in cause.feeders] == ["VN1"]


def test_no_server_helps_who_comes_too_late(tmp_path: Path) -> None:
    """The gate closes a minute after everybody comes: infeasible, and not for queues."""
    late = FLIGHT.replace("closes_before_min = 15", "closes_before_min = 59")

    found = planned(tmp_path, late, "desk:0.4:3600", "departures:missed:0.1", days=60)

    assert found.outcome is PlanOutcome.INFEASIBLE
    assert "100.000% miss theirs with every planned server open" in found.says[-1]


def test_time_above_is_read_off_the_queue() -> None:
    """Three wait from 0 to 90 s, one of them two persons, one more to 100 s."""
    us = 1_000_000
    joined = np.array([0, 0, 30]) * us
    left = np.array([90, 90, 100]) * us
    day = Seen(np.arange(3, dtype=np.int32), joined, left, left - left, left, np.array([1, 2, 1]))

    assert time_above_s(day, 2, per_us=60 * us, periods=2).tolist() == [60, 30]
    assert time_above_s(day, 3, per_us=60 * us, periods=2).tolist() == [30, 30]
    assert time_above_s(day, 0, per_us=60 * us, periods=2).tolist() == [60, 40]
    assert time_above_s(day, 4, per_us=60 * us, periods=2).tolist() == [0, 0]


def test_what_no_days_can_show_is_refused_with_the_days_it_takes() -> None:
    """For 99 % of days 100 good ones are too few: the message says how many would do."""
    promise = Promise("t", "desk", 0.9, 0, LONGEST_DAY_US, meaning="daily", day_share=0.99)

    with pytest.raises(InvalidInputError) as caught:
        refuse_unshowable([promise], days=100, doubt=0.025)
    needed = int(np.ceil(np.log(0.025) / np.log(0.99)))

    assert f"take {needed} of them (--days {needed})" in str(caught.value)
    refuse_unshowable([promise], days=needed, doubt=0.025)


def test_rare_misses_are_bounded_by_the_days_that_have_any() -> None:
    """On 400 days nobody misses: for certain fewer than a tenth of what the days alone bound."""
    promise = Promise("m", "", 0.999, LONGEST_DAY_US, LONGEST_DAY_US, most_missed=0.001)
    came = np.full((400, 1), 1000.0)

    clean, few, many = (Tally(promise, came, came - missed) for missed in _missed())

    assert clean.low(0.025)[0] == pytest.approx(1 - 0.1 * (1 - 0.025 ** (1 / 400)))
    assert few.low(0.025)[0] < clean.low(0.025)[0]
    assert many.low(0.025)[0] < 0.8  # no supposition where days speak


def _missed() -> tuple[np.ndarray, ...]:
    none = np.zeros((400, 1))
    some = none.copy()
    some[: FEW_BAD_DAYS - 1] = 1
    return none, some, none + 200 + np.arange(400)[:, None] % 3
