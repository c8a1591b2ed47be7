"""Tipping shares as Markdown: where counters stop being the bottleneck, and when that may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sim.reporting.before_after import markdown

PACES = ("low", "base", "high")


def tip_text(tip: Mapping[str, Any]) -> str:
    """A tipping share with its interval, or what is the bottleneck throughout.

    Examples
    --------
    >>> tip_text({"outcome": "tips", "share": 0.63, "low": 0.58, "high": None})
    '63 % (58 to above 100)'
    """
    if tip["outcome"] != "tips":
        return tip["outcome"]
    low = "below 0" if tip["low"] is None else f"{100 * tip['low']:.0f}"
    high = "above 100" if tip["high"] is None else f"{100 * tip['high']:.0f}"
    return f"{100 * tip['share']:.0f} % ({low} to {high})"


def tipping_table(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """One line a terminal: tipping shares, the bottleneck at each pace, and when it tips."""
    rows: list[list[str]] = []
    for each in found:
        at = [_bottleneck(each, each["adoption"][pace]["share"]) for pace in PACES]
        when = [_day(each["adoption"][pace]["tips_on"]) for pace in PACES]
        tips = each["tips"]
        rows.append(
            [f"`{each['scenario']}`", tip_text(tips["load"]), tip_text(tips["of_band"]), *at, *when]
        )
    header = [
        "scenario",
        "by peak load",
        "by wait",
        *(f"at {pace}" for pace in PACES),
        *(f"tips, {pace}" for pace in PACES),
    ]
    return markdown(header, rows)


def load_table(each: Mapping[str, Any], stations: Sequence[str]) -> list[str]:
    """Peak loads of one terminal by share."""
    rows = [
        [
            f"{100 * row['share']:.0f} %",
            f"{100 * row['through_face_gates']:.0f} %",
            *(f"{row['load'][name]:.2f}" for name in stations),
            row["bottleneck"],
        ]
        for row in each["rows"]
    ]
    return markdown(["share", "through face gates", *stations, "bottleneck"], rows)


def _bottleneck(each: Mapping[str, Any], share: float) -> str:
    """The bottleneck at the share simulated that is nearest."""
    row = min(each["rows"], key=lambda row: abs(row["share"] - share))
    return f"{row['bottleneck']} ({100 * share:.0f} %)"


def _day(text: str | None) -> str:
    return "–" if text is None else f"{date.fromisoformat(text):%b %Y}"
