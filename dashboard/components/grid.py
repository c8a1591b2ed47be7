"""How many are open, hour by hour: a table that can be edited."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.briefing import station_name
from dashboard.components.session import memory
from dashboard.i18n.formats import Formats
from dashboard.levers import HOURS, Levers, Staffing, StaffLever
from dashboard.question import Question

KEPT = "grid"
HEIGHT_PX = 35 * (HOURS + 1) + 3


@dataclass(frozen=True, slots=True)
class Grid:
    """What the table began with; its edits lie on top until it begins anew.

    Attributes
    ----------
    scenario : str
        About which place.
    number : int
        How many tables there have been.
    base, now : dict of str to tuple of int
        Levels by hour of each station as the table began, and with its edits.
    """

    scenario: str
    number: int
    base: dict[str, tuple[int, ...]]
    now: dict[str, tuple[int, ...]]

    @property
    def key(self) -> str:
        """Name of the widget."""
        return f"{KEPT}/{self.scenario}/{self.number}"


def grid(question: Question, levers: Levers, formats: Formats) -> None:
    """Draw the table; an edit changes the session's question before the page is drawn.

    Streamlit loses edits if they are fed back as the table's input, so the table keeps what it
    began with, and begins anew only when the levels were changed elsewhere.
    """
    words = formats.words
    current = {lever.key: lever.hourly(question.staff[lever.key]) for lever in levers.staff}
    last: Grid | None = memory().kept.get(KEPT)
    if last is None or last.scenario != question.scenario or last.now != current:
        number = 0 if last is None else last.number + 1
        last = Grid(question.scenario, number, current, current)
        memory().kept[KEPT] = last
    first = levers.staff[0].first_hour
    clocks = [formats.clock(3600 * (first + n)) for n in range(HOURS)]
    frame = pd.DataFrame(last.base, index=pd.Index(clocks, name=words("grid.hour")))
    st.data_editor(
        frame,
        key=last.key,
        height=HEIGHT_PX,
        num_rows="fixed",
        width="stretch",
        on_change=_take,
        args=(last, levers),
        column_config={
            lever.key: st.column_config.NumberColumn(
                station_name(lever.station, words),
                width=78,
                min_value=0,
                max_value=lever.most,
                step=1,
                format="%d",
                help=f"{station_name(lever.station, words)}. "
                + words("panel.installed", n=formats.number(lever.most)),
            )
            for lever in levers.staff
        },
    )


def _take(table: Grid, levers: Levers) -> None:
    """Make the edits of a table part of the question."""
    session = memory()
    question = session.questions.get(table.scenario)
    edits: dict[int, dict[str, Any]] = st.session_state[table.key]["edited_rows"]
    if question is None or session.scenario != table.scenario:
        return
    now = {lever.key: edited(table.base[lever.key], lever, edits) for lever in levers.staff}
    session.kept[KEPT] = replace(table, now=now)
    staff = {
        lever.key: question.staff[lever.key]
        if now[lever.key] == lever.hourly(question.staff[lever.key])
        else lever.given
        if now[lever.key] == lever.hourly(lever.given)
        else Staffing(hours=now[lever.key])
        for lever in levers.staff
    }
    session.remember(replace(question, staff=staff))


def edited(
    base: tuple[int, ...], lever: StaffLever, edits: dict[int, dict[str, Any]]
) -> tuple[int, ...]:
    """Levels with edits on top; what is no number is left, what is out of bounds is cut.

    Parameters
    ----------
    edits : dict of int to dict
        By row and column, as the browser sends them: to be distrusted.
    """
    levels = list(base)
    for row, cells in edits.items():
        value = cells.get(lever.key)
        if isinstance(value, int | float) and isfinite(value) and 0 <= int(row) < len(levels):
            levels[int(row)] = min(max(int(value), 0), lever.most)
    return tuple(levels)
