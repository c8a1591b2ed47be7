"""Stations one after the other, upstream first, and again until the whole model agrees."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.planner.days import Days, Seen, tallies
from sim.planner.grid import Grid, Levels
from sim.planner.replay import Replay, slack_of
from sim.planner.search import REACH, descended, repaired
from sim.planner.targets import Promise

SWEEPS = 2
"""Times through all stations: staff upstream shape the peaks downstream."""

MENDS = 30
"""Times the whole model is asked what is still broken, at most."""

UNSURE = 0.5
"""Standard errors of the days searched on that are added to those of the certificate."""


class Sweeps:
    """The search over stations whose law is not known: replays propose, the whole model decides.

    Parameters
    ----------
    fixed : tuple of str
        Stations planned already.
    margin : float
        Standard deviations of one day that the certificate will ask for.
    """

    def __init__(
        self,
        *,
        days: Days,
        grid: Grid,
        cells: dict[str, int],
        promises: Sequence[Promise],
        caps: dict[str, Levels],
        fixed: tuple[str, ...],
        margin: float,
        progress: Callable[[str], None],
        jobs: int,
    ) -> None:
        self.days, self.grid, self.cells, self.caps = days, grid, cells, caps
        self.promises, self.fixed, self.progress, self.jobs = promises, fixed, progress, jobs
        self.margin = margin + UNSURE / np.sqrt(len(days.workloads))

    def infeasible(
        self, plans: dict[str, Levels], others: tuple[str, ...], *, doubt: float
    ) -> list[str]:
        """Promises that are broken for certain with every server open, in words."""
        self.progress("asking what every server together can do")
        everything = {**{name: self.caps[name] for name in others}, **plans}
        seen = self.days.seen(self.grid, everything, others)
        found = []
        for each in tallies(seen, self._of(others), self.cells):
            broken = (each.high(doubt) < each.promise.asked) & each.is_judged
            for cell in np.flatnonzero(broken).tolist():
                minutes = cell * each.promise.per_us // 60_000_000
                found.append(
                    f"{each.promise.station}, promise {each.promise.id}, period from "
                    f"{minutes // 60:02d}:{minutes % 60:02d}: {each.estimate[cell]:.4f} with all "
                    f"{max(self.caps[each.promise.station])} servers open, "
                    f"{each.promise.asked:g} is promised"
                )
        return found

    def search(self, plans: dict[str, Levels], others: tuple[str, ...]) -> dict[str, Levels]:
        """A plan that keeps every promise on the days searched, as small as was found."""
        plan = {**{name: self.caps[name] for name in others}, **plans}
        if not others:
            return plan
        for sweep in range(SWEEPS):
            for name in self._in_order(others):
                seen = self.days.seen(self.grid, plan, (name,))
                replay = self._replay(name, seen)
                floor = self._floor(seen, name)
                begin = self._proposed(name, seen, floor)
                plan[name] = self._searched(name, replay, begin, floor, sweep)
        for step in range(MENDS):
            seen = self.days.seen(self.grid, plan, others)
            slacks = {name: self._slacks(name, seen) for name in others}
            short = sum(int((slack < 0).sum()) for slack in slacks.values())
            total = sum(map(sum, plan.values()))
            self.progress(f"whole model, {step + 1}: {total} server-periods, {short} to mend")
            better = self.repaired(plan, slacks)
            if better == plan:
                break
            plan = better
        return plan

    def repaired(
        self, plan: dict[str, Levels], slacks: dict[str, NDArray[np.float64]]
    ) -> dict[str, Levels]:
        """A plan with a server more wherever days of the whole model found a promise broken.

        Parameters
        ----------
        slacks : dict of str to ndarray
            By station, of every period of each of its promises.
        """
        found = dict(plan)
        for name, slack in slacks.items():
            levels = list(plan[name])
            for number in np.flatnonzero(slack < 0).tolist():
                for period in self._periods_in(name, number):
                    levels[period] = min(plan[name][period] + 1, self.caps[name][period])
            found[name] = tuple(levels)
        return found

    def _searched(
        self, name: str, replay: Replay, begin: Levels, floor: Levels, sweep: int
    ) -> Levels:
        def told(text: str) -> None:
            self.progress(f"{name}, sweep {sweep + 1}: {text}")

        levels = repaired(
            replay, begin, cap=self.caps[name],
            periods_of=lambda number: self._periods_of(name, number),
        )  # fmt: skip
        return descended(replay, levels, floor=floor, progress=told)

    def _replay(self, name: str, seen: list[dict[str, Seen]]) -> Replay:
        station = next(each for each in self.days.network.stations if each.id == name)
        return Replay(
            station, [day[name] for day in seen], self._of((name,)),
            grid=self.grid, cells=self.cells, margin=self.margin, jobs=self.jobs,
        )  # fmt: skip

    def _slacks(self, name: str, seen: list[dict[str, Seen]]) -> NDArray[np.float64]:
        return slack_of(tallies(seen, self._of((name,)), self.cells), margin=self.margin)

    def _floor(self, seen: list[dict[str, Seen]], name: str) -> Levels:
        """One server from the first arrival on, so that nobody is forgotten."""
        first = min(int(day[name].joined_us.min(initial=2**60)) for day in seen)
        begin = self.grid.at(first)
        return tuple(int(period >= begin) for period in range(self.grid.periods))

    def _proposed(self, name: str, seen: list[dict[str, Seen]], floor: Levels) -> Levels:
        """Offered load by period, rounded up: what is busy when nobody waits."""
        width, load = self.grid.period_us, np.zeros(self.grid.periods)
        edges = width * np.arange(self.grid.periods + 1)
        for day in seen:
            begin, end = day[name].joined_us, day[name].joined_us + day[name].service_us
            first, last = begin // width, end // width
            for shift in range(int((last - first).max(initial=0)) + 1):
                place = first + shift
                inside = (place <= last) & (place < self.grid.periods)
                where = place[inside]
                from_us = np.maximum(begin[inside], edges[where])
                until_us = np.minimum(end[inside], edges[where + 1])
                load += np.bincount(where, weights=until_us - from_us, minlength=self.grid.periods)
        mean = np.ceil(load / width / len(seen) - 1e-9).astype(int)
        return tuple(
            int(min(max(level, low), cap))
            for level, low, cap in zip(mean, floor, self.caps[name], strict=True)
        )

    def _periods_of(self, name: str, slack: int) -> range:
        """Periods whose staff may mend a slack."""
        for promise in self._of((name,)):
            if slack < self.cells[promise.id]:
                begin = slack * promise.per_us
                end = min(begin + promise.per_us, self.grid.periods * self.grid.period_us)
                first = max(self.grid.at(begin) - REACH, self.grid.at(self.grid.start_us))
                last = self.grid.at(end + promise.within_us - 1)
                return range(first, min(last + 1, self.grid.periods))
            slack -= self.cells[promise.id]
        raise AssertionError(slack)

    def _periods_in(self, name: str, slack: int) -> range:
        """Periods that the period of arrival of a slack lies in."""
        for promise in self._of((name,)):
            if slack < self.cells[promise.id]:
                begin = max(slack * promise.per_us, self.grid.start_us)
                end = min(begin + promise.per_us, self.grid.periods * self.grid.period_us)
                return range(self.grid.at(begin), self.grid.at(end - 1) + 1)
            slack -= self.cells[promise.id]
        raise AssertionError(slack)

    def _of(self, names: tuple[str, ...]) -> list[Promise]:
        return [each for each in self.promises if each.station in names]

    def _in_order(self, names: tuple[str, ...]) -> list[str]:
        """Stations in the order in which the journey first comes to them."""
        steps = self.days.network.steps
        stations = self.days.network.stations
        met = [stations[slot.station].id for step in steps for slot in step.slots]
        return sorted(names, key=lambda name: met.index(name) if name in met else len(met))
