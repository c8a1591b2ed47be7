"""One day on the page: the sentence, the tiles, the charts with their tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import Literal

import streamlit as st

from dashboard.answer import Answer
from dashboard.briefing import StationBrief, briefs_of, worth_drawing
from dashboard.components.charts.picture import Picture
from dashboard.components.charts.queues import queues_picture
from dashboard.components.charts.shares import shares_picture
from dashboard.components.charts.waits import waits_picture
from dashboard.components.day_tables import (
    PARTS,
    queues_table,
    shares_table,
    waits_table,
    worst_table,
)
from dashboard.components.tiles import tiles_html, tiles_of, with_before
from dashboard.i18n.formats import Formats
from dashboard.theme import colour_range
from dashboard.verdict import verdict_on
from sim.scenario.spec import ScenarioSpec


@dataclass(frozen=True, slots=True)
class Before:
    """The figures of other settings, and what has been moved since."""

    answer: Answer
    sentence: str


def day(answer: Answer, spec: ScenarioSpec, formats: Formats, *, before: Before | None) -> None:
    """Everything an answer says.

    Parameters
    ----------
    before : Before or None
        The figures drawn before, to compare with.
    """
    briefs = briefs_of(answer, spec, formats.words)
    shown = worth_drawing(briefs)
    verdict = verdict_on(answer, briefs, formats)
    st.html(
        f'<div class="verdict{" over" if verdict.is_over else ""}" role="status">'
        f'<span class="sign" aria-hidden="true">{"▲" if verdict.is_over else "●"}</span>'
        f"{verdict.sentence}</div>"
    )
    tiles = tiles_of(answer, briefs, formats)
    if before is not None:
        old_briefs = briefs_of(before.answer, spec, formats.words)
        tiles = with_before(tiles, tiles_of(before.answer, old_briefs, formats))
    st.html(tiles_html(tiles, formats))
    if before is not None:
        st.html(f'<p class="note">{escape(before.sentence)}</p>')
    left, right = st.columns([3, 2], gap="small")
    with left, _card("waits", formats, "waits.title", _waits_legend(formats), height="stretch"):
        _picture(waits_picture(shown, formats), waits_table(briefs, formats), formats)
    with right, _card("shares", formats, "shares.title", _shares_legend(formats), height="stretch"):
        _picture(shares_picture(shown, formats), shares_table(shown, formats), formats)
    with _card("queues", formats, "queues.title", _queues_legend(shown, formats)):
        table_html = queues_table(answer, shown, formats)
        _picture(queues_picture(answer, shown, formats), table_html, formats)
    with _card("worst", formats, "worst.title", escape(formats.words("worst.subtitle"))):
        st.html(worst_table(briefs, formats))


@contextmanager
def _card(
    name: str,
    formats: Formats,
    title_key: str,
    under: str,
    *,
    height: Literal["content", "stretch"] = "content",
) -> Iterator[None]:
    with st.container(key=f"card-{name}", height=height):
        title = escape(formats.words(title_key))
        st.html(f'<div class="head"><h2>{title}</h2><p>{under}</p></div>')
        yield


def _picture(picture: Picture, table_html: str, formats: Formats) -> None:
    st.altair_chart(picture.chart, theme=None, width="stretch", alt=picture.alt)
    with st.expander(formats.words("table.open")):
        st.html(table_html)


def _waits_legend(formats: Formats) -> str:
    marks = (("band", ""), ("dot", "●"), ("dot", "◆"))
    names = formats.words("waits.legend").split("|")
    return "".join(
        _entry(kind, sign, name) for (kind, sign), name in zip(marks, names, strict=True)
    )


def _shares_legend(formats: Formats) -> str:
    return "".join(_entry(part, "", formats.words(f"shares.{part}")) for part in PARTS)


def _queues_legend(briefs: Sequence[StationBrief], formats: Formats) -> str:
    colours = colour_range([brief.kind for brief in briefs])
    entries = (
        _entry("line", "", brief.name, colour=colour)
        for brief, colour in zip(briefs, colours, strict=True)
    )
    return f"{escape(formats.words('queues.subtitle'))}<br>{''.join(entries)}"


def _entry(kind: str, sign: str, name: str, *, colour: str = "") -> str:
    style = f' style="background: {colour}"' if colour else ""
    mark = f'<span class="key {kind}"{style}>{sign}</span>'
    return f'<span class="entry">{mark}{escape(name)}</span>'
