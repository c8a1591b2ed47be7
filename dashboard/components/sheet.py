"""The sheet that a page fills while it is drawn, and what is drawn on both."""

from __future__ import annotations

import streamlit as st

from dashboard.reports.sheet import Sheet

SHEET_KEY = "sheet"


def new_sheet() -> Sheet:
    """An empty sheet for the page about to be drawn."""
    st.session_state[SHEET_KEY] = Sheet()
    return st.session_state[SHEET_KEY]


def sheet() -> Sheet:
    """The sheet of this page."""
    return st.session_state.get(SHEET_KEY) or new_sheet()


def html(body: str) -> None:
    """Draw HTML on the page and keep it for the report."""
    st.html(body)
    sheet().add(body)
