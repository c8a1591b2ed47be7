"""A job on its way: how far it is, and a button to stop it."""

from __future__ import annotations

import math

import streamlit as st

from dashboard.components.session import memory, office
from dashboard.i18n.formats import Formats
from dashboard.jobs import Job, State

LOOK_S = 0.4
"""How often the page looks in on a job."""

DAY_S = 86_400
USUAL_S = 8.0
"""What a day at a large terminal takes; only the pace of the bar depends on it."""


@st.fragment(run_every=LOOK_S)
def progress(formats: Formats) -> None:
    """Show the session's job until it is over, then draw the page anew."""
    job = memory().job
    if job is None or job.is_over or job.is_unwanted.is_set():
        st.rerun()
    with st.container(key="running", horizontal=True, vertical_alignment="bottom"):
        st.progress(_done(job), text=_text(job, formats))
        st.button(formats.words("run.cancel"), key="cancel", on_click=_cancel)


def _cancel() -> None:
    memory().let_go(office().desk)


def _text(job: Job, formats: Formats) -> str:
    words = formats.words
    if job.state is State.WAITING:
        return words("run.waiting")
    seconds = formats.wait(job.elapsed_s)
    if job.reached is None:
        return words("run.running", seconds=seconds)
    return words("run.reached", clock=formats.clock(job.reached), seconds=seconds)


def _done(job: Job) -> float:
    """Share done, as far as it can be known: by the clock in the terminal, or by experience."""
    if job.state is State.WAITING:
        return 0.0
    by_time = 1 - math.exp(-job.elapsed_s / USUAL_S)
    by_clock = (job.reached or 0.0) / DAY_S
    return min(0.97, max(0.9 * by_time, by_clock))
