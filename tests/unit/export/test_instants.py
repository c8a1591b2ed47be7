"""Instants as text."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.export.instants import texts
from sim.scenario.service_day import NO_DATE, OFFSET, ZONE, service_day

HANOI = timezone(timedelta(hours=7))


@given(st.lists(st.integers(0, 400 * 86_400_000_000), max_size=5), st.dates(date(1976, 1, 1)))
def test_text_is_the_instant_to_the_microsecond(at_us: list[int], day: date) -> None:
    """Local midnight of the service day and the microseconds of the log, hours past 24 too."""
    if day.year > 9990:
        return
    midnight = datetime(day.year, day.month, day.day, tzinfo=HANOI)

    found = [datetime.fromisoformat(text) for text in texts(np.array(at_us, np.int64), day=day)]

    assert found == [midnight + timedelta(microseconds=us) for us in at_us]


@pytest.mark.parametrize("year", [1976, 2000, 2026, 2100])
def test_the_offset_is_the_zones(year: int) -> None:
    """Viet Nam has one distance from UTC all year round."""
    for month in (1, 7):
        there = datetime(year, month, 1, tzinfo=ZoneInfo(ZONE))
        assert there.strftime("%z") == OFFSET.replace(":", "")


def test_a_scenario_without_a_date_counts_from_one_nobody_means() -> None:
    """The year 2000 stands for no date."""
    assert service_day({"id": "mm3"}) == NO_DATE
    assert service_day({"date": "2026-02-10"}) == date(2026, 2, 10)
