"""Peak load: work that comes in an hour over the server time open in it."""

from __future__ import annotations

import pytest

from sim.events.memory import remember
from sim.projections.day import fold_day
from sim.projections.load import peak_load
from tests.contracts.engine.cases import Case
from tests.engines import ENGINES


def load(case: Case) -> float | None:
    network, workload = case.network(), case.workload()
    blocks = ENGINES["compiled"](network, workload)
    names = [station.id for station in network.stations]
    day = fold_day(remember(blocks, stations=names, tables=workload.tables), case.spec())
    return peak_load(day.station_days()[0])


def test_two_hours_of_work_in_one_hour_are_a_load_of_two() -> None:
    """It is not cut off at one, however long the queue then takes."""
    case = Case().station("desk", 1).step("desk")
    for at in (0, 900, 1_800, 2_700):
        case.passenger(at, serve=1_800)

    assert load(case) == pytest.approx(2.0)


def test_servers_share_the_work() -> None:
    """Four servers carry the same with half a load."""
    case = Case().station("desk", 4).step("desk")
    for at in (0, 900, 1_800, 2_700):
        case.passenger(at, serve=1_800)

    assert load(case) == pytest.approx(0.5)


def test_a_quiet_hour_with_few_servers_is_not_the_peak() -> None:
    """One customer while a single desk is open does not outdo the busy hour."""
    case = Case().station("desk", {0: 1, 7_200: 10}).step("desk")
    case.passenger(100, serve=3_000)
    for at in range(7_200, 10_800, 100):
        case.passenger(at, serve=500)

    assert load(case) == pytest.approx(36 * 500 / 36_000)


def test_nobody_served_is_no_load() -> None:
    """A station nobody came to has none."""
    case = Case().station("desk", 1).station("other", 1).step("other").passenger(0)

    assert load(case) is None
