"""Every built-in scenario asks in two languages; no airport's day contradicts itself."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

import pytest

from sim.projections.audit import audit
from sim.reporting.scenarios import KINDS, scenario_rows, scenario_tables
from sim.scenario.find import builtin_scenarios, scenario_folder
from tests.airport_days import day_of

OUTCOMES = ("boarded", "missed", "exited", "reneged", "balked", "present")
MARKS = set("ăâđêôơư") | {"\N{COMBINING GRAVE ACCENT}", "\N{COMBINING ACUTE ACCENT}"}
MARKS |= {"\N{COMBINING TILDE}", "\N{COMBINING HOOK ABOVE}", "\N{COMBINING DOT BELOW}"}
"""Letters and tone marks that Vietnamese has and English has not."""


@cache
def rows() -> dict[str, dict[str, Any]]:
    """What `sim scenarios` says of each built-in scenario, by id."""
    return {row["id"]: row for row in scenario_rows()}


def is_vietnamese(text: str) -> bool:
    """Whether a text has a mark that only Vietnamese uses."""
    return bool(MARKS & set(unicodedata.normalize("NFD", text.lower()) + text.lower()))


@pytest.mark.parametrize("name", builtin_scenarios())
def test_asks_its_own_question_in_two_languages(name: str) -> None:
    """Title and question in Vietnamese with its marks and in English without."""
    row = rows()[name]

    for text in (row["title"], row["question"]):
        assert is_vietnamese(text["vi"])
        assert not is_vietnamese(text["en"])
    assert row["question"]["vi"].endswith("?")
    assert row["question"]["en"].endswith("?")


def test_no_two_ask_the_same() -> None:
    """A scenario that inherits title or question has none of its own."""
    for key in ("title", "question"):
        texts = [row[key][language] for row in rows().values() for language in ("vi", "en")]
        assert sorted({text for text in texts if texts.count(text) > 1}) == []


@pytest.mark.parametrize("name", [name for name in rows() if rows()[name]["kind"] == "airport"])
def test_runs_without_contradiction(name: str) -> None:
    """A full day of every airport: everyone has one outcome, and the audit finds nothing."""
    day = day_of(name)

    assert day.summary["passengers"] > 0
    assert sum(day.summary[outcome] for outcome in OUTCOMES) == day.summary["passengers"]
    assert audit(day.log, day.scenario.spec) == ()


@pytest.mark.parametrize("name", builtin_scenarios())
def test_bases_are_said_by_name(name: str) -> None:
    """A scenario extends a file of its own folder, so that it goes wherever the folder goes."""
    text = builtin_scenarios()[name].read_text(encoding="utf-8")

    for base in re.findall(r'^extends = "(.*)"$', text, re.MULTILINE):
        assert (scenario_folder() / f"{base}.toml").is_file()


def test_the_list_is_readable() -> None:
    """Each scenario stands once, under the kind of its place, on one line of a wide terminal."""
    listed = list(rows().values())
    tables = list(scenario_tables(listed))

    assert sum(table.row_count for table in tables) == len(listed) >= 45
    assert {row["kind"] for row in listed} <= KINDS.keys()
    assert all(len(f"{row['id']:21}  {row['title']['en']}") < 110 for row in listed)
