"""*Today*: one facility, one day; where the queue forms and what it would take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard.answer import Answer, Task
from dashboard.changes import changes_between
from dashboard.components.day import Before, day
from dashboard.components.header import header
from dashboard.components.notices import (
    failed_notice,
    faults_notice,
    opening_notice,
    stale_notice,
)
from dashboard.components.origin import origin
from dashboard.components.panel import ask_question, choose_scenario, run_bar
from dashboard.components.progress import progress
from dashboard.components.session import memory, office, write_address
from dashboard.i18n.formats import Formats
from dashboard.jobs import State
from dashboard.levers import Levers, levers_of
from dashboard.library import loaded, offered, titles
from dashboard.memory import Shown
from dashboard.question import Question
from sim.errors import InvalidInputError
from sim.scenario.spec import ScenarioSpec


@dataclass(frozen=True, slots=True)
class Asked:
    """What the panel says, and what it comes to.

    Attributes
    ----------
    task : Task or None
        What to simulate; None where the question makes no sense.
    error : InvalidInputError or None
        Why it makes none.
    answer : Answer or None
        Known already, if somebody asked the same before.
    """

    question: Question
    spec: ScenarioSpec
    levers: Levers
    task: Task | None = None
    error: InvalidInputError | None = None
    answer: Answer | None = None


def show(formats: Formats, *, switch: Callable[[], None]) -> None:
    """Draw the page.

    Parameters
    ----------
    formats : Formats
        The language.
    switch : callable
        Draws the language switch.
    """
    if not offered():
        st.error(formats.words("problem.scenarios"))
        return
    with st.sidebar:
        asked = _ask(formats)
        is_pressed, is_automatic = run_bar(is_fresh=asked.answer is not None, formats=formats)
    is_first = memory().looks_first(asked.question.scenario)
    write_address(asked.question, asked.levers)
    header(asked.spec, asked.question, asked.levers, formats, switch=switch)
    opening_notice(memory().opening, formats)
    if asked.answer is not None:
        shown = Shown(asked.question, asked.answer, asked.spec)
        memory().show(shown)
        _draw(shown, formats, before=memory().before)
        return
    if asked.task is not None and _wants_run(asked.task, is_pressed, is_automatic or is_first):
        memory().ask(office().desk, asked.task)
    _draw_without_answer(asked, formats)


def _ask(formats: Formats) -> Asked:
    """The panel, and what its question comes to."""
    session = memory()
    scenario = choose_scenario(offered(), lambda name: _title(name, formats), formats)
    base = loaded(scenario).spec
    levers = levers_of(base)
    question = ask_question(session.recall(scenario, levers), base, levers, formats)
    session.remember(question)
    try:
        chosen = loaded(scenario, tuple(question.overrides(levers)))
    except InvalidInputError as error:
        return Asked(question, base, levers, error=error)
    task = Task(
        document=chosen.document,
        digest=chosen.digest,
        on=question.on(levers),
        seed=question.seed,
    )
    answer = office().shelf.get(task.key)
    return Asked(question, chosen.spec, levers, task=task, answer=answer)


def _wants_run(task: Task, is_pressed: bool, is_automatic: bool) -> bool:
    """Whether to simulate now: when told to; unasked, unless it ran and was cancelled or failed."""
    job = memory().job_of(task)
    if job is None:
        return is_pressed or is_automatic
    return is_pressed and (job.is_over or job.is_unwanted.is_set())


def _draw_without_answer(asked: Asked, formats: Formats) -> None:
    """How far the answer is, and under it the figures of before, if they are of this place."""
    words = formats.words
    shown = memory().shown_of(asked.question.scenario)
    job = memory().job_of(asked.task)
    if asked.error is not None:
        faults_notice(asked.error, formats)
    elif job is not None and job.state is State.FAILED:
        failed_notice(job.fault, formats)
    elif job is not None and (job.is_unwanted.is_set() or job.state is State.CANCELLED):
        st.info(words("run.cancelled"))
    elif job is not None:
        progress(formats)
    elif shown is not None:
        stale_notice(shown.question, asked.question, asked.levers, formats)
    else:
        st.info(words("run.empty"))
    if shown is not None:
        with st.container(key="stale"):
            _draw(shown, formats)


def _draw(shown: Shown, formats: Formats, *, before: Shown | None = None) -> None:
    question = shown.question
    levers = levers_of(loaded(question.scenario).spec)
    old = None
    if before is not None:
        changes = changes_between(before.question, question, levers, formats)
        key = "tile.compared" if before.question.seed == question.seed else "tile.compared_seed"
        old = Before(before.answer, formats.words(key, changes="; ".join(changes)))
    day(shown.answer, shown.spec, formats, before=old)
    origin(shown, levers, formats)


def _title(scenario: str, formats: Formats) -> str:
    return formats.words.of(titles().get(scenario), otherwise=scenario)
