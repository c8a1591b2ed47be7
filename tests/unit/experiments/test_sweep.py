"""Sweeps: factors, designs, days at every point, tornado."""

from __future__ import annotations

import csv
import doctest
import io
from pathlib import Path
from types import ModuleType

import pytest

from sim.errors import InvalidInputError, RunError, UsageError
from sim.experiments import designs
from sim.experiments.designs import design_points
from sim.experiments.factors import Factor, Question, factors, levers
from sim.experiments.sweep import Sweep, run_sweep, tornado_points
from sim.reporting.sweeps import (
    rank_correlations,
    sweep_csv,
    sweep_document,
    sweep_tables,
    tornado,
    tornado_tables,
)

DESK = """
id = "desk"
kind = "generic"
horizon_s = 3600
[demand]
arrivals = { law = "poisson", rate_per_s = 0.05 }
[[stations]]
id = "desk"
servers = 3
service = { law = "exponential", mean_s = { value = 50, low = 40, high = 60, source = "assumed" } }
[[journey]]
station = "desk"
"""
SERVICE, SERVERS = "stations.desk.service.mean_s", "stations.desk.servers"
WAIT = "stations.desk.wait_s.mean"


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> Question:
    path = tmp_path_factory.mktemp("scenario") / "desk.toml"
    path.write_text(DESK, encoding="utf-8")
    return Question(str(path))


@pytest.fixture(scope="module")
def both_ends(question: Question) -> Sweep:
    moved, _ = factors(question, [f"{SERVERS}=2:4"], with_levers=True)
    return run_sweep(question, moved, tornado_points(moved), reps=6)


def test_factors_are_told_apart(question: Question) -> None:
    """Servers take whole numbers only, seconds any; words go through as they are written."""
    moved, left_out = factors(
        question, [f"{SERVERS}=2:6", f"{SERVICE}=45:55", "end_of_run=cut,drain"]
    )

    assert [each.is_whole for each in moved] == [True, False, False]
    assert moved[2].values == ("cut", "drain")
    assert not left_out
    assert moved[0].levels(3) == ["2", "4", "6"]
    assert {moved[0].at(u) for u in (0, 0.3, 0.5, 0.7, 0.999)} == {"2", "3", "4", "5", "6"}


def test_levers_are_what_the_file_gives_a_range(question: Question) -> None:
    """By pattern or all: those with low and high, and only those."""
    scenario = question.load()

    assert [each.key for each in levers(scenario)] == [SERVICE]
    assert factors(question, ["stations.*"])[0] == [Factor(SERVICE, low=40.0, high=60.0)]


def test_everything_wrong_is_told_at_once(question: Question) -> None:
    """A range upside down, one value, an unknown key, a lever that is none, a factor twice."""
    with pytest.raises(InvalidInputError) as caught:
        factors(
            question,
            [
                *("horizon_s=9:3", "horizon_s=7", "stations.nobody.servers=1:2", "x.*"),
                *("end_of_run=cut,no", "warmup_s=1:2", "warmup_s=3:4"),
            ],
        )

    told = str(caught.value)
    for part in ("the lower first", "KEY=LOW:HIGH", "nobody", '"x.*"', 'got "no"', "given twice"):
        assert part in told
    with pytest.raises(InvalidInputError, match="nothing to move"):
        factors(question, [])


def test_designs_cover_each_range() -> None:
    """A hypercube tries each sixteenth once; Sobol's points continue, and both are repeatable."""
    two = [Factor("a", low=0, high=16), Factor("b", low=1, high=2)]

    cube = design_points(two, "lhs", points=16, seed=3)
    sobol = design_points(two, "sobol", points=16, seed=3)

    assert sorted(int(float(a)) for a, _ in cube) == list(range(16))
    assert sorted(int(float(a)) for a, _ in sobol) == list(range(16))
    assert sobol[:8] == design_points(two, "sobol", points=8, seed=3)
    assert cube == design_points(two, "lhs", points=16, seed=3)
    assert cube != design_points(two, "lhs", points=16, seed=4)


