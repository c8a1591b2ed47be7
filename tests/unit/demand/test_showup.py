"""When parties come for their departure."""

from typing import Any

import numpy as np
import pytest
from scipy.special import ndtri

from sim.demand.births import Births
from sim.demand.streams import Streams
from sim.demand.workload import Workload
from sim.errors import ScenarioError
from tests.unit.demand.cases import airport, sampled


def day_of(show_up: list[dict[str, Any]], at: str = "12:00", **changes: Any) -> Workload:
    scenario = airport()
    scenario["demand"] = {
        "departures": [{"id": "VN1", "at": at, "persons": 2000}],
        "show_up": show_up,
        **changes,
    }
    return sampled(scenario)


def margin_min(day: Workload) -> np.ndarray:
    return (day.departure_us[day.departure] - day.arrival_us) / 60e6


def test_margin_is_the_quantile_of_its_lognormal() -> None:
    """Each party's margin inverts its uniform of the show-up stream, clipped to the bounds."""
    day = day_of([{"mean_min": 85, "sd_min": 30, "earliest_min": 180, "latest_min": 50}])
    variance = np.log(1 + (30 / 85) ** 2)
    u = Streams(1).uniforms("show-up", Births.of_cohorts(["VN1"], np.array([2000])))
    drawn = np.exp(np.log(85) - variance / 2 + np.sqrt(variance) * ndtri(u)).clip(50, 180)
    birth = day.tables.passengers["birth"]

    assert margin_min(day) == pytest.approx(drawn[birth], abs=1e-7)
    assert margin_min(day).min() == 50
    assert margin_min(day).max() == 180


def test_classes_come_by_their_own_profile() -> None:
    """The first entry whose condition fits the lead decides for the party."""
    day = day_of(
        [
            {"when": "bag", "mean_min": 200, "sd_min": 1, "earliest_min": 240},
            {"mean_min": 100, "sd_min": 1},
        ],
        party_sizes=[0.5, 0.5],
    )
    lead_has_bag = day.tables.passengers["bag"][np.flatnonzero(day.is_lead)][day.party]

    assert ((margin_min(day) > 150) == lead_has_bag).all()


def test_the_first_wave_comes_later() -> None:
    """Before the stated hour margins are shortened by the factor; from then on not."""
    show_up = [{"mean_min": 120, "sd_min": 10}]
    wave = {"before": "12:00", "factor": 0.8}
    early = day_of(show_up, at="11:59", first_wave=wave)
    normal = day_of(show_up, at="12:00", first_wave=wave)

    assert np.sort(margin_min(early)) == pytest.approx(0.8 * np.sort(margin_min(normal)), abs=1e-7)


def test_nobody_comes_before_the_day_starts() -> None:
    """Who would come earlier stands at the door when the day starts."""
    day = day_of([{"mean_min": 120, "sd_min": 30}], at="03:30")

    assert day.arrival_us.min() == 2 * 3600 * 1_000_000
    assert (day.arrival_us == day.arrival_us.min()).mean() > 0.5


def test_a_class_without_profile_is_a_fault() -> None:
    """A party that no entry fits is refused, with how many there are."""
    with pytest.raises(ScenarioError, match=r"demand\.show_up: \d+ of 2000 parties fit no entry"):
        day_of([{"when": "bag", "mean_min": 100, "sd_min": 10}])
