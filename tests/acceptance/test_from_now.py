"""``sim run --from-run`` and ``--from-counts`` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.errors import SimError
from sim.events.log import COLUMNS, EventBlock, concat_blocks
from sim.events.store import open_run
from sim.experiments.verification import verify_path
from sim.projections.audit.fold import audit
from sim.projections.state_at import state_at
from sim.scenario.clock import to_us
from sim.scenario.load import load_scenario
from tests.acceptance.test_command_line import sim

TEN, NOON = to_us(10 * 3600), to_us(12 * 3600)
COUNTS = "station,waiting,in_service,mean_wait_s\ncounter,6,3,240\nsecurity,9,2,\nboarding,40,0,\n"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of vca."""
    path = tmp_path_factory.mktemp("runs") / "vca"
    assert sim("run", "vca", "--out", str(path)).returncode == 0
    return path


@pytest.fixture
def counts(tmp_path: Path) -> Path:
    """A sound file of counts."""
    path = tmp_path / "now.csv"
    path.write_text(COUNTS)
    return path


def events_of(run: Path, *, from_us: int, until_us: int) -> EventBlock:
    """Events of a run between two instants."""
    events = concat_blocks(open_run(run).blocks())
    return events[(events.at_us >= from_us) & (events.at_us < until_us)]


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_the_next_two_hours_are_those_of_the_run(run: Path, tmp_path: Path, engine: str) -> None:
    """From ten to noon every event is the run's own; the rest is not simulated."""
    now = tmp_path / "now"
    options = ["--at", "10:00", "--until", "12:00", "--engine", engine]

    told = sim("run", "vca", "--from-run", str(run), *options, "--out", str(now), "--json")

    document = json.loads(told.stdout)
    events = concat_blocks(open_run(now).blocks())
    opening = int((events.kind == 29).nonzero()[0][-1]) + 1
    expected = events_of(run, from_us=TEN, until_us=NOON)
    assert len(events) - opening == len(expected) > 1000
    for name in COLUMNS[1:]:
        assert (getattr(events, name)[opening:] == getattr(expected, name)).all()
    assert document["opening"]["at"] == "10:00"
    assert document["window"] == {"from_s": 36_000, "until_s": 43_200}
    assert document["passengers"] >= document["opening"]["persons"] > 0
    assert verify_path(now, resimulate=True).resimulated


def test_figures_of_the_rest_of_the_day_are_the_runs(run: Path, tmp_path: Path) -> None:
    """Who boards or misses in the end is the same, of those who were there or came."""
    now = tmp_path / "now"
    asked = ["--from-run", str(run), "--at", "10:00", "--out", str(now), "--json"]
    document = json.loads(sim("run", "vca", *asked).stdout)

    whole = concat_blocks(open_run(run).blocks())
    ends = whole.kind[whole.at_us >= TEN]
    assert document["boarded"] == int((ends == 16).sum())
    assert document["missed"] == int((ends == 17).sum())
    assert document["present"] == 0
    assert audit(open_run(now), load_scenario("vca").spec) == ()


def test_another_plan_from_now_on(run: Path, tmp_path: Path) -> None:
    """With ``--set`` a lane closes at the instant, and the run verifies, forks and shows."""
    now, fork = tmp_path / "now", tmp_path / "fork"
    change = ["--set", "stations.security.servers=1", "--at", "10:00"]
    base = ["--from-run", str(run), "--at", "10:00", "--json"]
    plain = json.loads(sim("run", "vca", *base, "--out", str(tmp_path / "as-is")).stdout)

    told = sim("run", "vca", "--from-run", str(run), *change, "--out", str(now), "--json")

    wait = json.loads(told.stdout)["stations"]["security"]["wait_s"]["mean"]
    assert wait > plain["stations"]["security"]["wait_s"]["mean"]
    assert verify_path(now, resimulate=True).resimulated
    assert sim("fork", str(now), "--at", "11:00", "--out", str(fork)).returncode == 0
    assert open_run(fork).chain_head == open_run(now).chain_head
    assert sim("show", str(now), "--at", "10:30").returncode == 0
    assert "before the run begins, 10:00" in sim("show", str(now), "--at", "09:00").stderr


