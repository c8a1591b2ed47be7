"""The fluid queue: arrivals and service as steady flows, the leading order of any overload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import TheoryError
from sim.queueing.steps import Steps


@dataclass(frozen=True, slots=True, eq=False)
class Fluid:
    """A queue of flows, piecewise linear in time.

    Attributes
    ----------
    at : ndarray of float64, shape (n,)
        Every instant at which the queue may bend.
    queue, arrived, departed : ndarray of float64, shape (n,)
        Waiting then; cumulative until then.
    total_wait : float
        Area between arrivals and departures.
    max_wait : float
        Of those served by the end.
    max_queue : float
    """

    at: NDArray[np.float64]
    queue: NDArray[np.float64]
    arrived: NDArray[np.float64]
    departed: NDArray[np.float64]
    total_wait: float
    max_wait: float
    max_queue: float

    def queue_at(self, time: ArrayLike) -> NDArray[np.float64]:
        """Waiting at instants."""
        return np.interp(np.asarray(time, dtype=np.float64), self.at, self.queue)

    def wait_at(self, time: ArrayLike) -> NDArray[np.float64]:
        """Wait of who arrives at instants; infinite where the day ends before their turn."""
        times = np.asarray(time, dtype=np.float64)
        place = np.interp(times, self.at, self.arrived)
        served = _when(place, self.at, self.departed)
        return np.where(self.queue_at(times) > 1e-9, np.maximum(served - times, 0.0), 0.0)


def queue_lengths(
    *, arrival_rates: ArrayLike, capacities: ArrayLike, widths: ArrayLike
) -> NDArray[np.float64]:
    """Queues at the ends of periods, for many days or plans at once.

    Parameters
    ----------
    arrival_rates, capacities : array_like of float, shape (..., periods)
        Flows in, and flows the servers can carry (servers by mean service time).
    widths : array_like of float, shape (periods,) or ()
        Lengths of the periods.

    Returns
    -------
    ndarray of float64, shape (..., periods + 1)
        From the empty start on.

    Notes
    -----
    ``Q(t) = max_{u ≤ t} (X(t) - X(u))`` with X the surplus so far; exact at the edges, since the
    surplus is linear between them. One `np.maximum.accumulate`.

    References
    ----------
    Newell, G. F. (1982), Applications of Queueing Theory.

    Examples
    --------
    >>> queue_lengths(arrival_rates=[6, 0], capacities=[4, 4], widths=[150, 75]).tolist()
    [0.0, 300.0, 0.0]
    """
    surplus = np.asarray(arrival_rates, np.float64) - np.asarray(capacities, np.float64)
    gains = np.cumsum(surplus * np.asarray(widths, np.float64), axis=-1)
    walk = np.concatenate([np.zeros((*gains.shape[:-1], 1)), gains], axis=-1)
    return walk - np.minimum.accumulate(walk, axis=-1)


def fluid(*, arrivals: Steps, servers: Steps, mean_service: float, until: float) -> Fluid:
    """A day of a station as flows.

    Parameters
    ----------
    arrivals, servers : Steps
        Arrivals per unit of time; servers open.
    mean_service : float
        Above 0, in that unit.
    until : float
        End of the day, after the first edge.

    Raises
    ------
    TheoryError
        If a number is out of its range.

    Notes
    -----
    No chance, so no queue below a load of 1: a lower bound on the mean queue of the random queue
    with the same flows, and close to it in a deep overload.

    References
    ----------
    Vickrey, W. S. (1969), American Economic Review 59, 251-260.

    Examples
    --------
    >>> train = Steps.rates([6.0], period=150.0)
    >>> fluid(arrivals=train, servers=Steps.always(4), mean_service=1.0, until=400.0).max_wait
    75.0
    """
    start = float(arrivals.edges[0])
    if not (0 < mean_service < np.inf and start < until < np.inf):
        message = (
            f"mean_service = {mean_service:g} must be above 0 and until = {until:g} after the "
            f"first arrivals at {start:g}"
        )
        raise TheoryError(message)
    edges = np.unique(np.concatenate([arrivals.edges, servers.edges, [start, until]]))
    edges = edges[(edges >= start) & (edges <= until)]
    inflow, carried = arrivals.at(edges[:-1]), servers.at(edges[:-1]) / mean_service
    queue = queue_lengths(arrival_rates=inflow, capacities=carried, widths=np.diff(edges))
    runs_dry = (queue[:-1] > 0) & (queue[1:] == 0)
    empty = edges[:-1][runs_dry] + queue[:-1][runs_dry] / (carried - inflow)[runs_dry]
    at, first = np.unique(np.concatenate([edges, empty]), return_index=True)
    waiting = np.concatenate([queue, np.zeros(len(empty))])[first]
    arrived = np.asarray(arrivals.integral(start, at), dtype=np.float64)
    departed = arrived - waiting
    return Fluid(
        at=at,
        queue=waiting,
        arrived=arrived,
        departed=departed,
        total_wait=float(np.sum((waiting[1:] + waiting[:-1]) / 2 * np.diff(at))),
        max_wait=_longest(at, arrived, departed),
        max_queue=float(waiting.max()),
    )


def _longest(
    at: NDArray[np.float64], arrived: NDArray[np.float64], departed: NDArray[np.float64]
) -> float:
    """Longest wait, where either curve bends: of who comes just then, or just after."""
    count = np.concatenate([arrived, departed])
    longest = 0.0
    for side in ("left", "right"):
        came, left = _when(count, at, arrived, side=side), _when(count, at, departed, side=side)
        is_served = np.isfinite(left) & np.isfinite(came)
        longest = max(longest, float((left[is_served] - came[is_served]).max(initial=0.0)))
    return longest


def _when(
    count: NDArray[np.float64],
    at: NDArray[np.float64],
    cumulative: NDArray[np.float64],
    *,
    side: Literal["left", "right"] = "left",
) -> NDArray[np.float64]:
    """Instant at which a cumulative curve reaches a count, or passes it; infinite if never."""
    hair = 1e-9 * max(1.0, float(cumulative[-1]))
    level = count - hair if side == "left" else count + hair
    place = np.searchsorted(cumulative, level, side=side)
    inside = np.clip(place, 1, len(at) - 1)
    low, high = cumulative[inside - 1], cumulative[inside]
    share = np.clip((count - low) / np.where(high > low, high - low, 1.0), 0.0, 1.0)
    found = at[inside - 1] + share * (at[inside] - at[inside - 1])
    found = np.where(place == 0, at[0], found)
    return np.where(place >= len(at), np.inf, found)
