"""Every figure of a scenario says where it comes from."""

from pathlib import Path

import pytest

from sim.scenario.find import builtin_scenarios
from sim.scenario.load import load_scenario
from sim.scenario.provenance import CHOSEN, FigureRow, figures, share_assumed

BASE = """\
id = "base"
kind = "generic"
horizon_s = 3600
[demand]
arrivals = { law = "poisson", rate_per_s = { value = 0.5, low = 0.4, high = 0.6 } }
party_sizes = [0.5, 0.5]
party_sizes_source = "counted at the door"
[[stations]]
id = "desk"
source = "annual report"
servers = { value = 3, source = "seen" }
queue_limit = 10
service = { law = "lognormal", mean_s = 20, cv = 0.5, source = "timed" }
[[stations]]
id = "gate"
servers = [{ from = 05:00:00, until = 06:00:00, servers = 2 }]
service = { law = "exponential", mean_s = 4 }
walk = [
    { law = "uniform", low_s = 10, high_s = 20 },
]
[[journey]]
station = "desk"
[[journey]]
id = "way"
options = [{ station = "gate", share = 0.5 }, { station = "desk", share = 0.5 }]
[sources]
demand.arrivals = "assumed: a guess"
"stations.*.walk" = "plan of the hall"
"stations.*.servers" = "Assumed"
"stations.gate.service.mean_s" = "one line"
"journey.way.options.*" = "two lines"
"""


@pytest.fixture
def rows(tmp_path: Path) -> dict[str, FigureRow]:
    """Figures of the base by key."""
    (tmp_path / "base.toml").write_text(BASE)
    return {row.key: row for row in figures(load_scenario(tmp_path / "base.toml"))}


@pytest.mark.parametrize(
    ("key", "source"),
    [
        ("stations.desk.servers", "seen"),
        ("stations.desk.queue_limit", "annual report"),
        ("stations.desk.service.mean_s", "timed"),
        ("stations.desk.service.cv", "timed"),
        ("stations.gate.servers[0].servers", "Assumed"),
        ("stations.gate.service.mean_s", "one line"),
        ("stations.gate.walk.low_s", "plan of the hall"),
        ("journey.way.options.gate.share", "two lines"),
        ("demand.party_sizes[1]", "counted at the door"),
        ("demand.arrivals.rate_per_s", "assumed: a guess"),
        ("horizon_s", CHOSEN),
    ],
)
def test_the_nearest_source_counts(rows: dict[str, FigureRow], key: str, source: str) -> None:
    """Own source, then the tables around, then the table of sources."""
    assert rows[key].source == source


def test_every_figure_written_is_listed(rows: dict[str, FigureRow]) -> None:
    """All numbers of the file that are figures, no default that means nothing."""
    assert len(rows) == 14
    assert "stations.desk.extra_person_share" not in rows


def test_rows_say_all_about_a_figure(rows: dict[str, FigureRow]) -> None:
    """Value, range, unit and place."""
    row = rows["demand.arrivals.rate_per_s"]

    assert (row.value, row.low, row.high, row.unit) == (0.5, 0.4, 0.6, "1/s")
    assert (Path(row.path).name, row.line) == ("base.toml", 5)
    assert rows["stations.gate.walk.high_s"].line == 19
    assert rows["stations.gate.walk.high_s"].unit == "s"
    assert rows["stations.desk.servers"].unit == ""


def test_a_source_does_not_speak_for_what_was_changed_above_it(tmp_path: Path) -> None:
    """A number that an extending file gives needs a source of that file."""
    (tmp_path / "base.toml").write_text(BASE)
    (tmp_path / "case.toml").write_text(
        'extends = "base"\nid = "case"\n[[stations]]\nid = "desk"\nqueue_limit = 20\nservers = 5\n'
        '[[stations]]\nid = "gate"\nwalk = [{ law = "uniform", low_s = 1, high_s = 2 }]\n'
        '[sources]\n"stations.desk.servers" = "counted again"\n'
    )

    found = {row.key: row.source for row in figures(load_scenario(tmp_path / "case.toml"))}

    assert found["stations.desk.queue_limit"] == ""
    assert found["stations.gate.walk.low_s"] == ""
    assert found["stations.desk.servers"] == "counted again"
    assert found["stations.desk.service.mean_s"] == "timed"


def test_the_share_assumed_leaves_settings_out(rows: dict[str, FigureRow]) -> None:
    """Of the facts, those whose source begins with "assumed", however it is written."""
    facts = [row for row in rows.values() if row.source != CHOSEN]

    assert share_assumed(list(rows.values())) == pytest.approx(2 / len(facts))
    assert share_assumed([]) is None


@pytest.mark.parametrize("name", builtin_scenarios())
def test_every_shipped_figure_has_a_source(name: str) -> None:
    """No number of a built-in scenario comes from nowhere."""
    rows = figures(load_scenario(name))

    assert rows
    assert [f"{row.path}:{row.line}: {row.key}" for row in rows if not row.source] == []
    assert len({row.key for row in rows}) == len(rows)
