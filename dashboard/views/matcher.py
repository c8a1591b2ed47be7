"""*Matcher*: how fast faces are compared, at which errors, and what a threshold costs."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import altair as alt
import streamlit as st

from dashboard import theme
from dashboard.components.charts.picture import Picture, finished
from dashboard.components.day import card, picture
from dashboard.components.session import note_in_address, page_value
from dashboard.components.sheet import html
from dashboard.components.tables import table
from dashboard.i18n.formats import Formats
from dashboard.library import profiles
from sim.scenario.profile import MatcherProfile, MeasuredRate

HEIGHT_PX = 260


def show(formats: Formats) -> None:
    """Draw the page."""
    words = formats.words
    found = profiles()
    if not found:
        st.info(words("matcher.none"))
        return
    wanted = page_value("profile")
    st.session_state.setdefault("profile", wanted if wanted in found else next(iter(found)))
    name = st.selectbox(words("matcher.profile"), list(found), key="profile", width=420)
    if name != next(iter(found)):
        note_in_address("profile", name)
    profile = found[name]
    measured = profile.measured
    html(
        '<p class="note">'
        + words(
            "matcher.measured",
            on=formats.date(measured.on),
            cpu=escape(measured.cpu),
            threads=measured.threads,
            templates=escape(measured.templates),
        )
        + "</p>"
    )
    with card("speed", formats, "matcher.speed", escape(words("matcher.speed_under"))):
        picture(_speed(profile, formats), _speed_table(profile, formats), formats)
    with card("latency", formats, "matcher.latency", escape(words("matcher.latency_under"))):
        picture(_latency(profile, formats), _latency_table(profile, formats), formats)
    with card("errors", formats, "matcher.errors", escape(words("matcher.errors_under"))):
        html(_errors_table(profile, formats))


def _rows(profile: MatcherProfile, formats: Formats) -> list[dict[str, Any]]:
    return [
        {
            "gallery": formats.number(each.people),
            "batch": int(bucket.size),
            "per_s": float(bucket.size) / float(bucket.service_s.value),
            "ms": 1000 * float(bucket.service_s.value),
        }
        for each in profile.galleries
        for bucket in each.buckets
    ]


def _chart(
    profile: MatcherProfile, formats: Formats, *, value: str, title: str, alt_key: str
) -> Picture:
    """A line for each gallery, against the batch, both scales logarithmic."""
    words = formats.words
    galleries = [formats.number(each.people) for each in profile.galleries]
    colours = list(theme.COLOUR_OF_KIND.values())[: len(galleries)]
    rows = _rows(profile, formats)
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(point=True, strokeWidth=2)
        .encode(
            x=alt.X("batch:Q", scale=alt.Scale(type="log", base=2),
                    axis=alt.Axis(title=words("matcher.batch"), grid=False)),
            y=alt.Y(f"{value}:Q", scale=alt.Scale(type="log"),
                    axis=alt.Axis(title=title, tickCount=5, format="~s")),
            color=alt.Color("gallery:N", sort=None,
                            scale=alt.Scale(domain=galleries, range=colours),
                            legend=alt.Legend(title=words("matcher.gallery"), orient="right")),
        )
    )  # fmt: skip
    best = max(rows, key=lambda row: row["per_s"])
    told = words(alt_key, n=formats.number(best["per_s"]), gallery=best["gallery"],
                 batch=best["batch"])  # fmt: skip
    return Picture(finished(chart, height=HEIGHT_PX, formats=formats), told)


def _speed(profile: MatcherProfile, formats: Formats) -> Picture:
    return _chart(profile, formats, value="per_s", title=formats.words("matcher.per_s"),
                  alt_key="matcher.speed_alt")  # fmt: skip


def _latency(profile: MatcherProfile, formats: Formats) -> Picture:
    return _chart(profile, formats, value="ms", title=formats.words("matcher.ms"),
                  alt_key="matcher.latency_alt")  # fmt: skip


def _speed_table(profile: MatcherProfile, formats: Formats) -> str:
    return _by_batch(profile, formats, lambda size, s: formats.number(size / s))


def _latency_table(profile: MatcherProfile, formats: Formats) -> str:
    return _by_batch(profile, formats, lambda _, s: formats.number(1000 * s, 3))


def _by_batch(profile: MatcherProfile, formats: Formats, told: Callable[[int, float], str]) -> str:
    words = formats.words
    sizes = sorted({int(bucket.size) for each in profile.galleries for bucket in each.buckets})
    rows = []
    for each in profile.galleries:
        times = {int(bucket.size): float(bucket.service_s.value) for bucket in each.buckets}
        cells = [told(size, times[size]) if size in times else "–" for size in sizes]
        rows.append((formats.number(each.people), each.kernel, *cells))
    headers = [words("matcher.gallery"), words("matcher.kernel"), *map(formats.number, sizes)]
    return table(headers, rows, words=(1,))


def _errors_table(profile: MatcherProfile, formats: Formats) -> str:
    """What a threshold lets in and keeps out; of a thousand travellers, how many try again."""
    words = formats.words

    def told(rate: MeasuredRate) -> str:
        share = formats.number(100 * float(rate.share), 4)
        return f"{share}% ({formats.number(rate.errors)}/{formats.number(rate.trials)})"

    rows = [
        (
            formats.number(each.threshold, 2),
            told(each.fmr),
            told(each.fnmr),
            formats.number(1000 * float(each.fnmr.share), 1),
        )
        for each in profile.rates
    ]
    headers = [words(f"table.{name}") for name in ("threshold", "fmr", "fnmr", "again")]
    return table(headers, rows)
