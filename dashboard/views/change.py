"""*Change*: counters by the hour, outages, the rule; the day is simulated at every change."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import streamlit as st

from dashboard.components.asking import Asked
from dashboard.components.breaks import breaks
from dashboard.components.day import card, queues_card, tiles, verdict
from dashboard.components.grid import grid
from dashboard.components.notices import faults_notice
from dashboard.components.progress import DAY, desk_of, pending, soon, told_of_day, wants
from dashboard.components.running import before_of
from dashboard.components.session import memory, office
from dashboard.components.sheet import sheet
from dashboard.components.variants import variants_bar
from dashboard.i18n.formats import Formats
from dashboard.memory import Shown


def show(asked: Asked, formats: Formats) -> None:
    """Draw the page."""
    words = formats.words
    memory().looks_first(asked.question.scenario)
    variants_bar(asked.question, asked.levers, formats)
    left, right = st.columns([6, 7], gap="small")
    with right:
        _result(asked, formats)
    with left, card("grid", formats, "grid.title", escape(words("grid.subtitle"))):
        grid(asked.question, asked.levers, formats)
    with right, card("breaks", formats, "break.title", escape(words("break.subtitle"))):
        breaks(asked.question, asked.levers, formats)


def _result(asked: Asked, formats: Formats) -> None:
    """What the settings come to: at once if known, else as soon as the day is simulated."""
    session = memory()
    if asked.answer is not None:
        session.show(Shown(asked.question, asked.answer, asked.spec))
    elif asked.task is not None and wants(DAY, asked.task, is_pressed=False, is_automatic=True):
        session.ask(desk_of(DAY), DAY, asked.task)
    with st.container():  # one place for all that may stand here, so that what follows stays put
        if asked.answer is None and asked.task is not None and soon(DAY):
            asked = replace(asked, answer=office().shelf.get(asked.task.key))
            if asked.answer is not None:
                session.show(Shown(asked.question, asked.answer, asked.spec))
        if asked.error is not None:
            faults_notice(asked.error, formats)
        elif asked.answer is None:
            pending(DAY, asked.task, told_of_day, formats)
            job = session.job_of(DAY, asked.task)
            if job is not None and (job.is_unwanted.is_set() or job.is_over):
                st.button(formats.words("run.button"), key="run", on_click=_again, args=(asked,))
    shown = session.shown_of(asked.question.scenario)
    if shown is None:
        return
    with st.container(key="stale" if asked.answer is None else "fresh"):
        old = before_of(shown, asked.levers, formats) if asked.answer is not None else None
        verdict(shown.answer, shown.spec, formats)
        tiles(shown.answer, shown.spec, formats, before=old)
        queues_card(shown.answer, shown.spec, formats)
    if asked.answer is None:
        sheet().clear()


def _again(asked: Asked) -> None:
    assert asked.task is not None
    memory().ask(desk_of(DAY), DAY, asked.task)
