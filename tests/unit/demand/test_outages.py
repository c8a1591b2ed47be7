"""Outages: written and random."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.demand.outages import failure_intervals, merged, outages_of
from sim.demand.streams import Streams
from sim.errors import ScenarioError
from sim.scenario.spec import Failures, ScenarioSpec
from tests.unit.demand.cases import exponential, generic

HOUR = 3_600_000_000


def spec_of(**changes: Any) -> ScenarioSpec:
    stations = [
        {"id": "desk", "servers": 3, "service": exponential(1)},
        {"id": "gate", "servers": 2, "installed": 4, "service": exponential(1)},
    ]
    return ScenarioSpec.model_validate(generic(stations=stations, **changes))


def failures(mtbf_h: float = 2.0, mttr_min: float = 30.0) -> Failures:
    return Failures.model_validate({"station": "gate", "mtbf_h": mtbf_h, "mttr_min": mttr_min})


INTERVALS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(-1, 1), st.integers(0, 30), st.integers(0, 30))
)


@given(INTERVALS)
def test_merging_keeps_what_is_covered_and_nothing_twice(
    intervals: list[tuple[int, int, int, int]],
) -> None:
    """The same instants of the same servers are down, in intervals that do not even touch."""

    def covered(each: list[tuple[int, int, int, int]]) -> set[tuple[int, int, int]]:
        return {(s, k, t) for s, k, start, end in each for t in range(start, end)}

    result = merged(intervals)

    assert covered(result) == covered(intervals)
    for one, two in pairwise(result):
        assert one[:2] < two[:2] or (one[:2] == two[:2] and one[3] < two[2])


def test_written_outages_take_servers_or_the_bank() -> None:
    """Listed servers fail each; without a list the whole bank does."""
    outages = [
        {"station": "gate", "from": "08:00", "until": "09:00", "servers": [2, 0]},
        {"station": "desk", "from": "08:00", "until": "08:30"},
    ]
    table = outages_of(spec_of(outages=outages), until_us=24 * HOUR, streams=Streams(1))
    rows = zip(table.at_us, table.station, table.server, table.is_end, strict=True)

    assert [tuple(int(v) for v in row) for row in rows] == [
        (8 * HOUR, 0, -1, 0),
        (8 * HOUR, 1, 0, 0),
        (8 * HOUR, 1, 2, 0),
        (8 * HOUR + HOUR // 2, 0, -1, 1),
        (9 * HOUR, 1, 0, 1),
        (9 * HOUR, 1, 2, 1),
    ]


def test_nothing_is_down_before_the_day_starts() -> None:
    """An outage under way at the start begins with the day; one over by then is left out."""
    outages = [
        {"station": "gate", "from": "01:00", "until": "03:00"},
        {"station": "desk", "from": "00:00", "until": "02:00"},
    ]
    spec = spec_of(outages=outages, day_starts="02:00")
    table = outages_of(spec, until_us=24 * HOUR, streams=Streams(1))

    assert table.at_us.tolist() == [2 * HOUR, 3 * HOUR]
    assert table.station.tolist() == [1, 1]


@given(st.integers(0, 20), st.floats(0.5, 20), st.floats(1, 200))
def test_failures_do_not_overlap(seed: int, mtbf_h: float, mttr_min: float) -> None:
    """Per server, every start has its end before the next start; times never decrease."""
    table = outages_of(
        spec_of(failures=[failures(mtbf_h, mttr_min).model_dump()]),
        until_us=48 * HOUR,
        streams=Streams(seed),
    )

    assert (np.diff(table.at_us) >= 0).all()
    for server in range(4):
        ends = table.is_end[table.server == server]
        assert ends.tolist() == [False, True] * (len(ends) // 2)


def test_every_installed_server_fails_by_itself() -> None:
    """Installed servers fail at different times; a bank fails as one."""
    each = outages_of(
        spec_of(failures=[failures().model_dump()]), until_us=48 * HOUR, streams=Streams(1)
    )
    bank = outages_of(
        spec_of(failures=[failures().model_dump() | {"of": "bank"}]),
        until_us=48 * HOUR,
        streams=Streams(1),
    )

    assert set(each.server.tolist()) == {0, 1, 2, 3}
    assert len(set(each.at_us.tolist())) == len(each.at_us)
    assert set(bank.server.tolist()) == {-1}


def test_a_longer_day_only_adds_failures() -> None:
    """Failures of the first day are the same however long failures are drawn."""
    options: dict[str, Any] = {"server": 1, "from_us": 0, "streams": Streams(1)}
    short = failure_intervals(failures(), until_us=24 * HOUR, **options)
    long = failure_intervals(failures(), until_us=240 * HOUR, **options)

    assert short == long[: len(short)]
    assert long[len(short)][0] >= 24 * HOUR


@pytest.mark.statistical
def test_time_up_and_down_have_their_means() -> None:
    """Over 2,000 cycles both means are within 5.5 errors; false alarm 1 in 10,000,000."""
    cycles = failure_intervals(
        failures(), server=0, from_us=0, until_us=6_000 * HOUR, streams=Streams(1)
    )
    start, end = (np.array(column) / HOUR for column in zip(*cycles, strict=True))
    down, up = end - start, start[1:] - end[:-1]

    assert abs(down.mean() - 0.5) < 5.5 * 0.5 / len(down) ** 0.5
    assert abs(up.mean() - 2.0) < 5.5 * 2.0 / len(up) ** 0.5


def test_failures_without_number_are_refused() -> None:
    """A machine that fails every few microseconds is a typing error, with the count."""
    with pytest.raises(ScenarioError, match="failures of one server a day"):
        failure_intervals(
            failures(1e-9, 1e-9), server=0, from_us=0, until_us=24 * HOUR, streams=Streams(1)
        )
