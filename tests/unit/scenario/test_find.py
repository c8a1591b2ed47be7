"""A name is a file where there is one, else a built-in scenario."""

from pathlib import Path

import pytest

from sim.errors import Fault
from sim.scenario import find
from sim.scenario.find import builtin_scenarios, find_base, find_scenario, shown_path
from tests.unit.scenario.cases import MINIMAL


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_builtin_scenarios_are_found_anywhere(folder: Path) -> None:
    """The shipped scenarios have ids that do not depend on the working folder."""
    found = builtin_scenarios()

    assert {"sgn-t3", "sgn-t3-tet", "sgn-t1", "vca"} <= found.keys()
    assert list(found) == sorted(found)
    assert find_scenario("sgn-t3") == found["sgn-t3"]
    assert find_scenario("sgn-t3.toml") == found["sgn-t3"]


@pytest.mark.parametrize("name", ["sgn-t3", "sgn-t3.toml", "./sgn-t3"])
def test_an_existing_file_wins(folder: Path, name: str) -> None:
    """A file of one's own hides the built-in scenario of its name."""
    (folder / "sgn-t3.toml").write_text(MINIMAL)

    assert find_scenario(name) == Path("sgn-t3.toml")


def test_a_folder_hides_nothing(folder: Path) -> None:
    """A run written to a folder named as the scenario does not get in its way."""
    (folder / "sgn-t3").mkdir()
    (folder / "other").mkdir()

    assert find_scenario("sgn-t3") == builtin_scenarios()["sgn-t3"]
    assert find_scenario("other") == Path("other")  # reading it will say what it is


def test_unknown_names_are_told_what_was_meant(folder: Path) -> None:
    """The nearest built-in scenario is suggested."""
    fault = find_scenario("sgn_t3_tte")

    assert isinstance(fault, Fault)
    assert fault.path == "sgn_t3_tte"
    assert fault.message.endswith("did you mean sgn-t3-tet?")


def test_bases_are_not_listed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose name starts with an underscore is there for others to extend."""
    monkeypatch.setattr(find, "scenario_folder", lambda: folder)
    (folder / "_hall.toml").write_text(MINIMAL)
    (folder / "b.toml").write_text(MINIMAL)
    (folder / "a.toml").write_text(MINIMAL)

    assert list(builtin_scenarios()) == ["a", "b"]
    assert find_base("_hall", folder=folder / "elsewhere") == folder / "_hall.toml"


def test_a_bundle_in_the_package_is_used_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an installed package the scenarios lie inside it."""
    package = tmp_path / "sim"
    (package / "scenario").mkdir(parents=True)
    (package / "_scenarios").mkdir()
    monkeypatch.setattr(find, "__file__", str(package / "scenario" / "find.py"))
    find.scenario_folder.cache_clear()

    found = find.scenario_folder()
    find.scenario_folder.cache_clear()

    assert found == package / "_scenarios"


def test_paths_are_shown_short(folder: Path) -> None:
    """Below the working folder a path is shown from there."""
    assert shown_path(folder / "a" / ".." / "b.toml") == "b.toml"
    assert shown_path(Path("a/./b.toml")) == "a/b.toml"
    assert shown_path(Path("/b.toml")) == "/b.toml"
