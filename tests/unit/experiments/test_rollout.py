"""The rollout: days chosen by the calendar, the same whoever simulates, promises month by month."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from sim.errors import RunError, ScenarioError
from sim.experiments.rollout import days_of_month, run_rollout
from sim.experiments.rollout_figures import AskedRollout, Place, changes_of
from sim.scenario.load import load_scenario
from sim.scenario.rollout import load_plan, months_between
from tests.small_year import small_scenario


def month(name: str, state: str | None) -> dict:
    promises = [{"id": "promise", "state": state}]
    return {"month": name, "days": {"peak": {"state": state, "promises": promises}}}


def test_changes_pass_over_months_that_cannot_be_told() -> None:
    """A facility stops or starts coping where a clear month differs from the last clear one."""
    states = ["kept", "unclear", "kept", "broken", None, "broken", "unclear", "kept"]
    rows = [month(f"2026-{n:02d}", state) for n, state in enumerate(states, start=1)]

    told = [(each["month"], each["change"], each["promises"]) for each in changes_of(rows, "peak")]
    assert told == [("2026-04", "stops", ["promise"]), ("2026-08", "starts", [])]


def test_days_of_a_month_follow_the_calendar() -> None:
    """February's busiest day is in the Tet peak, on its strongest weekday; May's a weekday's."""
    t3 = load_scenario("sgn-t3")

    assert days_of_month(t3, date(2026, 2, 1))["peak"] == date(2026, 2, 13)
    assert days_of_month(t3, date(2026, 6, 1))["peak"].weekday() == 4
    typical = days_of_month(t3, date(2026, 6, 1))["typical"]
    assert typical.weekday() not in (1, 4)


def test_without_a_calendar_the_days_of_a_month_are_one() -> None:
    """Every day has the same demand, so the first stands for all."""
    days = days_of_month(load_scenario("vca"), date(2026, 6, 1))

    assert set(days.values()) == {date(2026, 6, 1)}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> AskedRollout:
    scenario = small_scenario(tmp_path_factory.mktemp("scenario"))
    months = tuple(months_between(date(2026, 1, 1), date(2026, 3, 1)))
    return AskedRollout((Place("small", "group", date(2025, 12, 31), scenario),), months, reps=2)


def test_the_result_does_not_depend_on_jobs(asked: AskedRollout, tmp_path: Path) -> None:
    """One process or two, the same document, written as JSON and as CSV."""
    told: list[tuple[int, int]] = []
    alone = run_rollout(asked, out=tmp_path / "a", progress=lambda *done: told.append(done))
    both = run_rollout(asked, out=tmp_path / "b", jobs=2)

    assert alone == both == json.loads((tmp_path / "a" / "rollout.json").read_text())
    assert told[-1][0] == told[-1][1] == len(told)
    table = (tmp_path / "b" / "rollout.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    months = alone["facilities"][0]["months"]
    assert [each["month"] for each in months] == ["2026-01", "2026-02", "2026-03"]
    assert len(rows) == sum(
        len(day["promises"]) for each in months for day in each["days"].values()
    )


def test_an_occupied_directory_is_refused(asked: AskedRollout, tmp_path: Path) -> None:
    """Nothing there is overwritten."""
    (tmp_path / "file").write_text("mine")

    with pytest.raises(RunError, match="not empty"):
        run_rollout(asked, out=tmp_path)


def test_a_cancelled_rollout_keeps_whole_months(asked: AskedRollout, tmp_path: Path) -> None:
    """An interrupt after some days leaves the months whose days are all there."""

    def stop(done: int, _: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_rollout(asked, out=tmp_path / "out", progress=stop)

    document = json.loads((tmp_path / "out" / "rollout.json").read_text())
    assert document["status"] == "cancelled"
    assert [each["month"] for each in document["facilities"][0]["months"]] == ["2026-01"]


def test_the_shipped_plan_names_scenarios_that_there_are() -> None:
    """Every facility of the plan loads; months and dates are the directive's."""
    plan = load_plan()

    assert (f"{plan.from_:%Y-%m}", f"{plan.to:%Y-%m}") == ("2025-09", "2026-12")
    for group in plan.groups:
        for each in group.facilities:
            assert load_scenario(each.scenario).spec.date is not None, each.scenario


def test_a_faulty_plan_is_refused_with_all_its_faults(tmp_path: Path) -> None:
    """Each fault with its line, in the words of the file."""
    path = tmp_path / "plan.toml"
    path.write_text('id = "plan"\nfrom = "2026-13"\nto = "soon"\ngroups = []\n')

    with pytest.raises(ScenarioError) as caught:
        load_plan(path)

    told = str(caught.value)
    for words in ("'2026-13' is not a month", "'soon' is not a month", "groups", "title: missing"):
        assert words in told
