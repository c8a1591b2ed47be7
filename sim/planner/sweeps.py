"""Stations one after the other, upstream first, and again until the whole model agrees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from sim.planner.days import Days, Seen, tallies
from sim.planner.grid import Grid, Levels
from sim.planner.margin import Margin, days_for, slack_of
from sim.planner.offered import offered
from sim.planner.replay import Replay
from sim.planner.said import Said
from sim.planner.search import REACH, descended, repaired
from sim.planner.tally import Tally
from sim.planner.targets import Promise

Plans = dict[str, Levels]
Slacks = dict[str, NDArray[np.float64]]

MENDS = 30
"""Times the whole model is asked what is still broken, at most."""

LIFT = 2
"""Servers that a replay may add to a period at once."""

DEAF = 2
"""Servers more that may change nothing in a period before it is left to fresh days."""

THINS = 2
"""Times servers are taken away all over and the whole model is asked again, at most."""


class Sweeps:
    """The search over stations whose law is not known: replays propose, the whole model decides.

    Parameters
    ----------
    days : Days
        The days searched on.
    fixed : dict of str to tuple of int
        Plans of stations that are planned already.
    others : tuple of str
        Stations to plan, each with its most servers in `caps`.
    """

    def __init__(
        self,
        *,
        days: Days,
        grid: Grid,
        cells: dict[str, int],
        promises: Sequence[Promise],
        caps: Plans,
        fixed: Plans,
        others: tuple[str, ...],
        progress: Callable[[str], None],
    ) -> None:
        self.days, self.grid, self.cells, self.caps = days, grid, cells, caps
        self.promises, self.fixed, self.progress = promises, fixed, progress
        self.others = self._in_order(others)
        self._pool = ThreadPoolExecutor(days.jobs) if days.jobs > 1 else None
        self._seen: tuple[Plans, list[dict[str, Seen]]] | None = None
        self._open = {**{name: caps[name] for name in others}, **fixed}
        self._margin, self._learned, self._lost = 0.0, Slacks(), Slacks()
        self._deaf: dict[str, NDArray[np.bool_]] = {}

    def infeasible(self, *, doubt: float) -> list[Said]:
        """Promises that are broken for certain with every server open, in words."""
        self.progress("asking what every server together can do")
        found = []
        for each in self._tallies(self._open):
            broken = (each.high(doubt) < each.promise.asked) & each.is_judged
            for cell in np.flatnonzero(broken).tolist():
                minutes = cell * each.promise.per_us // 60_000_000
                found.append(
                    Said.of(
                        "beyond_all_servers",
                        station=each.promise.station,
                        promise=each.promise.id,
                        at=f"{minutes // 60:02d}:{minutes % 60:02d}",
                        estimate=float(each.estimate[cell]),
                        servers=max(self.caps[each.promise.station]),
                        asked=each.promise.asked,
                    )
                )
        return found

    def days_for(self, *, doubt: float, at_least: int) -> int:
        """Fresh days that a certificate of these stations needs, as far as can be told."""
        return days_for(self._tallies(self._open), doubt=doubt, at_least=at_least)

    def search(self, margin: Margin) -> Plans:
        """A plan that keeps every promise on the days searched, as small as was found.

        Parameters
        ----------
        margin : Margin
            What the first certificate will ask.

        Notes
        -----
        The first sweep takes each station's customers from the day with everything open. In the
        second they come as the stations before let them, and replays are moved to what the whole
        model found at the plan so far.
        """
        plan = dict(self._open)
        if not self.others:
            return plan
        self._margin, self._learned = margin.of(len(self.days.workloads)), {}
        seen = self._days(plan)
        self._lost = {name: np.minimum(each, 0.0) for name, each in self._slacks(plan).items()}
        for name in self.others:
            floor = self._floor(seen, name)
            replay = self._replay(name, seen)
            begin = offered([day[name] for day in seen], self.grid, floor, self.caps[name])
            levels = self._repaired(name, replay, begin, cap=self.caps[name])
            plan[name] = self._descended(name, replay, levels, floor)
        for name in self.others:
            plan[name] = self._settled(name, plan, is_thinned=True)
        return self._thinned(self._mended(plan))

    def mended(self, plan: Plans, found: Sequence[Tally], margin: Margin) -> Plans:
        """A plan with servers more where fresh days did not certify it.

        Parameters
        ----------
        found : sequence of Tally
            Each promise under the plan, on days that are spent now.
        margin : Margin
            What the next certificate will ask.
        """
        return self._mended(self._learnt(plan, found, margin)) if self.others else plan

    def thinned(self, plan: Plans, found: Sequence[Tally], margin: Margin) -> Plans:
        """A certified plan less what spent days show not to be needed; parameters as above."""
        return self._thinned(self._learnt(plan, found, margin)) if self.others else plan

    def _learnt(self, plan: Plans, found: Sequence[Tally], margin: Margin) -> Plans:
        """Take the figures of a plan from more days than are searched on.

        The days searched on are asked for differences between plans only.
        """
        self._learned = {}
        self._margin = margin.of(found[0].days)
        own, changed = self._slacks(plan), dict(plan)
        for name in self.others:
            true = slack_of([e for e in found if e.promise.station == name], margin=self._margin)
            both = np.isfinite(true) & np.isfinite(own[name])
            self._learned[name] = np.where(both, true, 0.0) - np.where(both, own[name], 0.0)
            unseen = np.where(np.isinf(own[name]), true, 0.0)  # nobody came on the days searched
            changed[name] = self._one_more(name, plan[name], unseen)
        return changed

    def _mended(self, plan: Plans) -> Plans:
        """Servers more until the whole model breaks nothing that can be kept.

        Where servers more change nothing, the days searched on have nobody late left to spare:
        what spent days found lacking there, only new days can find mended.
        """
        self._deaf = {}
        before, unmoved = Slacks(), {}
        for step in range(MENDS):
            broken = self._broken(plan)
            for name, slack in broken.items():
                is_same = (slack < 0) & (slack <= before.get(name, -np.inf))
                unmoved[name] = np.where(is_same, unmoved.get(name, 0) + 1, 0)
                self._deaf[name] = self._is_deaf(name, slack) | (unmoved[name] >= DEAF)
            before = broken
            broken = self._heard(broken)
            short = sum(int((slack < 0).sum()) for slack in broken.values())
            self.progress(
                f"whole model, {step + 1}: {self._total(plan)} server-periods, {short} to mend"
            )
            better = dict(plan)
            for name in broken:
                levels = self._settled(name, plan)
                is_stuck = levels == plan[name]
                better[name] = self._one_more(name, levels, broken[name]) if is_stuck else levels
            if better == plan:
                break
            plan = better
        return plan

    def _thinned(self, plan: Plans) -> Plans:
        """Servers less all over, mended again, as long as that makes a plan smaller."""
        for _ in range(THINS):
            tried = {**plan, **{n: self._settled(n, plan, is_thinned=True) for n in self.others}}
            tried = self._mended(tried) if tried != plan else plan
            if self._total(tried) >= self._total(plan) or self._broken(tried):
                break
            plan = tried
        return plan

    def _settled(self, name: str, plan: Plans, *, is_thinned: bool = False) -> Levels:
        """One station's levels, mended by a replay brought near what the whole model found.

        Where two servers more everywhere would not mend a period in the replay, it knows nothing of
        that period: one server more is tried there, and none is taken away nearby.
        """
        seen, levels = self._days(plan), plan[name]
        whole = tallies(seen, self._of((name,)), self.cells)
        slacks = self._slacks(plan)[name]
        replay = self._replay(name, seen)
        replay.calibrate(levels, whole, slacks)
        lifted = tuple(min(n + LIFT, cap) for n, cap in zip(levels, self.caps[name], strict=True))
        unknown = replay.slacks(lifted) < 0
        replay.leave(unknown)
        is_short = unknown & (slacks < self._lost[name]) & ~self._is_deaf(name, slacks)
        more = self._one_more(name, levels, np.where(is_short, -1.0, 0.0))
        levels = self._repaired(name, replay, more, cap=lifted)
        if is_thinned:
            floor = list(self._floor(seen, name))
            for number in np.flatnonzero(unknown).tolist():
                for period in self._periods_of(name, number):
                    floor[period] = levels[period]
            levels = self._descended(name, replay, levels, tuple(floor))
        return levels

    def _broken(self, plan: Plans) -> Slacks:
        """Slacks of stations that break what they could keep; 0 or more elsewhere."""
        found = {}
        for name, slack in self._slacks(plan).items():
            is_full = np.array([self._is_full(name, plan[name], n) for n in range(len(slack))])
            lacking = np.where(is_full | (slack >= self._lost[name]), 0.0, slack)
            if (lacking < 0).any():
                found[name] = lacking
        return found

    def _heard(self, broken: Slacks) -> Slacks:
        """What is broken where servers more still change something."""
        heard = {n: np.where(self._is_deaf(n, each), 0.0, each) for n, each in broken.items()}
        return {name: each for name, each in heard.items() if (each < 0).any()}

    def _is_deaf(self, name: str, slacks: NDArray[np.float64]) -> NDArray[np.bool_]:
        return self._deaf.get(name, np.zeros(len(slacks), dtype=bool))

    def _is_full(self, name: str, levels: Levels, slack: int) -> bool:
        return all(levels[p] >= self.caps[name][p] for p in self._periods_of(name, slack))

    def _one_more(self, name: str, levels: Levels, slacks: NDArray[np.float64]) -> Levels:
        """A server more in every period of arrival with a negative slack."""
        found = list(levels)
        for number in np.flatnonzero(slacks < 0).tolist():
            for period in self._periods_in(name, number):
                found[period] = min(levels[period] + 1, self.caps[name][period])
        return tuple(found)

    def _repaired(self, name: str, replay: Replay, levels: Levels, *, cap: Levels) -> Levels:
        return repaired(
            replay, levels, cap=cap,
            periods_of=lambda number: self._periods_of(name, number),
        )  # fmt: skip

    def _descended(self, name: str, replay: Replay, levels: Levels, floor: Levels) -> Levels:
        def told(text: str) -> None:
            self.progress(f"{name}: {text}")

        return descended(replay, levels, floor=floor, progress=told)

    def _replay(self, name: str, seen: list[dict[str, Seen]]) -> Replay:
        station = next(each for each in self.days.network.stations if each.id == name)
        return Replay(
            station, [day[name] for day in seen], self._of((name,)),
            grid=self.grid, cells=self.cells, margin=self._margin, pool=self._pool,
        )  # fmt: skip

    def _days(self, plan: Plans) -> list[dict[str, Seen]]:
        """The days searched on under a plan; those of the last one asked for are kept."""
        if self._seen is None or self._seen[0] != plan:
            self._seen = None  # so that two plans' days are never held at once
            self._seen = (dict(plan), self.days.seen(self.grid, plan, self.others))
        return self._seen[1]

    def _tallies(self, plan: Plans) -> list[Tally]:
        return tallies(self._days(plan), self._of(self.others), self.cells)

    def _slacks(self, plan: Plans) -> Slacks:
        """Slacks of every station in the whole model, moved to what spent days have taught."""
        found = self._tallies(plan)
        slacks = {}
        for name in self.others:
            own = [each for each in found if each.promise.station == name]
            slacks[name] = slack_of(own, margin=self._margin) + self._learned.get(name, 0.0)
        return slacks

    def _total(self, plan: Plans) -> int:
        return sum(map(sum, plan.values()))

    def _floor(self, seen: list[dict[str, Seen]], name: str) -> Levels:
        """One server from the first arrival on, so that nobody is forgotten."""
        first = min(int(day[name].joined_us.min(initial=2**60)) for day in seen)
        begin = self.grid.at(first)
        return tuple(int(period >= begin) for period in range(self.grid.periods))

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

    def _in_order(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Stations in the order in which the journey first comes to them."""
        steps = self.days.network.steps
        stations = self.days.network.stations
        met = [stations[slot.station].id for step in steps for slot in step.slots]
        return tuple(sorted(names, key=lambda name: met.index(name) if name in met else len(met)))
