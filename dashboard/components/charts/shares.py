"""How many customers wait below, within and above the optimum band."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from dashboard import theme
from dashboard.briefing import StationBrief
from dashboard.components.charts.picture import AXIS_PX, ROW_PX, Picture, finished, station_axis
from dashboard.i18n.formats import Formats

COLOUR_OF_PART = {"below": theme.UNDER, "within": theme.WITHIN, "above": theme.OVER}
"""Parts of the whole, from the left."""


def shares_picture(briefs: Sequence[StationBrief], formats: Formats) -> Picture:
    """Shares of customers by where their wait lies, at each station."""
    words = formats.words
    names = {part: words(f"shares.{part}") for part in COLOUR_OF_PART}
    rows = [
        {
            "station": brief.name,
            "part": name,
            "order": order,
            "share": 100 * (brief.shares.get(part) or 0.0),
            "text": formats.percent(brief.shares.get(part)),
        }
        for brief in briefs
        for order, (part, name) in enumerate(names.items())
    ]
    axis = alt.Axis(values=[0, 25, 50, 75, 100], title=words("shares.axis"))
    scale = alt.Scale(domain=list(names.values()), range=list(COLOUR_OF_PART.values()))
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(height=ROW_PX - 22)
        .encode(
            y=station_axis(),
            x=alt.X("share:Q", scale=alt.Scale(domain=[0, 100]), axis=axis),
            color=alt.Color("part:N", scale=scale, legend=None),
            order="order:Q",
            tooltip=[
                alt.Tooltip("station:N", title=words("table.station")),
                alt.Tooltip("part:N", title=words("table.verdict")),
                alt.Tooltip("text:N", title=words("shares.axis")),
            ],
        )
    )
    height = ROW_PX * len(briefs) + AXIS_PX
    return Picture(finished(chart, height=height, formats=formats), _words(briefs, formats))


def _words(briefs: Sequence[StationBrief], formats: Formats) -> str:
    words = formats.words
    parts = " ".join(
        words(
            "shares.alt_part",
            station=brief.name,
            **{part: formats.percent(brief.shares.get(part)) for part in COLOUR_OF_PART},
        )
        for brief in briefs
    )
    return words("shares.alt", parts=parts)
