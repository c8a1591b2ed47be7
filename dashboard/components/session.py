"""Where Streamlit keeps things: a memory for each session, one office for all of them."""

from __future__ import annotations

import os
from dataclasses import dataclass

import streamlit as st

from dashboard.address import write_question
from dashboard.answer import Answer, answer_task
from dashboard.i18n.catalogue import LANGUAGES
from dashboard.jobs import Desk
from dashboard.levers import Levers
from dashboard.library import offered
from dashboard.memory import Memory, opened
from dashboard.question import Question
from dashboard.shelf import Shelf

SCENARIO_KEY = "scenario"
LANGUAGE_KEY = "lang"
MEMORY_KEY = "memory"

KEPT_ANSWERS = 48
MOST_WORKERS = 4


@dataclass(frozen=True, slots=True)
class Office:
    """Where tasks go and answers come back, for all sessions of a server."""

    desk: Desk
    shelf: Shelf[Answer]


@st.cache_resource(show_spinner=False)
def office() -> Office:
    """The office of this server."""
    shelf: Shelf[Answer] = Shelf(KEPT_ANSWERS)
    workers = min(MOST_WORKERS, os.cpu_count() or 1)
    return Office(Desk(answer_task, workers=workers, keep=shelf.put), shelf)


def memory() -> Memory:
    """The memory of this session; its first look takes scenario and levers from the address."""
    state = st.session_state
    if MEMORY_KEY not in state:
        state[MEMORY_KEY] = opened(st.query_params.to_dict(), offered())
        state[SCENARIO_KEY] = state[MEMORY_KEY].opening.question.scenario
    return state[MEMORY_KEY]


def write_address(question: Question, levers: Levers) -> None:
    """Let the address say what the page shows, so that it can be sent on and reloaded."""
    query = write_question(question, levers)
    language = st.session_state[LANGUAGE_KEY]
    if language != LANGUAGES[0]:
        query[LANGUAGE_KEY] = language
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
