"""The day that a scenario is about, as the calendar and other programs know it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

ZONE: Final = "Asia/Ho_Chi_Minh"
"""Time zone of every scenario."""

OFFSET: Final = "+07:00"
"""Its distance from UTC, the same all year and every year since 1975."""

NO_DATE: Final = date(2000, 1, 1)
"""Stands for the service day of a scenario without a date."""


def service_day(scenario: dict[str, Any]) -> date:
    """The day from whose local midnight a run counts, or `NO_DATE`.

    Parameters
    ----------
    scenario : dict
        A resolved scenario, as in a manifest.

    Examples
    --------
    >>> service_day({"date": "2026-02-10"})
    datetime.date(2026, 2, 10)
    """
    day = scenario.get("date")
    return date.fromisoformat(day) if isinstance(day, str) else NO_DATE
