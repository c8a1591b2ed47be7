"""A study of dates: durable day by day, the same whoever simulates it."""

import hashlib
import json
import math
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import DamagedRunError, InvalidInputError, RunError, ScenarioError
from sim.experiments.dates import Asked
from sim.experiments.day import run_day
from sim.experiments.day_records import read_record
from sim.experiments.days import DatesStudy, run_days
from sim.experiments.verification import verify_path
from sim.projections.waits import counts_for_waits, nearest_rank
from sim.scenario.dated import scenario_on
from sim.scenario.load import Scenario, scenario_from_document
from tests.small_year import small_scenario

FIRST, DAYS = date(2026, 2, 8), 6


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return small_scenario(tmp_path_factory.mktemp("scenario"))


@pytest.fixture(scope="module")
def study(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> DatesStudy:
    """Six days around the beginning of the rush."""
    out = tmp_path_factory.mktemp("study")
    return run_days(Asked(scenario, first=FIRST, days=DAYS), out=out)


def asked(scenario: Scenario, **parts: Any) -> Asked:
    first, days = parts.pop("first", FIRST), parts.pop("days", DAYS)
    return Asked(scenario, first=first, days=days, **parts)


def test_a_fault_in_another_process_is_told_whole(scenario: Scenario, tmp_path: Path) -> None:
    """What a worker refuses arrives in the words it was refused with; days done are kept."""
    crowded = scenario_from_document(
        scenario.document,
        overrides=["demand.arrivals.rate_per_s=2000", "demand.calendar.month.7=20"],
    )
    with pytest.raises(ScenarioError, match=r"brings .* \(on 2026-08-0[12]\)") as caught:
        run_days(asked(crowded, first=date(2026, 8, 1), days=2), out=tmp_path, jobs=2)

    assert [fault.key for fault in caught.value.faults] == ["demand"]
    assert json.loads((tmp_path / "study.json").read_bytes())["status"] == "running"


def test_processes_change_nothing(scenario: Scenario, study: DatesStudy, tmp_path: Path) -> None:
    """One process or two: the same study file, byte for byte, and the same days but for time."""
    other = run_days(asked(scenario), out=tmp_path / "two", jobs=2)

    assert other.chain_head == study.chain_head
    names = ["study.json", *(f"days/{path.name}" for path in (study.run_dir / "days").iterdir())]
    assert len(names) == 1 + DAYS
    for name in names:
        one, two = (json.loads((each.run_dir / name).read_bytes()) for each in (study, other))
        for document in (one, two):
            document.pop("timings", None)
            document.pop("self_sha256", None)
        assert one == two
    assert (tmp_path / "two" / "study.json").read_bytes() == (
        study.run_dir / "study.json"
    ).read_bytes()


def test_chain_head_is_that_of_the_days_in_order(study: DatesStudy) -> None:
    """sha256 over the heads, as bytes in order of date."""
    document = json.loads((study.run_dir / "study.json").read_bytes())
    heads = [bytes.fromhex(each["chain_head"]) for each in document["replications"]]

    assert [each["date"] for each in document["replications"]] == [
        (FIRST + timedelta(days=n)).isoformat() for n in range(DAYS)
    ]
    assert document["status"] == "complete"
    assert document["chain_head"] == hashlib.sha256(b"".join(heads)).hexdigest()
    assert document["chain_head"] == study.chain_head


def test_a_date_is_the_same_day_in_every_window(
    scenario: Scenario, study: DatesStudy, tmp_path: Path
) -> None:
    """Passengers hang on seed and date, not on the first day asked for."""
    day = FIRST + timedelta(days=3)
    other = run_days(asked(scenario, first=day, days=1), out=tmp_path)
    alone = run_day(scenario_on(scenario, day), replication=day.toordinal())

    assert read_record(tmp_path, day).chain_head == read_record(study.run_dir, day).chain_head
    assert other.figures["by_day"][0] == study.figures["by_day"][3]
    assert alone.chain_head == read_record(tmp_path, day).chain_head


def test_demand_and_policies_follow_the_calendar(study: DatesStudy) -> None:
    """Twice the passengers in the rush, the rule from its date on."""
    days = study.figures["by_day"]

    assert [day["holidays"] for day in days] == [[], [], *[["tet-rush"]] * 4]
    assert [day["factor"] for day in days] == pytest.approx([0.9, 1, 2, 2, 2, 2.2])
    assert [day["policies"] for day in days] == [[], [], [], [], *[["new-rule"]] * 2]
    for day in days:  # Poisson: five standard deviations
        expected = 720 * day["factor"]
        assert abs(day["passengers"] - expected) < 5 * math.sqrt(expected)


def test_figures_are_those_of_all_visits_together(scenario: Scenario, study: DatesStudy) -> None:
    """Merged figures equal those worked out from every day's visits in one list."""
    waits: list[np.ndarray] = []
    passengers = within = 0
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        done = run_day(scenario_on(scenario, day), replication=day.toordinal())
        rows = done.folded.visits.by_station(2)[done.folded.stations.index("desk")].rows
        waits.append(rows.wait_us[counts_for_waits(rows, since_us=0)])
        passengers += done.summary["passengers"]
        within += int((waits[-1] <= 60_000_000).sum())
    all_waits = np.sort(np.concatenate(waits))
    desk, target = study.figures["stations"]["desk"], study.figures["targets"][0]

    assert study.figures["passengers"] == passengers == desk["persons"] == len(all_waits)
    assert desk["wait_s"]["mean"] == int(all_waits.sum()) / (len(all_waits) * 1_000_000)
    for percent in (50, 90, 95, 99):
        assert desk["wait_s"][f"p{percent}"] == nearest_rank(all_waits, percent) // 1_000_000
    assert (target["served_within"], target["share"]) == (within, within / passengers)


def test_months_and_weekdays_cut_the_same_whole(study: DatesStudy) -> None:
    """Passengers, events and broken promises add up, however the days are grouped."""
    figures = study.figures
    broken = sum(day["is_promise_missed"] for day in figures["by_day"])

    assert 0 < broken < DAYS, "the promise is always kept or never: nothing is tested"
    for groups in (figures["by_month"], figures["by_weekday"], figures["by_day"]):
        for name in ("passengers", "events", "exited"):
            assert sum(each[name] for each in groups) == figures[name]
    for groups in (figures["by_month"], figures["by_weekday"]):
        assert sum(each["days_promise_missed"] for each in groups) == broken
    assert figures["days_promise_missed"] == broken


def test_the_worst_day_waits_longest(study: DatesStudy) -> None:
    """Days are listed from the station furthest beyond its band; only the desk has one."""
    by_date = {day["date"]: day for day in study.figures["by_day"]}
    p95 = [by_date[day]["wait_p95_s"]["desk"] for day in study.figures["worst_days"]]

    assert p95 == sorted(p95, reverse=True)
    assert {day["worst_station"]["station"] for day in by_date.values()} == {"desk"}


def test_kept_logs_are_runs(scenario: Scenario, study: DatesStudy, tmp_path: Path) -> None:
    """With logs kept each day is a sealed run too; the heads are the same."""
    kept = run_days(asked(scenario, days=2, keep_logs=True), out=tmp_path)
    verdict = verify_path(tmp_path, resimulate=True)

    assert [each["chain_head"] for each in kept.figures["by_day"]] == [
        each["chain_head"] for each in study.figures["by_day"][:2]
    ]
    assert (verdict.status, verdict.segments, verdict.resimulated) == ("complete", 2, True)
    assert verify_path(tmp_path / f"r{FIRST}", resimulate=True).status == "complete"


def test_an_interrupt_keeps_what_is_done(
    scenario: Scenario, study: DatesStudy, tmp_path: Path
) -> None:
    """Cancelled after two days, resumed: the two are not touched, the study is the same."""

    def interrupt(done: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_days(asked(scenario), out=tmp_path, progress=interrupt)
    cancelled = json.loads((tmp_path / "study.json").read_bytes())
    before = {path: path.stat() for path in (tmp_path / "days").iterdir()}
    verdict = verify_path(tmp_path)
    resumed = run_days(asked(scenario), out=tmp_path, resume=True)

    assert (cancelled["status"], len(cancelled["replications"])) == ("cancelled", 2)
    assert (verdict.status, verdict.notices[0].split(": ")[1]) == (
        "interrupted",
        "2 of 6 days are done",
    )
    assert resumed.resumed == len(before) == 2
    for path, stat in before.items():
        assert (path.stat().st_ino, path.stat().st_mtime_ns) == (stat.st_ino, stat.st_mtime_ns)
    assert (tmp_path / "study.json").read_bytes() == (study.run_dir / "study.json").read_bytes()


def test_half_written_runs_are_done_again(scenario: Scenario, tmp_path: Path) -> None:
    """A run without its day's file is what a kill left: it is made anew."""
    whole = run_days(asked(scenario, days=2, keep_logs=True), out=tmp_path)
    last = FIRST + timedelta(days=1)
    (tmp_path / "days" / f"{last}.json").unlink()
    (tmp_path / f"r{last}" / "manifest.sha256").unlink()
    again = run_days(asked(scenario, days=2, keep_logs=True), out=tmp_path, resume=True)

    assert (again.chain_head, again.resumed) == (whole.chain_head, 1)
    assert verify_path(tmp_path).status == "complete"


def test_resuming_nothing_begins(scenario: Scenario, tmp_path: Path) -> None:
    """A study killed before its first file is simply begun."""
    assert run_days(asked(scenario, days=1), out=tmp_path / "new", resume=True).resumed == 0


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"seed": 2}, "--seed 1, asked is --seed 2"),
        ({"days": 7}, "--days 6, asked is --days 7"),
        ({"first": date(2026, 2, 9)}, "--from 2026-02-08, asked is --from 2026-02-09"),
        ({"on": date(2026, 2, 9)}, "no --on, asked is --on 2026-02-09"),
        ({"keep_logs": True}, "no --keep-logs, asked is --keep-logs"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_another_question_is_refused(
    scenario: Scenario, study: DatesStudy, other: dict[str, Any], words: str
) -> None:
    """A study goes on only with what it was asked; the message says what differs."""
    with pytest.raises(InvalidInputError, match=words):
        run_days(asked(scenario, **other), out=study.run_dir, resume=True)


def test_all_differences_at_once(study: DatesStudy, scenario: Scenario) -> None:
    """Scenario and seed differ: both are told."""
    changed = scenario_on(scenario, date(2026, 7, 1))
    with pytest.raises(InvalidInputError) as caught:
        run_days(asked(changed, seed=2), out=study.run_dir, resume=True)

    assert len(caught.value.faults) == 2
    assert "scenario digest" in str(caught.value)


def test_what_is_no_study_is_left_alone(scenario: Scenario, tmp_path: Path) -> None:
    """A directory with something else in it is refused, with --resume and without."""
    (tmp_path / "notes.txt").write_text("mine")
    for resume in (False, True):
        with pytest.raises(RunError, match="not empty"):
            run_days(asked(scenario), out=tmp_path, resume=resume)
    (tmp_path / "study.json").write_text("{}")
    with pytest.raises(RunError, match="not a study of dates"):
        run_days(asked(scenario), out=tmp_path, resume=True)


@pytest.mark.parametrize("how", ["changed", "moved", "foreign"])
def test_damaged_days_are_named(
    scenario: Scenario, study: DatesStudy, tmp_path: Path, how: str
) -> None:
    """A day's file that proves something else than its day stops verification and resuming."""
    out = tmp_path / "copy"
    shutil.copytree(study.run_dir, out)
    day = out / "days" / f"{FIRST}.json"
    match how:
        case "changed":
            day.write_bytes(day.read_bytes().replace(b'"passengers": 6', b'"passengers": 7', 1))
        case "moved":
            shutil.copy(out / "days" / "2026-02-09.json", day)
        case _:
            run_days(asked(scenario, seed=9, days=1), out=tmp_path / "other")
            shutil.copy(tmp_path / "other" / "days" / day.name, day)

    verdict = verify_path(out)

    assert verdict.status == "damaged"
    assert str(day) in {fault.path for fault in verdict.faults}
    with pytest.raises(DamagedRunError, match="delete it and go on with --resume"):
        run_days(asked(scenario), out=out, resume=True)


@pytest.mark.parametrize("name", ["notes.txt", "r2026-02-08", "days/2026-12-24.json"])
def test_what_the_study_does_not_list_is_a_fault(
    study: DatesStudy, tmp_path: Path, name: str
) -> None:
    """Nothing may hide beside the days."""
    out = tmp_path / "copy"
    shutil.copytree(study.run_dir, out)
    (out / name).write_text("something")
    faults = verify_path(out).faults

    assert [fault.path for fault in faults] == [str(out / name)]


def test_figures_of_the_study_are_checked(study: DatesStudy, tmp_path: Path) -> None:
    """A figure that is not what the days add up to is damage."""
    out = tmp_path / "copy"
    shutil.copytree(study.run_dir, out)
    document = json.loads((out / "study.json").read_bytes())
    document["figures"]["missed"] += 1
    (out / "study.json").write_text(json.dumps(document))

    assert "not what its days add up to" in str(verify_path(out).faults[0])
    assert verify_path(study.run_dir, resimulate=True).resimulated
