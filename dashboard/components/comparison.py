"""Differences with their intervals: what the page *Compare* draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from dashboard import theme
from dashboard.briefing import station_name
from dashboard.components.charts.picture import AXIS_PX, ROW_PX, Picture, finished
from dashboard.components.tables import table
from dashboard.i18n.formats import Formats
from sim.scenario.passenger_classes import load_classes
from sim.scenario.spec import ScenarioSpec

WHOLE_DAY = {"journey_s.mean": "journey", "missed": "missed", "reneged": "reneged",
             "balked": "balked"}  # fmt: skip
COLOUR_OF_OUTCOME = {"lower": theme.WITHIN, "higher": theme.OVER}
VERDICT_KEYS = {"gains": "compare.gains", "loses": "compare.loses"}


@dataclass(frozen=True, slots=True)
class Row:
    """A figure in both settings.

    Attributes
    ----------
    is_time : bool
        Whether it is in seconds; else persons a day.
    low, high : float or None
        Of the difference B less A, all rows at once.
    outcome : str
        As `sim.experiments.paired.Difference` has it.
    """

    name: str
    is_time: bool
    a: float
    b: float
    mean: float
    low: float | None
    high: float | None
    outcome: str
    formats: Formats

    @property
    def least(self) -> float:
        """Smaller end of the difference's size."""
        return min(abs(self.low or 0.0), abs(self.high or 0.0))

    @property
    def most(self) -> float:
        """Larger end."""
        return max(abs(self.low or 0.0), abs(self.high or 0.0))

    def told(self, value: float | None) -> str:
        """A value of this figure for people, with its sign."""
        if value is None:
            return self.formats.wait(None)
        sign = "−" if value < 0 else ""
        size = abs(value)
        return sign + (self.formats.wait(size) if self.is_time else self.formats.number(size, 1))


def headline_rows(found: dict[str, Any], spec: ScenarioSpec, formats: Formats) -> tuple[Row, ...]:
    """The figures a verdict is given on, those that are the same on every day left out."""
    names = {station.id: station_name(station, formats.words) for station in spec.stations}
    return tuple(
        Row(
            _name(each["key"], names, formats),
            "_s" in each["key"].rpartition("stations")[2],
            each["a"], each["b"], each["difference"], each["low"], each["high"], each["outcome"],
            formats,
        )
        for each in found["headlines"]
        if each["outcome"] != "identical"
    )  # fmt: skip


def _name(key: str, names: dict[str, str], formats: Formats) -> str:
    words = formats.words
    if key in WHOLE_DAY:
        return words(f"compare.{WHOLE_DAY[key]}")
    parts = key.split(".")
    station = ".".join(parts[1:-2])
    what = words("compare.mean" if parts[-1] == "mean" else "compare.p95")
    return f"{names.get(station, station)}, {what}"


def headline_table(rows: Sequence[Row], formats: Formats) -> str:
    """A, B, the difference and its interval."""
    words = formats.words
    headers = [words(f"table.{name}") for name in ("figure", "a", "b", "difference", "interval")]
    cells = [
        (
            row.name,
            row.told(row.a),
            row.told(row.b),
            row.told(row.mean),
            f"{row.told(row.low)} … {row.told(row.high)}",
        )
        for row in rows
    ]
    over = [(n, 3) for n, row in enumerate(rows) if row.outcome == "higher"]
    return table(headers, cells, over=over)


def forest_picture(rows: Sequence[Row], formats: Formats) -> Picture:
    """Differences of times in minutes with their intervals, around zero."""
    words = formats.words
    marks = [
        {
            "name": row.name,
            "mean": row.mean / 60,
            "low": (row.mean if row.low is None else row.low) / 60,
            "high": (row.mean if row.high is None else row.high) / 60,
            "outcome": row.outcome,
            "text": row.told(row.mean),
        }
        for row in rows
        if row.is_time
    ]
    axis = alt.Axis(title=words("compare.axis"), tickCount=8)
    y = alt.Y("name:N", sort=None, title=None,
              axis=alt.Axis(grid=False, labelColor=theme.INK, labelLimit=360))  # fmt: skip
    colour = alt.Color(
        "outcome:N",
        legend=None,
        scale=alt.Scale(
            domain=["lower", "higher", "undecided"], range=[theme.WITHIN, theme.OVER, theme.QUIET]
        ),
    )
    base = alt.Chart(alt.Data(values=marks)).encode(y=y, color=colour)
    zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=theme.INK, opacity=0.5)
    chart = alt.layer(
        zero.encode(x="zero:Q"),
        base.mark_rule(strokeWidth=2.5).encode(x=alt.X("low:Q", axis=axis), x2="high:Q"),
        base.mark_point(size=110, filled=True, opacity=1).encode(
            x="mean:Q",
            tooltip=[
                alt.Tooltip("name:N", title=words("table.figure")),
                alt.Tooltip("text:N", title=words("table.difference")),
            ],
        ),
    )
    told = " ".join(
        words(
            "compare.alt_part",
            name=row.name,
            mean=row.told(row.mean),
            low=row.told(row.low),
            high=row.told(row.high),
        )
        for row in rows
    )
    height = ROW_PX * max(len(marks), 1) + AXIS_PX
    drawn = finished(chart, height=height, formats=formats)
    return Picture(drawn, words("compare.alt", parts=told))


def class_table(found: dict[str, Any], formats: Formats) -> str:
    """Each class of passenger: persons a day, waits at check-in and in all, and the verdict."""
    words = formats.words
    titles = {each.id: words.of(each.name, otherwise=each.id) for each in load_classes().classes}
    own = {"moved": "compare.class_moved", "counter-before-and-after": "compare.class_stayed",
           "moved-first-timers": "compare.class_novices"}  # fmt: skip
    headers = [
        words(f"table.{name}")
        for name in ("class", "persons_a_day", "check_in_a", "check_in_b", "wait_difference",
                     "interval", "who")
    ]  # fmt: skip
    rows, over = [], []
    for name, each in found["classes"].items():
        check_in, waits = each["wait_at_check_in_s"], each["wait_s"]
        difference = waits["difference"] or {"mean": None, "low": None, "high": None}
        if waits["verdict"] == "loses":
            over += [(len(rows), 4), (len(rows), 6)]
        rows.append(
            (
                words(own[name]) if name in own else titles.get(name, name),
                formats.number(each["persons"]),
                formats.wait(check_in["before"]),
                formats.wait(check_in["after"]),
                _signed(difference["mean"], formats),
                f"{_signed(difference['low'], formats)} … {_signed(difference['high'], formats)}",
                words(VERDICT_KEYS.get(waits["verdict"] or "", "compare.unseen")),
            )
        )
    return table(headers, rows, words=(6,), over=over)


def _signed(seconds: float | None, formats: Formats) -> str:
    if seconds is None:
        return formats.wait(None)
    return ("−" if seconds < 0 else "+") + formats.wait(abs(seconds))
