"""What a log says about a quantity that theory knows: a numerator and a denominator a day.

Only visits that begin in the window count: after the warm-up, and before what is left of the
day so that the end of arrivals touches nobody who is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.events.kinds import CODE, Kind
from sim.events.log import EventBlock
from tests.engines import NEVER, Visits, visits_of

US = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """One replication.

    Attributes
    ----------
    begin, end : int
        Window of the visits counted, in microseconds.
    is_first : ndarray of bool, shape (passengers,)
        Passengers with the first trait.
    """

    events: EventBlock
    visits: Visits
    begin: int
    end: int
    is_first: NDArray[np.bool_]
    arrived: NDArray[np.int64]
    exited: NDArray[np.int64]

    @classmethod
    def of(cls, events: EventBlock, *, begin_s: float, end_s: float) -> Day:
        """Read a whole log."""
        at_arrival = events.kind == CODE[Kind.ARRIVED]
        passengers = int(at_arrival.sum())
        assert passengers, "nobody came"
        exited = np.full(passengers, NEVER, dtype=np.int64)
        at_exit = events.kind == CODE[Kind.EXITED]
        exited[events.passenger[at_exit]] = events.at_us[at_exit]
        return cls(
            events=events,
            visits=visits_of(events, passengers=passengers, visits=int(events.visit.max()) + 1),
            begin=round(begin_s * US),
            end=round(end_s * US),
            is_first=events.detail[at_arrival] & 1 == 1,
            arrived=events.at_us[at_arrival],
            exited=exited,
        )

    def counts(self, instants: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these instants fall in the window."""
        return (instants >= self.begin) & (instants < self.end)


Ratio = tuple[float, float]
Measure = Callable[[Day], Ratio]


def _served(day: Day) -> NDArray[np.bool_]:
    return day.counts(day.visits.joined_us) & (day.visits.started_us != NEVER)


def _waits(day: Day, who: NDArray[np.bool_]) -> NDArray[np.int64]:
    return day.visits.started_us[who] - day.visits.joined_us[who]


def _mean_wait(day: Day, who: NDArray[np.bool_]) -> Ratio:
    waits = _waits(day, who)
    return waits.sum() / US, len(waits)


def mean_wait(day: Day) -> Ratio:
    """Seconds in the queue of those who were served."""
    return _mean_wait(day, _served(day))


def mean_wait_first(day: Day) -> Ratio:
    """The same for passengers with the first trait."""
    return _mean_wait(day, _served(day) & day.is_first[:, None])


def mean_wait_others(day: Day) -> Ratio:
    """The same for passengers without it."""
    return _mean_wait(day, _served(day) & ~day.is_first[:, None])


def share_waiting(day: Day) -> Ratio:
    """Share of those who joined that did not start at once, reneged or not."""
    joined = day.counts(day.visits.joined_us)
    at_once = joined & (day.visits.started_us == day.visits.joined_us)
    return float(joined.sum() - at_once.sum()), float(joined.sum())


def share_beyond(at: float) -> Measure:
    """Share of those served that waited longer than `at` seconds."""

    def measure(day: Day) -> Ratio:
        waits = _waits(day, _served(day))
        return float((waits > at * US).sum()), len(waits)

    return measure


def share_within(at: float) -> Measure:
    """Share of those served that waited `at` seconds at most."""

    def measure(day: Day) -> Ratio:
        beyond, served = share_beyond(at)(day)
        return served - beyond, served

    return measure


def share_balked(day: Day) -> Ratio:
    """Share of those who came to the queue that found it full."""
    balked = day.counts(day.visits.balked_us).sum()
    return float(balked), float(balked + day.counts(day.visits.joined_us).sum())


def share_reneged(day: Day) -> Ratio:
    """Share of those who joined that left the queue unserved."""
    joined = day.counts(day.visits.joined_us)
    return float((joined & (day.visits.reneged_us != NEVER)).sum()), float(joined.sum())


def mean_time_in_queue(day: Day) -> Ratio:
    """Seconds in the queue of all who joined, served or not."""
    joined = day.counts(day.visits.joined_us)
    until = np.maximum(day.visits.started_us, day.visits.reneged_us)[joined]
    return (until - day.visits.joined_us[joined]).sum() / US, float(joined.sum())


def mean_present_at(station: int) -> Measure:
    """Time average of those at a station, waiting or in service."""

    def measure(day: Day) -> Ratio:
        here = (day.visits.station == station) & (day.visits.completed_us != NEVER)
        begin = np.maximum(day.visits.joined_us[here], day.begin)
        end = np.minimum(day.visits.completed_us[here], day.end)
        return np.maximum(end - begin, 0).sum() / US, (day.end - day.begin) / US

    return measure


def mean_journey(day: Day) -> Ratio:
    """Seconds from arrival to exit."""
    counted = day.counts(day.arrived) & (day.exited != NEVER)
    return (day.exited - day.arrived)[counted].sum() / US, float(counted.sum())


def longest_wait(day: Day) -> Ratio:
    """Seconds that the unluckiest waited."""
    return _waits(day, _served(day)).max() / US, 1.0


def share_last_within(at: float) -> Measure:
    """Whether the last to start waited `at` seconds at most."""

    def measure(day: Day) -> Ratio:
        return float(longest_wait(day)[0] <= at), 1.0

    return measure


def share_within_in_period(at: float, *, period: int, period_s: float) -> Measure:
    """Share of those who join in a period that wait `at` seconds at most."""

    def measure(day: Day) -> Ratio:
        joined = day.visits.joined_us
        number = joined // round(period_s * US)
        waits = _waits(day, (joined != NEVER) & (number == period))
        return float((waits <= at * US).sum()), len(waits)

    return measure


def present_just_before(at: float, *, is_waiting: bool) -> Measure:
    """Number at the station, or waiting there, just before an instant in seconds."""

    def measure(day: Day) -> Ratio:
        before = round(at * US) - 1
        until = day.visits.started_us if is_waiting else day.visits.completed_us
        here = (day.visits.joined_us <= before) & (day.visits.joined_us != NEVER)
        return float((here & (until > before)).sum()), 1.0

    return measure
