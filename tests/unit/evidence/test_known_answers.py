"""The known-answer suite."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.evidence.known_answers import suite, theory
from sim.evidence.known_answers.logs import sealed_rows
from sim.evidence.known_answers.recursion import next_free, recursion_rows
from sim.evidence.known_answers.row import Row
from sim.evidence.known_answers.suite import Question, Step, ask_all, questions
from sim.evidence.known_answers.theory import queues, theory_rows
from sim.reporting.known_answers import known_answers_html, known_answers_markdown

WRONG = Row("recursion", "a <desk>", "starts_that_differ", 0, 2, 0, "nobody")
RIGHT = replace(WRONG, got=0)


def asked(*rows: Row) -> tuple[Question, ...]:
    return tuple(Question(row.part, row.case, lambda row=row: [row]) for row in rows)


def test_a_closed_form_is_met_and_a_planted_error_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """An M/M/3 has its wait; services 5 % longer are told from it. False alarm: 1 in 10,000."""
    monkeypatch.setattr(theory, "VISITS", 40_000)
    queue = queues()[1]

    right, wrong = (theory_rows(queue, family=10, twist=twist) for twist in (1.0, 1.05))

    assert [row.holds for row in right] == [True]
    assert [row.holds for row in wrong] == [False]


def test_recursion_gives_the_starts_worked_out_by_hand() -> None:
    """Two servers: the third waits for the first to end, the fourth for the second."""
    assert next_free([0, 1, 2, 3], [10, 20, 5, 5], servers=2) == [0, 1, 10, 15]


def test_both_engines_give_the_recursion() -> None:
    """No start differs, in either engine."""
    rows = recursion_rows(3, passengers=500)

    assert [(row.case.rpartition(" ")[2], row.got) for row in rows] == [
        ("reference", 0), ("compiled", 0),
    ]  # fmt: skip


def test_files_betray_damage() -> None:
    """A sound run is sound, and one flipped bit in any file is noticed."""
    assert all(row.holds for row in sealed_rows())


def test_one_wrong_answer_breaks_the_suite() -> None:
    """What is asked is told beforehand; one row that does not hold is enough."""
    steps: list[Step] = []
    document = ask_all(steps.append, asked(RIGHT, WRONG))

    assert [(step.done, step.total) for step in steps] == [(0, 2), (1, 2)]
    assert (document["passed"], document["held"]) == (False, 1)
    json.dumps(document, allow_nan=False)


def test_reports_say_what_broke() -> None:
    """Both reports name the broken row; markup in it stays text."""
    document = ask_all(asked=asked(WRONG))

    assert "| BROKEN |" in known_answers_markdown(document)
    assert "<td>a &lt;desk&gt;</td>" in known_answers_html(document)


@pytest.mark.parametrize(("row", "code"), [(RIGHT, 0), (WRONG, 1)])
def test_command_exits_by_the_verdict(
    row: Row, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0 where every answer is the known one, else 1; the report is written either way."""
    monkeypatch.setattr(suite, "questions", lambda: asked(row))
    report = tmp_path / "report.md"

    done = CliRunner().invoke(app, ["evidence", "--json", "--report", str(report)])

    assert done.exit_code == code
    assert json.loads(done.stdout)["rows"][0]["got"] == row.got
    assert "Known answers" in report.read_text()


@pytest.mark.parametrize("name", ["report.txt", "nowhere/report.md"])
def test_command_refuses_a_report_before_it_works(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report that cannot be written is refused at once."""
    monkeypatch.setattr(suite, "questions", lambda: pytest.fail("it has begun"))

    done = CliRunner().invoke(app, ["evidence", "--report", str(tmp_path / name)])

    assert done.exit_code != 0
    assert "--report" in str(done.exception)


def test_questions_fit_their_family() -> None:
    """Every part is asked, and Bonferroni's correction counts every closed form."""
    parts = {each.part for each in questions()}

    assert parts == {"theory", "recursion", "engines", "hashes"}
    assert theory.family_of(queues()) == sum(len(each.known) for each in queues())
