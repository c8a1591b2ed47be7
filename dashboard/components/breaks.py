"""Outages that the planner adds: a station, from when, until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import streamlit as st

from dashboard.briefing import station_name
from dashboard.components.session import memory
from dashboard.i18n.formats import Formats
from dashboard.levers import Levers
from dashboard.outages import MOST_BREAKS, Break
from dashboard.question import Question


def breaks(question: Question, levers: Levers, formats: Formats) -> None:
    """A form for one more, and a button to take each away."""
    words = formats.words
    names = {lever.key: station_name(lever.station, words) for lever in levers.staff}
    with st.form("break", border=False, clear_on_submit=False):
        left, middle, right, end = st.columns([3, 2, 2, 2], vertical_alignment="bottom")
        station = left.selectbox(
            words("break.station"), list(names), format_func=names.__getitem__, key="break-station"
        )
        start = middle.time_input(words("break.from"), time(6, 30), key="break-from", step=900)
        end_at = right.time_input(words("break.until"), time(7, 0), key="break-until", step=900)
        is_added = end.form_submit_button(
            words("break.add"), key="break-add", width="stretch",
            disabled=len(question.breaks) >= MOST_BREAKS,
        )  # fmt: skip
    if is_added:
        added = Break(station, _minutes(start), _minutes(end_at))
        if added.until_min <= added.from_min:
            st.error(words("break.backwards"))
        else:
            _put(question, (*question.breaks, added))
            st.rerun()
    for number, each in enumerate(question.breaks):
        start_s, until_s = 60 * each.from_min, 60 * each.until_min
        st.button(
            f"{names.get(each.station, each.station)} "
            f"{formats.clock(start_s)}–{formats.clock(until_s)}",
            key=f"break-{number}",
            icon=":material/close:",
            help=words("break.remove"),
            on_click=_put,
            args=(question, question.breaks[:number] + question.breaks[number + 1 :]),
        )


def _put(question: Question, chosen: tuple[Break, ...]) -> None:
    memory().remember(replace(question, breaks=chosen))


def _minutes(at: time | None) -> int:
    return 0 if at is None else 60 * at.hour + at.minute
