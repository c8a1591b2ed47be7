"""What was observed at stations, metro stops and car parks, measured in a simulated day."""

from __future__ import annotations

import numpy as np

from sim.events.kinds import CODE, Kind
from sim.experiments.day import Day
from sim.projections.visit_table import VisitRows, select

US_PER_MIN = 60_000_000
HALF_HOUR_US = 30 * US_PER_MIN


def visits_to(day: Day, station: str) -> VisitRows:
    """The visits of a day to one station, in the order of the table."""
    rows = day.folded.visits.by_station(len(day.folded.stations))
    return rows[day.folded.stations.index(station)].rows


def gate_s(day: Day, station: str) -> float:
    """Mean time a passenger holds a gate, further attempts included."""
    rows = visits_to(day, station)
    return float(rows.worked_us[rows.ended_us >= 0].mean() / 1e6)


def those_referred(day: Day, station: str) -> set[int]:
    """Passengers whom a gate did not let through."""
    row = day.folded.stations.index(station)
    found: set[int] = set()
    for block in day.log.blocks():
        is_referred = (block.kind == CODE[Kind.REFERRED]) & (block.station == row)
        found |= set(block.passenger[is_referred].tolist())
    return found


def recognised(day: Day, station: str) -> float:
    """Share of those who tried a gate that it let through in the end."""
    row = day.folded.stations.index(station)
    accepted, referred = (
        sum(
            int(np.count_nonzero((block.kind == CODE[kind]) & (block.station == row)))
            for block in day.log.blocks()
        )
        for kind in (Kind.MATCH_ACCEPTED, Kind.REFERRED)
    )
    return accepted / (accepted + referred)


def worst_minutes_to(day: Day, station: str) -> float:
    """Mean time from arriving to the start of service there, in the worst half hour of arrival."""
    rows = visits_to(day, station)
    rows = select(rows, rows.has_started)
    came_us = day.folded.people.arrived_us[rows.passenger]
    minutes = (rows.started_us - came_us) / US_PER_MIN
    bins = came_us // HALF_HOUR_US
    means = np.bincount(bins, weights=minutes) / np.maximum(np.bincount(bins), 1)
    return float(means.max())


def served_per_h(day: Day, station: str, *, from_h: float, until_h: float) -> float:
    """Customers a station completes in an hour, between two hours of the day."""
    ended_us = visits_to(day, station).ended_us
    is_within = (ended_us >= from_h * 60 * US_PER_MIN) & (ended_us < until_h * 60 * US_PER_MIN)
    return float(np.count_nonzero(is_within) / (until_h - from_h))


def full_at_h(day: Day, station: str) -> float | None:
    """When the first customer finds no place, in hours since midnight; None if nobody does."""
    rows = visits_to(day, station)
    turned_away_us = rows.joined_us[rows.has_balked]
    return float(turned_away_us.min() / (60 * US_PER_MIN)) if len(turned_away_us) else None


def worst_half_hour_min(day: Day, station: str) -> float:
    """Mean wait at a station in its worst half hour."""
    return day.summary["stations"][station]["worst_half_hour"]["mean_s"] / 60


def worst_stop_minutes(day: Day) -> float:
    """Mean wait at the gates in the worst half hour of the worst stop of a line."""
    gates = [name for name in day.summary["stations"] if name.endswith("/gates")]
    return max(worst_half_hour_min(day, name) for name in gates)
