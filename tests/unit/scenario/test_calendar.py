"""The calendar: what it makes of a day."""

from datetime import date

import holidays
import pytest

from sim.errors import ScenarioError
from sim.scenario.calendar import Calendar, season_on
from sim.scenario.lunar import TET


def calendar(*holiday: dict, **parts: object) -> Calendar:
    return Calendar.model_validate({"holiday": list(holiday), **parts})


def test_tet_is_when_the_government_says() -> None:
    """The table agrees with the first day of the lunar year of the `holidays` package."""
    known = holidays.country_holidays("VN", years=TET.keys(), language="en_US")
    listed = {day.year: day for day, name in known.items() if name == "Lunar New Year"}

    assert listed == TET


def test_factors_are_multiplied() -> None:
    """A day has the product of its weekday, its month and its holidays."""
    tet = {"id": "tet-rush", "date": "tet", "first": -7, "last": -1, "factor": 2}
    more = {"id": "fair", "date": "02-13", "factor": 1.5}
    weekday, month = [1, 1, 1, 1, 1.25, 1, 1], [1, 1.5, *[1] * 10]
    found = season_on(calendar(tet, more, weekday=weekday, month=month), date(2026, 2, 13))

    assert found.factor == 1.25 * 1.5 * 2 * 1.5
    assert found.holidays == ("tet-rush", "fair")


@pytest.mark.parametrize(
    ("holiday", "inside", "outside"),
    [
        (
            {"date": "tet", "first": -7, "last": -1},
            "2026-02-10 2026-02-16",
            "2026-02-09 2026-02-17",
        ),
        ({"date": "tet"}, "2026-02-17 2027-02-06", "2026-02-16 2026-02-18"),
        (
            {"date": "01-01", "first": -1},
            "2025-12-31 2026-01-01 2026-12-31",
            "2026-01-02 2026-12-30",
        ),
        ({"date": "12-31", "last": 2}, "2026-12-31 2027-01-02 2026-01-01", "2026-12-30 2027-01-03"),
        ({"date": "2026-09-02", "last": 1}, "2026-09-02 2026-09-03", "2027-09-02 2026-09-01"),
        ({"date": date(2026, 9, 2)}, "2026-09-02", "2027-09-02"),
        ({"date": "02-29"}, "2028-02-29", "2026-02-28 2026-03-01"),
    ],
    ids=str,
)
def test_days_around_a_date(holiday: dict, inside: str, outside: str) -> None:
    """A holiday holds from its first to its last day, over the turn of the year too."""
    asked = calendar({"id": "it", "factor": 2, **holiday})

    assert [season_on(asked, date.fromisoformat(day)).factor for day in inside.split()] == [
        2.0 for _ in inside.split()
    ]
    assert {season_on(asked, date.fromisoformat(day)).factor for day in outside.split()} == {1.0}


def test_the_largest_load_factor_counts() -> None:
    """Of several holidays on one day the fullest says how full flights are."""
    one = {"id": "one", "date": "09-02", "factor": 1, "load_factor": 0.9}
    two = {"id": "two", "date": "09-02", "factor": 1, "load_factor": 0.85}

    assert season_on(calendar(one, two), date(2026, 9, 2)).load_factor == 0.9


def test_an_unknown_tet_is_refused() -> None:
    """Beyond its table the program does not guess when Tet is."""
    tet = {"id": "tet", "date": "tet", "factor": 2}

    with pytest.raises(ScenarioError, match="Tet 2041 is not known, 2020 to 2040 are"):
        season_on(calendar(tet), date(2041, 5, 1))
