"""A scenario is loaded whole, has one digest, and can be made again from its document."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from sim.scenario.find import builtin_scenarios
from sim.scenario.load import load_scenario, scenario_from_document
from sim.scenario.provenance import figures
from tests.unit.scenario.cases import MINIMAL, faults_when, texts

TRACED = """\
id = "replay"
kind = "generic"
[demand]
trace = "data/arrivals.csv"
[[stations]]
id = "desk"
servers = 1
[[journey]]
station = "desk"
"""

SIX_PERIODS = """\
id = "six-periods"
kind = "generic"
horizon_s = 10_800
end_of_run = "drain"                       # or "cut"
[demand]
arrivals = { law = "poisson", period_min = 30, rate_per_min = [3, 6, 8, 6, 3, 2] }
[[stations]]
id = "desk"
servers = { period_min = 30, open = [5, 9, 12, 10, 6, 4] }
closing = "idle_first"
service = { law = "exponential", mean_s = 90 }
[[journey]]
station = "desk"
[[targets]]
station = "desk"
share = 0.90
within_s = 300
per_min = 30
meaning = "long_run"
[plan]
period_min = 30
max_servers = 17
confidence = 0.95
"""


def saved(folder: Path, text: str, name: str = "case.toml") -> Path:
    """A scenario file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def traced(tmp_path: Path) -> Path:
    """A scenario that replays a trace beside it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "arrivals.csv").write_text("arrival_s,desk\n0,1\n0.5,2\n")
    return saved(tmp_path, TRACED)


@pytest.mark.parametrize("text", [MINIMAL, SIX_PERIODS], ids=["mm3", "six-periods"])
def test_the_examples_of_the_design_load(tmp_path: Path, text: str) -> None:
    """The two scenarios of DESIGN §7 are sound as they stand."""
    scenario = load_scenario(saved(tmp_path, text))

    assert scenario.spec.stations[0].id == "desk"
    assert scenario.path == tmp_path / "case.toml"
    assert scenario.files == (tmp_path / "case.toml",)
    assert len(scenario.program().slots) == 1


@pytest.mark.parametrize("name", builtin_scenarios())
def test_builtin_scenarios_can_be_made_again(name: str) -> None:
    """From its document, also through JSON, a scenario is the same in all that matters."""
    scenario = load_scenario(name)

    again = scenario_from_document(json.loads(json.dumps(scenario.document)))

    assert again.spec == scenario.spec
    assert again.digest == scenario.digest
    assert again.document == scenario.document
    rows = [(row.key, row.value, row.low, row.high) for row in figures(scenario)]
    assert [(row.key, row.value, row.low, row.high) for row in figures(again)] == rows


def test_the_digest_is_of_the_meaning(tmp_path: Path) -> None:
    """Comments, order, an extended base and defaults written out change nothing."""
    plain = load_scenario(saved(tmp_path, MINIMAL))
    spelt = MINIMAL.replace(
        "servers = 3", 'servers = { value = 3.0 }  # three\nclosing="idle_first"'
    )
    saved(tmp_path, 'id = "mm3"\nextends = "case"\n', "above.toml")

    assert load_scenario(saved(tmp_path, spelt, "spelt.toml")).digest == plain.digest
    assert load_scenario(tmp_path / "above").digest == plain.digest
    assert load_scenario(
        tmp_path / "case", overrides=["stations.desk.closing=idle_first"]
    ).digest == (plain.digest)


@pytest.mark.parametrize("override", ["stations.desk.servers=4", "warmup_s=0", "id=other"])
def test_another_meaning_has_another_digest(tmp_path: Path, override: str) -> None:
    """Any value that differs shows."""
    path = saved(tmp_path, MINIMAL)

    assert load_scenario(path, overrides=[override]).digest != load_scenario(path).digest


def test_the_digest_is_stable_between_processes(tmp_path: Path) -> None:
    """Hash seeds play no part."""
    path = saved(tmp_path, SIX_PERIODS)
    program = (
        f"from sim.scenario.load import load_scenario; print(load_scenario({str(path)!r}).digest)"
    )

    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }

    assert digests == {load_scenario(path).digest + "\n"}


def test_a_trace_is_found_beside_its_scenario(traced: Path, tmp_path: Path) -> None:
    """The path in the file starts from the file, also where another folder's file extends it."""
    (tmp_path / "above").mkdir()
    above = saved(tmp_path / "above", 'extends = "../case"\nid = "replay"\n')

    scenario = load_scenario(above)

    assert scenario.trace is not None
    assert scenario.trace.arrival_us.tolist() == [0, 500_000]
    assert scenario.digest == load_scenario(traced).digest
    assert scenario.document["demand"]["trace"] == {
        "path": str(tmp_path / "data" / "arrivals.csv"),
        "sha256": scenario.trace.digest,
    }


