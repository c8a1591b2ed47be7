"""A matcher's speed in the queue: gates wait for it, and nobody upstream notices."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock, concat_blocks
from sim.experiments.day import Day, Engine, run_day
from sim.scenario.find import scenario_folder
from sim.scenario.load import load_scenario, scenario_from_document

UPSTREAM = ("counter", "kiosk", "bag-drop")
FAST = "epyc-one-core"
SLOW = """
id = "slow"
[measured]
on = 2026-01-01
cpu = "a stop-watch in a test"
threads = 1
clock = "wall"
rounds = 1
threshold = 0.4
templates = "none"
versions = { python = "3" }
[[galleries]]
people = 1000
kernel = "naive"
buckets = [{ size = 64, service_s = 25.0 }]
"""
OUTAGE = """
[[outages]]
id = "match-down"
station = "match"
from = 06:00:00
until = 09:00:00
source = "chosen: the outage of this test"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario of `vca` with match servers, one with an outage, and a slow profile."""
    made = tmp_path_factory.mktemp("feedback")
    text = 'extends = "vca"\noverlay = ["_match-servers.toml"]\nid = "{}"\n'
    made.joinpath("plain.toml").write_text(text.format("plain"), encoding="utf-8")
    made.joinpath("outage.toml").write_text(text.format("outage") + OUTAGE, encoding="utf-8")
    made.joinpath("slow.toml").write_text(SLOW, encoding="utf-8")
    return made


@lru_cache(maxsize=8)
def day_of(folder: Path, case: str, engine: Engine) -> Day:
    """A day with a fast profile, a slow one, or an outage of the match servers."""
    set_ = [f"stations.match.batch.profile='{folder / 'slow.toml'}'"] if case == "slow" else []
    name = "outage" if case == "outage" else "plain"
    return run_day(load_scenario(folder / f"{name}.toml", overrides=set_), engine=engine)


def visits(day: Day, station: str) -> list[np.ndarray]:
    """Everything that happened at a station, but for the place in the log."""
    events = concat_blocks(day.log.blocks())
    at = (events.station == list(day.log.stations).index(station)) & (events.passenger >= 0)
    kept = ("at_us", "kind", "passenger", "visit", "server", "detail")
    return [getattr(events, name)[at] for name in kept]


def gate_wait(day: Day) -> dict[str, Any]:
    return day.summary["stations"]["id-gate"]["wait_s"]


@pytest.mark.parametrize("engine", ["compiled", "reference"])
@pytest.mark.parametrize("case", ["slow", "outage"])
def test_queues_grow_at_the_gates_and_nowhere_upstream(
    folder: Path, case: str, engine: Engine
) -> None:
    """Longer waits at the gates; the same events at every station before them."""
    fast, other = day_of(folder, "fast", engine), day_of(folder, case, engine)

    assert gate_wait(other)["mean"] > gate_wait(fast)["mean"] + 0.5
    assert gate_wait(other)["max"] > gate_wait(fast)["max"] + 10
    for station in UPSTREAM:
        before, after = visits(fast, station), visits(other, station)
        assert all(map(np.array_equal, before, after)), station


@pytest.mark.parametrize("case", ["fast", "slow", "outage"])
def test_both_engines_write_the_same_log(folder: Path, case: str) -> None:
    """Event for event."""
    one, two = (
        concat_blocks(day_of(folder, case, engine).log.blocks())
        for engine in ("compiled", "reference")
    )

    assert len(one.at_us) == len(two.at_us)
    for name in EventBlock.__dataclass_fields__:
        assert np.array_equal(getattr(one, name), getattr(two, name)), name


def test_every_face_at_a_gate_is_asked_of_the_servers(folder: Path) -> None:
    """Every attempt at a gate is a request that the servers take up."""
    day = day_of(folder, "fast", "compiled")
    events = concat_blocks(day.log.blocks())
    names = list(day.log.stations)
    begun = events.kind == CODE[Kind.SERVICE_STARTED]
    answered = int((begun & (events.station == names.index("match"))).sum())

    assert answered == int((events.kind == CODE[Kind.MATCH_REQUESTED]).sum()) > 100


def test_a_run_needs_the_profile_no_more(folder: Path) -> None:
    """The resolved scenario holds the measured times and says what they are."""
    document = load_scenario(folder / "plain.toml").document
    match = next(each for each in document["stations"] if each["id"] == "match")

    assert "profile" not in match["batch"]
    assert match["batch"]["measured"].startswith("epyc-one-core: measured on ")
    again = scenario_from_document(document)
    assert again.document == document


def test_the_shipped_profile_is_bundled() -> None:
    """It lies in the folder of the scenarios, which the wheel carries."""
    assert (scenario_folder() / "profiles" / f"{FAST}.toml").is_file()


def test_faults_of_a_profile_are_told_together(folder: Path, tmp_path: Path) -> None:
    """An unknown profile, too many people, a threshold not measured, figures given twice."""
    text = f"""
extends = "vca"
overlay = ["_match-servers.toml"]
id = "wrong"
[[stations]]
id = "match"
batch = {{ people = 99_999_999_999 }}
[[stations]]
id = "id-gate"
[stations.match]
profile = "{FAST}"
threshold = 0.33
false_accept = {{ remove = true }}
"""
    path = tmp_path / "wrong.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ScenarioError) as refused:
        load_scenario(path)
    told = str(refused.value)
    assert "epyc-one-core was measured up to" in told
    assert "got 0.33; epyc-one-core was measured at 0.24, 0.28, 0.32, 0.36, 0.4" in told

    with pytest.raises(ScenarioError, match="epyc-one-cor is no profile; did you mean epyc-one"):
        load_scenario(
            folder / "plain.toml", overrides=["stations.match.batch.profile=epyc-one-cor"]
        )
    with pytest.raises(ScenarioError, match="buckets: comes from the profile; remove it"):
        load_scenario(
            folder / "plain.toml",
            overrides=["stations.match.batch.buckets=[{ size = 64, service_s = 1.0 }]"],
        )
