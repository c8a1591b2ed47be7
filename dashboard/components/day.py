"""One day on the page: the sentence, the tiles, the charts with their tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import Literal

import streamlit as st

from dashboard.answer import Answer
from dashboard.briefing import StationBrief, briefs_of, station_name, worth_drawing
from dashboard.components.charts.flows import flows_drawing
from dashboard.components.charts.heat import STEPS, heat_picture
from dashboard.components.charts.picture import Picture
from dashboard.components.charts.queues import queues_picture
from dashboard.components.charts.shares import shares_picture
from dashboard.components.charts.waits import waits_picture
from dashboard.components.day_tables import (
    PARTS,
    flows_table,
    heat_table,
    queues_table,
    shares_table,
    waits_table,
    worst_table,
)
from dashboard.components.sheet import html, sheet
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
    verdict(answer, spec, formats)
    tiles(answer, spec, formats, before=before)
    left, right = st.columns([3, 2], gap="small")
    with left, card("waits", formats, "waits.title", _waits_legend(formats), height="stretch"):
        picture(waits_picture(shown, formats), waits_table(briefs, formats), formats)
    with right, card("shares", formats, "shares.title", _shares_legend(formats), height="stretch"):
        picture(shares_picture(shown, formats), shares_table(shown, formats), formats)
    queues_card(answer, spec, formats)
    with card("heat", formats, "heat.title", _heat_legend(formats)):
        picture(heat_picture(answer, shown, formats), heat_table(answer, shown, formats), formats)
    with card("flows", formats, "flows.title", escape(formats.words("flows.subtitle"))):
        _flows(answer, spec, formats)
    with card("worst", formats, "worst.title", escape(formats.words("worst.subtitle"))):
        html(worst_table(briefs, formats))


def verdict(answer: Answer, spec: ScenarioSpec, formats: Formats) -> None:
    """The day in a sentence."""
    found = verdict_on(answer, briefs_of(answer, spec, formats.words), formats)
    say(found.sentence, is_over=found.is_over)


def say(sentence: str, *, is_over: bool) -> None:
    """A sentence that a page begins with, as HTML."""
    html(
        f'<div class="verdict{" over" if is_over else ""}" role="status">'
        f'<span class="sign" aria-hidden="true">{"▲" if is_over else "●"}</span>'
        f"{sentence}</div>"
    )


def tiles(answer: Answer, spec: ScenarioSpec, formats: Formats, *, before: Before | None) -> None:
    """The figures one looks for first, and what they were before."""
    found = tiles_of(answer, briefs_of(answer, spec, formats.words), formats)
    if before is not None:
        old_briefs = briefs_of(before.answer, spec, formats.words)
        found = with_before(found, tiles_of(before.answer, old_briefs, formats))
    html(tiles_html(found, formats))
    if before is not None:
        html(f'<p class="note">{escape(before.sentence)}</p>')


def queues_card(answer: Answer, spec: ScenarioSpec, formats: Formats) -> None:
    """Queues through the day."""
    shown = worth_drawing(briefs_of(answer, spec, formats.words))
    with card("queues", formats, "queues.title", _queues_legend(shown, formats)):
        table_html = queues_table(answer, shown, formats)
        picture(queues_picture(answer, shown, formats), table_html, formats)


@contextmanager
def card(
    name: str,
    formats: Formats,
    title_key: str,
    under: str,
    *,
    height: Literal["content", "stretch"] = "content",
) -> Iterator[None]:
    """A framed part of a page, with its title and a line under it as HTML."""
    with titled(name, formats.words(title_key), under, height=height):
        yield


@contextmanager
def titled(
    name: str, title: str, under: str, *, height: Literal["content", "stretch"] = "content"
) -> Iterator[None]:
    """A card whose title is made elsewhere."""
    with st.container(key=f"card-{name}", height=height):
        html(f'<div class="head"><h2>{escape(title)}</h2><p>{under}</p></div>')
        yield


def picture(drawn: Picture, table_html: str, formats: Formats) -> None:
    """A chart, and behind it the same figures as a table."""
    st.altair_chart(drawn.chart, theme=None, width="stretch", alt=drawn.alt)
    with st.expander(formats.words("table.open")):
        st.html(table_html)
    sheet().add_figure(drawn.alt, table_html)


def _flows(answer: Answer, spec: ScenarioSpec, formats: Formats) -> None:
    names = {station.id: station_name(station, formats.words) for station in spec.stations}

    def name_of(place: str) -> str:
        return names.get(place) or formats.words(f"flows.{place}")

    drawing = flows_drawing(answer.flows, name_of, formats)
    table_html = flows_table(answer, name_of, formats)
    if not drawing:
        html(table_html)
        return
    html(drawing)
    with st.expander(formats.words("table.open")):
        html(table_html)


def _heat_legend(formats: Formats) -> str:
    steps = "".join(_entry(f"heat-{step}", "", formats.words(f"heat.{step}")) for step in STEPS)
    return f"{escape(formats.words('heat.subtitle'))}<br>{steps}"


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
