"""Values set from outside reach any place by its key."""

from pathlib import Path
from typing import Any

import pytest

from sim.scenario.document import parse_document
from sim.scenario.layers import grow
from sim.scenario.load import load_scenario
from sim.scenario.overrides import Override, apply_overrides, parse_override
from sim.scenario.provenance import figures
from tests.unit.scenario.cases import MINIMAL, faults_when, texts

BASE = """\
id = "base"
horizon_s = 3600
date = 2025-11-30
[demand]
party_sizes = [0.5, 0.5]
[[traits]]
id = "bag"
share = { value = 0.5, low = 0.4, high = 0.6, source = "seen" }
[[stations]]
id = "counter"
servers = { value = 50, low = 40, high = 60, source = "counted" }
service = [{ law = "exponential", mean_s = 9 }]
[[stations]]
id = "1"
servers = 7
[[journey]]
id = "check-in"
options = [{ station = "counter" }, { station = "kiosk", share = 0.1 }, { station = "kiosk" }]
"""


def changed(*overrides: str) -> Any:
    """The scenario with values set."""
    document = parse_document(BASE, path="base.toml")
    root = grow(document.data, document)
    assert texts(apply_overrides(root, overrides)) == []
    return root.plain()


def refused(*overrides: str) -> list[str]:
    """Faults of values that cannot be set."""
    document = parse_document(BASE, path="base.toml")
    return texts(apply_overrides(grow(document.data, document), overrides))


def at(data: Any, *path: str | int) -> Any:
    """The value at a path."""
    for part in path:
        data = data[part]
    return data


@pytest.mark.parametrize(
    ("override", "path", "value"),
    [
        ("horizon_s=60", ("horizon_s",), 60),
        ("traits.bag.when=old", ("traits", 0, "when"), "old"),
        ("stations.1.servers=3", ("stations", 1, "servers"), 3),
        ("stations.0.queue_limit=3", ("stations", 0, "queue_limit"), 3),
        ("journey.check-in.options.kiosk.share=0.3", ("journey", 0, "options", 1, "share"), 0.3),
        ("journey.check-in.options.2.share=0.3", ("journey", 0, "options", 2, "share"), 0.3),
        ("demand.party_sizes.1=0.25", ("demand", "party_sizes", 1), 0.25),
        ("stations.counter.service.mean_s=5", ("stations", 0, "service", "mean_s"), 5),
        ("stations.counter.service.0.mean_s=5", ("stations", 0, "service", 0, "mean_s"), 5),
        ("plan.max_servers=17", ("plan", "max_servers"), 17),
        ("horizon_s.low=60", ("horizon_s", "low"), 60),
        (' sources."a.b" = "c" ', ("sources", "a.b"), "c"),
    ],
)
def test_keys_reach_any_place(override: str, path: tuple[str | int, ...], value: Any) -> None:
    """Elements go by id first, then by index; tables that are not there are made."""
    assert at(changed(override), *path) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("60", 60),
        ("1_000", 1000),
        ("0.5", 0.5),
        ("true", True),
        ("True", "True"),
        ("generic", "generic"),
        ('"60"', "60"),
        ("5:30", "5:30"),
        ("[1, 2]", [1, 2]),
        ("{ a = 1 }", {"a": 1}),
        ("a=b", "a=b"),
        ("1 # one", "1 # one"),
        ("1\nb = 2", "1\nb = 2"),
    ],
)
def test_values_are_toml_or_text(written: str, value: Any) -> None:
    """A value is read as in a file; what is no TOML value is text."""
    override = parse_override(f"key={written}")

    assert isinstance(override, Override)
    assert override.value == value


def test_dates_and_times_are_themselves() -> None:
    """Dates need no quotes, and the rest of the scenario stays."""
    data = changed("date=2025-12-01", "day_starts=02:00:00")

    assert (str(data["date"]), str(data["day_starts"])) == ("2025-12-01", "02:00:00")
    assert data["horizon_s"] == 3600