def test_a_run_from_counts(counts: Path, tmp_path: Path) -> None:
    """As many people as were counted stand there; both engines go on alike; it verifies."""
    documents = []
    for engine in ("compiled", "reference"):
        now = str(tmp_path / engine)
        asked = ["--from-counts", str(counts), "--at", "10:00", "--until", "12:00"]
        told = sim("run", "vca", *asked, "--engine", engine, "--out", now, "--json")
        documents.append(json.loads(told.stdout))
    assert verify_path(tmp_path / "reference", resimulate=True).resimulated

    first, second = documents
    stations = first["opening"]["stations"]
    assert stations["counter"] == {"waiting": 6, "in_service": 3}
    assert stations["security"] == {"waiting": 9, "in_service": 2}
    assert first["opening"]["elsewhere"] + stations["boarding"]["waiting"] == 40
    assert first["chain_head"] == second["chain_head"]
    assert (
        "Begins at 10:00 with"
        in sim(
            "run",
            "vca",
            "--from-counts",
            str(counts),
            "--at",
            "10:00",
            "--out",
            str(tmp_path / "t"),
        ).stdout
    )


def test_a_run_from_a_log_by_others(run: Path, tmp_path: Path) -> None:
    """Waiting and in service are counted as the log has them; who is on the way it cannot say."""
    log = tmp_path / "seen.xes"
    assert sim("export", str(run), "--format", "xes", "-o", str(log)).returncode == 0
    known = state_at(open_run(run), TEN - 1)

    asked = ["--from-log", str(log), "--at", "10:00", "--until", "11:00"]
    told = sim("run", "vca", *asked, "--out", str(tmp_path / "now"), "--json")

    stations = json.loads(told.stdout)["opening"]["stations"]
    for each in known.stations:
        seen = stations[each.station]
        assert (seen["waiting"], seen["in_service"]) == (len(each.waiting), len(each.in_service))


def test_a_scenario_may_begin_so(counts: Path, tmp_path: Path) -> None:
    """``[opening]`` in the file does what the options do; paths are beside the file."""
    file = tmp_path / "now.toml"
    table = f'[opening]\ncounts = "{counts.name}"\nat = 10:00:00\nuntil = 11:00:00\n'
    file.write_text(f'id = "now"\nextends = "vca"\n{table}')

    told = sim("run", str(file), "--out", str(tmp_path / "run"), "--json")

    document = json.loads(told.stdout)
    assert document["opening"]["until"] == "11:00"
    assert document["opening"]["stations"]["counter"]["waiting"] == 6


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--at", "10:00"], "give --from-run, --from-counts or --from-log too"),
        (["--from-run", "{run}"], "--at is missing"),
        (
            ["--from-run", "{run}", "--from-counts", "x.csv", "--at", "10:00"],
            "are several beginnings",
        ),
        (["--from-run", "{run}", "--at", "25:99"], "--at: "),
        (["--from-run", "{run}", "--at", "00:00"], "not after the day starts"),
        (["--from-run", "{run}", "--at", "99:00"], "after the run ended"),
        (["--from-run", "{run}", "--at", "10:00", "--until", "09:00"], "--until 09:00 is not"),
        (["--from-run", "{run}", "--at", "10:00", "--reps", "3"], "--reps 3"),
        (["--from-run", "{run}", "--at", "10:00", "--seed", "7"], "--seed 7"),
        (["--from-run", "{run}", "--at", "10:00", "--set", "seed=3"], "seed"),
        (["--from-run", "nowhere", "--at", "10:00"], "nowhere"),
        (["--from-counts", "nowhere.csv", "--at", "10:00"], "does not exist"),
    ],
)
def test_what_cannot_be_is_said(run: Path, tmp_path: Path, asked: list[str], said: str) -> None:
    """Exit code 2 and words, and no run."""
    given = [each.format(run=run) for each in asked]

    told = CliRunner().invoke(app, ["run", "vca", *given, "--out", str(tmp_path / "out")])

    assert isinstance(told.exception, SimError)
    assert told.exception.exit_code == 2
    assert said in str(told.exception)
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_a_run_of_another_scenario_is_refused(run: Path, tmp_path: Path) -> None:
    """Its people are not those of the scenario named."""
    told = sim(
        "run", "airport-domestic", "--from-run", str(run), "--at", "10:00", "--out", str(tmp_path)
    )

    assert told.returncode == 2
    assert "is a run of vca, not of airport-domestic" in told.stderr


def test_all_faults_of_counts_are_told_at_once(tmp_path: Path) -> None:
    """Each with its line, whatever is wrong with the others."""
    file = tmp_path / "bad.csv"
    file.write_text(
        "station,waiting,in_service\nconter,1,1\nsecurity,-4,two\nsecurity,1\nboarding,1,1\n"
        "boarding,2,0\n"
    )

    told = sim("run", "vca", "--from-counts", str(file), "--at", "10:00")

    assert told.returncode == 2
    for said in (
        'bad.csv:2: "conter" is no station of this scenario; did you mean counter?',
        'bad.csv:3: waiting is "-4"',
        'bad.csv:3: in_service is "two"',
        "bad.csv:4: has 2 cells where the header has 3",
        'bad.csv:6: "boarding" was counted in line 5 already',
    ):
        assert said in told.stderr
