"""Missed departures: a promise of all stations together, mended where those who miss waited."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.planner.days import Days, tallies
from sim.planner.grid import Grid, Levels
from sim.planner.margin import Margin, slack_of
from sim.planner.said import Said
from sim.planner.seen import DEPARTURES, Seen
from sim.planner.tally import Tally
from sim.planner.targets import Promise

STEPS = 40
"""Times the whole model is asked who still misses, at most."""

MOST_OF_IT = 0.25
"""Periods with at least this share of the longest wait of all get a server at once."""

BRIEF_US = 60_000_000
"""Who waited less in all missed the departure for another reason than queues."""


class Departures:
    """Adds servers where passengers who miss their departure waited longest.

    Nobody misses a departure at one station: the minutes are lost wherever there was a queue.
    So no station can be searched for such a promise by itself. It is counted on the whole model;
    while too many miss, the stations and periods in which those who did waited longest, all added
    up, get one server more each. That is a repair, not a search: it takes nothing away.

    Parameters
    ----------
    promises : sequence of Promise
        All of the plan; those of missed departures count.
    caps : dict of str to tuple of int
        Most servers of the stations that are planned.
    """

    def __init__(
        self,
        *,
        days: Days,
        grid: Grid,
        cells: dict[str, int],
        promises: Sequence[Promise],
        caps: dict[str, Levels],
        progress: Callable[[str], None],
    ) -> None:
        self.days, self.grid, self.cells, self.caps = days, grid, cells, caps
        self.promises = tuple(each for each in promises if each.station == DEPARTURES)
        self.progress = progress

    def infeasible(self, everything: dict[str, Levels], *, doubt: float) -> list[Said]:
        """Promises broken for certain with every server open, in words."""
        if not self.promises:
            return []
        seen = self._seen(everything)
        found = []
        for each in tallies(seen, self.promises, self.cells):
            if each.high(doubt)[0] >= each.promise.asked:
                continue
            missed, brief = self._missed(seen)
            found.append(
                Said.of(
                    "departures_missed",
                    promise=each.promise.id,
                    share=1 - _share(each),
                    says=each.promise.says,
                    most_missed=each.promise.most_missed,
                    brief=brief,
                    missed=missed,
                )
            )
        return found

    def kept(self, plan: dict[str, Levels], margin: Margin) -> dict[str, Levels]:
        """A plan that keeps the promises on the days searched, or all that servers can do."""
        for step in range(STEPS if self.promises else 0):
            seen = self._seen(plan)
            found = tallies(seen, self.promises, self.cells)
            slack = slack_of(found, margin=margin.of(len(seen)))
            share = 1 - min(_share(each) for each in found)
            total = sum(map(sum, plan.values()))
            self.progress(f"departures, {step + 1}: {total} server-periods, {share:.3%} miss")
            better = self.relieved(plan, seen)
            if slack.min() >= 0 or better == plan:
                break
            plan = better
        return plan

    def mended(
        self, plan: dict[str, Levels], found: Sequence[Tally], *, doubt: float
    ) -> dict[str, Levels]:
        """A plan with more servers where fresh days do not show the promises kept."""
        own = [each for each in found if each.promise in self.promises]
        if all(each.low(doubt)[0] >= each.promise.asked for each in own):
            return plan
        return self.relieved(plan, self._seen(plan))

    def relieved(
        self, plan: dict[str, Levels], seen: Sequence[dict[str, Seen]]
    ) -> dict[str, Levels]:
        """One server more wherever those who missed waited longest, below what there can be."""
        waits = {name: self._waits(name, seen) for name in plan}
        for name, levels in plan.items():
            waits[name][np.array(levels) >= np.array(self.caps[name])] = 0
        most = max((float(each.max(initial=0)) for each in waits.values()), default=0.0)
        if most <= 0:
            return plan
        return {
            name: tuple(
                level + int(wait >= MOST_OF_IT * most)
                for level, wait in zip(levels, waits[name].tolist(), strict=True)
            )
            for name, levels in plan.items()
        }

    def _seen(self, plan: dict[str, Levels]) -> list[dict[str, Seen]]:
        return self.days.seen(self.grid, plan, (*plan, DEPARTURES))

    def _waits(self, name: str, seen: Sequence[dict[str, Seen]]) -> NDArray[np.float64]:
        """Time that those who missed waited at a station, by period."""
        edges = self.grid.period_us * np.arange(self.grid.periods + 1, dtype=np.int64)
        total = np.zeros(self.grid.periods)
        for day in seen:
            own, waited = day[name], _waited(day, name)
            is_late = waited > 0
            joined, until = own.joined_us[is_late], (own.joined_us + waited)[is_late]
            for period in range(self.grid.periods):
                inside = np.minimum(until, edges[period + 1]) - np.maximum(joined, edges[period])
                total[period] += float(np.maximum(inside, 0).sum())
        return total

    def _missed(self, seen: Sequence[dict[str, Seen]]) -> tuple[int, int]:
        """Passengers who missed, and those of them who hardly waited at all."""
        missed = brief = 0
        for day in seen:
            left = day[DEPARTURES]
            who = left.passenger[left.started_us < 0]
            waits = np.zeros(int(left.passenger.max(initial=0)) + 1)
            for name in day.keys() - {DEPARTURES}:
                waited = _waited(day, name)
                own = np.flatnonzero(waited > 0)
                np.add.at(waits, day[name].passenger[own], waited[own])
            missed += len(who)
            brief += int((waits[who] < BRIEF_US).sum())
        return missed, brief


def _waited(day: dict[str, Seen], name: str) -> NDArray[np.int64]:
    """How long each customer of a station waited who then missed the departure; 0 for others."""
    left, own = day[DEPARTURES], day[name]
    missed = left.passenger[left.started_us < 0]
    is_late = np.isin(own.passenger, missed) & (own.left_us < np.iinfo(np.int64).max // 4)
    return np.where(is_late, own.left_us - own.joined_us, 0)


def _share(tally: Tally) -> float:
    came = float(tally.came.sum())
    return float(tally.kept.sum()) / came if came else 1.0