def test_a_trace_on_the_command_line_is_found_from_there(
    traced: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the command line names starts from the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.csv").write_text("arrival_s,desk\n7,1\n")

    scenario = load_scenario(traced, overrides=["demand.trace=own.csv"])

    assert scenario.trace is not None
    assert scenario.trace.arrival_us.tolist() == [7_000_000]


def test_a_replayed_scenario_finds_its_trace(traced: Path, tmp_path: Path) -> None:
    """At its own path, else by its name in the folder given."""
    scenario = load_scenario(traced)
    elsewhere = tmp_path / "run"
    elsewhere.mkdir()
    (tmp_path / "data" / "arrivals.csv").rename(elsewhere / "arrivals.csv")

    again = scenario_from_document(scenario.document, base=elsewhere)

    assert again.digest == scenario.digest
    assert again.trace is not None
    assert again.trace.path == elsewhere / "arrivals.csv"
    (gone,) = faults_when(lambda: scenario_from_document(scenario.document))
    assert "does not exist" in gone.message


def test_a_changed_trace_is_noticed(traced: Path, tmp_path: Path) -> None:
    """A run is not simulated again from other arrivals than it had."""
    scenario = load_scenario(traced)
    (tmp_path / "data" / "arrivals.csv").write_text("arrival_s,desk\n0,1\n0.5,3\n")

    (fault,) = faults_when(lambda: scenario_from_document(scenario.document))

    assert fault.path.endswith("arrivals.csv")
    assert "has changed since the run was made" in fault.message


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"demand": 3},
        {"demand": {"trace": {}}},
        {"demand": {"trace": {"path": 5}}},
        {"id": None, "stations": [None]},
    ],
)
def test_a_damaged_document_is_refused(document: dict) -> None:
    """What is no scenario gets faults, as a file would."""
    assert all(fault.message for fault in faults_when(lambda: scenario_from_document(document)))


def test_departures_are_read_into_the_document() -> None:
    """The table beside the scenario is not needed again."""
    scenario = load_scenario("vca")

    assert (
        scenario.spec.demand.departures
        == scenario_from_document(scenario.document).spec.demand.departures
    )
    assert isinstance(scenario.document["demand"]["departures"], list)


def test_a_document_takes_overrides() -> None:
    """A fork changes the scenario that the run kept."""
    document = load_scenario("sgn-t3").document

    changed = scenario_from_document(document, overrides=["stations.kiosk.servers=5"])

    kiosk = next(each for each in changed.spec.stations if each.id == "kiosk")
    assert float(kiosk.servers) == 5  # type: ignore[arg-type]


def test_policies_follow_the_date() -> None:
    """The scenario's own date decides, unless another is asked for."""
    scenario = load_scenario("sgn-t3")

    own = {policy.id for policy in scenario.program().policies}
    before = {policy.id for policy in scenario.program(on=date(2025, 11, 30)).policies}

    assert before < own


def test_an_unknown_name_is_told_what_there_is() -> None:
    """Neither a file nor a scenario: the nearest name is suggested."""
    assert texts(faults_when(lambda: load_scenario("sgn-t33"))) == [
        "sgn-t33: is neither a file nor a built-in scenario; did you mean sgn-t3?"
    ]


def test_importing_brings_nothing_heavy() -> None:
    """Checking a scenario needs neither arrays, tables, statistics nor compilers."""
    rooms = "sim.scenario.load, sim.scenario.check, sim.scenario.provenance"
    program = f"import {rooms}, sys; print(*sys.modules)"

    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    heavy = {"numpy", "pyarrow", "scipy", "pandas", "numba", "simpy", "duckdb"}
    assert heavy & set(result.stdout.split()) == set()
