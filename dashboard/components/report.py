"""The buttons that take a page away as a report: made when pressed, not before."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial

import streamlit as st

from dashboard.components.asking import Asked
from dashboard.components.session import memory
from dashboard.components.sheet import sheet
from dashboard.i18n.formats import Formats
from dashboard.library import figures_of
from dashboard.reports.document import Report, facts_html, file_name, html_of, list_html
from dashboard.reports.pdf import chromium, pdf_of
from sim.scenario.model_version import MODEL_VERSION
from sim.scenario.overrides import SET_SOURCE
from sim.scenario.provenance import share_assumed


def report_buttons(page: str, asked: Asked | None, formats: Formats) -> None:
    """A report of the page as it is drawn; nothing where there is nothing to report."""
    words = formats.words
    parts = tuple(sheet().parts)
    if not parts or (asked is not None and asked.task is None):
        return
    if page == "compare" or (page == "journeys" and memory().kept.get("fork") is not None):
        asked = None  # not the panel's settings; the page's own text says which
    report = report_of(page, parts, asked, formats)
    names = [words(f"page.{page}"), *([asked.question.scenario] if asked else [])]
    name = partial(file_name, words("report.file"), *names, date.today().isoformat())
    program = chromium()
    with st.container(key="report", horizontal=True):
        st.download_button(
            words("report.html"), key="report-html", data=lambda: html_of(report),
            file_name=name(ending="html"), mime="text/html",
            icon=":material/print:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            words("report.pdf"), key="report-pdf",
            data=(lambda: pdf_of(html_of(report), program=program)) if program else b"",
            file_name=name(ending="pdf"), mime="application/pdf",
            icon=":material/picture_as_pdf:", on_click="ignore", disabled=program is None,
            help=None if program else words("report.no_pdf"),
        )  # fmt: skip


def report_of(page: str, parts: tuple[str, ...], asked: Asked | None, formats: Formats) -> Report:
    """The monthly form: situation, change, recommendation, evidence, sources."""
    words = formats.words
    said = [part for part in parts if _is_headline(part)]
    rest = [part for part in parts if not _is_headline(part)]
    advice = "report.advice_plan" if page == "plan" else "report.advice"
    sections = [(words("report.situation"), said), (words("report.figures"), rest)]
    title = subtitle = words(f"page.{page}")
    if f"title.{page}" in words.sentences:
        title = words(f"title.{page}")
    if asked is not None:
        spec = asked.spec
        title = words.of(spec.title, otherwise=spec.id)
        subtitle = " · ".join([subtitle, *([formats.long_date(spec.date)] if spec.date else [])])
        moved = asked.question.overrides(asked.levers)
        change = list_html(moved) if moved else _note(words("report.unchanged"))
        sections.insert(1, (words("report.change"), [change]))
        sections.append((words("report.advice_title"), [_note(words(advice))]))
    sections.append((words("report.evidence"), [facts_html(_facts(asked, formats))]))
    if asked is not None:
        sections.append((words("report.sources"), _sources(asked, formats)))
    return Report(
        language=words.language,
        title=title,
        subtitle=subtitle,
        header=f"{words('app.title')} - {title}",
        page_of=words("report.page"),
        sections=sections,
    )


def _is_headline(part: str) -> bool:
    return part.startswith(('<div class="verdict', '<div class="tiles'))


def _note(text: str) -> str:
    return list_html([text])


def _facts(asked: Asked | None, formats: Formats) -> list[tuple[str, str]]:
    words = formats.words
    facts = [
        (words("report.made"), formats.date(date.today())),
        (words("report.model"), MODEL_VERSION),
    ]
    if asked is None or asked.task is None:
        return facts
    rows = figures_of(asked.question.scenario, tuple(asked.question.overrides(asked.levers)))
    return [
        *facts,
        (words("report.scenario"), asked.question.scenario),
        (words("report.digest"), asked.task.digest),
        (words("report.seed"), str(asked.question.seed)),
        (words("report.command"), asked.question.command(asked.levers)),
        *([(words("report.chain"), asked.answer.chain_head)] if asked.answer else []),
        (words("report.assumed"), formats.percent(share_assumed(rows))),
    ]


def _sources(asked: Asked, formats: Formats) -> list[str]:
    """Every source once, with how many of the figures rest on it."""
    rows = figures_of(asked.question.scenario, tuple(asked.question.overrides(asked.levers)))
    counted = Counter(row.source for row in rows)
    own = formats.words("origin.set_here")
    return [
        list_html(
            [
                f"{own if source == SET_SOURCE else source} ({formats.number(n)})"
                for source, n in counted.most_common()
            ]
        )
    ]
