"""Laws of arrivals as files write them."""

from itertools import pairwise
from typing import Any

import pytest
from pydantic import ValidationError

from sim.scenario.arrivals import PlatoonArrivals, mean_arrivals, platoons_of

EARLY = {"from": "05:00", "until": "06:00", "every_min": 10}
PEAK = {"from": "06:00", "until": "06:31", "every_min": 6}


def trains(**keys: Any) -> PlatoonArrivals:
    return PlatoonArrivals.model_validate({"law": "platoon", **keys})


def test_headways_follow_each_other() -> None:
    """A train at `from` and every interval after it, none at `until`."""
    at_s, sizes = platoons_of(trains(headways=[PEAK | {"size": 9}, EARLY | {"size": 5}]))

    assert [at / 60 - 300 for at in at_s] == [0, 10, 20, 30, 40, 50, 60, 66, 72, 78, 84, 90]
    assert sizes == [5] * 6 + [9] * 6


def test_a_train_brings_those_of_the_time_since_the_train_before() -> None:
    """Along a profile the first train brings everyone so far, and nobody is lost to rounding."""
    law = trains(headways=[EARLY, PEAK], per_day=1000, period_min=60, profile=[0, 0, 0, 0, 1, 2, 7])
    at_s, sizes = platoons_of(law)

    assert sizes[0] == 100
    assert sizes[1:6] == [33, 34, 33, 33, 34]
    assert sizes[6] == 33
    assert sum(sizes) == 300 + 350
    assert all(later > earlier for earlier, later in pairwise(at_s))
    assert mean_arrivals(law, start_s=0, horizon_s=0) == 650


def test_half_a_train_more_is_none() -> None:
    """An interval that does not divide its time ends with the last train before `until`."""
    law = trains(headways=[{"from": "00:00", "until": "00:10", "every_min": 3, "size": 1}])

    assert platoons_of(law)[0] == [0, 180, 360, 540]


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ({"size": 4}, "give either at_s or headways"),
        ({"at_s": [0], "headways": [EARLY], "size": 4}, "give either at_s or headways"),
        ({"at_s": [0]}, "give the sizes once"),
        ({"at_s": [0], "size": 4, "sizes": [4]}, "give the sizes once"),
        ({"headways": [EARLY, PEAK | {"size": 3}]}, "give the sizes once"),
        ({"headways": [EARLY], "per_day": 9}, "give the sizes once"),
        ({"at_s": [0, 9], "sizes": [4]}, "sizes has 1 entries, at_s 2; give as many"),
        ({"headways": [EARLY | {"until": "04:00"}], "size": 4}, "is not after from"),
        ({"headways": [EARLY | {"every_min": 1e-5}], "size": 4}, "more than 100000 platoons"),
        (
            {"at_s": [9, 0], "per_day": 9, "period_min": 30, "profile": [1]},
            "at_s is not in order of time",
        ),
    ],
)
def test_half_a_law_is_refused(keys: dict[str, Any], fault: str) -> None:
    """Instants are given once, sizes are given once, and they fit."""
    with pytest.raises(ValidationError, match=fault):
        trains(**keys)
