"""How many wait at each station through the day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from dashboard import theme
from dashboard.answer import Answer
from dashboard.briefing import StationBrief
from dashboard.components.charts.picture import Picture, finished
from dashboard.i18n.formats import Formats

HEIGHT_PX = 300

WORTH_A_WORD = 1.0
"""The longest queue is named on the chart from this many customers on."""


def queues_picture(answer: Answer, briefs: Sequence[StationBrief], formats: Formats) -> Picture:
    """Mean number of customers waiting by five minutes."""
    peaks = [_peak(answer, brief, formats) for brief in briefs]
    rows = [
        {"station": brief.name, "at": start * 1000, "queue": round(queue, 2)}
        for brief in briefs
        for start, queue in _queue_of(answer, brief)
    ]
    chart = finished(_chart(rows, peaks, briefs, formats), height=HEIGHT_PX, formats=formats)
    return Picture(chart, _words(peaks, formats))


def _queue_of(answer: Answer, brief: StationBrief) -> list[tuple[float, float]]:
    columns = answer.queues[brief.id]
    return list(zip(columns["start_s"], columns["queue"], strict=True))


def _peak(answer: Answer, brief: StationBrief, formats: Formats) -> dict[str, Any]:
    queue = _queue_of(answer, brief)
    start, length = max(queue, key=lambda pair: pair[1], default=(0.0, 0.0))
    n, clock = formats.number(length), formats.clock(start)
    text = f"{brief.name}: {formats.words('queues.peak', n=n, clock=clock)}"
    return {
        "station": brief.name,
        "at": start * 1000,
        "queue": length,
        "n": n,
        "clock": clock,
        "text": text,
    }


def _chart(
    rows: list[dict[str, Any]],
    peaks: list[dict[str, Any]],
    briefs: Sequence[StationBrief],
    formats: Formats,
) -> alt.LayerChart | alt.FacetChart:
    # Instants count from midnight of the service day, so they are drawn as UTC.
    clock = alt.Axis(
        format="%H:%M", title=None, grid=False, tickCount=12, domain=True, domainColor=theme.LINE
    )
    x = alt.X("at:T", scale=alt.Scale(type="utc"), axis=clock)
    highest = max((peak["queue"] for peak in peaks), default=0.0)
    scale = alt.Scale(domain=[0, max(highest * 1.08, 2.0)], nice=True)
    axis = alt.Axis(tickCount=6, title=formats.words("queues.axis"))
    y = alt.Y("queue:Q", scale=scale, axis=axis, stack=None)
    colours = theme.colour_range([brief.kind for brief in briefs])
    colour = alt.Color(
        "station:N",
        sort=None,
        scale=alt.Scale(domain=[brief.name for brief in briefs], range=colours),
        legend=None,
    )
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y, color=colour)
    layers = [
        base.mark_area(opacity=0.14, interpolate="step-after"),
        base.mark_line(strokeWidth=2, interpolate="step-after"),
    ]
    if highest >= WORTH_A_WORD:
        longest = max(peaks, key=lambda peak: peak["queue"])
        label = alt.Chart(alt.Data(values=[longest])).encode(x=x, y=y)
        layers += [
            label.mark_point(size=60, filled=True, color=theme.INK, opacity=1),
            label.mark_text(align="left", dx=11, dy=-3, fontWeight=600).encode(text="text:N"),
        ]
    return alt.layer(*layers)


def _words(peaks: list[dict[str, Any]], formats: Formats) -> str:
    words = formats.words
    parts = " ".join(
        words("queues.alt_part", station=peak["station"], n=peak["n"], clock=peak["clock"])
        for peak in peaks
    )
    return words("queues.alt", parts=parts)
