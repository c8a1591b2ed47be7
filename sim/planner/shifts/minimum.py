"""The least cost of a programme, by HiGHS, with a bound under it.

Large rosters have very many equally good fractional solutions, among which branch and bound
wanders: after 40 seconds ten stations with floaters stood 20 % above the bound. So the linear
programme is solved first, for the bound, then again with its columns in other orders, which
ends in other corners. The shifts of all these corners are few, a tenth of all, yet enough for
a whole solution within 0.04 % of the bound, in 12 seconds. Where that does not reach the gap
asked, everything is searched.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from sim.planner.shifts.rows import Programme

CORNERS = 6
"""How many corners of the linear programme shifts are taken from."""

SMALL = 4_000
"""Programmes of fewer variables are searched whole at once."""

INFEASIBLE = 2
"""Status of `scipy.optimize.milp` where nothing keeps all rows."""

TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Least:
    """The best solution found, None without one, and what none can be below."""

    x: NDArray[np.float64] | None
    bound: float = 0.0
    is_infeasible: bool = False


def minimised(
    programme: Programme,
    *,
    gap: float,
    time_limit_s: float,
    say: Callable[[str], None] | None = None,
) -> Least:
    """The least cost, to a gap, within a time."""
    started = time.perf_counter()
    whole = _Parts.of(programme)

    def left_s() -> float:
        return max(time_limit_s - (time.perf_counter() - started), 0.1)

    if len(whole.costs) < SMALL:
        return whole.solve(gap=gap, time_limit_s=left_s())
    corner = whole.solve(gap=gap, time_limit_s=left_s(), relaxed=True)
    if corner.x is None:
        return corner
    bound, best = corner.bound, None
    used = (corner.x > TINY) | ~whole.is_whole.astype(bool) | (whole.most <= 1)
    chance = np.random.default_rng(0)  # orders of columns, the same for every question
    for _ in range(CORNERS - 1):
        order = chance.permutation(len(used))
        found = whole.taken(order).solve(gap=gap, time_limit_s=left_s(), relaxed=True)
        if found.x is not None:
            used[order[found.x > TINY]] = True
    if say is not None:
        say(
            f"roster: no cheaper than {bound:.2f}; {np.count_nonzero(used)} variables are looked at"
        )
    floors = np.where(whole.is_whole & (whole.most > 1), np.floor(corner.x + TINY), 0.0)
    for least, share in ((floors, 0.6), (np.zeros_like(floors), 0.6)):
        places = np.flatnonzero(used)
        part = whole.taken(places, least=least)
        found = part.solve(gap=0.8 * gap, time_limit_s=share * left_s())
        if found.x is not None:
            x = np.zeros(len(used))
            x[places] = found.x
            if best is None or whole.costs @ x < whole.costs @ best:
                best = x
            if whole.costs @ best - bound <= gap * (whole.costs @ best):
                return Least(best, bound)
    found = whole.solve(gap=gap, time_limit_s=left_s())
    if found.x is not None and (best is None or whole.costs @ found.x < whole.costs @ best):
        best = found.x
    return Least(best, max(bound, found.bound), found.is_infeasible and best is None)


@dataclass(frozen=True, slots=True)
class _Parts:
    costs: NDArray[np.float64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]
    is_whole: NDArray[np.int64]
    rows: LinearConstraint

    @classmethod
    def of(cls, programme: Programme) -> _Parts:
        costs = np.array(programme.costs)
        most, is_whole = np.array(programme.most), np.array(programme.is_whole)
        return cls(costs, np.zeros_like(costs), most, is_whole, programme.constraint())

    def taken(
        self, places: NDArray[np.intp], *, least: NDArray[np.float64] | None = None
    ) -> _Parts:
        """The same with some of the columns, in that order; the others are zero."""
        rows = LinearConstraint(self.rows.A[:, places], self.rows.lb, self.rows.ub)  # type: ignore[index, arg-type]
        floor = self.least if least is None else least
        return _Parts(
            self.costs[places], floor[places], self.most[places], self.is_whole[places], rows
        )

    def solve(self, *, gap: float, time_limit_s: float, relaxed: bool = False) -> Least:
        found = milp(
            self.costs,
            integrality=np.zeros_like(self.is_whole) if relaxed else self.is_whole,
            bounds=Bounds(self.least, self.most),  # type: ignore[arg-type]
            constraints=self.rows,
            options={"mip_rel_gap": gap, "time_limit": time_limit_s},
        )
        if relaxed:
            bound = float(found.fun) if found.status == 0 else 0.0
        else:
            bound = float(found.mip_dual_bound) if found.mip_dual_bound is not None else 0.0
        x = found.x if found.status == 0 or not relaxed else None
        return Least(x, bound, found.status == INFEASIBLE)
