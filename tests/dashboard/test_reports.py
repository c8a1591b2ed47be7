"""Reports: one document that needs nothing else, with the figures of the page."""

import os
import re
from html.parser import HTMLParser

import pytest

from dashboard.components.asking import Asked, asked_of
from dashboard.components.report import report_of
from dashboard.i18n.catalogue import LANGUAGES, Language, words
from dashboard.i18n.formats import Formats
from dashboard.levers import levers_of
from dashboard.library import loaded
from dashboard.question import unmoved
from dashboard.reports.document import Report, facts_html, file_name, html_of, list_html
from dashboard.reports.pdf import PrintError, pdf_of
from dashboard.reports.sheet import Sheet
from sim.scenario.model_version import MODEL_VERSION
from tests.dashboard.page import figures, open_page, verdict, wait_for_answer

HOSTILE = "</title><script>alert('x')</script><img src=https://example.org/x onerror=y>"
VOID = {"meta", "img", "br"}


class Seen(HTMLParser):
    """Checks that tags close in order; keeps which there were and what they load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.loads: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.loads += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def asked_for(scenario: str) -> Asked:
    base = loaded(scenario).spec
    levers = levers_of(base)
    return asked_of(unmoved(scenario, levers), base, levers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_report_names_what_gives_the_same_figures(language: Language) -> None:
    """Scenario, digest, seed, version and command of the day stand in the report."""
    asked = asked_for("sgn-t3-tet")
    formats = Formats(words(language))
    assert asked.task is not None

    text = html_of(report_of("change", ("<p>12</p>",), asked, formats))

    for fact in (asked.task.digest, MODEL_VERSION, asked.question.command(asked.levers)):
        assert f"<dd>{fact}</dd>" in text
    assert f'<html lang="{language}">' in text
    assert "<p>12</p>" in text


def test_hostile_texts_stay_texts() -> None:
    """Titles, facts, sources and figures' words cannot bring in tags, styles or addresses."""
    sheet = Sheet()
    sheet.add_figure(HOSTILE, "<table></table>")
    parts = [*sheet.parts, facts_html([(HOSTILE, HOSTILE)]), list_html([HOSTILE])]
    text = html_of(Report("en", HOSTILE, HOSTILE, HOSTILE, "Page", [(HOSTILE, parts)]))

    seen = Seen(text)

    assert not seen.names & {"script", "img", "link", "iframe"}
    assert seen.loads == []
    assert text.count("</style>") == 1


def test_file_names_are_plain() -> None:
    """Vietnamese letters lose their marks, paths their slashes; a name is never empty."""
    assert file_name("Báo cáo", "Đổi", "../x", ending="pdf") == "bao-cao-doi-x.pdf"
    assert file_name("…", ending="html") == "report.html"


@pytest.mark.parametrize("name", ["matcher", "evidence"])
def test_pages_offer_a_report(name: str) -> None:
    """A page with figures has both buttons under it."""
    page = open_page({"lang": "en"}, name=name)

    assert not page.exception
    assert {"report-html", "report-pdf"} <= {each.key for each in page.get("download_button")}


@pytest.mark.skipif(os.name != "posix", reason="the stand-in for Chromium is a shell script")
@pytest.mark.parametrize(("does", "told"), [("exit 0", "no PDF"), ("sleep 60", "after 0.5 s")])
def test_print_that_fails_says_so(tmp_path, does: str, told: str) -> None:
    """A Chromium that prints nothing, or hangs, ends in words within the limit."""
    program = tmp_path / "chromium"
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)

    with pytest.raises(PrintError, match=re.escape(told)):
        pdf_of("<p>", program=str(program), limit_s=0.5)


def test_report_of_today_has_every_figure_of_the_page() -> None:
    """Tiles, the verdict and the digest's day stand in the report as they stand on the page."""
    page = wait_for_answer(open_page({"lang": "en", "scenario": "sgn-t3-tet"}))
    parts = tuple(page.session_state["sheet"].parts)

    text = html_of(report_of("today", parts, asked_for("sgn-t3-tet"), Formats(words("en"))))

    assert all(figure in text for figure in figures(page).values())
    assert verdict(page) in re.sub("<.*?>", "", text)
    assert all(each.startswith("data:") for each in Seen(text).loads)
