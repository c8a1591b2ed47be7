"""*Today*: one facility, one day; where the queue forms and what it would take."""

from __future__ import annotations

import streamlit as st

from dashboard.components.asking import Asked
from dashboard.components.day import day
from dashboard.components.notices import faults_notice, stale_notice
from dashboard.components.origin import origin
from dashboard.components.progress import DAY, desk_of, pending, told_of_day, wants
from dashboard.components.running import before_of
from dashboard.components.session import memory
from dashboard.components.sheet import sheet
from dashboard.i18n.formats import Formats
from dashboard.levers import levers_of
from dashboard.library import loaded
from dashboard.memory import Shown


def show(asked: Asked, formats: Formats) -> None:
    """Draw the page."""
    is_first = memory().looks_first(asked.question.scenario)
    if asked.answer is not None:
        shown = Shown(asked.question, asked.answer, asked.spec)
        memory().show(shown)
        _draw(shown, formats, is_current=True)
        return
    is_automatic = asked.is_automatic or is_first
    if asked.task is not None and wants(
        DAY, asked.task, is_pressed=asked.is_pressed, is_automatic=is_automatic
    ):
        memory().ask(desk_of(DAY), DAY, asked.task)
    _draw_without_answer(asked, formats)


def _draw_without_answer(asked: Asked, formats: Formats) -> None:
    """How far the answer is, and under it the figures of before, if they are of this place."""
    shown = memory().shown_of(asked.question.scenario)
    if asked.error is not None:
        faults_notice(asked.error, formats)
    elif not pending(DAY, asked.task, told_of_day, formats):
        if shown is not None:
            stale_notice(shown.question, asked.question, asked.levers, formats)
        else:
            st.info(formats.words("run.empty"))
    if shown is not None:
        with st.container(key="stale"):
            _draw(shown, formats, is_current=False)


def _draw(shown: Shown, formats: Formats, *, is_current: bool) -> None:
    levers = levers_of(loaded(shown.question.scenario).spec)
    old = before_of(shown, levers, formats) if is_current else None
    day(shown.answer, shown.spec, formats, before=old)
    origin(shown, levers, formats)
    if not is_current:
        sheet().clear()
