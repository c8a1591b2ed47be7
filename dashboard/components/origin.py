"""Where the figures on the page come from."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.components.tables import table
from dashboard.i18n.formats import Formats
from dashboard.levers import Levers
from dashboard.library import figures_of
from dashboard.memory import Shown
from sim.scenario.model_version import MODEL_VERSION
from sim.scenario.overrides import SET_SOURCE
from sim.scenario.provenance import FigureRow, share_assumed


def origin(shown: Shown, levers: Levers, formats: Formats) -> None:
    """Scenario, seed, model, share of assumptions, fingerprint, and all sources."""
    question, answer, spec = shown.question, shown.answer, shown.spec
    words = formats.words
    rows = figures_of(question.scenario, tuple(question.overrides(levers)))
    sentence = words(
        "origin.sentence",
        scenario=escape(question.scenario),
        date=formats.date(spec.date),
        on=formats.date(question.on(levers) or spec.date),
        seed=question.seed,
        model=MODEL_VERSION,
        events=formats.number(answer.summary["events"]),
        took=formats.wait(answer.took_s),
    )
    assumed = words(
        "origin.assumed",
        share=formats.percent(share_assumed(rows)),
        n=formats.number(len(rows)),
    )
    st.html(
        f'<div class="head"><h2>{escape(words("origin.title"))}</h2></div>'
        f'<p class="note">{sentence} {assumed} {words("origin.one_day")}</p>'
        f'<p class="note">{escape(words("origin.command"))}: '
        f"<code>{escape(question.command(levers))}</code><br>"
        f'{escape(words("origin.chain"))}: <code class="chain">{answer.chain_head}</code></p>'
    )
    with st.expander(words("origin.figures")):
        st.html(figures_table(rows, formats))


def figures_table(rows: tuple[FigureRow, ...], formats: Formats) -> str:
    """Every figure with its value, its range and its source."""
    words = formats.words
    headers = [words(f"table.{name}") for name in ("figure", "value", "range", "source")]
    cells = [
        (
            row.key,
            f"{_short(row.value, formats)} {row.unit}".strip(),
            ""
            if row.low is None or row.high is None
            else f"{_short(row.low, formats)}–{_short(row.high, formats)}",
            words("origin.set_here") if row.source == SET_SOURCE else row.source,
        )
        for row in rows
    ]
    caption = words("origin.figures_note")
    return table(headers, cells, caption=caption, words=(3,), is_long=True)


def _short(value: float, formats: Formats) -> str:
    decimals = len(f"{value:.6f}".rstrip("0").partition(".")[2])
    return formats.number(value, decimals)
