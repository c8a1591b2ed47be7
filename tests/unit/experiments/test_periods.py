"""Before, during and after a change."""

from __future__ import annotations

from typing import Any

import pytest

from sim.experiments.compare import Side, run_comparison
from sim.experiments.comparison import Comparison
from sim.experiments.periods import periods
from sim.reporting.comparison import comparison_document, comparison_tables
from tests.unit.experiments.test_compare import desks

HALF_HOUR_S = 1800


@pytest.fixture(scope="module")
def one_more_then() -> Comparison:
    """One desk more from 00:30 to 01:00, of two hours."""
    a = {"period_min": 30, "open": [20, 20, 20, 20]}
    return run_comparison(Side(desks(a)), Side(desks({**a, "open": [20, 22, 20, 20]})), reps=20)


def day(waits: list[float], opened: list[float], *, started: int = 2) -> dict[str, Any]:
    return {
        "desk": {
            "first": 16,
            "started": [started] * len(waits),
            "wait_s": waits,
            "open_s": opened,
        }
    }


def test_phases_are_those_of_other_servers() -> None:
    """Half hours 17 and 18 have other servers: before is 08:00, after from 09:30."""
    a = [day([2, 2, 2, 2], [5, 5, 5, 5]), day([4, 4, 4, 4], [5, 5, 5, 5])]
    b = [day([2, 0, 1, 2], [5, 6, 5, 5]), day([4, 2, 0, 1], [5, 5, 7, 5])]

    found = periods(a, b)
    phases = found.phases["desk"]

    assert (found.from_s, found.until_s) == (17 * HALF_HOUR_S, 19 * HALF_HOUR_S)
    assert found.changed == ("desk",)
    assert phases["before"].outcome == "identical"
    assert (phases["during"].a, phases["during"].b) == (1.5, (1 / 4 + 2 / 4) / 2)
    assert phases["after"].mean == -0.75
    assert [start for start, _ in found.half_hours["desk"]] == [
        HALF_HOUR_S * n for n in (17, 18, 19)
    ]


def test_days_without_anybody_are_left_out_of_a_period() -> None:
    """A period nobody came in on one day is compared on the others."""
    a = [day([2, 2], [5, 5]), day([4, 4], [5, 5], started=0)]
    b = [day([0, 2], [5, 6]), day([4, 4], [5, 6])]

    assert periods(a, b).half_hours["desk"][0][1].days == 1


def test_other_service_has_no_phases() -> None:
    """Where the same servers are open all day nothing was changed at a time."""
    found = periods([day([2, 2], [5, 5])] * 2, [day([3, 2], [5, 5])] * 2)

    assert (found.from_s, found.phases, found.changed) == (None, {}, ())
    assert len(found.half_hours["desk"]) == 1


@pytest.mark.statistical
def test_a_desk_more_helps_then_and_after(one_more_then: Comparison) -> None:
    """Nothing before, less waiting during and after; told in the document and in the table."""
    phases = one_more_then.periods.phases["desk"]  # pyright: ignore[reportOptionalMemberAccess]
    document = comparison_document(one_more_then)

    assert {phases[name].outcome for name in ("during", "after")} == {"lower"}
    # a passenger who came just before 00:30 and still waited then is served sooner too
    assert abs(phases["before"].mean) < 0.1 * abs(phases["during"].mean)
    assert document["periods"]["changed_from_s"] == 1800
    assert document["periods"]["changed_stations"] == ["desk"]
    assert "during" in document["periods"]["stations"]["desk"]
    assert "desk" in document["gains"]
    assert not document["loses"]
    assert len(list(comparison_tables(one_more_then))) > 3


def test_quantiles_of_days_are_told(one_more_then: Comparison) -> None:
    """Median and 90 % day with bounds by order statistics; 20 days bound the median alone."""
    document = comparison_document(one_more_then)
    wait = next(x for x in document["headlines"] if x["key"] == "stations.desk.wait_s.mean")
    median, ninth = wait["quantiles"]

    assert median["difference"]["low"] < median["difference"]["value"] < 0
    assert median["difference"]["high"] < 0
    assert ninth["a"]["high"] is None
