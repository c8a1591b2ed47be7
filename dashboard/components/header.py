"""The head of the page: which place and day, under which rule, in which language."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from dashboard.i18n.formats import Formats
from dashboard.levers import Levers
from dashboard.question import Question
from sim.scenario.spec import ScenarioSpec


def header(
    spec: ScenarioSpec,
    question: Question,
    levers: Levers,
    formats: Formats,
    *,
    switch: Callable[[], None],
) -> None:
    """Title, date and rule on the left; the language switch on the right."""
    words = formats.words
    facts = [formats.long_date(spec.date)] if spec.date else []
    rule = levers.rule
    if rule is not None:
        title = words.of(rule.policy.title, otherwise=rule.policy.id)
        facts.append(title if question.rule else words("rule.not_yet", title=title))
    _head(words.of(spec.title, otherwise=spec.id), " · ".join(facts), switch)


def plain_header(page: str, formats: Formats, *, switch: Callable[[], None]) -> None:
    """The title of a page that is about no place."""
    _head(formats.words(f"title.{page}"), formats.words(f"subtitle.{page}"), switch)


def _head(title: str, under: str, switch: Callable[[], None]) -> None:
    with st.container(key="head", horizontal=True, wrap=False):
        st.html(f'<div class="place"><h1>{escape(title)}</h1><p>{escape(under)}</p></div>')
        switch()
