"""The tables of a day: what stands behind the charts, and the worst half hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dashboard.answer import Answer
from dashboard.briefing import StationBrief
from dashboard.components.charts.heat import quarters_of, step_of
from dashboard.components.charts.picture import band_text
from dashboard.components.tables import table
from dashboard.i18n.formats import Formats
from dashboard.theme import SIGNS

LEVEL_KEYS = {
    "sub-optimum": "level.over",
    "optimum": "level.within",
    "over-design": "level.under",
}

PARTS = ("below", "within", "above")
"""Where a wait may lie, seen from the band."""


def waits_table(briefs: Sequence[StationBrief], formats: Formats) -> str:
    """Waits and band of every station, and how busy it was."""
    names = ("station", "served", "mean", "p95", "most", "band", "busy")
    rows = [
        (
            brief.name,
            formats.number(brief.served),
            formats.wait(brief.wait_s["mean"]),
            formats.wait(brief.wait_s["p95"]),
            formats.wait(brief.wait_s["max"]),
            band_text(brief, formats),
            formats.percent(brief.utilisation),
        )
        for brief in briefs
    ]
    over = [(n, 3) for n, brief in enumerate(briefs) if brief.verdict == "sub-optimum"]
    return table(_headers(names, formats), rows, over=over)


def shares_table(briefs: Sequence[StationBrief], formats: Formats) -> str:
    """Shares of customers below, within and above each band."""
    rows = [
        (brief.name, *(formats.percent(brief.shares.get(part)) for part in PARTS))
        for brief in briefs
    ]
    return table(_headers(("station", *PARTS), formats), rows)


def queues_table(answer: Answer, briefs: Sequence[StationBrief], formats: Formats) -> str:
    """Mean queues by half hour."""
    columns = [answer.waits[brief.id] for brief in briefs]
    starts = columns[0]["start_s"] if columns else []
    rows = [
        (formats.half_hour(start), *(formats.number(column["queue"][n], 1) for column in columns))
        for n, start in enumerate(starts)
    ]
    headers = [formats.words("table.time"), *(brief.name for brief in briefs)]
    return table(headers, rows, is_long=True)


def heat_table(answer: Answer, briefs: Sequence[StationBrief], formats: Formats) -> str:
    """95 % points of the waits by quarter-hour of arrival."""
    by_station = [dict(quarters_of(answer, brief)) for brief in briefs]
    starts = sorted({start for columns in by_station for start in columns})
    rows = [
        (formats.clock(start), *(formats.wait(columns.get(start)) for columns in by_station))
        for start in starts
    ]
    over = [
        (row, column + 1)
        for row, start in enumerate(starts)
        for column, (brief, waits) in enumerate(zip(briefs, by_station, strict=True))
        if start in waits and step_of(waits[start], brief.band_s) in {"above", "far"}
    ]
    headers = [formats.words("table.quarter"), *(brief.name for brief in briefs)]
    return table(headers, rows, over=over, is_long=True)


def flows_table(answer: Answer, name_of: Callable[[str], str], formats: Formats) -> str:
    """Persons by where they came from and where they went; the most first."""
    rows = [
        (name_of(source), name_of(target), formats.number(persons))
        for source, target, persons in sorted(answer.flows, key=lambda flow: -flow[2])
    ]
    return table(_headers(("from", "to", "persons"), formats), rows, words=(1,), is_long=True)


def worst_table(briefs: Sequence[StationBrief], formats: Formats) -> str:
    """The worst half hour of every station."""
    names = ("station", "half_hour", "came", "servers", "mean", "p95", "band", "verdict")
    nobody = formats.words("worst.nobody")
    rows, over = [], []
    for brief in briefs:
        worst = brief.worst
        if worst is None:
            continue
        if brief.band_s is not None and worst["mean_s"] > brief.band_s[1]:
            over += [(len(rows), 4), (len(rows), 7)]
        half_hour = formats.half_hour(worst["start_s"]) if worst["mean_s"] else nobody
        rows.append(
            (
                brief.name,
                half_hour,
                formats.number(worst["arrivals"]),
                formats.number(brief.open_then),
                formats.wait(worst["mean_s"]),
                formats.wait(worst["p95_s"]),
                band_text(brief, formats),
                _level(brief, formats),
            )
        )
    return table(_headers(names, formats), rows, words=(1, 7), over=over)


def _level(brief: StationBrief, formats: Formats) -> str:
    if brief.band_s is None:
        return ""
    if brief.verdict is None:
        return formats.words("level.none")
    return f"{SIGNS[brief.verdict]} {formats.words(LEVEL_KEYS[brief.verdict])}"


def _headers(names: Sequence[str], formats: Formats) -> list[str]:
    return [formats.words(f"table.{name}") for name in names]
