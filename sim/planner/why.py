"""Why people wait today: which station and minutes break a promise, and what helps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.planner.days import Days, Seen, tallies
from sim.planner.grid import Grid, Levels
from sim.planner.replay import Replay
from sim.planner.tally import Tally
from sim.planner.targets import Promise


@dataclass(frozen=True, slots=True)
class Cause:
    """The tightest period of a promise, as staffed today.

    Attributes
    ----------
    from_us, until_us : int
        The period of arrival.
    share, asked : float
        Share kept today, and promised.
    late : float
        Customers a day who wait longer then.
    departures_us : tuple of int or None
        Between which instants nine in ten of those who wait longer depart.
    servers, planned : int
        Open in the period today and by the plan.
    share_with_one_more : float
        With one server more in that period and the one before, nothing else changed.
    """

    station: str
    promise: str
    from_us: int
    until_us: int
    share: float
    asked: float
    late: float
    departures_us: tuple[int, int] | None
    servers: int
    planned: int
    share_with_one_more: float

    @property
    def is_breach(self) -> bool:
        """Whether the promise is broken today."""
        return self.share < self.asked

    @property
    def sentence(self) -> str:
        """What a manager reads."""
        when = f"between {clock(self.from_us)} and {clock(self.until_us)}"
        if not self.is_breach:
            return (
                f"{self.station} keeps its promise today; it is tightest {when}, where "
                f"{self.share:.1%} are served in time."
            )
        feed = ""
        if self.departures_us is not None:
            first, last = map(clock, self.departures_us)
            feed = f", most of them for departures from {first} to {last}"
        return (
            f"{self.station} breaks its promise {when}: {self.share:.1%} are served in time where "
            f"{self.asked:.1%} are promised, {self.late:.0f} customers a day wait longer{feed}; "
            f"one server more there would make it {self.share_with_one_more:.1%}, the plan has "
            f"{self.planned} open instead of {self.servers}."
        )


def causes_of(  # noqa: PLR0917 - what a plan was made of, in its order
    days: Days,
    today: Sequence[dict[str, Seen]],
    grid: Grid,
    plan: dict[str, Levels],
    promises: Sequence[Promise],
    cells: dict[str, int],
) -> tuple[Cause, ...]:
    """The tightest period of each promise with today's openings, breaches first."""
    found = []
    for each in tallies(today, promises, cells):
        shares = np.where(each.is_judged, np.nan_to_num(each.estimate, nan=1.0), 1.0)
        if each.is_judged.any():
            found.append(_cause(days, today, grid, plan, each, int(np.argmin(shares)), cells))
    return tuple(sorted(found, key=lambda cause: cause.share - cause.asked))


def _cause(  # noqa: PLR0917 - as above
    days: Days,
    today: Sequence[dict[str, Seen]],
    grid: Grid,
    plan: dict[str, Levels],
    tally: Tally,
    cell: int,
    cells: dict[str, int],
) -> Cause:
    promise = tally.promise
    begin = cell * promise.per_us
    end = min(begin + promise.per_us, grid.periods * grid.period_us)
    station = next(each for each in days.network.stations if each.id == promise.station)
    own = grid.sampled(station)
    period = min(grid.at(begin), grid.periods - 1)
    periods = range(max(period - 1, 0), min(grid.at(end - 1), grid.periods - 1) + 1)
    more = tuple(level + int(p in periods) for p, level in enumerate(own))
    seen = [day[promise.station] for day in today]
    replay = Replay(station, seen, (promise,), grid=grid, cells=cells, margin=0.0)
    before, after = (replay.tallies(levels)[0].estimate[cell] for levels in (own, more))
    share = float(tally.estimate[cell])
    return Cause(
        station=promise.station,
        promise=promise.id,
        from_us=max(begin, grid.start_us),
        until_us=end,
        share=share,
        asked=promise.asked,
        late=float((tally.came - tally.kept)[:, cell].mean()),
        departures_us=_departures(days, seen, promise, begin, end),
        servers=own[period],
        planned=plan[promise.station][period],
        share_with_one_more=float(np.clip(share + after - before, share, 1.0)),
    )


def _departures(
    days: Days, seen: Sequence[Seen], promise: Promise, begin: int, end: int
) -> tuple[int, int] | None:
    """Between which instants nine in ten of the late depart."""
    found = []
    for workload, day in zip(days.workloads, seen, strict=True):
        inside = (day.joined_us >= begin) & (day.joined_us < end)
        is_late = (day.started_us < 0) | (day.started_us - day.joined_us > promise.within_us)
        rows = workload.departure[day.passenger[inside & is_late]]
        found.append(workload.departure_us[rows[rows >= 0]])
    instants = np.concatenate(found)
    if not len(instants):
        return None
    low, high = np.quantile(instants, [0.05, 0.95])
    return int(low), int(high)


def clock(at_us: int) -> str:
    """An instant as HH:MM, beyond 24 hours where the day goes on."""
    minutes = round(at_us / 60_000_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