def test_absurd_designs_are_refused() -> None:
    """One point is no design, and nobody waits for a million."""
    many = [Factor(str(n), low=0, high=1) for n in range(20)]

    with pytest.raises(UsageError, match="are more than"):
        design_points(many, "grid")
    with pytest.raises(UsageError, match="2 at least"):
        design_points(many, "lhs", points=1)


@pytest.mark.statistical
def test_more_servers_less_waiting(question: Question) -> None:
    """At each point the same days: waits fall with servers and rise with service time, surely."""
    moved, _ = factors(question, [f"{SERVERS}=2:4", f"{SERVICE}=45,50,55"])

    done = run_sweep(question, moved, design_points(moved, "grid"), reps=6)
    found = {row.settings: row for row in done.rows}

    assert len(done.rows) == 9
    as_it_is = found["3", "50"].differences[WAIT]
    assert as_it_is.outcome == "identical"
    assert found["2", "50"].differences[WAIT].outcome == "higher"
    assert found["3", "45"].figures[WAIT].mean < found["3", "55"].figures[WAIT].mean
    rho = rank_correlations(done)
    assert rho is not None
    assert rho[WAIT][SERVERS] < 0 < rho[WAIT][SERVICE]


@pytest.mark.statistical
def test_tornado_has_the_largest_first(both_ends: Sweep) -> None:
    """A desk fewer moves waits further than ten seconds of service; both ends are paired."""
    bars = tornado(both_ends)[WAIT]

    assert [bar["factor"] for bar in bars] == [SERVERS, SERVICE]
    assert bars[0]["low"]["difference"] > 0 > bars[0]["high"]["difference"]
    assert bars[1]["low"]["setting"] == "40.0"
    assert bars[1]["low"]["difference"] < 0 < bars[1]["high"]["difference"]


def test_it_is_told_in_three_ways(both_ends: Sweep) -> None:
    """Tables, lines of CSV with a cell for every heading, and JSON."""
    lines = list(csv.reader(io.StringIO(sweep_csv(both_ends))))
    document = sweep_document(both_ends, design="tornado")

    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(lines) == 5
    assert document["points"][0]["settings"] == {SERVERS: "2"}
    assert document["base"]["figures"][WAIT]["less_base"] == 0
    assert len(list(tornado_tables(both_ends, WAIT))) == 1
    assert next(iter(sweep_tables(both_ends, WAIT))) is not None


def test_a_sweep_goes_on_where_it_was(question: Question, tmp_path: Path) -> None:
    """Days that are there are not simulated; more points reuse them; damage is made good."""
    moved, _ = factors(question, [f"{SERVERS}=2:3"])
    points = design_points(moved, "grid", points=2)
    folder = tmp_path / "sweep"

    first = run_sweep(question, moved, points[:1], reps=3, folder=folder)
    record = next(folder.glob("*/r0001.json"))
    whole = record.read_bytes()
    record.write_bytes(whole.replace(b"1", b"2", 1))
    second = run_sweep(question, moved, points, reps=3, folder=folder)
    third = run_sweep(question, moved, points, reps=3, folder=folder)

    assert first.resumed == 0
    assert second.resumed == 5
    assert third.resumed == 9
    assert record.read_bytes() == whole
    assert (second.base, second.rows) == (third.base, third.rows)
    fresh = run_sweep(question, moved, points, reps=3)
    assert (fresh.base, fresh.rows) == (third.base, third.rows)


def test_other_peoples_directories_are_left_alone(question: Question, tmp_path: Path) -> None:
    """A directory with something else in it is refused before anything is simulated."""
    moved, _ = factors(question, [f"{SERVERS}=2:3"])
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")

    with pytest.raises(RunError, match="keeps no days"):
        run_sweep(question, moved, [("2",)], reps=2, folder=tmp_path)


def test_unknown_figures_are_refused(question: Question) -> None:
    """A figure that no day has is told with some that there are."""
    moved, _ = factors(question, [f"{SERVERS}=2:3"])

    with pytest.raises(UsageError, match="no day has it"):
        run_sweep(question, moved, [("2",)], reps=2, also=["stations.desk.luck"])


@pytest.mark.parametrize("module", [designs])
def test_examples_hold(module: ModuleType) -> None:
    """Examples in docstrings say what happens."""
    assert doctest.testmod(module).failed == 0
