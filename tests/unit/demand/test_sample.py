"""The whole workload: its columns, and which draw goes where."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.demand.expected import expected_persons
from sim.demand.sample import sample
from sim.demand.streams import Streams
from sim.demand.workload import FOR_EVER, SKIPS
from sim.errors import ScenarioError
from sim.scenario.program import build_program
from tests.unit.demand.cases import (
    Replay,
    airport,
    asked,
    columns_of,
    constant,
    digest,
    exponential,
    generic,
    lognormal,
    poisson,
    sampled,
)


def test_a_plain_queue_has_its_arrivals_and_services() -> None:
    """Service of passenger n is the quantile at uniform n of its stream."""
    day = sampled(generic(), seed=6)
    u = Streams(6).uniforms("service/desk/desk", len(day))

    assert day.service_us.tolist() == np.rint(-np.log1p(-u) * 1e6).astype(int).tolist()
    assert day.first.tolist() == list(range(len(day) + 1))
    assert set(day.patience_us.tolist()) == {FOR_EVER}
    assert not day.walk_us.any()
    assert day.route is None


def test_columns_have_the_types_and_shapes_of_the_contract() -> None:
    """Every column is as `Workload` documents it, and contiguous."""
    question, program = asked(airport())
    day = sample(question, program=program, seed=1)
    n, rows, steps, slots = len(day), 5 * len(day), 4, 5
    shapes: dict[str, tuple[Any, tuple[int, ...]]] = {
        "arrival_us": (np.int64, (n,)),
        "party": (np.int32, (n,)),
        "party_size": (np.int32, (n,)),
        "is_lead": (np.bool_, (n,)),
        "departure": (np.int32, (n,)),
        "traits": (np.int64, (n,)),
        "first": (np.int64, (n + 1,)),
        "service_us": (np.int64, (rows,)),
        "walk_us": (np.int64, (rows,)),
        "patience_us": (np.int64, (rows,)),
        "accepted_on": (np.uint8, (rows,)),
        "retry_us": (np.int64, (rows, 2)),
        "call_us": (np.int64, (rows, 3)),
        "choice": (np.int64, (n, steps)),
        "second_choice": (np.int64, (n, steps)),
        "switch_us": (np.int64, (n, steps)),
        "departure_us": (np.int64, (14,)),
        "departure_gate": (np.int32, (14,)),
        "outage_at_us": (np.int64, day.outage_at_us.shape),
        "outage_station": (np.int32, day.outage_at_us.shape),
        "outage_server": (np.int32, day.outage_at_us.shape),
        "outage_is_end": (np.bool_, day.outage_at_us.shape),
        "gallery_of_slot": (np.int32, (slots,)),
        "gallery_per_departure": (np.bool_, (slots,)),
    }
    columns = {name: each for name, each in columns_of(day).items() if "." not in name}

    assert {name: (each.dtype, each.shape) for name, each in columns.items()} == shapes
    assert all(each.flags.c_contiguous for each in columns.values())


def test_columns_that_nothing_needs_have_no_width() -> None:
    """Without match, call, choice and preference their columns are not there."""
    day = sampled(generic())
    n = len(day)

    assert day.retry_us.shape == day.call_us.shape == (n, 0)
    assert day.choice.shape == day.second_choice.shape == day.switch_us.shape == (n, 0)
    assert len(day.departure_us) == len(day.outage_at_us) == len(day.tables.departures) == 0


def test_an_empty_day_is_still_a_day() -> None:
    """Departures that nobody booked give empty columns and full tables."""
    scenario = airport()
    scenario["demand"]["timetable"]["load_factor"] = 0
    day = sampled(scenario)

    assert len(day) == 0
    assert day.first.tolist() == [0]
    assert len(day.tables.departures) == 14
    assert "bag" in day.tables.passengers.columns


def test_expected_persons_are_those_booked_or_the_mean() -> None:
    """Departures give an exact number, laws a mean."""
    question, _ = asked(airport())
    parties = poisson(0.5, batch=2) | {"party_sizes": [0.5, 0.5]}

    assert expected_persons(question.spec) == len(sampled(airport()))
    assert expected_persons(asked(generic(demand=parties))[0].spec) == pytest.approx(5400)


def test_a_party_is_served_in_the_time_of_its_members() -> None:
    """Per party the lead's row holds first x (1 + share x others), the others their own draw."""
    scenario = airport()
    alone = airport()
    alone["stations"][0]["per"] = "person"
    party, person = sampled(scenario), sampled(alone)
    rows = party.first[:-1]  # the counter is the first slot
    factor = np.where(party.is_lead, 1 + 0.75 * (party.party_size - 1), 1)

    assert abs(party.service_us[rows] - person.service_us[rows] * factor).max() <= 3
    elsewhere = np.ones(len(party.service_us), dtype=bool)
    elsewhere[rows] = False
    assert np.array_equal(party.service_us[elsewhere], person.service_us[elsewhere])


