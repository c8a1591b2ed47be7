"""Level of service: waits against the optimum band, and space for those who wait.

Notes
-----
The band is IATA's (ADRM, 10th ed.): waits below it are over-design, above it sub-optimum.
ADRM sets it for the design period, so the verdict looks at the busiest half hour, the one in
which most customers came; and, since the queue peaks after its arrivals, at the whole day
too: the **larger** of the two 95 % points is judged. One late customer cannot spoil a good
day, and a queue that grows after the busiest half hour cannot hide. The space rule is that
of VBHN 45/2023 (Circular 36/2014), Art. 5: least area per person at the peak.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.projections.occupancy import queue_length
from sim.projections.timeline import HALF_HOUR_US, waits_by_period
from sim.projections.visit_table import VisitRows, VisitTable
from sim.projections.waits import counts_for_waits, nearest_rank, seconds
from sim.scenario.clock import to_us
from sim.scenario.figures import Figure
from sim.scenario.stations import Standard

Verdict = Literal["over-design", "optimum", "sub-optimum"]


def service_level(
    visits: VisitTable, standard: Standard, *, from_us: int, until_us: int, since_us: int
) -> dict[str, Any]:
    """A station's level of service as plain JSON.

    Parameters
    ----------
    visits : VisitTable
        The visits at the station.
    standard : Standard
        What good service is there.
    from_us, until_us : int
        Window in which the peak is looked for.
    since_us : int
        Those who came earlier do not count for waits.

    Returns
    -------
    dict
        ``verdict`` (None where nobody was served), ``band_s``, ``shares`` below, within and
        above the band, ``p95_day_s``, ``p95_busiest_half_hour_s`` with its start, ``space``.
    """
    rows = visits.rows
    waits = np.sort(rows.wait_us[counts_for_waits(rows, since_us=since_us)])
    low_us, high_us = _minutes_us(standard.wait_low_min), _minutes_us(standard.wait_high_min)
    start_us, p95_busiest_us = _busiest_half_hour(rows, since_us=since_us)
    p95_day_us = nearest_rank(waits, 95) if len(waits) else None
    judged_us = [p95 for p95 in (p95_day_us, p95_busiest_us) if p95 is not None]
    return {
        "verdict": verdict(max(judged_us), low_us=low_us, high_us=high_us) if judged_us else None,
        "band_s": [seconds(low_us), seconds(high_us)],
        "shares": shares(waits, low_us=low_us, high_us=high_us),
        "p95_day_s": seconds(p95_day_us),
        "p95_busiest_half_hour_s": seconds(p95_busiest_us),
        "busiest_half_hour_start_s": seconds(start_us),
        "space": space(visits, standard, from_us=from_us, until_us=until_us),
    }


def verdict(wait_us: int, *, low_us: int, high_us: int) -> Verdict:
    """Where a wait lies: the band includes both its ends."""
    if wait_us < low_us:
        return "over-design"
    return "optimum" if wait_us <= high_us else "sub-optimum"


def shares(
    ascending_us: NDArray[np.int64], *, low_us: int, high_us: int
) -> dict[str, float | None]:
    """Shares of waits below, within and above a band; None without waits."""
    count = len(ascending_us)
    below = int(np.searchsorted(ascending_us, low_us, side="left"))
    not_above = int(np.searchsorted(ascending_us, high_us, side="right"))
    parts = {"below": below, "within": not_above - below, "above": count - not_above}
    return {name: part / count if count else None for name, part in parts.items()}


def space(
    visits: VisitTable, standard: Standard, *, from_us: int, until_us: int
) -> dict[str, Any] | None:
    """Area for those waiting at the peak; None where the standard does not speak of space.

    Returns
    -------
    dict or None
        ``peak_persons`` waiting; the ``area_m2`` there is and ``m2_per_person`` at the peak
        (None where unknown or nobody waited); ``required_area_m2``; ``is_met``.
    """
    least, area = _value(standard.space_m2), _value(standard.area_m2)
    if least is None and area is None:
        return None
    in_persons = queue_length(visits, in_persons=True)
    peak = in_persons.maximum(from_us, until_us) if until_us > from_us else 0
    required = None if least is None else peak * least
    return {
        "peak_persons": peak,
        "area_m2": area,
        "m2_per_person": area / peak if area is not None and peak else None,
        "required_m2_per_person": least,
        "required_area_m2": required,
        "is_met": area >= required if area is not None and required is not None else None,
    }


def _busiest_half_hour(rows: VisitRows, *, since_us: int) -> tuple[int | None, int | None]:
    """Start and 95 % point of the half hour in which most of those served came."""
    periods = waits_by_period(rows, period_us=HALF_HOUR_US, since_us=since_us)
    served = np.flatnonzero(periods.waits)
    if not len(served):
        return None, None
    busiest = served[np.argmax(periods.arrivals[served])]
    return int(periods.start_us[busiest]), int(periods.p95_us[busiest])


def _minutes_us(figure: Figure) -> int:
    return to_us(figure.value * 60)


def _value(figure: Figure | None) -> float | None:
    return None if figure is None else figure.value
