"""The page *Plan*: its figures, its sentences and its command are the planner's."""

import json
import shlex
from datetime import date
from typing import Any, get_args

import pytest
from typer.testing import CliRunner

from dashboard.components.asking import Asked, asked_of
from dashboard.components.session import office
from dashboard.errands import planning
from dashboard.i18n.catalogue import LANGUAGES, Language, words
from dashboard.i18n.formats import Formats
from dashboard.levers import levers_of
from dashboard.library import loaded
from dashboard.question import unmoved
from dashboard.views.plan import KINDS, OUTCOMES, SHARES, plan_command, said_text
from sim.cli.app import app
from sim.planner.outcome import PlanOutcome
from sim.planner.said import ENGLISH, Kind, Said
from tests.dashboard.page import html_of, open_page, table_rows, wait_for_answer

FIGURES: dict[str, Any] = {
    "station": "desk", "promise": "desk", "at": "09:30", "estimate": 0.8512, "asked": 0.9,
    "servers": 12, "within_s": 300.0, "share": 0.0213, "says": "at most 1 %",
    "most_missed": 0.01, "brief": 3, "missed": 40, "period": 7, "exact": 0.9,
    "low": 0.84,
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_sentence_is_said_in_both_languages(kind: Kind, language: Language) -> None:
    """The page says each kind with its figures; in English it holds what the command says."""
    text = said_text(Said.of(kind, **FIGURES).parts, {"desk": "Quay X"}, Formats(words(language)))

    assert "{" not in text
    if "{station}" in ENGLISH[kind]:
        assert "Quay X" in text
    for name in SHARES:
        if f"{{{name}" in ENGLISH[kind]:
            assert Formats(words(language)).number(100 * FIGURES[name], 2) + "%" in text


def test_page_knows_every_kind_and_outcome() -> None:
    """Whatever may stand in the way of a plan has its words."""
    assert get_args(Kind) == KINDS
    assert tuple(PlanOutcome) == OUTCOMES


def test_sentences_of_the_command_line_stay() -> None:
    """A sentence is text to whoever only reads it; named after its station it keeps its figures."""
    said = Said.of("beyond_all_day", promise="p", at="09:00", estimate=0.5, within_s=300.0,
                   servers=3, asked=0.9).at("desk")  # fmt: skip

    assert said == (
        "desk: promise p, period from 09:00: 0.5000 of arrivals start within 300 s with 3 servers "
        "open all day, 0.9 is promised"
    )
    assert said.parts["station"] == "desk"


def asked(**changes: Any) -> Asked:
    spec = loaded("vca").spec
    levers = levers_of(spec)
    question = unmoved("vca", levers)
    for name, value in changes.items():
        object.__setattr__(question, name, value)
    return asked_of(question, spec, levers)


def test_command_is_whole_and_quoted() -> None:
    """A shell gives back each part: settings, promises, the date of the rules, seed, days."""
    question = asked(rule=False, seed=7)
    on = question.question.on(question.levers)

    parts = shlex.split(plan_command(question, ("security:0.9:600:30",), 50))

    assert parts[:3] == ["sim", "plan", "vca"]
    assert parts[parts.index("--target") + 1] == "security:0.9:600:30"
    assert parts[parts.index("--days") + 1] == "50"
    assert parts[parts.index("--seed") + 1] == "7"
    assert on is not None
    assert date.fromisoformat(parts[parts.index("--on") + 1]) == on


def test_figures_are_those_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page shows is what the command it names prints, but for the time of the shifts."""
    monkeypatch.setattr(planning, "_roster", lambda *_: None)
    target = loaded("vca").spec.targets[0]
    text = f"{target.station}:{target.share.value:g}:{target.within_s.value:g}:30"
    task = asked().task
    assert task is not None
    errand = planning.PlanErrand(task, (text,), 50)
    office().shelf.put(errand.key, errand.carry_out(lambda value: None))
    page = open_page({"scenario": "vca", "lang": "en"}, name="plan")
    page = wait_for_answer(page)
    page.slider(key="plan-days").set_value(50).run()
    command = html_of(page).rpartition("<code>")[2].partition("</code>")[0]
    parts = shlex.split(command)

    parts[parts.index("--roster-s") + 1] = "0"

    done = CliRunner().invoke(app, [*parts[1:], "--json"])

    found = json.loads(done.stdout)
    formats = Formats(words("en"))
    hours = found["period_s"] / 3600
    rows = list(table_rows(page, after=formats.words("plan.bound")).values())
    assert [row[0] for row in rows] == [
        formats.number(each["server_periods"] * hours, 1) for each in found["stations"].values()
    ]
