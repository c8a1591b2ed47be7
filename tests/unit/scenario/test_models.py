"""Single values of a scenario are what they must be, whatever else it says."""

import re
from datetime import time
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from sim.scenario.clock import ClockTime, clock_text
from sim.scenario.figures import Count, Figure, NonNegative, Positive, Share, Whole
from sim.scenario.journey import name_steps
from sim.scenario.known_keys import keys_at, laws_at, model_at
from sim.scenario.laws import Laws, mean_s
from sim.scenario.program import step_ids
from sim.scenario.spec import ScenarioSpec
from sim.scenario.stations import Periods, Servers, StationSpec
from tests.unit.scenario.cases import MINIMAL


@pytest.mark.parametrize(
    ("kind", "inside", "outside"),
    [
        (NonNegative, [0, 1e9], [-1e-9]),
        (Positive, [1e-9, 5], [0, -1]),
        (Share, [0, 0.5, 1], [-0.1, 1.1, 95]),
        (Count, [0, 30_000, 3.0], [-1, 2.5, 30_001]),
        (Whole, [1, 1e10], [0, 1.5, 1e11]),
    ],
)
def test_figures_lie_where_they_can(kind: Any, inside: list[float], outside: list[float]) -> None:
    """Value and range alike, written as a number or as a table."""
    adapter = TypeAdapter(kind)

    for number in inside:
        assert float(adapter.validate_python(number)) == number
        assert adapter.validate_python({"value": number}).value == number
    for number in outside:
        with pytest.raises(ValidationError, match=re.escape(f"{number:g} is not")):
            adapter.validate_python(number)
        table = {"value": inside[0], "low": min(number, inside[0]), "high": max(number, inside[0])}
        with pytest.raises(ValidationError, match="is not"):
            adapter.validate_python(table)


@pytest.mark.parametrize(
    "value",
    [True, "3", None, float("nan"), float("inf"), 10**400, [3], {}, {"value": True}, {"low": 1}],
)
def test_what_is_no_number_is_no_figure(value: Any) -> None:
    """Truth, text, nothing, infinity and tables without a value are refused."""
    with pytest.raises(ValidationError):
        TypeAdapter(Figure).validate_python(value)


@pytest.mark.parametrize(
    "value", [{"value": 5, "low": 6}, {"value": 5, "high": 4}, {"value": 5, "low": 7, "high": 3}]
)
def test_a_figure_lies_in_its_own_range(value: dict[str, float]) -> None:
    """Low, value and high are in order."""
    with pytest.raises(ValidationError, match="value 5 is outside"):
        TypeAdapter(Figure).validate_python(value)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("00:00", 0), ("05:30:15", 19_815), ("25:10", 90_600), (time(5, 30), 19_800), (60, 60)],
)
def test_times_of_day_are_read(written: Any, seconds: int) -> None:
    """As text, as a time or as seconds; hours may pass 24."""
    assert TypeAdapter(ClockTime).validate_python(written) == seconds


@pytest.mark.parametrize("written", ["5:3", "05:60", "noon", "", True, 1.5, -1, 10**12, "9601:00"])
def test_what_is_no_time_is_refused(written: Any) -> None:
    """Nor are times beyond 400 days."""
    with pytest.raises(ValidationError):
        TypeAdapter(ClockTime).validate_python(written, strict=True)


def test_times_are_shown_as_on_a_clock() -> None:
    """Whole minutes, past midnight going on."""
    assert [clock_text(seconds) for seconds in (0, 19_859.9, 90_600)] == ["00:00", "05:30", "25:10"]


def test_one_law_may_stand_alone() -> None:
    """A table is an array of one."""
    law = {"law": "triangular", "low_s": 1, "mode_s": 2, "high_s": 6}

    alone, in_array = (TypeAdapter(Laws).validate_python(each) for each in (law, [law]))

    assert alone == in_array
    assert mean_s(alone[0]) == 3


@pytest.mark.parametrize(
    ("cv", "is_sound"), [(0.02, True), (20, True), (0.01, False), (21, False), (0, False)]
)
def test_weibull_spreads_can_be_inverted(cv: float, *, is_sound: bool) -> None:
    """Outside 0.02 to 20 the shape leaves what floating point can invert."""
    law = {"law": "weibull", "mean_s": 5, "cv": cv}

    if is_sound:
        assert TypeAdapter(Laws).validate_python(law)
    else:
        with pytest.raises(ValidationError, match="weibull"):
            TypeAdapter(Laws).validate_python(law)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        (3, Figure),
        ({"value": 3, "low": 1}, Figure),
        ({"period_min": 30, "open": [1, 2]}, Periods),
        ([{"from": "05:00", "until": "06:00", "servers": 2}], tuple),
    ],
)
def test_servers_have_three_forms(written: Any, kind: type) -> None:
    """A number, levels by period, or openings."""
    assert isinstance(TypeAdapter(Servers).validate_python(written), kind)


def test_names_in_python_are_not_names_in_files() -> None:
    """``from_`` is how Python says ``from``; a file that says so has an unknown key."""
    outage = {"station": "desk", "from_": 1, "until": 2}

    with pytest.raises(ValidationError, match="from_"):
        ScenarioSpec.model_validate({"outages": [outage]}, by_alias=True, by_name=False)


def test_keys_of_a_table_are_known_by_its_place() -> None:
    """Through arrays, unions and laws, as pydantic names the places."""
    station = ("stations", 3)

    assert keys_at(ScenarioSpec, station)[:2] == ["id", "name"]
    assert keys_at(ScenarioSpec, (*station, "service", 0, "erlang")) == [
        "when", "source", "law", "mean_s", "phases",
    ]  # fmt: skip
    assert keys_at(ScenarioSpec, (*station, "servers", "opening", 0)) == [
        "from",
        "until",
        "servers",
    ]
    assert "uniform" in laws_at(ScenarioSpec, (*station, "walk", 0))
    assert laws_at(ScenarioSpec, ("demand", "arrivals")) == ["poisson", "platoon"]
    assert model_at(ScenarioSpec, station) is StationSpec
    assert model_at(ScenarioSpec, (*station, "queue_limit")) is Figure
    assert keys_at(ScenarioSpec, ("nowhere", 1)) == []


def test_steps_have_names_of_their_own() -> None:
    """The model names steps as files do, and a written name is never given to another."""
    written = [(None, "desk"), ("desk-2", "desk"), (None, "desk"), (None, None), (None, None)]

    assert name_steps(written) == ("desk", "desk-2", "desk-3", "choice", "choice-2")
    assert MINIMAL.count("[[journey]]") == 1
    assert callable(step_ids)
