"""A job on its way: how far it is, and a button to stop it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.components.notices import failed_notice
from dashboard.components.session import memory, office
from dashboard.i18n.formats import Formats
from dashboard.jobs import Desk, Errand, Job, State

LOOK_S = 0.4
"""How often the page looks in on a job."""

DAY_S = 86_400
USUAL_S = 3.0
"""What a day at a large terminal takes; only the pace of the bar depends on it."""

Told = Callable[[Job, Formats], tuple[float, str]]
"""Share done, and what is being done in words."""


@st.fragment(run_every=LOOK_S)
def progress(purpose: str, told: Told, formats: Formats) -> None:
    """Show a job of the session until it is over, then draw the page anew."""
    job = memory().jobs.get(purpose)
    if job is None or job.is_over or job.is_unwanted.is_set():
        st.rerun()
    done, text = (0.0, formats.words("run.waiting"))
    if job.state is not State.WAITING:
        done, text = told(job, formats)
    key = "" if purpose == DAY else f"-{purpose.replace('/', '-')}"
    with st.container(key=f"running{key}", horizontal=True, vertical_alignment="bottom"):
        st.progress(min(max(done, 0.0), 1.0), text=text)
        st.button(formats.words("run.cancel"), key=f"cancel{key}", on_click=cancel, args=(purpose,))


def pending(purpose: str, errand: Errand | None, told: Told, formats: Formats) -> bool:
    """Say how far an errand is: on its way, cancelled, failed; whether there was any to say."""
    job = memory().job_of(purpose, errand)
    if job is None:
        return False
    if job.state is State.FAILED:
        failed_notice(job.fault, formats)
    elif job.is_unwanted.is_set() or job.state is State.CANCELLED:
        st.info(formats.words("run.cancelled"))
    else:
        progress(purpose, told, formats)
    return True


def wants(purpose: str, errand: Errand, *, is_pressed: bool, is_automatic: bool) -> bool:
    """Whether to begin now: when told to; unasked, unless it was cancelled or failed before."""
    job = memory().job_of(purpose, errand)
    if job is None:
        return is_pressed or is_automatic
    return is_pressed and (job.is_over or job.is_unwanted.is_set())


def desk_of(purpose: str) -> Desk:
    """Days are done at the front desk; the rest may take long."""
    is_quick = purpose.partition("/")[0] in {DAY, KEEP, QUESTION}
    return office().desk if is_quick else office().back_desk


PATIENCE_S = 1.5
"""How long a page waits for what is usually there at once, before it shows a bar."""


def soon(purpose: str) -> bool:
    """Wait a little for a job of the session; whether it is over. A new wish ends the wait."""
    job = memory().jobs.get(purpose)
    if job is None:
        return False
    spot, deadline = st.empty(), time.monotonic() + PATIENCE_S
    while not job.is_over and time.monotonic() < deadline:
        time.sleep(0.02)
        spot.empty()  # where Streamlit may leave this run for the next
    return job.is_over


def fetched(errand: Errand, formats: Formats) -> Any | None:
    """The result of a small errand, fetched if need be; None while it is on its way."""
    purpose = f"{QUESTION}/{type(errand).__name__}"
    found = office().shelf.get(errand.key)
    if found is not None:
        return found
    if wants(purpose, errand, is_pressed=False, is_automatic=True):
        memory().ask(desk_of(purpose), purpose, errand)
    if soon(purpose):
        found = office().shelf.get(errand.key)
    if found is None:
        pending(purpose, errand, told_of_day, formats)
    return found


DAY, KEEP, QUESTION = "day", "keep", "question"
"""Purposes that take a second or two: a day, one with its log, a question to a kept run."""


def cancel(purpose: str) -> None:
    """Let the session's job of a purpose go."""
    memory().let_go(desk_of(purpose), purpose)


def told_of_day(job: Job, formats: Formats) -> tuple[float, str]:
    """By the clock in the terminal, or by experience."""
    words = formats.words
    seconds = formats.wait(job.elapsed_s)
    by_time = 0.9 * (1 - math.exp(-job.elapsed_s / USUAL_S))
    if job.reached is None:
        return min(0.97, by_time), words("run.running", seconds=seconds)
    text = words("run.reached", clock=formats.clock(job.reached), seconds=seconds)
    return min(0.97, max(by_time, job.reached / DAY_S)), text
