"""Service targets: the share served within a time, over the day and by period of arrival."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.projections.ordering import starts_of_runs
from sim.projections.visit_table import Outcome, VisitRows
from sim.projections.waits import seconds
from sim.scenario.clock import to_us
from sim.scenario.spec import Target

US_PER_MIN = 60_000_000


def served_within(
    rows: VisitRows, *, within_us: int, until_us: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Who was served within a time, and of whom that can be said.

    Parameters
    ----------
    rows : VisitRows
        Visits at one station.
    within_us : int
        Longest wait that keeps the promise.
    until_us : int
        Last instant of the log.

    Returns
    -------
    is_within, is_decided : ndarray of bool
        Whoever balked, gave up or was turned away was not served within any time. Of those
        still in the queue who came less than `within_us` before the end nothing can be said.
    """
    is_within = rows.has_started & (rows.wait_us <= within_us)
    waits_still = ~rows.has_started & (rows.outcome == Outcome.PRESENT)
    is_decided = ~(waits_still & (until_us - rows.joined_us <= within_us))
    return is_within, is_decided


def target_figures(
    rows: VisitRows, target: Target, *, since_us: int, until_us: int
) -> dict[str, Any]:
    """How a target was kept, as plain JSON.

    Parameters
    ----------
    rows : VisitRows
        Visits at the target's station in the order in which they began.
    target : Target
        The promise.
    since_us : int
        Those who came earlier do not count.
    until_us : int
        Last instant of the log.

    Returns
    -------
    dict
        ``share`` of the day and, for a target by period, ``periods``, counted from midnight,
        in which anyone came; ``is_met`` asks the share of each of them, else of the day.
    """
    within_us = to_us(target.within_s.value)
    is_within, is_decided = served_within(rows, within_us=within_us, until_us=until_us)
    counted = is_decided & (rows.joined_us >= since_us)
    is_within, joined_us = is_within[counted], rows.joined_us[counted]
    total = int(np.count_nonzero(is_within))
    figures: dict[str, Any] = {
        "id": target.id,
        "station": target.station,
        "within_s": target.within_s.value,
        "target_share": target.share.value,
        "arrivals": len(is_within),
        "share": total / len(is_within) if len(is_within) else None,
        "periods": None,
    }
    if target.per_min is not None:
        period_us = round(target.per_min.value * US_PER_MIN)
        figures["periods"] = _periods(joined_us, is_within, period_us)
    judged = [figures] if figures["periods"] is None else figures["periods"]
    shares = [each["share"] for each in judged if each["share"] is not None]
    return {**figures, "is_met": all(s >= target.share.value for s in shares) if shares else None}


def _periods(
    joined_us: NDArray[np.int64], is_within: NDArray[np.bool_], period_us: int
) -> list[dict[str, Any]]:
    period = joined_us // period_us
    begins = starts_of_runs(period)
    place = np.cumsum(begins) - 1
    starts_us = (period[begins] * period_us).tolist()
    arrivals = np.bincount(place, minlength=len(starts_us)).tolist()
    within = np.bincount(place[is_within], minlength=len(starts_us)).tolist()
    return [
        {"start_s": seconds(start_us), "arrivals": came, "share": kept / came}
        for start_us, came, kept in zip(starts_us, arrivals, within, strict=True)
    ]
