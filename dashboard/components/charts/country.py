"""The facilities of the country where they lie, by whether they keep their promises."""

from __future__ import annotations

from typing import Any

import altair as alt

from dashboard import theme
from dashboard.components.charts.picture import Picture, finished
from dashboard.i18n.formats import Formats
from dashboard.places import LISTS, POSITIONS

HEIGHT_PX = 640
SHAPES = {"kept": "circle", "broken": "triangle-up", "unclear": "diamond"}
COLOURS = {"kept": theme.WITHIN, "broken": theme.OVER, "unclear": theme.QUIET}


def map_picture(rows: list[tuple[str, Any]], names: dict[str, str], formats: Formats) -> Picture:
    """A sign for each facility's busiest day of the month, at its place."""
    words = formats.words
    marks = []
    for name, days in rows:
        if name not in POSITIONS:
            continue
        north, east = POSITIONS[name]
        state = days["peak"]["state"] or "unclear"
        marks.append(
            {
                "name": names[name],
                "short": name.upper(),
                "north": north,
                "east": east,
                "state": state,
                "said": words(f"country.{state}"),
                "people": formats.number(days["peak"]["passengers"]),
            }
        )
    states = list(SHAPES)
    x = alt.X("east:Q", scale=alt.Scale(domain=[102, 111], zero=False), axis=None)
    y = alt.Y("north:Q", scale=alt.Scale(domain=[8, 22.5], zero=False), axis=None)
    base = alt.Chart(alt.Data(values=marks)).encode(x=x, y=y)
    titles = [
        {"north": north, "east": east, "name": words(f"country.{city}")}
        for city, (north, east, _) in LISTS.items()
    ]
    heads = alt.Chart(alt.Data(values=titles)).encode(x=x, y=y)
    chart = alt.layer(
        base.mark_point(filled=True, size=150, opacity=0.95).encode(
            color=alt.Color(
                "state:N", legend=None,
                scale=alt.Scale(domain=states, range=[COLOURS[each] for each in states]),
            ),
            shape=alt.Shape(
                "state:N", legend=None,
                scale=alt.Scale(domain=states, range=[SHAPES[each] for each in states]),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=words("table.station")),
                alt.Tooltip("said:N", title=words("table.verdict")),
                alt.Tooltip("people:N", title=words("table.persons")),
            ],
        ),
        base.mark_text(align="left", dx=10, fontSize=11).encode(text="short:N"),
        heads.mark_text(align="left", dx=-6, fontWeight=600).encode(text="name:N"),
    )  # fmt: skip
    told = " ".join(
        words("country.alt_part", name=mark["name"], state=mark["said"]) for mark in marks
    )
    drawn = finished(chart, height=HEIGHT_PX, formats=formats)
    return Picture(drawn, words("country.alt", parts=told))
