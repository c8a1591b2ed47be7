"""The plan of a desk whose law is known exactly: the smallest, and how small any could be."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sim.errors import TheoryError
from sim.planner.bounds import least_total, single_bounds, window_bounds
from sim.planner.exact import US, ExactDesk
from sim.planner.grid import Levels
from sim.planner.search import REACH, descended, exchanged, repaired
from sim.queueing.pointwise import sipp

WIDEST = 6
"""Periods of the widest windows that bounds are sought on."""

EFFORT = 1_500
"""Periods the exact law is asked about for bounds and exchanges, all together."""


@dataclass(frozen=True, slots=True, eq=False)
class DeskPlan:
    """What was found.

    Attributes
    ----------
    broken : tuple of str
        Promises that all servers together do not keep, in words.
    beside : dict of str to dict
        Plans of SIPP and lagged SIPP, judged by the same law.
    """

    oracle: ExactDesk
    levels: Levels
    lower_bound: int | None
    bound_says: str
    broken: tuple[str, ...] = ()
    beside: dict[str, dict] = field(default_factory=dict)


def plan_desk(
    oracle: ExactDesk, *, cap: Levels, progress: Callable[[str], None], with_bound: bool = True
) -> DeskPlan:
    """Search a desk by the exact law.

    Notes
    -----
    What each period needs with all others fully staffed is a bound. The search starts from lagged
    steady states where these are more, adds servers where they mend most, takes away those that
    are not missed, and exchanges two for one. Bounds of windows of two periods and more end it
    where they meet the plan.
    """
    broken = broken_at(oracle, cap)
    if broken:
        return DeskPlan(oracle, cap, None, "no plan keeps the promise", broken)
    single = single_bounds(oracle, cap)
    progress(f"each period by itself needs {sum(single)} server-periods")

    def periods_of(slack: int) -> range:
        return _periods_of(oracle, slack)

    begin = _proposed(oracle, single, cap)
    levels = repaired(oracle, begin, cap=cap, periods_of=periods_of)
    levels = descended(oracle, levels, floor=single, progress=progress)
    bound, windows = sum(single), []
    limit = oracle.evaluations + EFFORT

    def keep_going() -> bool:
        return oracle.evaluations < limit

    width = 1
    while with_bound and bound < sum(levels) and width < min(WIDEST, len(cap)) and keep_going():
        width += 1
        windows += window_bounds(
            oracle, cap, single, width=width, most=levels, keep_going=keep_going
        )
        bound = max(bound, least_total(single, windows))
        progress(f"windows of {width} periods need {bound}, the plan has {sum(levels)}")
    if bound < sum(levels):
        limit = oracle.evaluations + EFFORT
        levels = exchanged(
            oracle, levels, floor=single, cap=cap, progress=progress, keep_going=keep_going
        )
    says = (
        f"by the exact law: runs of up to {width} periods with all other periods fully staffed; no "
        "plan of these periods keeps the promise with less"
    )
    return DeskPlan(oracle, levels, bound, says, (), _beside(oracle, cap))


def broken_at(oracle: ExactDesk, levels: Levels) -> tuple[str, ...]:
    """Promises that some levels do not keep, in words."""
    found = []
    for promise, shares in zip(oracle.promises, oracle.shares(levels), strict=True):
        for cell in np.flatnonzero(shares < promise.share).tolist():
            at = _clock(cell * promise.per_us)
            found.append(
                f"promise {promise.id}, period from {at}: {shares[cell]:.4f} of arrivals start "
                f"within {promise.within_us * US:g} s with {max(levels)} servers open all day, "
                f"{promise.share:g} is promised"
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
