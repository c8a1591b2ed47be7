"""*Evidence*: what the figures rest on: answers known beforehand, claims, sources, versions."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

import streamlit as st

from dashboard.components.day import card, say
from dashboard.components.known_answers import known_answers
from dashboard.components.origin import figures_table
from dashboard.components.session import memory, note_in_address
from dashboard.components.sheet import html
from dashboard.components.tables import table
from dashboard.i18n.formats import Formats
from dashboard.library import FIRST, claims, figures_of, offered, titles
from sim.evidence.known_answers.suite import versions
from sim.scenario.model_version import MODEL_VERSION
from sim.scenario.provenance import share_assumed


def show(formats: Formats) -> None:
    """Draw the page."""
    words = formats.words
    found = claims()
    if found:
        held = sum(each["passed"] for each in found)
        say(
            words("evidence.verdict", held=held, n=len(found), model=MODEL_VERSION),
            is_over=held < len(found),
        )
    else:
        st.info(words("evidence.none"))
    known_answers(formats)
    _sources(formats)
    validation = next((each for each in found if each["name"] == "validation"), None)
    if validation is not None:
        with card("validation", formats, "evidence.validation",
                  escape(words("evidence.validation_under"))):  # fmt: skip
            html(_validation(validation["figures"], formats))
    if found:
        with card("claims", formats, "evidence.claims", escape(words("evidence.claims_under"))):
            html(_claims(found, formats))
    with card("versions", formats, "evidence.versions", escape(words("evidence.versions_under"))):
        html(_versions(formats))


def _sources(formats: Formats) -> None:
    """How much of a scenario is assumed, and where every figure is from."""
    words = formats.words
    with card("sources", formats, "evidence.sources", escape(words("evidence.sources_under"))):
        st.session_state.setdefault("evidence-scenario", memory().scenario)
        name = st.selectbox(
            words("panel.scenario"), offered(), key="evidence-scenario", width=420,
            format_func=lambda each: words.of(titles().get(each), otherwise=each),
        )  # fmt: skip
        if name != FIRST:
            note_in_address("scenario", name)
        rows = figures_of(name)
        share, n = formats.percent(share_assumed(rows)), formats.number(len(rows))
        command = f"sim sources {shlex.quote(name)}"
        html(
            f'<p class="note">{words("origin.assumed", share=share, n=n)} '
            f"<code>{escape(command)}</code></p>"
        )
        with st.expander(words("origin.figures")):
            html(figures_table(rows, formats))


def _claims(found: Sequence[dict[str, Any]], formats: Formats) -> str:
    """Claim by claim, as tested."""
    words = formats.words
    rows = [
        (
            each["name"],
            words("evidence.held" if each["passed"] else "evidence.broken"),
            each["statement"],
            formats.date(datetime.fromisoformat(each["date"]).date()),
            each["commit"][:8],
            each["command"],
        )
        for each in found
    ]
    over = [(n, 1) for n, each in enumerate(found) if not each["passed"]]
    columns = ("claim", "outcome", "statement", "date", "commit", "command")
    headers = [words(f"table.{name}") for name in columns]
    return table(headers, rows, words=(1, 2, 3, 4, 5), over=over)


def _versions(formats: Formats) -> str:
    """The model's version, Python's and the libraries'."""
    words = formats.words
    rows = [(words("evidence.model"), str(MODEL_VERSION)), *versions().items()]
    return table([words("table.part"), words("table.commit")], rows, words=(1,))


def _validation(figures: dict[str, object], formats: Formats) -> str:
    """Simulated figures with their intervals, as the claim wrote them."""
    words = formats.words
    rows = [
        (
            case,
            name.replace("_", " "),
            formats.number(value["mean"], 2),
            f"{formats.number(value.get('low'), 2)} … {formats.number(value.get('high'), 2)}",
        )
        for case, found in figures.items()
        if isinstance(found, dict)
        for name, value in found.items()
        if isinstance(value, dict) and isinstance(value.get("mean"), int | float)
    ]
    headers = [words(f"table.{name}") for name in ("case", "figure", "simulated", "interval")]
    return table(headers, rows, words=(1,))
