"""The service-level table, in words and units a planner reads."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from sim.experiments.day import run_day
from sim.reporting.service_level import service_level_report
from sim.scenario.load import load_scenario

FACTS = {
    "run_dir": "somewhere",
    "chain_head": "0" * 64,
    "seed": 1,
    "engine": "reference",
    "model_version": "1",
    "end_of_run": "drain",
    "policies": [],
    "policies_as_on": None,
    "timings": dict.fromkeys(("sample_s", "engine_s", "write_s", "project_s", "wall_s"), 0.0),
}
DESK = """
id = "desk-day"
kind = "generic"
[demand]
trace = "trace.csv"
[[stations]]
id = "desk"
servers = 1
{standard}
[[journey]]
station = "desk"
"""


def report(tmp_path: Path, rows: str, *, standard: str = "") -> str:
    """The report of a trace at one desk."""
    (tmp_path / "trace.csv").write_text(f"arrival_s,desk\n{rows}")
    (tmp_path / "day.toml").write_text(DESK.format(standard=standard))
    scenario = load_scenario(tmp_path / "day.toml")
    document = {**FACTS, **run_day(scenario).summary}
    paper = StringIO()
    console = Console(file=paper, width=160)
    for part in service_level_report(document, scenario.spec):
        console.print(part)
    return paper.getvalue()


def test_short_waits_are_shown_in_seconds(tmp_path: Path) -> None:
    """Waits under two minutes are in seconds: 0 and 4 s make a mean of 2.00."""
    text = report(tmp_path, "0,5\n1,5\n")

    assert "Wait, s" in text
    assert "2.00" in text


def test_long_waits_are_shown_in_minutes(tmp_path: Path) -> None:
    """Waits of 0 and 10 min make a mean of 5.0."""
    text = report(tmp_path, "0,660\n60,5\n")

    assert "Wait, min" in text
    assert "5.0" in text


@pytest.mark.parametrize(
    ("high", "sentence"),
    [(20, "No station's waits pass its optimum band."), (5, "The queue forms at desk")],
)
def test_the_queue_is_named(tmp_path: Path, high: int, sentence: str) -> None:
    """A P95 of ten minutes is inside a band up to 20 and beyond one up to 5."""
    standard = f"standard = {{ wait_low_min = 1, wait_high_min = {high} }}"

    assert sentence in report(tmp_path, "0,660\n60,5\n", standard=standard)


def test_rules_are_printed_beside_the_figures(tmp_path: Path) -> None:
    """Closing rule and end-of-run rule stand below the table."""
    text = report(tmp_path, "0,5\n")

    assert "Closing rule idle_first" in text
    assert "End of run drain: everyone finishes." in text
