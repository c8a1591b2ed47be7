"""Where Streamlit keeps things: a memory for each session, one office for all of them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.address import write_question
from dashboard.archive import Archive
from dashboard.i18n.catalogue import LANGUAGES
from dashboard.jobs import Desk, carry_out
from dashboard.levers import Levers
from dashboard.library import offered
from dashboard.memory import Memory, opened
from dashboard.question import Question
from dashboard.shelf import Shelf

SCENARIO_KEY = "scenario"
LANGUAGE_KEY = "lang"
MEMORY_KEY = "memory"
PAGE_KEY = "page-address"

KEPT_ANSWERS = 64
KEPT_RUNS = 12
MOST_WORKERS = 4


@dataclass(frozen=True, slots=True)
class Office:
    """Where tasks go and answers come back, for all sessions of a server.

    Attributes
    ----------
    desk, back_desk : Desk
        For what takes a second, and for what takes minutes: no plan keeps a day waiting.
    shelf : Shelf
        Results by the key of their errand.
    archive : Archive
        Runs with their logs.
    """

    desk: Desk
    back_desk: Desk
    shelf: Shelf[Any]
    archive: Archive

    def close(self) -> None:
        """End every worker process."""
        self.desk.close()
        self.back_desk.close()


@st.cache_resource(show_spinner=False)
def office() -> Office:
    """The office of this server."""
    shelf: Shelf[Any] = Shelf(KEPT_ANSWERS)
    workers = min(MOST_WORKERS, os.cpu_count() or 1)
    front, back = (Desk(carry_out, workers=workers, keep=shelf.put) for _ in range(2))
    return Office(front, back, shelf, Archive(KEPT_RUNS))


def memory() -> Memory:
    """The memory of this session; its first look takes scenario and levers from the address."""
    state = st.session_state
    if MEMORY_KEY not in state:
        state[MEMORY_KEY] = opened(st.query_params.to_dict(), offered())
    state.setdefault(SCENARIO_KEY, state[MEMORY_KEY].scenario)
    return state[MEMORY_KEY]


def page_value(name: str) -> str | None:
    """A page's own setting: as the address has it, or as it was last seen there."""
    return st.query_params.get(name) or memory().settings.get(name)


def note_in_address(name: str, value: str) -> None:
    """Have a setting of the page itself written into the address."""
    st.session_state.setdefault(PAGE_KEY, {})[name] = value
    memory().settings[name] = value


def write_address(question: Question, levers: Levers) -> None:
    """Let the address say what the page shows, so that it can be sent on and reloaded."""
    _write(write_question(question, levers))


def write_language() -> None:
    """The address of a page that is about no place."""
    _write({})


def _write(query: dict[str, str]) -> None:
    language = st.session_state[LANGUAGE_KEY]
    if language != LANGUAGES[0]:
        query[LANGUAGE_KEY] = language
    query |= st.session_state.get(PAGE_KEY, {})
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
