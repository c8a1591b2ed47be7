"""How much work comes to a station, against the time of the servers that are open for it."""

from __future__ import annotations

import numpy as np

from sim.projections.stations import StationDay

HOUR_US = 3_600_000_000
STEP_US = HOUR_US // 4
"""Hours are looked at from every quarter of an hour on."""

BUSY = 0.5
"""Only hours that bring at least this part of the most work of any hour can be the peak."""


def peak_load(day: StationDay) -> float | None:
    """Work that comes in an hour over the server time open in it, at its worst; None without.

    Unlike utilisation it is not cut off at one: two means that an hour brings two hours' work
    for those who are there. It says which station gives way first when demand grows, also
    on a day on which nobody waits.

    Parameters
    ----------
    day : StationDay
        The station's day.

    Notes
    -----
    A customer's work counts in the hour of joining the queue. Who was never served counts
    with the mean of the others. Hours of little work are left out, so that a single customer
    before a counter opens does not make it the peak.
    """
    rows = day.visits.rows
    served = rows.has_started
    if not served.any():
        return None
    work = np.where(served, rows.worked_us, rows.worked_us[served].mean())
    first = int(rows.joined_us.min()) // STEP_US
    quarters = (rows.joined_us // STEP_US - first).astype(np.int64)
    brought = np.convolve(np.bincount(quarters, weights=work), np.ones(4))
    starts_us = (first - 3 + np.arange(len(brought))) * STEP_US
    worst: float | None = None
    for place in np.flatnonzero(brought >= BUSY * brought.max()).tolist():
        start_us = int(starts_us[place])
        open_us = day.open.integral(max(start_us, 0), start_us + HOUR_US)
        if open_us > 0:
            load = float(brought[place]) / open_us
            worst = load if worst is None else max(worst, load)
    return worst
