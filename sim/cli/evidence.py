"""The command that asks what is known beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.ask import AsJson
from sim.cli.console import print_json, say, tables
from sim.errors import UsageError


def evidence(
    *,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a report: FILE ends in .html or .md."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Run the known-answer suite; exit 1 when an answer is not the known one."""
    if report is not None:
        _refuse(report)
    from sim.evidence.known_answers.suite import ask_all
    from sim.reporting.known_answers import (
        known_answers_html,
        known_answers_markdown,
        known_answers_sentence,
        known_answers_table,
    )

    document = ask_all(lambda step: say(f"{step.done + 1} of {step.total}: {step.case}"))
    if report is not None:
        is_html = report.suffix.lower() == ".html"
        text = (known_answers_html if is_html else known_answers_markdown)(document)
        try:
            report.write_text(text, encoding="utf-8")
        except OSError as error:
            msg = f"--report {report}: {error.strerror}; name a file that can be written"
            raise UsageError(msg) from None
        say(f"report written to {report}")
    if json:
        print_json(document)
    else:
        tables().print(known_answers_table(document))
        for row in document["rows"]:
            if not row["holds"]:
                say(f"broken: {row['case']}, {row['quantity']}: {row['expected']:g} is known, "
                    f"got {row['got']:g}")  # fmt: skip
        say(known_answers_sentence(document))
    raise typer.Exit(0 if document["passed"] else 1)


def _refuse(report: Path) -> None:
    """Before the work, not after it."""
    if report.suffix.lower() not in {".html", ".md"}:
        raise UsageError(f"--report {report}: got no .html or .md at the end; choose one of them")
    if report.is_dir() or not report.absolute().parent.is_dir():
        raise UsageError(f"--report {report}: not a file in a folder that exists; name one")
