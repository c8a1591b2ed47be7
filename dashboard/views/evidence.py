"""*Evidence*: what the figures rest on: claims that were tested, and when."""

from __future__ import annotations

from datetime import datetime
from html import escape

import streamlit as st

from dashboard.components.day import card, say
from dashboard.components.tables import table
from dashboard.i18n.formats import Formats
from dashboard.library import claims
from sim.scenario.model_version import MODEL_VERSION


def show(formats: Formats) -> None:
    """Draw the page."""
    words = formats.words
    found = claims()
    if not found:
        st.info(words("evidence.none"))
        return
    held = sum(each["passed"] for each in found)
    say(
        words("evidence.verdict", held=held, n=len(found), model=MODEL_VERSION),
        is_over=held < len(found),
    )
    validation = next((each for each in found if each["name"] == "validation"), None)
    if validation is not None:
        with card("validation", formats, "evidence.validation",
                  escape(words("evidence.validation_under"))):  # fmt: skip
            st.html(_validation(validation["figures"], formats))
    with card("claims", formats, "evidence.claims", escape(words("evidence.claims_under"))):
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
        st.html(table(headers, rows, words=(1, 2, 3, 4, 5), over=over))


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
