"""Level of service against the optimum band and the space rule."""

from typing import Any

import pytest

from sim.projections.day import fold_day
from sim.projections.service_level import service_level, verdict
from sim.scenario.stations import Standard
from tests.unit.projections.logs import Story, in_order, spec_of


def level(story: Story, **more: Any) -> dict[str, Any]:
    standard = Standard.model_validate({"wait_low_min": 1, "wait_high_min": 2, **more})
    (visits,) = fold_day(story.log(), spec_of("desk")).visits.by_station(1)
    return service_level(visits, standard, from_us=0, until_us=10**12, since_us=0)


def waits(*seconds: float, every_s: float = 1, from_s: float = 0) -> Story:
    """One customer after the other with these waits."""
    story = Story("desk")
    for passenger, wait in enumerate(seconds):
        at = from_s + passenger * every_s
        story.served(
            passenger, "desk", joins=at, starts=at + wait, ends=at + wait, server=passenger
        )
    return in_order(story)


def test_shares_count_the_ends_of_the_band_as_within() -> None:
    """Of waits of 59, 60, 120 and 121 s in a band of 1 to 2 min the middle two are within."""
    found = level(waits(59, 60, 120, 121))

    assert found["shares"] == {"below": 0.25, "within": 0.5, "above": 0.25}
    assert found["band_s"] == [60.0, 120.0]


@pytest.mark.parametrize(
    ("wait_us", "expected"),
    [(59, "over-design"), (60, "optimum"), (120, "optimum"), (121, "sub-optimum")],
)
def test_verdict_by_the_band(wait_us: int, expected: str) -> None:
    """Below the band is over-design, above it sub-optimum."""
    assert verdict(wait_us, low_us=60, high_us=120) == expected


def test_verdict_looks_at_the_95_percent_point_not_at_the_last_customer() -> None:
    """One of forty who waits an hour does not spoil the day."""
    assert level(waits(*[90] * 39, 3600))["verdict"] == "optimum"
    assert level(waits(*[90] * 37, *[3600] * 3))["verdict"] == "sub-optimum"


def test_verdict_looks_at_the_busiest_half_hour() -> None:
    """Long waits in the busiest half hour count though the day has many short ones."""
    quiet = [waits(*[0] * 9, every_s=100, from_s=1800 * n) for n in range(2, 30)]
    story = waits(*[300] * 10)
    for place, part in enumerate(quiet):
        shift = 10 + 9 * place
        story.rows += [(*row[:2], row[2] + shift, *row[3:]) for row in part.rows]

    found = level(in_order(story))

    assert found["p95_day_s"] == 0.0
    assert (found["p95_busiest_half_hour_s"], found["busiest_half_hour_start_s"]) == (300.0, 0.0)
    assert found["verdict"] == "sub-optimum"


def test_verdict_looks_at_the_day_too() -> None:
    """A queue that grows after the busiest half hour cannot hide."""
    story = waits(*[70] * 10)
    late = waits(*[600] * 9, from_s=1800)
    story.rows += [(*row[:2], row[2] + 10, *row[3:]) for row in late.rows]

    found = level(in_order(story))

    assert found["p95_busiest_half_hour_s"] == 70.0
    assert found["verdict"] == "sub-optimum"


def test_nobody_served_no_verdict() -> None:
    """Without waits there is nothing to judge, and no share of them."""
    found = level(Story("desk").joined(0, 0, "desk"))

    assert found["verdict"] is None
    assert found["shares"] == {"below": None, "within": None, "above": None}


def test_space_counts_the_persons_waiting_at_the_peak() -> None:
    """A party of three and one more in 6 m² have 1.5 m² each, where 1.2 m² is the rule."""
    story = Story("desk").joined(0, 0, "desk", persons=3).joined(1, 3, "desk")
    story.started(2, 0, "desk", 0).completed(3, 0, "desk", 0)

    found = level(story, space_m2=1.2, area_m2=6)["space"]

    assert found == {
        "peak_persons": 4,
        "area_m2": 6.0,
        "m2_per_person": 1.5,
        "required_m2_per_person": 1.2,
        "required_area_m2": 4 * 1.2,
        "is_met": True,
    }


def test_space_needed_is_known_where_the_area_is_not() -> None:
    """Without an area the rule still says how much is needed, and not whether it is there."""
    found = level(waits(5, 5), space_m2=0.6)["space"]

    assert found["required_area_m2"] == pytest.approx(1.2)
    assert found["is_met"] is None
    assert found["m2_per_person"] is None


def test_no_word_of_space_no_figures_of_space() -> None:
    """A standard of waits alone says nothing about space."""
    assert level(waits(5))["space"] is None
    assert level(Story("desk"), area_m2=5)["space"]["m2_per_person"] is None
