"""The figures of a run as JSON."""

import json

import pytest
from hypothesis import given, settings

from sim.projections.day import DayFold
from sim.projections.fold import run_fold
from sim.projections.summary import summarise, summarise_day, window_of
from tests.unit.projections.logs import Story, spec_of, tables_of
from tests.unit.projections.worlds import CUTS, SEEDS, SPEC, STATIONS, hall, log_of, pieces

STANDARD = {"wait_low_min": 1, "wait_high_min": 5, "space_m2": 1.2}


def two_customers() -> Story:
    story = Story("desk").open(0, "desk", 1).arrived(0, 0).joined(0, 0, "desk")
    story.started(0, 0, "desk", 0).arrived(1, 1).joined(1, 1, "desk").completed(4, 0, "desk", 0)
    story.started(4, 1, "desk", 0).exited(4, 0).completed(6, 1, "desk", 0)
    return story.exited(6, 1)


def test_summary_has_the_promised_keys() -> None:
    """What DESIGN §6 promises of ``sim run --json``."""
    spec = spec_of({"id": "desk", "standard": STANDARD})

    found = summarise(two_customers().log(), spec)

    outcomes = ("boarded", "missed", "exited", "reneged", "balked", "present")
    assert {"passengers", "events", "stations", "journey_s", *outcomes} <= set(found)
    assert sum(found[outcome] for outcome in outcomes) == found["passengers"] == 2
    assert found["events"] == 11
    desk = found["stations"]["desk"]
    assert {"arrivals", "persons", "served", "balked", "reneged"} <= set(desk)
    assert set(desk["wait_s"]) == {"mean", "p50", "p90", "p95", "p99", "max"}
    assert desk["queue"] == {"mean": 0.5, "max": 1}
    assert desk["utilisation"] == 1.0
    assert desk["level_of_service"]["verdict"] == "over-design"
    assert desk["worst_half_hour"]["mean_s"] == 1.5
    assert desk["arrivals_by_half_hour"] == {"start_s": 0.0, "arrivals": [2]}
    assert found["journey_s"]["mean"] == 4.5


def test_window_is_the_horizon_where_there_is_one() -> None:
    """Queue and utilisation are over the horizon, also when the run drained after it."""
    spec = spec_of("desk", horizon_s=2)

    found = summarise(two_customers().log(), spec)

    assert found["window"] == {"from_s": 0.0, "until_s": 2.0}
    assert found["stations"]["desk"]["queue"]["mean"] == 0.5
    assert found["stations"]["desk"]["served"] == 2


def test_window_may_be_given() -> None:
    """A caller may look at any part of the day."""
    found = summarise(two_customers().log(), spec_of("desk"), from_us=1_000_000, until_us=4_000_000)

    assert found["stations"]["desk"]["queue"]["mean"] == 1.0


def test_warm_up_is_counted_from_the_start_of_the_day() -> None:
    """A day that starts at 02:00 with an hour of warm-up counts from 03:00."""
    spec = spec_of("desk", day_starts="02:00", warmup_s=3600)

    window = window_of(spec, last_us=10**11)

    assert (window.from_us, window.since_us) == (7_200_000_000, 10_800_000_000)
    assert window.until_us == 10**11


def test_targets_and_flows_are_told() -> None:
    """A promise of the scenario is answered beside the figures."""
    spec = spec_of("desk", targets=[{"station": "desk", "share": 0.9, "within_s": 2}])

    found = summarise(two_customers().log(), spec)

    assert [(each["station"], each["share"], each["is_met"]) for each in found["targets"]] == [
        ("desk", 0.5, False)
    ]
    assert {"source": "in", "target": "desk", "persons": 2} in found["flows"]


@pytest.mark.parametrize("story", [Story("desk"), Story("desk").open(5, "desk", 1)])
def test_empty_day_has_nulls_and_no_nan(story: Story) -> None:
    """A day on which nobody comes is summed up without a division by zero."""
    spec = spec_of({"id": "desk", "standard": STANDARD})

    found = summarise(story.log(), spec)

    json.dumps(found, allow_nan=False)
    assert found["passengers"] == 0
    assert found["journey_s"]["mean"] is None
    assert found["stations"]["desk"]["wait_s"]["p95"] is None


@given(SEEDS, CUTS)
@settings(max_examples=40)
def test_blocks_of_any_size_give_the_same_figures(seed: int, places: list[int]) -> None:
    """The whole summary of a random world, plain JSON without NaN."""
    world = hall(seed)
    fold = DayFold(stations=STATIONS, tables=tables_of(world.party_of), spec=SPEC)

    found = summarise_day(run_fold(fold, pieces(world, places)), SPEC)

    assert found == summarise(log_of(world), SPEC)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
