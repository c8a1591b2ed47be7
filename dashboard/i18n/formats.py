"""Numbers, durations, times of day and dates as each language writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.i18n.catalogue import Words
from sim.scenario.clock import clock_text

DAY_S = 86_400
HALF_HOUR_S = 1_800
NOTHING = "–"
"""Stands for a figure that was not observed."""

_SEPARATORS = {"vi": (".", ","), "en": (",", ".")}


@dataclass(frozen=True, slots=True)
class Formats:
    """Writes figures for people; every method gives `NOTHING` for None.

    Attributes
    ----------
    words : Words
        The language.
    """

    words: Words

    def number(self, value: float | None, decimals: int = 0) -> str:
        """A number: ``1.234,5`` in Vietnamese, ``1,234.5`` in English."""
        if value is None:
            return NOTHING
        thousands, point = _SEPARATORS[self.words.language]
        text = f"{value:,.{decimals}f}"
        return text.replace(",", "\0").replace(".", point).replace("\0", thousands)

    def percent(self, share: float | None) -> str:
        """A share as per cent: tenths only near 0 and 1, and never rounded to either."""
        if share is None:
            return NOTHING
        if 0 < share < 0.0005:
            return f"<{self.number(0.1, 1)}%"
        if 0.9995 < share < 1:
            return f">{self.number(99.9, 1)}%"
        is_near_an_end = 0 < share < 0.01 or 0.99 < share < 1
        return f"{self.number(100 * share, 1 if is_near_an_end else 0)}%"

    def wait(self, seconds: float | None) -> str:
        """A duration: seconds below a minute, tenths of a minute below ten."""
        if seconds is None:
            return NOTHING
        if seconds < 59.5:
            return self.words("unit.seconds", n=self.number(seconds))
        return self.words("unit.minutes", n=self.minutes(seconds))

    def minutes(self, seconds: float | None) -> str:
        """A duration in minutes without its unit."""
        if seconds is None:
            return NOTHING
        return self.number(seconds / 60, 1 if seconds < 597 else 0)

    def clock(self, seconds: float | None) -> str:
        """A time of day; after midnight as on the clock, with the day it belongs to."""
        if seconds is None:
            return NOTHING
        if seconds < DAY_S:
            return clock_text(seconds)
        return self.words("unit.next_day", clock=clock_text(seconds % DAY_S))

    def half_hour(self, start_s: float | None) -> str:
        """A half hour such as ``10:00–10:30``."""
        if start_s is None:
            return NOTHING
        return f"{clock_text(start_s % DAY_S)}–{self.clock(start_s + HALF_HOUR_S)}"

    def date(self, day: date | None) -> str:
        """A date such as ``10/2/2026`` or ``10 February 2026``."""
        if day is None:
            return NOTHING
        month = self.words("date.months").split("|")[day.month - 1]
        return self.words("date.short", day=day.day, month=month, year=day.year)

    def long_date(self, day: date | None) -> str:
        """A date with its weekday."""
        if day is None:
            return NOTHING
        weekday = self.words("date.weekdays").split("|")[day.weekday()]
        return self.words("date.long", weekday=weekday, date=self.date(day))

    @property
    def locale(self) -> dict[str, object]:
        """The same separators for the axes of charts, as d3-format wants them."""
        thousands, decimal = _SEPARATORS[self.words.language]
        return {
            "decimal": decimal,
            "thousands": thousands,
            "grouping": [3],
            "currency": ["", ""],
        }
