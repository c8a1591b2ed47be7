"""The JSON Schema beside the scenarios is the models' own, and no stricter than the check."""

import json
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.find import builtin_scenarios, scenario_folder
from sim.scenario.load import load_scenario
from sim.scenario.schema import NAME, scenario_schema, schema_text
from tests.unit.scenario.cases import MALFORMED, MINIMAL

jsonschema = pytest.importorskip("jsonschema")
SCHEMA = jsonschema.Draft202012Validator(scenario_schema())
SEEN_BY_EDITORS = [
    "names-with-capitals", "negative", "not-a-scenario", "number-as-text",
    "parameters-of-another-law", "tables-of-another-form", "true-is-no-number", "typing-error",
    "unknown-law",
]  # fmt: skip


def plain(value: Any) -> Any:
    """TOML as an editor hands it to a JSON Schema."""
    match value:
        case dict():
            return {key: plain(each) for key, each in value.items()}
        case list():
            return [plain(each) for each in value]
        case date() | time():
            return value.isoformat()
        case _:
            return value


def complaints(text: str) -> list[str]:
    """What an editor would underline."""
    return [error.message for error in SCHEMA.iter_errors(plain(tomllib.loads(text)))]


def test_the_schema_is_current() -> None:
    """The file is what the models say now; `python -m sim.scenario.schema` writes it."""
    assert (scenario_folder() / NAME).read_text(encoding="utf-8") == schema_text()


def test_the_schema_is_a_schema() -> None:
    """It keeps to the draft it names."""
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))


@pytest.mark.parametrize("name", builtin_scenarios())
def test_builtin_scenarios_pass(name: str) -> None:
    """Files that extend another too, though they say only part."""
    assert complaints(builtin_scenarios()[name].read_text(encoding="utf-8")) == []
    assert [error.message for error in SCHEMA.iter_errors(load_scenario(name).document)] == []


@pytest.mark.parametrize(
    "text",
    [
        MINIMAL,
        'id = "a"\nextends = "b"\n',
        'id = "a"\nextends = "b"\n[[stations]]\nid = "x"\nafter = "y"\nservice = { mean_s = 3 }\n',
        'id = "a"\nextends = "b"\n[[journey]]\nid = "x"\nremove = true\n[plan]\nremove = true\n',
        'id = "a"\nextends = "b"\nhorizon_s = { value = 3, low = 1 }\nday_starts = "02:00"\n',
        'id = "a"\nextends = "b"\n[sources]\na.b = "x"\n"c.*" = "y"\n',
    ],
)
def test_sound_files_pass(text: str) -> None:
    """Plain numbers or tables, times as text or times, and parts of tables."""
    assert complaints(text) == []


@pytest.mark.parametrize("name", sorted(SEEN_BY_EDITORS))
def test_typing_errors_are_seen(name: str) -> None:
    """Misspelt keys, wrong types and impossible numbers are underlined while typing."""
    assert complaints((MALFORMED / f"{name}.toml").read_text()) != []


def test_keys_are_described() -> None:
    """The docstrings of the models are the editor's hints."""
    station = scenario_schema()["$defs"]["StationSpec"]

    assert station["description"] == "A place where passengers queue and are served."
    assert station["properties"]["queue_limit"]["description"].startswith("Most customers")
    assert Path(NAME).suffix == ".json"
