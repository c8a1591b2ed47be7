"""Before and after the rule: paired, by class, and without touching anyone's draws."""

from __future__ import annotations

import numpy as np

from sim.events.kinds import CODE, Kind
from sim.experiments.before_after import MOVED, NOVICES, STAYED, before_and_after
from sim.experiments.day import run_day
from sim.reporting.before_after import change_table, losers, missed_table, moved_table
from sim.scenario.load import load_scenario
from sim.scenario.passenger_classes import classes_in, load_classes, observed

VCA = load_scenario("vca")


def test_traits_that_only_reports_ask_for_move_nobody() -> None:
    """With the elderly drawn the log differs in the trait bits of arrivals alone."""
    plain, more = run_day(VCA), run_day(observed(VCA, load_classes()))
    blocks = [list(day.log.blocks()) for day in (plain, more)]

    for old, new in zip(*blocks, strict=True):
        is_arrival = old.kind == CODE[Kind.ARRIVED]
        for name in ("at_us", "kind", "passenger", "station", "visit", "server", "ref"):
            assert np.array_equal(getattr(old, name), getattr(new, name)), name
        assert np.array_equal(old.detail[~is_arrival], new.detail[~is_arrival])
    share = more.log.tables.passengers["elderly"].mean()
    assert 0.05 < share < 0.11


def test_a_scenario_that_has_the_trait_keeps_its_own() -> None:
    """Nothing is declared twice; classes of traits it lacks are left out."""
    again = observed(observed(VCA, load_classes()), load_classes())

    assert sum(trait.id == "elderly" for trait in again.spec.traits) == 1
    assert "elderly" not in classes_in(VCA, load_classes())
    assert "elderly" in classes_in(again, load_classes())


def test_only_the_excluded_move_and_the_pairs_are_the_same_people() -> None:
    """Bag and special passengers keep their counters, whose queue is no longer for all."""
    found = before_and_after(VCA, reps=3)
    classes = found["classes"]

    assert found["same_passengers"]
    assert classes["bag"]["moved"] == classes["special"]["moved"] == 0
    assert classes[MOVED]["moved"] == classes[MOVED]["persons"] == classes["no-bag"]["moved"] > 0
    assert classes[NOVICES]["persons"] <= classes["first-timer"]["persons"]
    stayed = classes[STAYED]["wait_at_check_in_s"]
    assert np.isclose(stayed["difference"]["mean"], stayed["after"] - stayed["before"])
    assert stayed["verdict"] != "loses"


def test_jobs_change_nothing() -> None:
    """Two processes find what one does."""
    assert before_and_after(VCA, reps=2) == before_and_after(VCA, reps=2, jobs=2)


def test_tables_have_a_line_an_airport() -> None:
    """Header, rule, and one line for each scenario; losers are told in words."""
    found = [before_and_after(VCA, reps=2)]
    names = ("bag", "no-bag")

    assert len(moved_table(found, names)) == 3
    assert change_table(found, names, "wait_s")[0] == "| scenario | bag | no-bag |"
    assert missed_table(found)[2].startswith("| `vca` |")
    assert all("`vca`" in each for each in losers(found, "time_s"))
