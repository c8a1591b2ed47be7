"""What surrounds every page: the window, the look, the language, the way to the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit import config

from dashboard import theme
from dashboard.components.asking import Asked, ask
from dashboard.components.header import header, plain_header
from dashboard.components.notices import opening_notice
from dashboard.components.panel import mark, note, run_bar
from dashboard.components.report import report_buttons
from dashboard.components.session import (
    LANGUAGE_KEY,
    PAGE_KEY,
    memory,
    write_address,
    write_language,
)
from dashboard.components.sheet import new_sheet
from dashboard.i18n.catalogue import LANGUAGES, Language, Words, language_named, words
from dashboard.i18n.formats import Formats
from dashboard.library import offered
from dashboard.views import change, compare, country, evidence, journeys, matcher, plan, today

ICON = str(Path(__file__).with_name("icon.svg"))
"""A file of our own: Streamlit fetches its named icons from the network."""

PANEL_PX = 344
"""Width of the side panel."""

SPOKEN_KEY = "spoken"
"""Where the language is kept beside the switch."""

PLACE_DOORS: dict[str, Callable[[Asked, Formats], None]] = {
    "today": today.show,
    "change": change.show,
    "compare": compare.show,
    "plan": plan.show,
    "journeys": journeys.show,
}
"""Pages about the scenario in the panel, by their name in the address; the first one opens."""

OTHER_DOORS: dict[str, Callable[[Formats], None]] = {
    "matcher": matcher.show,
    "country": country.show,
    "evidence": evidence.show,
}
"""Pages that need no scenario."""


def show() -> None:
    """Draw the window and the page in it."""
    # widgets have a start, and undo sets them too: meant, so Streamlit need not warn on the page
    config.set_option("global.disableWidgetStateDuplicationWarning", True)
    say = words(_language())
    formats = Formats(say)
    name = _chosen_page(say)
    st.set_page_config(
        page_title=f"{say(f'page.{name}')} – {say('app.title')}",
        page_icon=ICON,
        layout="wide",
        initial_sidebar_state=PANEL_PX,
        menu_items={"Get help": None, "Report a bug": None, "About": None},
    )
    st.html(f"<style>{theme.STYLE}</style>")
    with st.container(key="unseen"):  # for screen readers: Streamlit's page says it is English
        script = f"<script>document.documentElement.lang = '{say.language}'</script>"
        st.html(script, unsafe_allow_javascript=True)
    if not offered():
        st.error(say("problem.scenarios"))
    elif name in PLACE_DOORS:
        _show_place(name, formats)
    else:
        _show_other(name, formats)


def _chosen_page(say: Words) -> str:
    """Offer the pages, and see which one the address names."""
    pages = {
        name: st.Page(
            _nothing,
            title=say(f"page.{name}"),
            url_path=name,
            default=name == next(iter(PLACE_DOORS)),
        )
        for name in (*PLACE_DOORS, *OTHER_DOORS)
    }
    chosen = st.navigation(list(pages.values()), position="top")
    return next(name for name, page in pages.items() if page.title == chosen.title)


def _nothing() -> None:
    """Drawn by `show`: so the panel keeps its widgets from one page to the next."""


def _show_place(name: str, formats: Formats) -> None:
    with st.sidebar:
        asked = ask(formats)
        if name == "today":
            is_pressed, is_automatic = run_bar(is_fresh=asked.answer is not None, formats=formats)
            asked = replace(asked, is_pressed=is_pressed, is_automatic=is_automatic)
    st.session_state[PAGE_KEY] = {}
    header(asked.spec, asked.question, asked.levers, formats, switch=lambda: _switch(formats.words))
    opening_notice(memory().opening, formats)
    new_sheet()
    PLACE_DOORS[name](asked, formats)
    report_buttons(name, asked, formats)
    write_address(asked.question, asked.levers)


def _show_other(name: str, formats: Formats) -> None:
    with st.sidebar:
        mark(formats)
        note(formats.words(f"about.{name}"))
    st.session_state[PAGE_KEY] = {}
    plain_header(name, formats, switch=lambda: _switch(formats.words))
    new_sheet()
    OTHER_DOORS[name](formats)
    report_buttons(name, None, formats)
    write_language()


def _language() -> Language:
    """The language of the switch; when a session begins, of the address."""
    state = st.session_state
    if state.get(LANGUAGE_KEY) not in LANGUAGES:  # also where a run was cut off above the switch
        named = state.get(SPOKEN_KEY, st.query_params.get(LANGUAGE_KEY))
        state[LANGUAGE_KEY] = language_named(named)
    state[SPOKEN_KEY] = state[LANGUAGE_KEY]
    return state[LANGUAGE_KEY]


def _switch(say: Words) -> None:
    """The language switch."""
    st.segmented_control(
        say("app.language"),
        LANGUAGES,
        format_func=lambda language: say(f"app.{language}"),
        key=LANGUAGE_KEY,
        required=True,
        label_visibility="collapsed",
    )
