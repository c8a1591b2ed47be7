"""When people wait too long where: 95 % points by station and quarter-hour of arrival."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from dashboard import theme
from dashboard.answer import Answer
from dashboard.briefing import StationBrief
from dashboard.components.charts.picture import AXIS_PX, Picture, finished, station_axis
from dashboard.i18n.formats import Formats

QUARTER_S = 900
ROW_PX = 30

STEPS = ("below", "within", "above", "far")
"""Where a 95 % point lies, seen from the band; far is beyond twice its upper end."""

FALLBACK_BAND_S = (300.0, 600.0)
"""For stations without a standard: the strictest that airports have, for counters in business."""


def step_of(p95_s: float, band_s: tuple[float, float] | None) -> str:
    """Where a 95 % point lies.

    Examples
    --------
    >>> [step_of(at, (600.0, 1200.0)) for at in (0, 600, 1200, 1201, 2401)]
    ['below', 'within', 'within', 'above', 'far']
    """
    low, high = band_s or FALLBACK_BAND_S
    if p95_s < low:
        return "below"
    if p95_s <= high:
        return "within"
    return "above" if p95_s <= 2 * high else "far"


def heat_picture(answer: Answer, briefs: Sequence[StationBrief], formats: Formats) -> Picture:
    """95 % points of waits by station and quarter-hour, against each band."""
    rows = [row for brief in briefs for row in _rows(answer, brief, formats)]
    words = formats.words
    clock = alt.Axis(format="%H:%M", title=None, grid=False, tickCount=12)
    domain, colours = list(STEPS), [theme.HEAT[step] for step in STEPS]
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_rect(stroke=theme.CARD, strokeWidth=0.6)
        .encode(
            x=alt.X("at:T", scale=alt.Scale(type="utc"), axis=clock),
            x2="until:T",
            y=station_axis(),
            color=alt.Color("step:N", scale=alt.Scale(domain=domain, range=colours), legend=None),
            tooltip=[
                alt.Tooltip("station:N", title=words("table.station")),
                alt.Tooltip("quarter:N", title=words("table.quarter")),
                alt.Tooltip("p95:N", title=words("table.p95")),
            ],
        )
    )
    height = ROW_PX * len(briefs) + AXIS_PX
    return Picture(finished(chart, height=height, formats=formats), _words(rows, briefs, formats))


def quarters_of(answer: Answer, brief: StationBrief) -> list[tuple[float, float]]:
    """Start of each quarter-hour in which somebody came, and the 95 % point of their waits."""
    columns = answer.quarters.get(brief.id, {"start_s": [], "wait_p95_s": []})
    pairs = zip(columns["start_s"], columns["wait_p95_s"], strict=True)
    return [(start, p95) for start, p95 in pairs if p95 is not None]


def _rows(answer: Answer, brief: StationBrief, formats: Formats) -> list[dict[str, Any]]:
    return [
        {
            "station": brief.name,
            "at": start * 1000,
            "until": (start + QUARTER_S) * 1000,
            "step": step_of(p95, brief.band_s),
            "quarter": f"{formats.clock(start)}–{formats.clock(start + QUARTER_S)}",
            "p95": formats.wait(p95),
        }
        for start, p95 in quarters_of(answer, brief)
    ]


def _words(rows: list[dict[str, Any]], briefs: Sequence[StationBrief], formats: Formats) -> str:
    words = formats.words
    parts = []
    for brief in briefs:
        own = [row for row in rows if row["station"] == brief.name]
        over = sum(row["step"] in {"above", "far"} for row in own)
        parts.append(words("heat.alt_part", station=brief.name, over=over, n=len(own)))
    return words("heat.alt", parts=" ".join(parts))
