"""Delays and cancellations: each departure's own, by its carrier's punctuality."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.demand.departures import Departures, departures_of
from sim.demand.punctuality import cancelled_of, delayed
from sim.demand.sample import sample
from sim.demand.streams import Streams
from sim.scenario.load import load_scenario, scenario_from_document
from sim.scenario.punctuality import Punctuality

MINUTE_US = 60_000_000
JANUARY_TO_JULY = {"QH": 0.801, "BL": 0.792, "0V": 0.791, "VN": 0.70, "VU": 0.685, "VJ": 0.516}


def punctuality(**more: Any) -> Punctuality:
    plain = {"on_time": 0.627, "late_mean_min": 50, "known_before": 0.25}
    return Punctuality.model_validate(plain | more)


def planned(n: int = 4_000, carrier: str = "VN") -> Departures:
    """A departure every 20 seconds."""
    words = np.array([f"{carrier}{number}" for number in range(n)], dtype=object)
    at_us = np.arange(n, dtype=np.int64) * 20_000_000
    ones = np.ones(n, dtype=np.int32)
    return Departures(
        id=words, at_us=at_us, persons=ones, carrier=np.array([carrier] * n, dtype=object),
        aircraft=words, seats=ones, gate=-ones, is_international=ones > 1,
        trait=np.array([""] * n, dtype=object), expected_us=at_us,
    )  # fmt: skip


def by_id(departures: Departures, column: str) -> dict[str, int]:
    values = getattr(departures, column).tolist()
    return dict(zip(departures.id.tolist(), values, strict=True))


def test_without_punctuality_nothing_moves() -> None:
    """Departures stay the very ones they were."""
    departures = planned(9)

    assert delayed(departures, None, Streams(1)) is departures


@pytest.mark.statistical
@pytest.mark.parametrize(("carrier", "share"), JANUARY_TO_JULY.items())
def test_the_share_on_time_is_the_carriers(carrier: str, share: float) -> None:
    """Within four standard errors, about one false alarm in 16,000."""
    entries = [{"id": name, "on_time": each} for name, each in JANUARY_TO_JULY.items()]
    late = delayed(planned(carrier=carrier), punctuality(carriers=entries), Streams(7))
    assert late.planned_us is not None
    on_time = float(np.mean(late.at_us - late.planned_us <= 15 * MINUTE_US))

    assert abs(on_time - share) < 4 * (share * (1 - share) / 4_000) ** 0.5


@pytest.mark.statistical
def test_cancelled_and_late_are_as_long_and_as_many_as_stated() -> None:
    """Shares and the mean of those late within four standard errors; none above the longest."""
    late = delayed(planned(40_000), punctuality(cancelled=0.007, longest_min=2_000), Streams(3))
    assert late.planned_us is not None
    minutes = (late.at_us - late.planned_us) / MINUTE_US
    delays = minutes[minutes > 0]
    known = (late.expected_us > late.planned_us)[minutes > 0]

    assert abs(1 - len(late) / 40_000 - 0.007) < 4 * (0.007 * 0.993 / 40_000) ** 0.5
    assert abs(delays.mean() - 50.5) < 4 * 35 / len(delays) ** 0.5  # whole minutes, rounded up
    assert abs(known.mean() - 0.25) < 4 * (0.25 * 0.75 / len(delays)) ** 0.5
    assert delays.min() > 15


def test_the_longest_delay() -> None:
    """No delay is longer than the longest."""
    late = delayed(planned(), punctuality(longest_min=60), Streams(3))
    assert late.planned_us is not None

    assert (late.at_us - late.planned_us).max() == 60 * MINUTE_US


def test_departures_are_in_order_of_when_they_leave() -> None:
    """Delays change the order; the columns go with it, and all keep their plan."""
    late = delayed(planned(), punctuality(), Streams(3))

    assert (np.diff(late.at_us) >= 0).all()
    assert by_id(late, "planned_us") == by_id(planned(), "at_us")


def test_a_more_punctual_carrier_mends_delays_and_makes_none() -> None:
    """Common random numbers: who was on time stays so, and who is still late is as late."""
    before = by_id(delayed(planned(), punctuality(), Streams(3)), "at_us")
    after = by_id(delayed(planned(), punctuality(on_time=0.8), Streams(3)), "at_us")
    plan = by_id(planned(), "at_us")
    changed = [name for name in plan if after[name] != before[name]]

    assert 500 < len(changed) < 900
    assert all(after[name] == plan[name] for name in changed)


def test_one_more_departure_moves_nobody_else() -> None:
    """A departure's draws hang on its id alone."""
    fewer = delayed(planned(100), punctuality(cancelled=0.1), Streams(3))
    more = by_id(delayed(planned(101), punctuality(cancelled=0.1), Streams(3)), "at_us")

    assert by_id(fewer, "at_us").items() <= more.items()


def test_the_cancelled_are_those_that_do_not_leave() -> None:
    """None is lost and none is both."""
    departures, asked = planned(), punctuality(cancelled=0.05)
    left = set(delayed(departures, asked, Streams(3)).id.tolist())
    cancelled = set(cancelled_of(departures, asked, Streams(3)))

    assert left.isdisjoint(cancelled)
    assert left | cancelled == set(departures.id.tolist())


def test_passengers_come_for_the_time_they_know() -> None:
    """Nobody's draws move: they come as planned, or later by the delay they were told of."""
    scenario = load_scenario("vca-summer")
    document = {**scenario.document, "demand": dict(scenario.document["demand"])}
    known = scenario_from_document(
        scenario.document, overrides=["demand.punctuality.known_before=1.0"]
    )
    unknown = scenario_from_document(
        scenario.document, overrides=["demand.punctuality.known_before=0.0"]
    )
    del document["demand"]["punctuality"]
    punctual = scenario_from_document(document)
    days = [sample(each, program=each.program(), seed=2) for each in (punctual, unknown, known)]
    arrivals = [_arrivals(day) for day in days]
    delays = {
        name: at - plan
        for name, at, plan in zip(
            *(days[1].tables.departures.columns[key] for key in ("id", "at_us", "planned_us")),
            strict=True,
        )
    }

    assert "planned_us" not in days[0].tables.departures.columns
    assert max(delays.values()) > 0
    for key, plan in arrivals[0].items():
        if key[0] not in delays:
            continue  # cancelled
        assert arrivals[1][key] == plan
        if delays[key[0]] == 0:
            assert arrivals[2][key] == plan
        elif plan > scenario.spec.day_starts * 1_000_000 and key[0] != "VJ462":
            assert arrivals[2][key] - plan == delays[key[0]]  # but for the first wave's margin


def _arrivals(day: Any) -> dict[tuple[str, int], int]:
    people, departures = day.tables.passengers.columns, day.tables.departures.columns
    names = departures["id"][people["departure"]]
    births = people["birth"].tolist()
    return dict(zip(zip(names, births, strict=True), people["arrival_us"].tolist(), strict=True))


def test_a_plan_is_of_the_day() -> None:
    """Flights of the scenario's own date are those that may be late."""
    scenario = load_scenario("vca-summer")
    departures = departures_of(scenario.spec)

    assert scenario.spec.date == date(2026, 6, 12)
    assert len(departures) == 15
    assert replace(departures).planned_us is None
