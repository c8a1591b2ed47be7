"""Steps back and forth, settings kept under a name, and the settings as a file."""

from __future__ import annotations

import re
from typing import Literal

import streamlit as st

from dashboard.components.panel import seat
from dashboard.components.session import memory
from dashboard.i18n.formats import Formats
from dashboard.levers import Levers
from dashboard.question import Question
from dashboard.scenario_file import can_be_a_file, scenario_file

MOST_VARIANTS = 12
LONGEST_NAME = 40


Way = Literal["undo", "redo"]
WAYS: tuple[tuple[Way, str], ...] = (("undo", ":material/undo:"), ("redo", ":material/redo:"))


def variants_bar(question: Question, levers: Levers, formats: Formats) -> None:
    """Undo, redo, keep under a name, go back to one, download."""
    words = formats.words
    session = memory()
    kept = session.variants_of(question.scenario)
    with st.container(key="variants", horizontal=True, vertical_alignment="bottom"):
        for way, icon in WAYS:
            st.button(
                words(f"change.{way}"), key=way, icon=icon, on_click=_step, args=(way, levers),
                disabled=not session.can_step(way),
            )  # fmt: skip
        name = st.text_input(
            words("change.name"), key="variant-name", max_chars=LONGEST_NAME, width=210,
            placeholder=words("change.name_example"), label_visibility="collapsed",
        )  # fmt: skip
        st.button(
            words("change.keep"), key="keep", icon=":material/bookmark_add:", on_click=_keep,
            args=(name, question), disabled=len(kept) >= MOST_VARIANTS,
        )  # fmt: skip
        if kept:
            with st.popover(words("change.kept", n=len(kept)), icon=":material/bookmarks:"):
                for number, (each, its) in enumerate(kept.items()):
                    left, right = st.columns([4, 1])
                    left.button(each, key=f"open-{number}", on_click=_open, args=(its, levers))
                    right.button(
                        words("change.drop"), key=f"drop-{number}", type="tertiary",
                        on_click=_drop, args=(question.scenario, each),
                    )  # fmt: skip
        if can_be_a_file(levers):
            own = file_name(name or question.scenario)
            st.download_button(
                words("change.file"), key="file", icon=":material/download:",
                data=scenario_file(question, levers, name=own).encode(),
                file_name=f"{own}.toml", mime="application/toml", on_click="ignore",
            )  # fmt: skip


def file_name(text: str) -> str:
    """A name that a scenario may have as its id, made of any text.

    Examples
    --------
    >>> file_name("70 counters, Tết!")
    'changed-70-counters-t-t'
    """
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return f"changed-{slug}"[:60].strip("-")


def _step(way: Way, levers: Levers) -> None:
    question = memory().step(way)
    if question is not None:
        seat(question, levers)


def _keep(name: str, question: Question) -> None:
    kept = memory().variants_of(question.scenario)
    kept[name.strip() or f"{len(kept) + 1}"] = question


def _drop(scenario: str, name: str) -> None:
    memory().variants_of(scenario).pop(name, None)


def _open(question: Question, levers: Levers) -> None:
    memory().remember(question)
    seat(question, levers)
