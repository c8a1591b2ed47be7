"""Why people wait today: which station and minutes break a promise, who feeds them, what helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from sim.demand.workload import Workload
from sim.planner.days import Days, tallies, visits_of
from sim.planner.feeders import Feeder, departures_of, feeders_of
from sim.planner.grid import Grid, Levels, with_one_more
from sim.planner.seen import DEPARTURES, Seen
from sim.planner.tally import Tally
from sim.planner.targets import Promise

MINUTE_US = 60_000_000

MOST_DAYS = 24
"""Days on which one server more is tried."""

MOST_TRIED = 12
"""Broken promises for which one server more is tried, the worst first."""

ALMOST_GONE = 0.1
"""A queue begins and ends where it is this share of its peak."""

SURE = 0.975
"""One-sided level of the interval around what one server more saves."""


@dataclass(frozen=True, slots=True)
class OneMore:
    """What one server more would do, on the same days with the same passengers.

    Attributes
    ----------
    station : str
        Where it stands.
    from_us, until_us : int
        When.
    days : int
        Days compared.
    share : float
        Kept in the period that breaks the promise, with it.
    saved_min : float
        Minutes of waiting fewer a day at the promised stations together, per person.
    low, high : float
        95 % interval of `saved_min`, from paired days.
    """

    station: str
    from_us: int
    until_us: int
    days: int
    share: float
    saved_min: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Cause:
    """The tightest period of a promise, as staffed today.

    Attributes
    ----------
    station : str
        Where people wait; for departures, the station at which those who miss wait longest.
    from_us, until_us : int
        The period of arrival; of departures, the one in which they wait longest.
    share : float
        Share kept today.
    late : float
        Customers a day who wait longer then, or miss; of a queue, minutes above the promise.
    broken : int
        Periods of the promise that are broken today.
    queue_us : tuple of (int, int) or None
        Since when and until when the queue stands that the period is part of.
    departures_us : tuple of (int, int) or None
        Between which instants nine in ten of those who wait longer depart.
    feeders : tuple of Feeder
        Departures that most of them are for, where departures have names.
    servers, planned : int
        Open today and by the plan, in the period of the queue where they differ most.
    changed_us : int
        When that period begins.
    one_more : OneMore or None
        What one server more from the beginning of the queue to the end of the period would do;
        None where nothing is broken.
    """

    station: str
    promise: Promise
    from_us: int
    until_us: int
    share: float
    late: float
    broken: int
    queue_us: tuple[int, int] | None
    departures_us: tuple[int, int] | None
    feeders: tuple[Feeder, ...]
    servers: int
    planned: int
    changed_us: int
    one_more: OneMore | None = None

    @property
    def is_breach(self) -> bool:
        """Whether the promise is broken today."""
        return self.broken > 0


def causes_of(  # noqa: PLR0917 - what a plan was made of, in its order
    days: Days,
    today: Sequence[dict[str, Seen]],
    grid: Grid,
    plan: dict[str, Levels],
    promises: Sequence[Promise],
    cells: dict[str, int],
    progress: Callable[[str], None] = lambda text: None,
) -> tuple[Cause, ...]:
    """The tightest period of each promise with today's openings, breaches first."""
    look = _Look(days, today, grid, plan)
    found = [
        look.cause(each, each.tightest)
        for each in tallies(today, promises, cells)
        if each.tightest is not None
    ]
    found.sort(key=lambda cause: cause.share - cause.promise.asked)
    told = []
    for number, each in enumerate(found):
        if each.is_breach and number < MOST_TRIED:
            progress(f"one server more at {each.station}, on the same days")
            more = look.one_more(each, cells)
            told.append(replace(each, one_more=more))
        else:
            told.append(each)
    return tuple(told)


