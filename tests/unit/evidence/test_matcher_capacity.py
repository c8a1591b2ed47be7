"""Match servers for a load, with a group of them lost, and for a simulated day."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.errors import UsageError
from sim.evidence.matching.capacity import (
    Load,
    capacity_document,
    capacity_row,
    needed,
    table_for,
)
from sim.experiments.day import Day, run_day
from sim.matcher.memory import BYTES_PER_PERSON
from sim.matcher.trace.virtual import served
from sim.scenario.load import load_scenario
from sim.scenario.profile import MatcherProfile, read_profile


@pytest.fixture(scope="module")
def profile() -> MatcherProfile:
    return read_profile("epyc-one-core", folder=Path())


@pytest.fixture(scope="module")
def day() -> Day:
    return run_day(load_scenario("vca"), seed=1)


def test_beyond_the_largest_gallery_time_is_in_proportion(profile: MatcherProfile) -> None:
    """Ten times the people, ten times the time, and it is said that none was measured."""
    largest = profile.galleries[-1].people
    (there, is_measured), (beyond, is_too) = (
        table_for(profile, people) for people in (largest, 10 * largest)
    )

    assert (is_measured, is_too) == (True, False)
    assert beyond.seconds == pytest.approx([10 * each for each in there.seconds])


def test_a_group_lost_is_worse_and_a_spare_mends_it(profile: MatcherProfile) -> None:
    """A gallery too small to be split: without one core the promise is broken, and only then."""
    at_s = np.sort(np.random.Generator(np.random.Philox(6)).uniform(0, 5, 2_000))
    row = needed(at_s, profile, 10_000, promise_s=0.002)

    assert row["groups"] > 1 == row["parts"]
    assert row["p99_s"] <= 0.002 < row["p99_one_group_lost_s"]
    assert row["p99_with_spare_s"] <= row["p99_spare_lost_s"] <= 0.002
    assert row["cores_one_group_spare"] == row["cores"] + 1
    assert row["bytes"] == 10_000 * BYTES_PER_PERSON
    assert row["bytes_one_group_spare"] == row["bytes"] * row["groups_one_group_spare"]


def test_a_nation_is_split_and_holds_few_copies(profile: MatcherProfile) -> None:
    """Of divisions with as many cores that with fewer copies; one more where one may be lost."""
    row = capacity_row(profile, Load("nation", 100_000_000, 3_600, "assumed"))

    assert row["parts"] > 1 == row["groups"]
    assert row["p99_spare_lost_s"] <= 0.2
    assert row["bytes_one_group_spare"] < row["bytes"] * row["cores_one_group_spare"]


def test_with_one_group_alone_nobody_answers_when_it_is_lost(profile: MatcherProfile) -> None:
    """There is no latency then, rather than a good one."""
    row = needed(np.arange(0.0, 60.0), profile, 200, promise_s=0.2)

    assert row["groups"] == 1
    assert row["p99_one_group_lost_s"] is None


def test_work_is_what_the_servers_are_busy(profile: MatcherProfile) -> None:
    """Core-seconds of a request, against serving the stream once more."""
    at_s = np.sort(np.random.Generator(np.random.Philox(5)).uniform(0, 1800, 5_000))
    row = needed(at_s, profile, 10_000_000, promise_s=0.2)
    table, _ = table_for(profile, 10_000_000)
    again = served(at_s, table.split(row["parts"]), servers=row["groups"])

    assert row["core_s_per_request"] == pytest.approx(again.busy_s * row["parts"] / 5_000)


def test_a_promise_no_number_of_cores_keeps_is_said_so(profile: MatcherProfile) -> None:
    """A microsecond is less than any search takes."""
    assert needed(np.zeros(1), profile, 200, promise_s=1e-6)["cores"] is None


def test_a_day_is_put_to_what_it_asks_and_to_larger_galleries(
    day: Day, profile: MatcherProfile
) -> None:
    """Departures, everyone of the day, a city, the nation: rising work for the same requests."""
    found = capacity_document(day, profile)
    work = [row["core_s_per_1000_passengers"] for row in found["rows"]]

    assert [row["name"] for row in found["rows"]] == ["departure", "day", "city", "national"]
    assert work == sorted(work)
    assert {row["requests"] for row in found["rows"]} == {found["requests"]}
    assert found["rows"][1]["people"] == found["passengers"]
    peak = found["rows"][0]["per_h"] / 2
    assert found["requests"] / 48 < peak <= found["requests"]


def test_a_day_without_gates_is_refused(profile: MatcherProfile) -> None:
    """In words, with what to do."""
    with pytest.raises(UsageError, match="metro-stop: nobody asks for a match"):
        capacity_document(run_day(load_scenario("metro-stop")), profile)
