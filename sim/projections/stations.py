"""What happened at each station: who came, how long they waited, how busy the servers were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.projections.occupancy import busy_servers, queue_length
from sim.projections.servers import ServerHistory
from sim.projections.steps import Steps, larger
from sim.projections.visit_table import Outcome, VisitTable
from sim.projections.waits import counts_for_waits, distribution_s


@dataclass(frozen=True, slots=True, eq=False)
class StationDay:
    """One station's day, ready to be asked.

    Attributes
    ----------
    visits : VisitTable
        The visits there.
    queue, busy, open : Steps
        Customers waiting, servers at work, servers open.
    """

    visits: VisitTable
    queue: Steps
    busy: Steps
    open: Steps


def station_day(visits: VisitTable, servers: ServerHistory) -> StationDay:
    """The day of a station from its visits and the history of its servers."""
    return StationDay(visits, queue_length(visits), busy_servers(visits), servers.steps)


def counts(visits: VisitTable) -> dict[str, int]:
    """Customers at a station by what became of them.

    Returns
    -------
    dict
        ``arrivals`` are customers who joined or balked, ``persons`` the persons in them;
        ``served``, ``balked``, ``reneged``, ``missed`` (turned away at departure),
        ``timed_out`` (requests given up in the queue) and ``present`` sum to ``arrivals``.
    """
    rows = visits.rows
    by_outcome = np.bincount(rows.outcome, minlength=len(Outcome)).tolist()
    return {
        "arrivals": len(rows),
        "persons": int(rows.persons.sum()),
        "served": by_outcome[Outcome.SERVED],
        "balked": by_outcome[Outcome.BALKED],
        "reneged": by_outcome[Outcome.RENEGED],
        "missed": by_outcome[Outcome.MISSED],
        "timed_out": by_outcome[Outcome.TIMED_OUT],
        "present": by_outcome[Outcome.PRESENT] + by_outcome[Outcome.INTERRUPTED],
    }


def utilisation(day: StationDay, *, from_us: int, until_us: int) -> float | None:
    """Busy time over the integral of the larger of open and busy servers; None for 0/0."""
    busy_us = day.busy.integral(from_us, until_us)
    there_us = larger(day.open, day.busy).integral(from_us, until_us)
    return busy_us / there_us if there_us else None


def queue_figures(day: StationDay, *, from_us: int, until_us: int) -> dict[str, float | None]:
    """Mean (over time) and maximum of the queue in a window; None for an empty window."""
    if until_us <= from_us:
        return {"mean": None, "max": None}
    return {
        "mean": day.queue.integral(from_us, until_us) / (until_us - from_us),
        "max": day.queue.maximum(from_us, until_us),
    }


def station_figures(
    day: StationDay, *, from_us: int, until_us: int, since_us: int
) -> dict[str, Any]:
    """Every figure of a station, as plain JSON.

    Parameters
    ----------
    day : StationDay
        The station's day.
    from_us, until_us : int
        Window of the time-weighted figures.
    since_us : int
        End of the warm-up: only customers who came then or later count for waits.
    """
    rows = day.visits.rows
    waits = rows.wait_us[counts_for_waits(rows, since_us=since_us)]
    return {
        **counts(day.visits),
        "wait_s": distribution_s(waits),
        "queue": queue_figures(day, from_us=from_us, until_us=until_us),
        "utilisation": utilisation(day, from_us=from_us, until_us=until_us),
    }
