"""Each station by half hours of the day: who came, how long they waited, what was open."""

from __future__ import annotations

from typing import Any

from sim.projections.day import Day
from sim.projections.timeline import HALF_HOUR_US, timeline
from sim.scenario.clock import US_PER_S


def half_hours(day: Day, *, since_us: int = 0) -> dict[str, dict[str, Any]]:
    """Sums by half hour of coming, from which periods of any length can be put together.

    Parameters
    ----------
    day : Day
        A folded log.
    since_us : int
        End of the warm-up: those who came earlier are left out.

    Returns
    -------
    dict
        By station: ``first``, the half hour since midnight that the lists begin with, and
        ``started`` (customers of it who started service), ``wait_s`` (sum of their waits),
        ``open_s`` (open servers times seconds).
    """
    result = {}
    for name, station in zip(day.stations, day.station_days(), strict=True):
        rows = station.visits.rows
        start_us = int(rows.joined_us.min(initial=day.last_us))
        until_us = int(rows.joined_us.max(initial=start_us)) + 1
        by_period = timeline(
            station,
            period_us=HALF_HOUR_US,
            from_us=start_us,
            until_us=until_us,
            since_us=since_us,
        )
        result[name] = {
            "first": start_us // HALF_HOUR_US,
            "started": by_period.waits.tolist(),
            "wait_s": (by_period.wait_us / US_PER_S).tolist(),
            "open_s": (by_period.open * (HALF_HOUR_US / US_PER_S)).tolist(),
        }
    return result
