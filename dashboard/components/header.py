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
    with st.container(key="head", horizontal=True, wrap=False):
        st.html(
            f'<div class="place"><h1>{escape(words.of(spec.title, otherwise=spec.id))}</h1>'
            f"<p>{escape(' · '.join(facts))}</p></div>"
        )
        switch()
