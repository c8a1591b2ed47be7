"""What surrounds every page: the window, the look, the language, the way to the pages."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import theme
from dashboard.components.session import LANGUAGE_KEY
from dashboard.i18n.catalogue import LANGUAGES, Language, Words, language_named, words
from dashboard.i18n.formats import Formats
from dashboard.pages import today

ICON = str(Path(__file__).with_name("icon.svg"))
"""A file of our own: Streamlit fetches its named icons from the network."""

PANEL_PX = 344
"""Width of the side panel."""


def show() -> None:
    """Draw the window and the page in it."""
    say = words(_language())
    st.set_page_config(
        page_title=say("app.title"),
        page_icon=ICON,
        layout="wide",
        initial_sidebar_state=PANEL_PX,
        menu_items={"Get help": None, "Report a bug": None, "About": None},
    )
    st.html(f"<style>{theme.STYLE}</style>")
    with st.container(key="unseen"):  # for screen readers: Streamlit's page says it is English
        script = f"<script>document.documentElement.lang = '{say.language}'</script>"
        st.html(script, unsafe_allow_javascript=True)

    def page() -> None:
        today.show(Formats(say), switch=lambda: _switch(say))

    st.navigation([st.Page(page, title=say("app.title"), default=True)], position="hidden").run()


def _language() -> Language:
    """The language of the switch; when a session begins, of the address."""
    state = st.session_state
    if state.get(LANGUAGE_KEY) not in LANGUAGES:
        state[LANGUAGE_KEY] = language_named(st.query_params.get(LANGUAGE_KEY))
    return state[LANGUAGE_KEY]


def _switch(say: Words) -> None:
    """The language switch, wherever the page wants it."""
    st.segmented_control(
        say("app.language"),
        LANGUAGES,
        format_func=lambda language: say(f"app.{language}"),
        key=LANGUAGE_KEY,
        required=True,
        label_visibility="collapsed",
    )
