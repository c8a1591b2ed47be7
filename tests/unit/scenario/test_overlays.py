"""A scenario says only what it changes; every value keeps the place it was written at."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.scenario.document import parse_document
from sim.scenario.layers import Node, grow
from sim.scenario.merging import merge
from sim.scenario.overlays import MAX_LAYERS, assemble
from tests.unit.scenario.cases import MINIMAL, faults_when, texts

BASE = """\
id = "base"
[demand.first_wave]
before = 07:00:00
factor = { value = 0.8, low = 0.7, high = 1.0, source = "seen" }
[[stations]]
id = "counter"
servers = { value = 50, low = 40, high = 60, source = "counted" }
service = { law = "lognormal", mean_s = 100, cv = 0.5 }
walk = [{ law = "uniform", low_s = 1, high_s = 2 }]
[[stations]]
id = "gate"
servers = 7
[[journey]]
station = "counter"
[[journey]]
id = "way"
options = [{ station = "gate", share = 0.5 }, { station = "counter", share = 0.2 }, { station = "gate", share = 0.3 }]
[[journey]]
station = "gate"
"""  # noqa: E501


def over(text: str, base: str = BASE) -> tuple[Node, list[str]]:
    """A scenario over a base, and its faults."""
    below = parse_document(base, path="base.toml")
    above = parse_document(text, path="over.toml")
    root, faults = merge(grow(below.data, below), grow(above.data, above))
    return root, texts(faults)


def merged(text: str) -> Any:
    """What a scenario over the base says in whole."""
    root, faults = over(text)
    assert faults == []
    return root.plain()


def station(text: str, name: str = "counter") -> Any:
    """A station of the base once changed."""
    return next(each for each in merged(text)["stations"] if each["id"] == name)


def test_tables_merge_key_by_key() -> None:
    """What the scenario does not say stays."""
    data = merged("[demand]\nparty_sizes = [1.0]\n[demand.first_wave]\nbefore = 06:30:00")

    assert data["demand"]["party_sizes"] == [1.0]
    assert str(data["demand"]["first_wave"]["before"]) == "06:30:00"
    assert data["demand"]["first_wave"]["factor"]["value"] == 0.8


def test_arrays_of_tables_merge_by_id() -> None:
    """The element of an id is changed where it stands, a new id goes to the end."""
    data = merged('[[stations]]\nid = "new"\nservers = 1\n[[stations]]\nid = "gate"\nservers = 9\n')

    assert [each["id"] for each in data["stations"]] == ["counter", "gate", "new"]
    assert [each["servers"] for each in data["stations"][1:]] == [9, 1]


def test_other_arrays_replace() -> None:
    """An array whose elements have no id is said anew."""
    data = station('[[stations]]\nid = "counter"\nservers = [{ from = 1, until = 2, servers = 3 }]')

    assert data["servers"] == [{"from": 1, "until": 2, "servers": 3}]


def test_steps_merge_by_id_or_station() -> None:
    """A step without id goes by its station; options of one station by their order."""
    data = merged(
        '[[journey]]\nstation = "gate"\nwhen = "bag"\n'
        '[[journey]]\nid = "way"\n'
        '[[journey.options]]\nstation = "gate"\nshare = 0.6\n'
        '[[journey.options]]\nstation = "gate"\nshare = 0.4\n'
    )

    assert [each.get("when") for each in data["journey"]] == [None, None, "bag"]
    assert [each["share"] for each in data["journey"][1]["options"]] == [0.6, 0.2, 0.4]


@pytest.mark.parametrize(
    ("placing", "order"),
    [
        ('after = "counter"', ["counter", "new", "way", "gate"]),
        ('before = "counter"', ["new", "counter", "way", "gate"]),
        ('before = "gate"', ["counter", "way", "new", "gate"]),
    ],
)
def test_new_elements_go_where_they_say(placing: str, order: list[str]) -> None:
    """After and before place an element among those there, and leave nothing behind."""
    data = merged(f'[[journey]]\nid = "new"\nstation = "gate"\n{placing}\n')

    assert [each.get("id", each["station"]) if "id" not in each else each["id"]
            for each in data["journey"]] == order  # fmt: skip
    assert not any("after" in each or "before" in each for each in data["journey"])


def test_elements_can_move() -> None:
    """An element that is there already goes where it says too."""
    data = merged('[[stations]]\nid = "gate"\nbefore = "counter"\n')

    assert [each["id"] for each in data["stations"]] == ["gate", "counter"]


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ('[[stations]]\nid = "gate"\nremove = true', ("stations", 1)),
        ("[demand.first_wave]\nremove = true", ("demand", "first_wave")),
        (
            '[[stations]]\nid = "counter"\nwalk = { remove = true }',
            ("stations", 0, "walk"),
        ),
    ],
)
def test_remove_takes_away(text: str, gone: tuple[str | int, ...]) -> None:
    """A table that says remove = true takes away what stands in its place, whatever that is."""
    root, faults = over(text)

    assert faults == []
    node: Node | None = root
    for part in gone:
        node = node.child(part) if node is not None else None
    assert node is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[[stations]]\nid = "x"\nremove = true', "over.toml:1: stations.x: remove = true, but"),
        ("[plan]\nremove = true", "over.toml:1: plan: remove = true, but there is nothing"),
        ('[[stations]]\nid = "gate"\n\nafter = "cuonter"', "over.toml:4: stations.gate.after: "),
        ('[[stations]]\nid = "x"\nafter = 3', "over.toml:3: stations.x.after: there is no ''"),
        (
            '[[stations]]\nid = "gate"\nafter = "counter"\nbefore = "counter"',
            "over.toml:1: stations.gate: gives both after and before; give one",
        ),
        (
            '[[stations]]\nid = "gate"\nafter = "counter"\nremove = true',
            "over.toml:1: stations.gate: gives both after and remove; give one",
        ),
        (
            '[[stations]]\nid = "gate"\n[[stations]]\nid = "gate"',
            "over.toml:3: stations[1]: gate stands twice in this file; give each its own id",
        ),
    ],
)
def test_changes_of_nothing_are_faults(text: str, fault: str) -> None:
    """What removes, places or doubles nothing it could is told with file, line and key."""
    _, faults = over(text)

    assert len(faults) == 1
    assert faults[0].startswith(fault)


def test_another_law_replaces_the_old_one() -> None:
    """Parameters of the old law do not linger; those of the same law do."""
    other = station('[[stations]]\nid = "counter"\nservice = { law = "exponential", mean_s = 9 }')
    same = station('[[stations]]\nid = "counter"\nservice = { mean_s = 9 }')

    assert other["service"] == {"law": "exponential", "mean_s": 9}
    assert same["service"] == {"law": "lognormal", "mean_s": 9, "cv": 0.5}


def test_levels_replace_a_number() -> None:
    """Servers by period replace a constant number with its range whole, and the reverse."""
    levels = station('[[stations]]\nid = "counter"\nservers = { period_min = 30, open = [1, 2] }')
    base = BASE.replace("servers = 7", "servers = { period_min = 30, open = [1] }")
    root, _ = over('[[stations]]\nid = "gate"\nservers = { value = 3, low = 1 }', base)

    assert levels["servers"] == {"period_min": 30, "open": [1, 2]}
    assert root.plain()["stations"][1]["servers"] == {"value": 3, "low": 1}


@pytest.mark.parametrize(
    ("said", "servers"),
    [
        ("55", {"value": 55, "low": 40, "high": 60}),
        ("70", 70),
        ("{ value = 55 }", {"value": 55, "low": 40, "high": 60}),
        ("{ value = 70 }", {"value": 70}),
        ('{ value = 70, high = 80, source = "new" }', {"value": 70, "high": 80, "source": "new"}),
        ("{ high = 90 }", {"value": 50, "low": 40, "high": 90, "source": "counted"}),
    ],
)
def test_a_new_number_keeps_only_a_range_that_holds_it(said: str, servers: Any) -> None:
    """The old source spoke of the old number, so it goes; a new range alone keeps the rest."""
    assert station(f'[[stations]]\nid = "counter"\nservers = {said}')["servers"] == servers


def test_a_range_is_given_to_a_plain_number() -> None:
    """Low and high may be added to a number that had none."""
    found = station('[[stations]]\nid = "gate"\nservers = { low = 5, high = 9 }', "gate")

    assert found["servers"] == {"value": 7, "low": 5, "high": 9}


def test_every_value_keeps_its_place() -> None:
    """An inherited value names the base and its line, a changed one the scenario and its own."""
    root, _ = over('[[stations]]\nid = "gate"\nafter = "counter"\n\nqueue_limit = 5\n')

    places = {
        key: (origin.path, origin.line)
        for key in ("servers", "queue_limit", "nowhere")
        for origin in [root.origin_at(("stations", 1, key))]
    }
    assert places == {
        "servers": ("base.toml", 12),
        "queue_limit": ("over.toml", 5),
        "nowhere": ("over.toml", 1),
    }
    assert root.origin_at(("stations", 0, "walk", 0, "low_s")).line == 9


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Working folder with a sound scenario in a folder below."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "base.toml").write_text(MINIMAL)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["deep/base.toml", "deep/base", "./deep/../deep/base"])
def test_extends_names_a_file_from_its_own_folder(folder: Path, name: str) -> None:
    """With or without suffix, and wherever the program runs."""
    (folder / "case.toml").write_text(f'extends = "{name}"\nid = "case"\n')

    assembly = assemble("case.toml")

    assert [document.path for document in assembly.documents] == ["deep/base.toml", "case.toml"]
    assert assembly.root.plain()["id"] == "case"
    assert "extends" not in assembly.root.plain()


def test_extends_may_name_a_builtin_scenario(folder: Path) -> None:
    """A built-in id is taken where no file of that name is beside."""
    (folder / "case.toml").write_text('extends = "sgn-t3"\nid = "case"\n')

    assert assemble("case.toml").root.plain()["kind"] == "airport"

    (folder / "sgn-t3.toml").write_text(MINIMAL)
    assert assemble("case.toml").root.plain()["kind"] == "generic"


def test_a_chain_is_followed_to_its_end(folder: Path) -> None:
    """Each file changes what those below it say, up to a stated depth."""
    names = ["deep/base.toml", *(f"l{n}.toml" for n in range(1, MAX_LAYERS + 1))]
    for below, name in pairwise(names):
        (folder / name).write_text(f'extends = "{below}"\nid = "{name[:-5]}"\n')

    assert len(assemble(names[MAX_LAYERS - 1]).documents) == MAX_LAYERS
    assert "more than 16 files" in assemble(names[MAX_LAYERS]).faults[0].message


def test_a_circle_is_named(folder: Path) -> None:
    """The circle is told from file to file, at the line that closes it, by any path."""
    (folder / "a.toml").write_text('id = "a"\nextends = "b"\n')
    (folder / "b.toml").write_text('extends = "deep/../c.toml"\nid = "b"\n')
    (folder / "c.toml").write_text('id = "c"\n\nextends = "./b"\n')

    (fault,) = texts(assemble("a.toml").faults)

    assert fault == "c.toml:3: extends: goes in a circle: b.toml → c.toml → b.toml; end it"


def test_a_scenario_has_its_own_name(folder: Path) -> None:
    """The id of the base is not inherited."""
    (folder / "case.toml").write_text('extends = "deep/base"\n')

    assert "id" not in assemble("case.toml").root.plain()


def test_the_file_itself_must_be_readable(folder: Path) -> None:
    """Without the file there is nothing to assemble."""
    (fault,) = faults_when(lambda: assemble("nowhere.toml"))

    assert fault.path == "nowhere.toml"
    assert isinstance(fault.message, str)
    assert issubclass(ScenarioError, Exception)
