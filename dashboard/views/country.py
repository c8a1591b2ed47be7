"""*Country*: every facility of the rollout in one month, and which keeps its promises."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any

import streamlit as st

from dashboard.components.asking import title_of
from dashboard.components.charts.country import map_picture
from dashboard.components.day import card, picture, say
from dashboard.components.progress import desk_of, pending, wants
from dashboard.components.session import memory, note_in_address, office, page_value
from dashboard.components.sheet import html
from dashboard.components.tables import table
from dashboard.errands.country import MonthErrand
from dashboard.i18n.formats import Formats
from dashboard.jobs import Job
from dashboard.library import rollout_plan
from dashboard.question import DEFAULT_SEED

PURPOSE = "country"
PACES = ("low", "base", "high")
STATE_SIGNS = {"kept": "●", "broken": "▲", "unclear": "◆"}


def show(formats: Formats) -> None:
    """Draw the page."""
    words = formats.words
    plan, months = rollout_plan()
    with card("month", formats, "country.ask", escape(words("country.ask_under"))):
        errand, is_pressed = _ask(plan, months, formats)
    html(
        '<p class="note">'
        + " · ".join(
            f"{formats.date(each.on)}: {escape(words.of(each.title, otherwise=''))}"
            for each in plan.milestones
        )
        + "</p>"
    )
    found = office().shelf.get(errand.key)
    if found is None:
        if wants(PURPOSE, errand, is_pressed=is_pressed, is_automatic=False):
            memory().ask(desk_of(PURPOSE), PURPOSE, errand)
        if not pending(PURPOSE, errand, _told, formats):
            st.info(words("country.empty"))
        return
    _draw(found, formats)


def _ask(plan: Any, months: tuple[date, ...], formats: Formats) -> tuple[MonthErrand, bool]:
    words = formats.words
    left, middle, right, end = st.columns([4, 2, 2, 2], vertical_alignment="bottom")
    wanted = page_value("month") or "2025-12"
    named = [each for each in months if f"{each:%Y-%m}" == wanted]
    st.session_state.setdefault("month", named[0] if named else months[0])
    month = left.select_slider(
        words("country.month"),
        months,
        key="month",
        format_func=lambda day: f"{day.month}/{day.year}",
    )
    note_in_address("month", f"{month:%Y-%m}")
    titles = {"": words("country.all")}
    titles |= {each.id: words.of(each.name, otherwise=each.id) for each in plan.groups}
    group = middle.selectbox(
        words("country.group"), list(titles), format_func=titles.__getitem__, key="group"
    )
    pace = right.selectbox(
        words("country.pace"), PACES, index=1, key="pace",
        format_func=lambda each: words(f"country.{each}"),
    )  # fmt: skip
    is_pressed = end.button(
        words("country.run"), key="country-run", type="primary", width="stretch"
    )
    return MonthErrand(month, group, pace, DEFAULT_SEED), is_pressed


def _told(job: Job, formats: Formats) -> tuple[float, str]:
    done = float(job.reached or 0.0)
    left = formats.wait(job.elapsed_s * (1 - done) / done) if done > 0.02 else "…"
    return done, formats.words("country.running", done=formats.percent(done), left=left)


def _draw(found: dict[str, Any], formats: Formats) -> None:
    words = formats.words
    rows = [
        (facility["scenario"], month["days"])
        for facility in found["facilities"]
        for month in facility["months"]
    ]
    kept = sum(days["peak"]["state"] == "kept" for _, days in rows)
    say(words("country.verdict", kept=kept, n=len(rows)), is_over=kept < len(rows))
    names = {name: title_of(name, formats) for name, _ in rows}
    with card("map", formats, "country.map", _legend(formats)):
        picture(map_picture(rows, names, formats), _table(rows, names, formats), formats)


def _legend(formats: Formats) -> str:
    return " &nbsp; ".join(
        f"{sign} {escape(formats.words(f'country.{state}'))}" for state, sign in STATE_SIGNS.items()
    )


def _table(rows: list[tuple[str, Any]], names: dict[str, str], formats: Formats) -> str:
    words = formats.words
    cells, over = [], []
    for name, days in rows:
        for kind in ("typical", "peak"):
            day = days[kind]
            worst = day["worst_station"]
            shares = [each["share"] for each in day["promises"] if each["share"] is not None]
            state = day["state"]
            if state == "broken":
                over.append((len(cells), 3))
            cells.append(
                (
                    names[name],
                    words(f"country.{kind}"),
                    formats.date(date.fromisoformat(day["date"])),
                    f"{STATE_SIGNS.get(state, '')} {words(f'country.{state}')}"
                    if state
                    else words("country.no_promise"),
                    formats.number(round(day["passengers"])),
                    formats.percent(min(shares, default=None)),
                    formats.number(round(day["missed"], 1), 1),
                    formats.wait(worst["p95_s"]) if worst else formats.wait(None),
                )
            )
    columns = ("station", "day", "date", "verdict", "persons", "least_share", "missed", "worst_p95")
    headers = [words(f"table.{name}") for name in columns]
    return table(headers, cells, words=(1, 2, 3), over=over, is_long=True)
