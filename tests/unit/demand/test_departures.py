"""Departures from tables and timetables, and their gates."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.demand.departures import departures_of, timetable_rows
from sim.demand.gates import assign_gates
from sim.errors import ScenarioError
from sim.scenario.demand import Timetable
from sim.scenario.opening import installed_servers
from sim.scenario.spec import ScenarioSpec
from sim.scenario.stations import StationSpec
from tests.unit.demand.cases import airport, sampled

MIN = 60_000_000


def timetable(per_hour: list[int], **changes: Any) -> Timetable:
    plan: dict[str, Any] = {
        "per_hour": per_hour + [0] * (24 - len(per_hour)),
        "load_factor": 0.8,
        "aircraft": [
            {"id": "A321", "seats": 203, "share": 0.6},
            {"id": "A320", "seats": 180, "share": 0.3},
            {"id": "ATR72", "seats": 70, "share": 0.1},
        ],
        "carriers": [
            {"id": "VN", "share": 0.5},
            {"id": "VJ", "share": 0.4},
            {"id": "QH", "share": 0.1},
        ],
    }
    return Timetable.model_validate(plan | changes)


def test_departures_are_spread_evenly_over_the_hour() -> None:
    """Three an hour leave at the middle of each twenty minutes; ids tell carrier and time."""
    rows = timetable_rows(timetable([0, 3]))

    assert [row.at for row in rows] == [3600 + 600, 3600 + 1800, 3600 + 3000]
    assert [row.id for row in rows] == ["VN-0110-01", "VJ-0130-01", "VN-0150-01"]
    assert [row.persons for row in rows] == [162, 144, 162]  # rounded from 162.4, 144, 162.4


def test_hours_before_the_start_of_the_day_are_its_end() -> None:
    """With a day from 02:00 the flight of half past midnight is the last, at 24:30."""
    rows = timetable_rows(timetable([1, 0, 0, 1]), day_starts=7200)

    assert [row.at for row in rows] == [3 * 3600 + 1800, 24 * 3600 + 1800]
    assert rows[-1].id.startswith("VJ-2430")


def test_ids_are_unique_however_dense_the_hour() -> None:
    """Several departures of a carrier within a minute are numbered."""
    rows = timetable_rows(timetable([300]))

    assert len({row.id for row in rows}) == 300


@given(st.lists(st.integers(0, 20), min_size=1, max_size=24))
def test_mixes_keep_to_their_shares_all_day(per_hour: list[int]) -> None:
    """After any number of departures each carrier and aircraft is within 2 of its share."""
    rows = timetable_rows(timetable(per_hour))
    for n in range(1, len(rows) + 1):
        carriers = Counter(row.carrier for row in rows[:n])
        aircraft = Counter(row.aircraft for row in rows[:n])
        for name, share in (("VN", 0.5), ("VJ", 0.4), ("QH", 0.1)):
            assert abs(carriers[name] - n * share) < 1
        for name, share in (("A321", 0.6), ("A320", 0.3), ("ATR72", 0.1)):
            assert abs(aircraft[name] - n * share) < 2


def test_every_carrier_flies_the_whole_mix() -> None:
    """Aircraft are spread within carriers too: over 200 departures each pair is within 2."""
    rows = timetable_rows(timetable([20] * 10))
    pairs = Counter((row.carrier, row.aircraft) for row in rows)

    for carrier, of_carrier in (("VN", 0.5), ("VJ", 0.4), ("QH", 0.1)):
        for aircraft, share in (("A321", 0.6), ("A320", 0.3), ("ATR72", 0.1)):
            assert abs(pairs[carrier, aircraft] - 200 * of_carrier * share) <= 2


def test_more_departures_in_the_evening_change_nothing_in_the_morning() -> None:
    """The generated day is the same up to the first hour that differs."""
    few, many = timetable_rows(timetable([5, 7, 1])), timetable_rows(timetable([5, 7, 9, 4]))

    assert few[:12] == many[:12]


def test_a_timetable_may_do_without_carriers() -> None:
    """Departures without a carrier still have readable ids."""
    assert timetable_rows(timetable([1], carriers=[]))[0].id == "DEP-0030-01"


def test_a_table_is_put_in_order_of_time() -> None:
    """Rows of a file come in order of time, those of one instant as written."""
    scenario = airport()
    scenario["demand"].pop("timetable")
    scenario["demand"]["departures"] = [
        {"id": "B", "at": "09:00", "persons": 3, "carrier": "VN", "international": True},
        {"id": "C", "at": "07:00", "persons": 2, "gate": 4},
        {"id": "A", "at": "09:00", "persons": 5},
    ]
    departures = departures_of(ScenarioSpec.model_validate(scenario))
    table = sampled(scenario).tables.departures

    assert departures.id.tolist() == ["C", "B", "A"]
    assert departures.at_us.tolist() == [7 * 60 * MIN, 9 * 60 * MIN, 9 * 60 * MIN]
    assert table["gate"].tolist() == [4, 0, 1]
    assert table["international"].tolist() == [False, True, False]


def test_a_table_not_read_is_a_fault() -> None:
    """A path where rows must be tells to load the scenario first."""
    scenario = airport()
    scenario["demand"].pop("timetable")
    scenario["demand"]["departures"] = "day.csv"

    with pytest.raises(ScenarioError, match=r"day\.csv has not been read"):
        sampled(scenario)


@given(
    st.lists(st.integers(0, 600), min_size=1, max_size=40),
    st.integers(1, 90),
    st.integers(1, 12),
)
def test_gates_are_held_by_one_departure_where_there_are_enough(
    minutes: list[int], opens: int, gates: int
) -> None:
    """With as many gates as departures overlap at most, no gate is held twice at once."""
    at = np.sort(np.array(minutes)) * MIN
    opens_us = opens * MIN
    chosen = assign_gates(
        at_us=at, given=np.full(len(at), -1, dtype=np.int32), gates=gates, opens_us=opens_us
    )
    most = max(int(((at > t - opens_us) & (at <= t)).sum()) for t in at)

    assert chosen.min() >= 0
    assert chosen.max() < gates
    if most <= gates:
        for gate in range(gates):
            assert (np.diff(at[chosen == gate]) >= opens_us).all()


def test_without_a_free_gate_the_one_free_soonest_is_shared() -> None:
    """A third departure within the hour goes to the gate of the first."""
    at = np.array([40, 50, 60]) * MIN
    nowhere = np.full(3, -1, dtype=np.int32)

    assert assign_gates(at_us=at, given=nowhere, gates=2, opens_us=40 * MIN).tolist() == [0, 1, 0]


def test_gates_written_down_are_kept() -> None:
    """A given gate stays, and holds that gate against others."""
    at = np.array([40, 50]) * MIN
    given_gates = np.array([0, -1], dtype=np.int32)

    assert assign_gates(at_us=at, given=given_gates, gates=3, opens_us=40 * MIN).tolist() == [0, 1]


def test_a_gate_that_is_not_there_is_a_fault() -> None:
    """The message names departure, gate and how many there are."""
    scenario = airport()
    scenario["demand"].pop("timetable")
    scenario["demand"]["departures"] = [{"id": "VN1", "at": "09:00", "persons": 5, "gate": 9}]

    with pytest.raises(ScenarioError, match="VN1 leaves from gate 9, but boarding has 9"):
        sampled(scenario)


def test_shared_lanes_need_no_gates() -> None:
    """Where boarding is one queue, departures have the gates of the table or none."""
    scenario = airport()
    scenario["stations"][-1]["lanes"] = "shared"

    assert set(sampled(scenario).departure_gate.tolist()) == {-1}


@pytest.mark.parametrize(
    ("servers", "installed", "count"),
    [
        (4, None, 4),
        (4, 6, 6),
        (4, 3, 4),
        ({"period_min": 60, "open": [9, 2, 5]}, None, 5),
        ({"period_min": 60, "open": [1, 7]}, None, 7),
        ([{"from": "00:00", "until": "02:00", "servers": 9}], None, 0),
        (
            [
                {"from": "01:00", "until": "05:00", "servers": 3},
                {"from": "04:00", "until": "09:00", "servers": 4},
            ],
            None,
            7,
        ),
    ],
)
def test_installed_servers_are_the_most_ever_open_that_day(
    servers: Any, installed: int | None, count: int
) -> None:
    """As written or as staffed from the start of the day on, whichever is more."""
    station = StationSpec.model_validate({"id": "gate", "servers": servers, "installed": installed})

    assert installed_servers(station, start_us=7_200_000_000) == count
