"""*Journey log*: the day event by event; who is where, one journey, SQL, forks, exports."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st

from dashboard.components.asking import Asked
from dashboard.components.day import card
from dashboard.components.future import exports, fork, verified
from dashboard.components.instants import journey, moment, sql
from dashboard.components.notices import faults_notice
from dashboard.components.playback import playback
from dashboard.components.progress import KEEP, desk_of, pending, told_of_day, wants
from dashboard.components.session import memory, office
from dashboard.components.sheet import html
from dashboard.errands.runs import KeepErrand
from dashboard.i18n.formats import Formats

Part = Callable[[dict[str, Any], Asked, Formats], None]

PARTS: dict[str, Part] = {
    "playback": playback,
    "moment": moment,
    "journey": journey,
    "sql": sql,
    "fork": fork,
    "exports": exports,
}
"""What can be asked of a run, in the order shown."""


def show(asked: Asked, formats: Formats) -> None:
    """Draw the page."""
    words = formats.words
    if asked.error is not None or asked.task is None:
        if asked.error is not None:
            faults_notice(asked.error, formats)
        return
    facts = _run(asked, formats)
    if facts is None:
        return
    html(
        f'<p class="note">{words("log.kept", n=formats.number(facts["events"]))} '
        f'<code class="chain">{facts["chain_head"]}</code></p>'
    )
    verified(facts, formats)
    for name, part in PARTS.items():
        under = escape(words(f"log_under.{name}"))
        with card(name, formats, f"log.{name}", under):
            part(facts, asked, formats)


def _run(asked: Asked, formats: Formats) -> dict[str, Any] | None:
    """The run of the panel's question, or the fork of it that the planner went on with."""
    assert asked.task is not None
    session = memory()
    chosen: dict[str, Any] | None = session.kept.get("fork")
    if chosen is not None and chosen["of"] == asked.task.key:
        label = formats.words("log.back", at=chosen["at"])
        st.button(label, key="back", icon=":material/undo:", on_click=session.kept.pop,
                  args=("fork", None))  # fmt: skip
        return chosen["facts"]
    folder = office().archive.path("run", asked.task.key)
    errand = KeepErrand(asked.task, str(folder))
    found = office().shelf.get(errand.key)
    if found is not None and folder.exists():
        return found
    if found is not None:
        office().shelf.drop(errand.key)
    if wants(KEEP, errand, is_pressed=False, is_automatic=True):
        session.ask(desk_of(KEEP), KEEP, errand)
    pending(KEEP, errand, told_of_day, formats)
    job = session.job_of(KEEP, errand)
    if job is not None and (job.is_unwanted.is_set() or job.is_over):
        st.button(formats.words("run.button"), key="run", on_click=session.ask,
                  args=(desk_of(KEEP), KEEP, errand))  # fmt: skip
    return None
