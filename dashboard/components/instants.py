"""What a kept run is asked: its state at an instant, one journey, a question in SQL."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.briefing import station_name
from dashboard.components.asking import Asked
from dashboard.components.charts.standing import standing_drawing
from dashboard.components.progress import QUESTION, desk_of, fetched, pending, told_of_day
from dashboard.components.session import memory, note_in_address, office, page_value
from dashboard.components.sheet import html
from dashboard.components.tables import table
from dashboard.errands.runs import JourneyErrand, SqlErrand, StateErrand
from dashboard.i18n.formats import Formats
from sim.scenario.clock import clock_text

STEP_MIN = 5
EXAMPLE = """SELECT station, count(*) AS visits, avg(wait_s) / 60 AS mean_wait_min
FROM waits GROUP BY station ORDER BY mean_wait_min DESC"""
LONGEST_SQL = 4000

Facts = dict[str, Any]


def moment(facts: Facts, asked: Asked, formats: Formats) -> None:
    """A slider over the day, and every station at that instant."""
    words = formats.words
    first = 60 * int(asked.spec.day_starts // 3600)
    last = max(first + STEP_MIN, int(facts["last_s"] // 60))
    minutes = list(range(first, last + STEP_MIN, STEP_MIN))
    wanted = page_value("at") or "10:00"
    if st.session_state.get("moment") not in minutes:
        named = [each for each in minutes if clock_text(60 * each) == wanted]
        st.session_state["moment"] = named[0] if named else minutes[len(minutes) // 3]
    chosen = st.select_slider(
        words("log.at"), minutes, key="moment", format_func=lambda each: formats.clock(60 * each)
    )
    at = clock_text(60 * chosen)
    note_in_address("at", at)
    state = fetched(StateErrand(facts["folder"], at), formats)
    if state is None:
        return
    html(
        f'<p class="note">{words("log.people", arrived=formats.number(state["arrived"]), left=formats.number(state["left"]), elsewhere=formats.number(state["elsewhere"]), boarding=formats.number(len(state["boarding"])))}</p>'  # noqa: E501 - one sentence
    )
    names = {each.id: station_name(each, words) for each in asked.spec.stations}
    drawing = standing_drawing(state, names, formats)
    if drawing:
        html(drawing)
    headers = [
        words(f"table.{name}")
        for name in ("station", "servers", "at_work", "waiting", "persons", "so_far")
    ]
    rows = [
        (
            names.get(name, str(name)),
            formats.number(each["open"]),
            formats.number(each["busy"]),
            formats.number(each["waiting"]),
            formats.number(each["waiting_persons"]),
            formats.wait(each["longest_wait_s"]),
        )
        for name, each in state["stations"].items()
    ]
    with st.expander(words("table.open"), expanded=not drawing):
        html(table(headers, rows, is_long=len(rows) > 14))


def journey(facts: Facts, asked: Asked, formats: Formats) -> None:
    """Everything that happened to one passenger."""
    words = formats.words
    text = page_value("passenger") or ""
    most = max(facts["passengers"] - 1, 0)
    given = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    st.session_state.setdefault("passenger", min(given, most))
    st.session_state["passenger"] = min(st.session_state["passenger"], most)
    number = st.number_input(
        words("log.passenger", most=formats.number(most)), 0, most, key="passenger", width=260
    )
    if number:
        note_in_address("passenger", str(number))
    found = fetched(JourneyErrand(facts["folder"], int(number)), formats)
    if found is None:
        return
    traits = [name for name, value in found.items() if value is True]
    html(
        f'<p class="note">{words("log.party", party=found["party"], size=found["party_size"])} '
        f"{', '.join(traits)}</p>"
    )
    names = {each.id: station_name(each, words) for each in asked.spec.stations}
    rows = [
        (
            _instant(row["at_s"]),
            words(f"event.{row['kind']}"),
            names.get(row["station"], str(row["station"])),
            "" if row["server"] < 0 else formats.number(row["server"]),
            _waited(found["events"], place, formats),
        )
        for place, row in enumerate(found["events"])
    ]
    headers = [words(f"table.{name}") for name in ("time", "what", "station", "server", "waited")]
    html(table(headers, rows, words=(1, 2)))


def _instant(seconds: float) -> str:
    return f"{clock_text(seconds)}:{int(seconds % 60):02d}"


def _waited(events: list[dict[str, Any]], place: int, formats: Formats) -> str:
    """How long somebody waited whose service begins here."""
    row = events[place]
    if row["kind"] != "service_started":
        return ""
    for before in reversed(events[:place]):
        if before["kind"] == "queue_joined" and before["station"] == row["station"]:
            return formats.wait(row["at_s"] - before["at_s"])
    return ""


def sql(facts: Facts, asked: Asked, formats: Formats) -> None:
    """One reading statement over the events; stopped if it takes too long."""
    words = formats.words
    with st.form("sql-form", border=False):
        text = st.text_area(
            "SQL", EXAMPLE, key="sql", height=110, max_chars=LONGEST_SQL,
            label_visibility="collapsed",
        )  # fmt: skip
        is_asked = st.form_submit_button(words("log.ask"), key="sql-ask")
    if is_asked:
        memory().kept["sql"] = text
        memory().ask(desk_of(QUESTION), QUESTION, SqlErrand(facts["folder"], text))
    chosen = memory().kept.get("sql")
    if chosen is None:
        html(f'<p class="note">{words("log.views")}</p>')
        return
    errand = SqlErrand(facts["folder"], chosen)
    found = office().shelf.get(errand.key)
    if found is None:
        pending(QUESTION, errand, told_of_day, formats)
        return
    if found["is_cut"]:
        html(f'<p class="note">{words("log.cut", n=len(found["rows"]))}</p>')
    rows = [row or [""] for row in found["rows"]]
    html(table(found["columns"], rows, is_long=True))