class _Look:
    """Looks into days simulated as staffed today."""

    def __init__(
        self, days: Days, today: Sequence[dict[str, Seen]], grid: Grid, plan: dict[str, Levels]
    ) -> None:
        self.days, self.today, self.grid, self.plan = days, today, grid, plan

    def cause(self, tally: Tally, cell: int) -> Cause:
        promise = tally.promise
        where, begin, end = self._place(promise, cell)
        seen = [day[where] for day in self.today]
        queue = queue_around(seen, begin, end)
        servers, planned, changed_us = self._change(where, queue or (begin, end), end)
        gap = (tally.came - tally.kept)[:, cell].mean()
        broken = tally.is_judged & (tally.estimate < promise.asked)
        workloads = self.days.workloads
        passengers = [self._late(promise, day, begin, end) for day in self.today]
        return Cause(
            station=where,
            promise=promise,
            from_us=max(begin, self.grid.start_us),
            until_us=end,
            share=float(tally.estimate[cell]),
            late=float(gap) / (60 if promise.most_waiting is not None else 1),
            broken=int(broken.sum()),
            queue_us=queue,
            departures_us=departures_of(workloads, passengers),
            feeders=feeders_of(workloads, passengers),
            servers=servers,
            planned=planned,
            changed_us=changed_us,
        )

    def one_more(self, cause: Cause, cells: dict[str, int]) -> OneMore:
        """Simulate the first days again with one server more."""
        begin = min(cause.queue_us[0] if cause.queue_us else cause.from_us, cause.from_us)
        network = with_one_more(self.days.network, cause.station, begin, cause.until_us)
        names = tuple(self.today[0])
        workloads = self.days.workloads[:MOST_DAYS]

        def one(workload: Workload) -> dict[str, Seen]:
            return visits_of(network, workload, names)

        if self.days.jobs <= 1:
            more = [one(each) for each in workloads]
        else:
            with ThreadPoolExecutor(self.days.jobs) as pool:
                more = list(pool.map(one, workloads))
        own = self.today[: len(more)]
        promise = cause.promise
        cell = 0
        if promise.most_missed is None:
            cell = min(cause.from_us // promise.per_us, cells[promise.id] - 1)
        before, after = (
            float(tallies(each, (promise,), cells)[0].estimate[cell]) for each in (own, more)
        )
        saved = np.array([waited_min(a) - waited_min(b) for a, b in zip(own, more, strict=True)])
        half = 0.0
        if len(saved) > 1:
            quantile = float(student.ppf(SURE, len(saved) - 1))
            half = quantile * float(saved.std(ddof=1)) / np.sqrt(len(saved))
        mean = float(saved.mean())
        share = float(np.clip(cause.share + after - before, 0.0, 1.0))
        return OneMore(
            cause.station, begin, cause.until_us, len(more), share, mean, mean - half, mean + half
        )

    def _place(self, promise: Promise, cell: int) -> tuple[str, int, int]:
        """The station and the minutes that a broken period points to."""
        end_us = self.grid.periods * self.grid.period_us
        if promise.most_missed is None:
            begin = cell * promise.per_us
            return promise.station, begin, min(begin + promise.per_us, end_us)
        waits: dict[tuple[str, int], int] = {}
        for day in self.today:
            for name in self.plan:
                own = day[name]
                is_late = np.isin(own.passenger, _missed(day))
                wait = np.minimum(own.left_us, end_us) - own.joined_us
                periods = own.joined_us[is_late] // self.grid.period_us
                for period, time in zip(periods.tolist(), wait[is_late].tolist(), strict=True):
                    waits[name, period] = waits.get((name, period), 0) + max(time, 0)
        where, period = max(waits, key=lambda key: waits[key], default=(next(iter(self.plan)), 0))
        begin = period * self.grid.period_us
        return where, begin, begin + self.grid.period_us

    def _late(
        self, promise: Promise, day: dict[str, Seen], begin: int, end: int
    ) -> NDArray[np.int32]:
        """Passengers of a period for whom a promise is broken."""
        if promise.most_missed is not None:
            return _missed(day)
        own = day[promise.station]
        is_late = own.left_us > own.joined_us
        if promise.most_waiting is None:
            is_late = (own.started_us < 0) | (own.started_us - own.joined_us > promise.within_us)
        return own.passenger[is_late & (own.joined_us >= begin) & (own.joined_us < end)]

    def _change(self, name: str, queue: tuple[int, int], end: int) -> tuple[int, int, int]:
        """Servers today and planned where they differ most while the queue stands."""
        station = next(each for each in self.days.network.stations if each.id == name)
        own, planned = self.grid.sampled(station), self.plan[name]
        last = self.grid.periods - 1
        first = min(self.grid.at(max(queue[0], self.grid.start_us)), last)
        until = min(self.grid.at(max(end - 1, queue[0])), last)
        at = max(range(first, until + 1), key=lambda period: planned[period] - own[period])
        return own[at], planned[at], max(at * self.grid.period_us, self.grid.start_us)


def queue_around(days: Sequence[Seen], begin: int, end: int) -> tuple[int, int] | None:
    """Since when and until when the queue stands that is longest within a period.

    Notes
    -----
    By the mean number of persons waiting in each minute over all days: back from the longest
    queue of the period, and forth, to where it is a tenth of that, one person at least.
    """
    horizon = max((int(day.joined_us.max(initial=0)) for day in days), default=0)
    minutes = max(horizon, end) // MINUTE_US + 24 * 60
    change = np.zeros(minutes + 1)
    for day in days:
        left = np.minimum(day.left_us // MINUTE_US, minutes)
        np.add.at(change, day.joined_us // MINUTE_US, day.persons)
        np.add.at(change, left, -day.persons)
    waiting = np.cumsum(change)[:-1] / max(len(days), 1)
    first, last = begin // MINUTE_US, max((end - 1) // MINUTE_US, begin // MINUTE_US)
    peak = first + int(np.argmax(waiting[first : last + 1]))
    floor = max(ALMOST_GONE * waiting[peak], 1.0)
    if waiting[peak] < floor:
        return None
    short = np.flatnonzero(waiting < floor)
    before, after = short[short < peak], short[short > peak]
    since = int(before[-1]) + 1 if len(before) else 0
    until = int(after[0]) if len(after) else minutes
    return since * MINUTE_US, until * MINUTE_US


def _missed(day: dict[str, Seen]) -> NDArray[np.int32]:
    left = day[DEPARTURES]
    return left.passenger[left.started_us < 0]


def waited_min(day: dict[str, Seen]) -> float:
    """Minutes that persons waited at all stations looked at, on one day."""
    total = 0
    for name, each in day.items():
        if name != DEPARTURES:
            served = each.started_us >= 0
            total += int(((each.started_us - each.joined_us)[served] * each.persons[served]).sum())
    return total / MINUTE_US
