"""Waits at each station against its optimum band."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from dashboard import theme
from dashboard.briefing import StationBrief
from dashboard.components.charts.picture import (
    AXIS_PX,
    ROW_PX,
    Picture,
    band_text,
    finished,
    station_axis,
)
from dashboard.i18n.formats import Formats

LABEL_ROOM = 1.18
"""The axis goes this much beyond the longest wait, for the words beside it."""


def waits_picture(briefs: Sequence[StationBrief], formats: Formats) -> Picture:
    """Mean and 95 % point of the wait at each station, over its band."""
    rows = [_row(brief, formats) for brief in briefs]
    chart = finished(_chart(rows, formats), height=ROW_PX * len(rows) + AXIS_PX, formats=formats)
    return Picture(chart, _words(rows, formats))


def _row(brief: StationBrief, formats: Formats) -> dict[str, Any]:
    low_s, high_s = brief.band_s or (0.0, 0.0)
    return {
        "station": brief.name,
        "mean": (brief.wait_s["mean"] or 0.0) / 60,
        "p95": (brief.wait_s["p95"] or 0.0) / 60,
        "low": low_s / 60,
        "high": high_s / 60,
        "is_over": brief.verdict == "sub-optimum",
        "mean_text": formats.wait(brief.wait_s["mean"]),
        "p95_text": formats.wait(brief.wait_s["p95"]),
        "band_text": band_text(brief, formats),
    }


def _chart(rows: list[dict[str, Any]], formats: Formats) -> alt.LayerChart | alt.FacetChart:
    words = formats.words
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=station_axis(),
        tooltip=[
            alt.Tooltip("station:N", title=words("table.station")),
            alt.Tooltip("mean_text:N", title=words("table.mean")),
            alt.Tooltip("p95_text:N", title=words("table.p95")),
            alt.Tooltip("band_text:N", title=words("table.band")),
        ],
    )
    longest = max((max(row["p95"], row["high"]) for row in rows), default=0.0) or 1.0
    scale = alt.Scale(domain=[0, longest * LABEL_ROOM], nice=False)
    axis = alt.Axis(tickCount=8, title=words("waits.axis"))
    low, mean, p95 = (alt.X(f"{name}:Q", scale=scale, axis=axis) for name in ("low", "mean", "p95"))
    colour = alt.condition("datum.is_over", alt.value(theme.OVER), alt.value(theme.ACCENT))
    return alt.layer(
        base.mark_bar(color=theme.BAND, height=ROW_PX - 18).encode(x=low, x2="high:Q"),
        base.mark_rule(strokeWidth=2.5).encode(x=mean, x2="p95:Q", color=colour),
        base.mark_point(shape="circle", size=110, filled=True, opacity=1).encode(
            x=mean, color=colour
        ),
        base.mark_point(shape="diamond", size=130, filled=True, opacity=1).encode(
            x=p95, color=colour
        ),
        base.mark_text(align="left", dx=12).encode(x=p95, text="p95_text:N"),
    )


def _words(rows: list[dict[str, Any]], formats: Formats) -> str:
    parts = " ".join(
        formats.words(
            "waits.alt_part",
            station=row["station"],
            mean=row["mean_text"],
            p95=row["p95_text"],
            band=row["band_text"],
        )
        for row in rows
    )
    return formats.words("waits.alt", n=len(rows), parts=parts)
