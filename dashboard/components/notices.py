"""What the page says when figures are old, wrong or missing."""

from __future__ import annotations

import streamlit as st

from dashboard.changes import changes_between
from dashboard.i18n.formats import Formats
from dashboard.levers import Levers
from dashboard.memory import Opening
from dashboard.question import Question
from sim.errors import InvalidInputError


def opening_notice(opening: Opening, formats: Formats) -> None:
    """What in the address could not be used."""
    words = formats.words
    if opening.unknown:
        used = opening.question.scenario
        st.warning(words("problem.scenario", got=plain(opening.unknown), used=used))
    if opening.refusals:
        lines = [
            words(
                "problem.value",
                name=plain(each.name),
                got=plain(each.got),
                wanted=plain(each.wanted),
            )
            for each in opening.refusals
        ]
        st.warning("\n".join([words("problem.address"), "", *(f"* {line}" for line in lines)]))


def faults_notice(error: InvalidInputError, formats: Formats) -> None:
    """Every fault of a question, in the words of the scenario's checks."""
    lines = [f"* {plain(str(fault))}" for fault in error.faults]
    st.error("\n".join([formats.words("problem.title"), "", *lines]))


def failed_notice(fault: str, formats: Formats) -> None:
    """A simulation that did not finish."""
    words = formats.words
    st.error(f"{words('problem.title')} {plain(fault)}" if fault else words("run.broken"))


def stale_notice(before: Question, now: Question, levers: Levers, formats: Formats) -> None:
    """That the figures are of other settings, and of which."""
    words = formats.words
    changes = changes_between(before, now, levers, formats)
    text = words("run.stale", changes="; ".join(changes)) if changes else words("run.stale_back")
    st.info(text, icon=":material/edit:")


def plain(text: str) -> str:
    """Text that Markdown shows as it stands."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]<>()#+-.!|~$:" else sign for sign in text)
