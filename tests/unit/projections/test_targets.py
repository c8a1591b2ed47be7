"""Service targets, over the day and by period."""

from typing import Any

from sim.projections.day import fold_day
from sim.projections.targets import target_figures
from sim.scenario.spec import Target
from tests.unit.projections.logs import Story, in_order, spec_of


def target(story: Story, *, until: int = 10_000, since: int = 0, **more: Any) -> dict[str, Any]:
    given = {"station": "desk", "share": 0.5, "within_s": 60, **more}
    (visits,) = fold_day(story.log(), spec_of("desk")).visits.by_station(1)
    return target_figures(
        visits.rows,
        Target.model_validate(given),
        since_us=since * 1_000_000,
        until_us=until * 1_000_000,
    )


def two_hours() -> Story:
    """Waits of 60 and 61 s in the first hour, of 0 in the second."""
    story = Story("desk").served(0, "desk", joins=0, starts=60, ends=60)
    story.served(1, "desk", joins=1, starts=62, ends=62, server=1)
    return in_order(story.served(2, "desk", joins=3600, starts=3600, ends=3600))


def test_share_of_the_day() -> None:
    """A wait of exactly the promise keeps it."""
    found = target(two_hours())

    assert (found["arrivals"], found["share"], found["is_met"]) == (3, 2 / 3, True)
    assert found["periods"] is None


def test_share_of_every_period_decides() -> None:
    """A target by period is met only where each period with arrivals keeps it."""
    found = target(two_hours(), per_min=60, share=0.6)

    assert found["periods"] == [
        {"start_s": 0.0, "arrivals": 2, "share": 0.5},
        {"start_s": 3600.0, "arrivals": 1, "share": 1.0},
    ]
    assert found["share"] == 2 / 3
    assert found["is_met"] is False


def test_who_gave_up_was_not_served_in_time() -> None:
    """Balking and leaving the queue break the promise."""
    story = Story("desk").balked(0, 0, "desk").joined(0, 1, "desk").reneged(9, 1, "desk")

    assert target(story)["share"] == 0.0


def test_who_still_waits_counts_once_it_is_too_late() -> None:
    """At the cut 61 s of waiting break the promise, 60 s do not say."""
    story = Story("desk").joined(0, 0, "desk").joined(1, 1, "desk")

    assert target(story, until=61)["arrivals"] == 1
    assert target(story, until=61)["share"] == 0.0
    assert target(story, until=60)["share"] is None


def test_warm_up_does_not_count() -> None:
    """Only those who come after it are promised anything."""
    assert target(two_hours(), since=1)["arrivals"] == 2


def test_nobody_came_nothing_to_keep() -> None:
    """Without arrivals a target is neither met nor missed."""
    found = target(Story("desk"), per_min=30)

    assert (found["share"], found["is_met"], found["periods"]) == (None, None, [])
