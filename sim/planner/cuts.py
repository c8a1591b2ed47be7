"""Cuts: what any plan must have more of, learnt from plans that break a promise.

Where a server more never makes anybody start later, a plan that breaks a promise breaks it with
fewer servers too. So whoever keeps the promise has more than the broken plan in one of its periods:
a cut that every plan satisfies (a monotone no-good cut of logic-based Benders decomposition). The
broken plan is raised first as far as it stays broken, so that few periods are left to choose among.
The least plan that satisfies all cuts is a lower bound; where it keeps the promise it is the least
plan of all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from sim.planner.exact import ExactDesk
from sim.planner.grid import Levels

Cut = tuple[tuple[int, int], ...]
"""Pairs of period and level: some period among them has its level, or more."""

MEND_EVERY = 8
"""Rounds after which the least plan is mended: it may be smaller than the best so far."""

NODES = 2_000
"""Nodes of the search tree of a master problem at most."""


@dataclass(frozen=True, slots=True)
class Least:
    """The least plan that satisfies what is known.

    Attributes
    ----------
    bound : int
        Server-periods that no plan goes below.
    levels : tuple of int
        A plan of so many, or of a few more where the search was cut short.
    """

    bound: int
    levels: Levels


def lifted(oracle: ExactDesk, levels: Levels, slack: int, cap: Levels) -> set[Cut]:
    """Cuts from a plan that breaks a promise; one for each order in which periods are raised.

    Parameters
    ----------
    levels : tuple of int
        A plan whose slack of that number is negative.
    """
    first, last = oracle.cells_reach(slack)
    reach = max(each.within_us for each in oracle.promises)
    end = min(oracle.grid.at((last + 1) * oracle.grid.period_us + reach - 1) + 1, len(cap))
    base = (*levels[:end], *cap[end:])  # who comes later is served later
    far_first = sorted(range(end), key=lambda period: -abs(period - first))
    early_first = [*range(first), *range(end - 1, first - 1, -1)]
    return {_raised(oracle, base, slack, cap, order) for order in (far_first, early_first)}


def _raised(oracle: ExactDesk, base: Levels, slack: int, cap: Levels, order: Sequence[int]) -> Cut:
    """Raise period by period while the promise stays broken."""
    now = list(base)

    def is_broken(period: int, level: int) -> bool:
        tried = (*now[:period], level, *now[period + 1 :])
        return oracle.slack(tried, slack) < 0

    for period in order:
        if now[period] == cap[period] or is_broken(period, cap[period]):
            now[period] = cap[period]
            continue
        while now[period] + 1 < cap[period] and is_broken(period, now[period] + 1):
            now[period] += 1
    return tuple((p, level + 1) for p, level in enumerate(now) if level < cap[p])


def least_plan(single: Levels, cap: Levels, cuts: Sequence[Cut]) -> Least:
    """The least plan that satisfies bounds of single periods, and cuts; by HiGHS.

    Notes
    -----
    One variable for each server more than a period needs by itself, each only after the one
    before it.
    """
    places = {
        (period, level): number
        for number, (period, level) in enumerate(
            (period, level)
            for period in range(len(cap))
            for level in range(single[period] + 1, cap[period] + 1)
        )
    }
    rows: list[dict[int, float]] = []
    least: list[float] = []
    for (period, level), number in places.items():
        if level > single[period] + 1:
            rows.append({places[period, level - 1]: 1.0, number: -1.0})
            least.append(0.0)
    for cut in cuts:
        rows.append({places[pair]: 1.0 for pair in cut})
        least.append(1.0)
    data = [value for row in rows for value in row.values()]
    columns = [number for row in rows for number in row]
    starts = np.cumsum([0, *(len(row) for row in rows)])
    matrix = csr_array((data, columns, starts), shape=(len(rows), len(places)))
    answer = milp(
        np.ones(len(places)),
        constraints=LinearConstraint(matrix, least),  # type: ignore[arg-type]
        integrality=np.ones(len(places)),
        bounds=Bounds(0, 1),
        options={"node_limit": NODES},
    )
    bound = sum(single)
    if answer.mip_dual_bound is not None:
        bound += int(np.ceil(answer.mip_dual_bound - 1e-6))
    if answer.x is None:
        return Least(bound, cap)
    chosen = np.round(answer.x).astype(int)
    levels = list(single)
    for (period, _), number in places.items():
        levels[period] += int(chosen[number])
    return Least(bound, tuple(levels))


class Learning:
    """Cuts learnt one after the other, until the least plan keeps every promise.

    Parameters
    ----------
    mend : callable
        Makes of a plan that breaks promises one that keeps them.

    Attributes
    ----------
    bound : int
        Server-periods that no plan goes below, so far.
    best : tuple of int
        The smallest plan known that keeps every promise.
    """

    def __init__(
        self, oracle: ExactDesk, *, single: Levels, cap: Levels, best: Levels,
        mend: Callable[[Levels], Levels],
    ) -> None:  # fmt: skip
        self.oracle, self.single, self.cap = oracle, single, cap
        self.best, self.mend = best, mend
        self.cuts: dict[Cut, None] = {}
        self.bound = sum(single)

    def learn(self, *, keep_going: Callable[[], bool], progress: Callable[[str], None]) -> None:
        """Go on until the bound meets the best plan, or there is no more to be spent."""
        rounds = 0
        while self.bound < sum(self.best) and keep_going():
            rounds += 1
            least = least_plan(self.single, self.cap, list(self.cuts))
            self.bound = max(self.bound, least.bound)
            broken = np.flatnonzero(self.oracle.slacks(least.levels) < 0).tolist()
            if not broken:
                self._offer(least.levels)
                break
            if rounds % MEND_EVERY == 0:
                self._offer(self.mend(least.levels))
            for number in broken:
                found = lifted(self.oracle, least.levels, number, self.cap)
                self.cuts.update(dict.fromkeys(sorted(found)))
            progress(
                f"{len(self.cuts)} cuts: no plan has less than {self.bound} server-periods, "
                f"the best has {sum(self.best)}"
            )

    def _offer(self, levels: Levels) -> None:
        if sum(levels) < sum(self.best) and bool((self.oracle.slacks(levels) >= 0).all()):
            self.best = levels
