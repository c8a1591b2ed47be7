"""A plan as a chart and tables."""

from __future__ import annotations

from typing import Any

import altair as alt

from dashboard import theme
from dashboard.components.charts.picture import Picture, finished
from dashboard.components.tables import table
from dashboard.i18n.formats import Formats

HEIGHT_PX = 190
Names = dict[str, str]


def levels_picture(found: dict[str, Any], name: str, title: str, formats: Formats) -> Picture:
    """Servers by period as planned at one station, over those of today."""
    words = formats.words
    planned, today = words("plan.planned"), words("plan.today")
    step_ms = found["period_s"] * 1000
    each = found["stations"][name]
    rows = [
        {"which": which, "at": n * step_ms, "servers": level}
        for which, levels in ((planned, each["servers"]), (today, each["today"]))
        for n, level in enumerate([*levels, *levels[-1:]])
    ]
    clock = alt.Axis(format="%H:%M", title=None, grid=False, tickCount=12)
    domain = [planned, today]
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(interpolate="step-after", strokeWidth=2.5)
        .encode(
            x=alt.X("at:T", scale=alt.Scale(type="utc"), axis=clock),
            y=alt.Y("servers:Q", axis=alt.Axis(title=words("plan.axis"), tickCount=5)),
            color=alt.Color(
                "which:N",
                scale=alt.Scale(domain=domain, range=[theme.ACCENT, theme.SPARE_COLOURS[1]]),
                legend=alt.Legend(title=None, orient="top"),
            ),
            strokeDash=alt.StrokeDash(
                "which:N", scale=alt.Scale(domain=domain, range=[[1, 0], [5, 4]]), legend=None
            ),
        )
    )
    part = words(
        "plan.alt_part",
        station=title,
        most=max(each["servers"], default=0),
        today=max(each["today"], default=0),
    )
    drawn = finished(chart, height=HEIGHT_PX, formats=formats)
    return Picture(drawn, words("plan.alt", parts=part))


def levels_table(found: dict[str, Any], name: str, formats: Formats) -> str:
    """Servers by period: planned, and today."""
    each = found["stations"][name]
    rows = [
        (formats.clock(n * found["period_s"]), formats.number(level), formats.number(today))
        for n, (level, today) in enumerate(zip(each["servers"], each["today"], strict=False))
    ]
    words = formats.words
    return table(
        [words("table.time"), words("plan.planned"), words("plan.today")], rows, is_long=True
    )


def plan_table(found: dict[str, Any], names: Names, formats: Formats) -> str:
    """Server-hours planned, today and at least; the least share kept in any period."""
    words = formats.words
    hours = found["period_s"] / 3600
    rows = []
    for name, each in found["stations"].items():
        lows = [
            row["low"]
            for target in each["targets"]
            for row in target["served_within"]
            if row["low"] is not None and row.get("is_judged", True)
        ]
        bound = each["lower_bound"]
        rows.append(
            (
                names.get(name, name),
                formats.number(each["server_periods"] * hours, 1),
                formats.number(each["today_server_periods"] * hours, 1),
                words("plan.unknown") if bound is None else formats.number(bound * hours, 1),
                formats.percent(min(lows, default=None)),
                words("plan.exact" if each["decided_by"] == "exact law" else "plan.simulated"),
            )
        )
    columns = ("station", "planned", "today", "at_least", "least_share", "decided")
    return table([words(f"table.{name}") for name in columns], rows, words=(5,))


def shift_table(roster: dict[str, Any], formats: Formats) -> str:
    """Shift by shift."""
    words = formats.words
    rows = [
        (
            row["team"],
            row["start"],
            row["end"],
            f"{row['rest_start']}–{row['rest_end']}" if row["rest_start"] else formats.wait(None),
            formats.number(row["people"]),
        )
        for row in roster["shifts"]
    ]
    headers = [words(f"table.{name}") for name in ("team", "start", "end", "rest", "people")]
    return table(headers, rows, is_long=True)
