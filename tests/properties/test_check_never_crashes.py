"""No file, whatever is in it, makes a check do anything but list faults."""

import os
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import Fault, ScenarioError
from sim.scenario.check import check_files
from sim.scenario.find import builtin_scenarios
from sim.scenario.load import load_scenario
from tests.unit.scenario.cases import MALFORMED, MINIMAL, toml_of

SOUND = [
    path.read_text()
    for name, path in builtin_scenarios().items()
    if name != "national"  # seconds to check; lines of stops are worlds too
] + [MINIMAL]
SEEDS = SOUND + [
    path.read_text() for path in sorted(MALFORMED.glob("*.toml")) if path.stat().st_size < 3_000
]
NAMES = """
    id kind horizon_s demand stations journey traits policy outages failures targets plan sources
    trace arrivals departures timetable show_up law rate_per_s mean_s cv servers service patience
    walk match batch priority when share options station choose next to calls sets boards restrict
    effective from until period_min open value low high source installed per lanes errors retry
    gallery on_reject on_balk end_of_run date day_starts cap buckets size service_s at_s weights
    values_s aircraft carriers per_hour load_factor seats remove after before extends
"""
WORD_LIST = """
    poisson platoon exponential lognormal empirical deterministic generic airport desk gate exit
    leave bag a-b party person by_departure drain cut prefer shortest 05:00 24:00 assumed 1:N
"""
PIECES = """
    = [ ] [[ { } " ' \"\"\" # , . - nan true 1e999 é 🛫 _ 0x 1979-05-27 id extends remove=true
"""
KEYS = st.sampled_from(NAMES.split())
WORDS = st.sampled_from(WORD_LIST.split())
SPLICES = st.sampled_from([*PIECES.split(), "", "\n", "\r", "\x00", "\ufeff"])
LEAVES = st.one_of(
    st.booleans(),
    st.integers(-3, 9),
    st.integers(),
    st.floats(),
    WORDS,
    st.text(max_size=8),
    st.sampled_from([date(2025, 12, 1), time(5, 30), "not a and b", "(", "", 10**400]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=30,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Working folder with a scenario beside that others can extend."""
    made, before = tmp_path_factory.mktemp("never-crashes"), Path.cwd()
    (made / "base.toml").write_text(MINIMAL)
    os.chdir(made)
    yield made
    os.chdir(before)


def faults_of(content: bytes) -> list[Fault]:
    """What a check says of a file with this content."""
    Path("case.toml").write_bytes(content)
    return check_files(["case.toml"])


@given(text=st.text())
def test_no_text_crashes(folder: Path, text: str) -> None:
    """Arbitrary text is refused with faults that name the file."""
    faults = faults_of(text.encode("utf-8", "surrogatepass"))

    assert faults
    assert all(fault.path == "case.toml" and fault.message for fault in faults)


@given(content=st.binary())
def test_no_bytes_crash(folder: Path, content: bytes) -> None:
    """Arbitrary bytes are refused with faults that name the file."""
    assert all(fault.path == "case.toml" for fault in faults_of(content))


@given(
    text=st.sampled_from(SEEDS),
    edits=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 30), SPLICES | st.text(max_size=5)),
        min_size=1,
        max_size=8,
    ),
)
def test_no_edit_of_a_scenario_crashes(
    folder: Path, text: str, edits: list[tuple[float, int, str]]
) -> None:
    """A scenario with pieces cut out and others put in is sound or gets faults."""
    for where, length, piece in edits:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + length :]

    assert all(fault.message for fault in faults_of(text.encode("utf-8", "surrogatepass")))


@given(tables=st.dictionaries(KEYS, VALUES, max_size=8), is_extending=st.booleans())
def test_no_tables_crash(folder: Path, tables: dict[str, Any], is_extending: bool) -> None:
    """Tables of known keys with any values, alone or over a sound base, get faults or none."""
    if is_extending:
        tables = {**tables, "extends": "base", "id": "case"}

    assert all(fault.message for fault in faults_of(toml_of(tables).encode()))


@given(content=st.binary(max_size=200) | st.text(alphabet='0123456789.,-e"\n na', max_size=80))
def test_no_trace_crashes(folder: Path, content: bytes | str) -> None:
    """A trace of any content is read or refused with faults that name it."""
    body = content if isinstance(content, bytes) else b"arrival_s,desk\n" + content.encode()
    Path("case.csv").write_bytes(body)
    scenario = toml_of(
        {
            "id": "case",
            "kind": "generic",
            "demand": {"trace": "case.csv"},
            "stations": [{"id": "desk", "servers": 1}],
            "journey": [{"station": "desk"}],
        }
    )

    assert all(fault.path == "case.csv" for fault in faults_of(scenario.encode()))


@given(content=st.binary(max_size=200) | st.text(alphabet='0123456789:,-VN"\n ', max_size=80))
def test_no_departures_crash(folder: Path, content: bytes | str) -> None:
    """A table of departures of any content is read or refused with faults that name it."""
    body = content if isinstance(content, bytes) else b"id,at,persons\n" + content.encode()
    Path("case.csv").write_bytes(body)
    scenario = toml_of(
        {
            "extends": "base",
            "id": "case",
            "demand": {
                "arrivals": {"remove": True},
                "departures": "case.csv",
                "show_up": [{"mean_min": 100, "sd_min": 30}],
            },
            "journey": [
                {
                    "station": "desk",
                    "boards": True,
                    "opens_before_min": 40,
                    "closes_before_min": 15,
                }
            ],
        }
    )

    assert all(fault.path == "case.csv" for fault in faults_of(scenario.encode()))


@given(
    overrides=st.lists(
        st.builds(
            "{}={}".format,
            st.lists(KEYS | WORDS | st.sampled_from("01"), min_size=1, max_size=5).map(".".join),
            VALUES.map(lambda value: toml_of({"v": value})[4:].strip()) | st.text(max_size=6),
        )
        | st.text(max_size=20),
        max_size=4,
    )
)
def test_no_override_crashes(folder: Path, overrides: list[str]) -> None:
    """Values set from outside are taken or refused with faults."""
    refused = ()
    try:
        load_scenario("base.toml", overrides=overrides)
    except ScenarioError as error:
        refused = error.faults

    assert all(fault.message for fault in refused)
