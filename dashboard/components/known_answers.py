"""The known-answer suite: a button, how far it is, and a row for each answer."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from dashboard.components.day import card
from dashboard.components.progress import desk_of, pending, wants
from dashboard.components.session import memory, office
from dashboard.components.tables import table
from dashboard.errands.known_answers import KnownAnswersErrand
from dashboard.i18n.formats import Formats
from dashboard.jobs import Job

PURPOSE = "known-answers"
COMMAND = "sim evidence"

PARTS = ("theory", "recursion", "conservation", "engines", "hashes")
"""What an answer may be known from, as `sim.evidence.known_answers.row` names it."""

QUANTITIES = (
    "mean_wait_s", "mean_wait_last_s", "share_balked", "share_reneged", "starts_that_differ",
    "events", "events_that_differ", "persons", "customers_of_stations", "contradictions",
    "faults_of_a_sound_run", "chain_from_the_files", "same_seed_same_chain",
    "flipped_bits_noticed",
)  # fmt: skip
"""What may be compared."""


def known_answers(formats: Formats) -> None:
    """Draw the card."""
    words = formats.words
    errand = KnownAnswersErrand(PARTS)
    with card("known", formats, "known.title", escape(words("known.subtitle"))):
        is_pressed = st.button(
            words("known.run"), key="known-run", type="primary", icon=":material/fact_check:"
        )
        if is_pressed:
            office().shelf.drop(errand.key)
        found = office().shelf.get(errand.key)
        if found is None:
            if wants(PURPOSE, errand, is_pressed=is_pressed, is_automatic=False):
                memory().ask(desk_of(PURPOSE), PURPOSE, errand)
            if not pending(PURPOSE, errand, _told, formats):
                st.info(words("known.empty"))
        else:
            _draw(found, formats)
        st.html(f'<p class="note">{escape(words("known.command"))} <code>{COMMAND}</code></p>')


def _told(job: Job, formats: Formats) -> tuple[float, str]:
    """By the questions asked, with the time that the rest may take."""
    seconds = formats.wait(job.elapsed_s)
    step = job.reached
    if step is None:
        return 0.0, formats.words("known.begins", seconds=seconds)
    done, total = step["done"], step["total"]
    text = formats.words(
        "known.running", n=formats.number(done + 1), total=formats.number(total),
        case=step["case"], seconds=seconds,
    )  # fmt: skip
    return done / total, text


def _draw(found: dict[str, Any], formats: Formats) -> None:
    words = formats.words
    sentence = words(
        "known.verdict",
        held=formats.number(found["held"]),
        n=formats.number(len(found["rows"])),
        took=formats.wait(found["elapsed_s"]),
        once=formats.number(1 / found["family_wise_false_alarm_rate"]),
    )
    st.html(f'<p class="note">{sentence}</p>')
    columns = ("known_from", "case", "figure", "expected", "got", "tolerance", "outcome", "source")
    rows = [
        (
            words(f"known.{row['part']}"),
            row["case"],
            words(f"known.{row['quantity']}"),
            _figure(row["expected"], formats),
            _figure(row["got"], formats),
            _figure(row["tolerance"], formats),
            words("evidence.held" if row["holds"] else "evidence.broken"),
            row["source"],
        )
        for row in found["rows"]
    ]
    over = [(n, 6) for n, row in enumerate(found["rows"]) if not row["holds"]]
    headers = [words(f"table.{name}") for name in columns]
    st.html(table(headers, rows, words=(1, 2, 6, 7), over=over))


def _figure(value: float, formats: Formats) -> str:
    return formats.number(value, 0 if value == int(value) else 4)
