"""The plan of a desk whose law is known exactly: the smallest, and how small any could be."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sim.errors import TheoryError
from sim.planner.bounds import single_bounds
from sim.planner.cuts import Learning
from sim.planner.exact import US, ExactDesk
from sim.planner.grid import Levels
from sim.planner.said import Said
from sim.planner.search import REACH, descended, repaired
from sim.queueing.pointwise import sipp

EFFORT = 20_000
"""Periods the exact law is asked about for cuts, all together: a minute or two."""


@dataclass(frozen=True, slots=True, eq=False)
class DeskPlan:
    """What was found.

    Attributes
    ----------
    broken : tuple of Said
        Promises that all servers together do not keep, in words.
    beside : dict of str to dict
        Plans of SIPP and lagged SIPP, judged by the same law.
    """

    oracle: ExactDesk
    levels: Levels
    lower_bound: int | None
    bound_says: str
    broken: tuple[Said, ...] = ()
    beside: dict[str, dict] = field(default_factory=dict)


def plan_desk(
    oracle: ExactDesk, *, cap: Levels, progress: Callable[[str], None], with_bound: bool = True
) -> DeskPlan:
    """Search a desk by the exact law.

    Notes
    -----
    What each period needs with all others fully staffed is a bound. The search starts from lagged
    steady states where these are more, adds servers where they mend most and takes away those that
    are not missed. Cuts then raise the bound until it meets the plan, or a smaller plan is found.
    """
    broken = broken_at(oracle, cap)
    if broken:
        return DeskPlan(oracle, cap, None, "no plan keeps the promise", broken)
    single = single_bounds(oracle, cap)
    progress(f"each period by itself needs {sum(single)} server-periods")

    def mended(levels: Levels) -> Levels:
        kept = repaired(oracle, levels, cap=cap, periods_of=lambda n: _periods_of(oracle, n))
        return descended(oracle, kept, floor=single, progress=lambda text: None)

    levels = mended(_proposed(oracle, single, cap))
    progress(f"{sum(levels)} server-periods keep the promise")
    bound, cuts = sum(single), 0
    if with_bound:
        limit = oracle.evaluations + EFFORT
        learning = Learning(oracle, single=single, cap=cap, best=levels, mend=mended)
        learning.learn(keep_going=lambda: oracle.evaluations < limit, progress=progress)
        bound, levels, cuts = learning.bound, learning.best, len(learning.cuts)
    says = (
        f"by the exact law: what each period needs with all others fully staffed, and {cuts} cuts "
        "from plans that break the promise; no plan of these periods keeps it with less"
    )
    return DeskPlan(oracle, levels, bound, says, (), _beside(oracle, cap))


def broken_at(oracle: ExactDesk, levels: Levels) -> tuple[Said, ...]:
    """Promises that some levels do not keep, in words."""
    found = []
    for promise, shares in zip(oracle.promises, oracle.shares(levels), strict=True):
        for cell in np.flatnonzero(shares < promise.share).tolist():
            at = _clock(cell * promise.per_us)
            found.append(
                Said.of(
                    "beyond_all_day",
                    promise=promise.id,
                    at=at,
                    estimate=float(shares[cell]),
                    within_s=promise.within_us * US,
                    servers=max(levels),
                    asked=promise.share,
                )
            )
    return tuple(found)


def _periods_of(oracle: ExactDesk, slack: int) -> range:
    """Periods whose staff may mend a slack."""
    for promise, count in zip(oracle.promises, oracle.cells, strict=True):
        if slack < count:
            begin = slack * promise.per_us
            end = min(begin + promise.per_us, oracle.grid.periods * oracle.grid.period_us)
            first = oracle.grid.at(begin) - REACH
            last = oracle.grid.at(end + promise.within_us - 1)
            return range(max(first, oracle.first), min(last + 1, oracle.grid.periods))
        slack -= count
    raise AssertionError(slack)


def _proposed(oracle: ExactDesk, single: Levels, cap: Levels) -> Levels:
    """Lagged steady states, and no less than each period needs by itself."""
    promise = oracle.promises[0]
    try:
        servers = sipp(
            arrivals=oracle.desk.arrivals,
            period=oracle.grid.period_us * US,
            periods=oracle.grid.periods,
            mean_service=oracle.desk.mean_service_s,
            within=promise.within_us * US,
            share_of_all=promise.share,
            is_lagged=True,
        ).servers
    except TheoryError:
        return single
    return tuple(
        max(low, min(int(level), most))
        for low, level, most in zip(single, servers, cap, strict=True)
    )


def _beside(oracle: ExactDesk, cap: Levels) -> dict[str, dict]:
    """What textbook methods propose, and in how many periods they break the promise."""
    found = {}
    promise = oracle.promises[0]
    for name, is_lagged in (("sipp", False), ("lagged_sipp", True)):
        try:
            servers = sipp(
                arrivals=oracle.desk.arrivals,
                period=oracle.grid.period_us * US,
                periods=oracle.grid.periods,
                mean_service=oracle.desk.mean_service_s,
                within=promise.within_us * US,
                share_of_all=promise.share,
                is_lagged=is_lagged,
            ).servers
        except TheoryError:
            continue
        levels = tuple(int(each) for each in servers)
        mended = tuple(min(level, most) for level, most in zip(levels, cap, strict=True))
        broken = int((oracle.slacks(mended) < 0).sum())
        kept = repaired(oracle, mended, cap=cap, periods_of=lambda n: _periods_of(oracle, n))
        found[name] = {
            "servers": list(levels),
            "server_periods": sum(levels),
            "periods_broken": broken,
            "server_periods_once_mended": sum(kept),
        }
    return found


def _clock(at_us: int) -> str:
    minutes = math.floor(at_us / 60e6)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