def test_a_party_walks_and_chooses_together() -> None:
    """Walks, choices and patience with a queue before switching are the lead's for all."""
    day = sampled(airport())
    lead = np.flatnonzero(day.is_lead)[day.party]
    walks = day.walk_us.reshape(len(day), 5)

    for column in (walks, day.choice, day.second_choice, day.switch_us):
        assert np.array_equal(column, column[lead])
    assert walks[:, 0].min() >= 30_000_000
    assert walks[:, 2].min() > 0  # the step's own walk; others have none
    assert not walks[:, 1].any()


def test_constants_are_filled_in() -> None:
    """A constant law fills every row, and a step's walk goes before the station's."""
    desk = {
        "id": "desk",
        "servers": 1,
        "service": constant(5),
        "walk": constant(3),
        "patience": constant(60),
    }
    journey = [{"station": "desk"}, {"station": "desk", "walk": constant(7)}]
    day = sampled(generic(stations=[desk], journey=journey))

    assert set(day.service_us.tolist()) == {5_000_000}
    assert set(day.patience_us.tolist()) == {60_000_000}
    assert day.walk_us.reshape(-1, 2)[0].tolist() == [3_000_000, 7_000_000]
    assert len({tuple(row) for row in day.walk_us.reshape(-1, 2).tolist()}) == 1


def test_patience_without_a_class_lasts_for_ever() -> None:
    """Only the classes that a station's patience names ever leave."""
    scenario = generic(traits=[{"id": "hurried", "share": 0.5}])
    scenario["stations"][0]["patience"] = [lognormal(60, when="hurried")]
    day = sampled(scenario)
    hurried = day.tables.passengers["hurried"]

    assert (day.patience_us[hurried] > 0).all()
    assert (day.patience_us[~hurried] == FOR_EVER).all()


def test_service_without_a_class_is_a_fault() -> None:
    """A passenger no service law fits is refused, with the station's key."""
    scenario = generic(traits=[{"id": "bag", "share": 0.5}])
    scenario["stations"][0]["service"] = [lognormal(60, when="bag")]

    with pytest.raises(ScenarioError, match=r"stations\.desk\.service: no law fits \d+ of \d+"):
        sampled(scenario)


def test_calls_are_drawn_from_the_station_called() -> None:
    """Each attempt's call has the called station's law; batch stations time their own."""
    scenario = airport()
    day = sampled(scenario)
    at_gate = day.call_us.reshape(len(day), 5, 3)[:, 2]
    scenario["stations"][4] = {
        "id": "matcher",
        "servers": 1,
        "batch": {"cap": 4, "buckets": [{"size": 4, "service_s": 0.1}]},
    }

    assert at_gate.mean() == pytest.approx(200_000, rel=0.1)  # 10 deviations and more
    assert len(np.unique(at_gate)) > 0.99 * at_gate.size
    assert not np.delete(day.call_us.reshape(len(day), 5, 3), 2, axis=1).any()
    assert not sampled(scenario).call_us.any()


def test_a_trace_is_replayed_as_it_stands() -> None:
    """Columns of a trace are the slots in journey order, blanks are skipped, ties keep rows."""
    scenario = generic(
        demand={"trace": "day.csv"},
        stations=[{"id": "a", "servers": 1}, {"id": "b", "servers": 1, "patience": exponential(9)}],
        journey=[{"station": "b"}, {"station": "a"}],
        horizon_s=None,
    )
    trace = Replay(
        arrival_us=np.array([5, 5, 7]),
        service_us=np.array([[10, SKIPS], [SKIPS, 20], [30, 40]]),
    )
    day = sampled(scenario, trace=trace)

    assert day.arrival_us.tolist() == [5, 5, 7]
    assert day.service_us.tolist() == [10, SKIPS, SKIPS, 20, 30, 40]
    assert (day.patience_us.reshape(3, 2)[:, 0] > 0).all()
    assert day.tables.passengers["birth"].tolist() == [0, 1, 2]
    with pytest.raises(ScenarioError, match=r"day\.csv has not been read"):
        sampled(scenario)


def test_policy_changes_no_draw() -> None:
    """The day before and the day of a policy have the same passengers to the last bit."""
    question, _ = asked(airport())
    days = [
        sample(question, program=build_program(question.spec, on=on), seed=1)
        for on in (date(2025, 11, 30), date(2025, 12, 1))
    ]

    assert len(build_program(question.spec, on=date(2025, 11, 30)).policies) == 0
    assert digest(days[0]) == digest(days[1])


def test_seeds_and_replications_differ() -> None:
    """Another seed, or another day of the same seed, shares no arrival and no service."""
    days = [sampled(generic(), seed=s, replication=r) for s, r in ((1, 0), (1, 1), (2, 0))]

    assert len({digest(day) for day in days}) == 3
    assert not set(days[0].service_us.tolist()) >= set(days[1].service_us[:20].tolist())