@pytest.mark.parametrize(
    ("override", "servers"),
    [
        (
            "servers=55",
            {"value": 55, "low": 40, "high": 60, "source": "set on the command line"},
        ),
        ("servers=70", {"value": 70, "source": "set on the command line"}),
        ("servers.value=70", {"value": 70, "source": "set on the command line"}),
        ("servers.high=70", {"value": 50, "low": 40, "high": 70, "source": "counted"}),
        ("servers={ value = 5 }", {"value": 5}),
        ("servers={ period_min = 30, open = [1] }", {"period_min": 30, "open": [1]}),
    ],
)
def test_a_figure_keeps_its_range_where_it_can(override: str, servers: Any) -> None:
    """A number takes the place of the figure's value; its source is the command line."""
    assert changed(f"stations.counter.{override}")["stations"][0]["servers"] == servers


def test_remove_takes_away() -> None:
    """The same table that removes in a file removes here."""
    data = changed("stations.counter.service={remove = true}", "journey.0={remove=true}")

    assert "service" not in data["stations"][0]
    assert data["journey"] == []


@pytest.mark.parametrize(
    ("override", "fault"),
    [
        ("servers", '--set: got "servers"; give key=value'),
        ("=3", '--set: got "=3"; give key=value'),
        ("a..b=3", '--set: got "a..b=3"; give key=value'),
        ("a=", '--set: a: got no value; give one, or "" for empty text'),
        ("a=[1, 2", '--set: a: cannot read "[1, 2" as a value'),
        ('a="b', "--set: a: cannot read"),
        ("a=" + "[" * 60, "--set: a: the value nests deeper than 32 levels"),
        ("a=\ud800", "--set: a: the value is not UTF-8"),
        ("extends=sgn-t3", "--set: extends: cannot be set from outside"),
        (
            "stations.cuonter.servers=3",
            "--set: stations.cuonter.servers: stations has no cuonter; did you mean counter?",
        ),
        ("stations.9.servers=3", "--set: stations.9.servers: stations has no 9; known here:"),
        ("demand.party_sizes.2=0.1", "--set: demand.party_sizes.2: party_sizes has no 2; "),
        ("id.value=3", '--set: id.value: id is "base", which has no value'),
        ("horizon_s.x=3", "--set: horizon_s.x: horizon_s is 3600, which has no x"),
        ("plan={remove=true}", "--set: plan: there is nothing to remove"),
    ],
)
def test_keys_to_nowhere_are_faults(override: str, fault: str) -> None:
    """A key that leads nowhere, or a value that cannot be read, is told with what was meant."""
    (found,) = refused(override)

    assert found.startswith(fault)


def test_a_key_is_given_once() -> None:
    """Which of two values was meant cannot be known."""
    assert refused("horizon_s=1", "horizon_s=2") == [
        "--set: horizon_s: given twice, 1 and 2; give one"
    ]


def test_models_check_what_was_set(tmp_path: Path) -> None:
    """Unknown keys and impossible values are told as in a file, all at once."""
    path = tmp_path / "case.toml"
    path.write_text(MINIMAL)
    overrides = [
        "stations.desk.serevrs=4",
        "stations.desk.servers=-4",
        "warmup_s=true",
        "journey.desk.when=bag",
        "nothing.of.the.kind=1",
    ]

    faults = texts(faults_when(lambda: load_scenario(path, overrides=overrides)))

    assert [text.split(", question")[0] for text in faults] == [
        "--set: journey.desk.when: there is no trait bag; traits: nothing",
        "--set: nothing: unknown key; known here: id, kind, title",
        "--set: stations.desk.serevrs: unknown key; did you mean servers?",
        "--set: stations.desk.servers: -4 is not a count; give a whole number 0 to 30000",
        "--set: warmup_s: got true; give a number",
    ]


def test_set_figures_say_where_they_come_from(tmp_path: Path) -> None:
    """Every figure that was set, also in a table or array, has the command line as source."""
    path = tmp_path / "case.toml"
    path.write_text(MINIMAL + '[sources]\n"*" = "seen"\n')
    overrides = [
        "stations.desk.servers=4",
        "demand.party_sizes=[0.6, 0.4]",
        'stations.desk.service={ law = "uniform", low_s = 1, high_s = 2 }',
    ]

    rows = figures(load_scenario(path, overrides=overrides))

    sources = {row.key: (row.source, row.path) for row in rows}
    here = ("set on the command line", "--set")
    assert sources["stations.desk.servers"] == here
    assert sources["demand.party_sizes[1]"] == here
    assert sources["stations.desk.service.low_s"] == here
    assert sources["demand.arrivals.rate_per_s"] == ("seen", str(path))
