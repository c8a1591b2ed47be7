"""M(t)/M/s(t) exactly: a day of a station whose arrivals and staffing change."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import TheoryError
from sim.queueing.changing_day import Day, Transient
from sim.queueing.population import Closing, Population
from sim.queueing.soundness import non_negative, positive, refuse
from sim.queueing.steps import Steps

__all__ = ["Transient", "transient"]


def transient(
    *,
    arrivals: Steps,
    servers: Steps,
    mean_service: float,
    closing: Closing = "idle_first",
    mean_patience: float = math.inf,
    within: float | None = None,
    periods: ArrayLike = (),
    at: ArrayLike = (),
    initial: ArrayLike | None = None,
) -> Transient:
    """Follow a station exactly from its first arrivals on.

    Parameters
    ----------
    arrivals : Steps
        Arrivals per unit of time, a Poisson process; the day begins at the first edge.
    servers : Steps
        Whole numbers of servers open.
    mean_service : float
        Of exponential services, in that unit.
    closing : {"idle_first", "preempt"}
        When fewer are open than busy: those in service are finished and nobody new starts until
        fewer are busy than open; or the surplus goes back to the head of the queue.
    mean_patience : float
        Of exponential patience; infinite by default.
    within : float or None
        A wait promised, from joining the queue to the (first) start of service.
    periods : array_like of float, shape (p + 1,)
        Edges of periods of arrival to report; none by default.
    at : array_like of float, shape (n,)
        Instants to report.
    initial : array_like of float or None
        Probabilities of 0, 1, … present at the start; empty by default.

    Returns
    -------
    Transient

    Raises
    ------
    TheoryError
        If a number is out of its range, or the day takes more steps than can be followed.

    Notes
    -----
    The state is how many wait and how many are busy. Forward equations for what arrivals find,
    backward equations for whether they start in time, with the staffing changes ahead of them;
    both by uniformisation, exact but for 1e-13. Where staffing changes within the promised wait,
    arrivals are integrated by Gauss's rule (error below 1e-9). With patience, `within` counts who
    would start in time if they stayed. Rates that are not steps: `Steps.smooth`.

    What it leaves out: services that are not exponential (Kimura's ratio to M/M/c is a fair
    correction), and arrivals that are not Poisson (booked passengers vary less). The closing rule
    ``named`` of scenarios starts nobody later than ``idle_first`` does; ``pause`` holds people at
    their desk, which is neither rule: simulate it.

    References
    ----------
    Grassmann, W. K. (1977), Computers & Operations Research 4, 47-53.
    Ingolfsson, A., Akhmetshina, E., Budge, S., Li, Y. and Wu, X. (2007), INFORMS Journal on
    Computing 19, 201-214.

    Examples
    --------
    >>> day = transient(
    ...     arrivals=Steps.rates([3, 6, 8, 6, 3, 2], period=30),
    ...     servers=Steps.servers([5, 9, 12, 10, 6, 4], period=30),
    ...     mean_service=1.5, within=5, periods=[0, 30, 60, 90, 120, 150, 180],
    ... )
    >>> day.served_within.round(4).tolist()
    [0.9823, 0.9653, 0.9144, 0.8273, 0.8452, 0.9162]
    """
    edges, instants = np.asarray(periods, np.float64).ravel(), np.asarray(at, np.float64).ravel()
    start = float(arrivals.edges[0])
    refuse(
        positive(mean_service=mean_service),
        "" if mean_patience > 0 else f"mean_patience must be above 0, got {mean_patience:g}",
        non_negative(within=0.0 if within is None else within),
        _rising(edges, instants, start),
        ""
        if closing in ("idle_first", "preempt")
        else f'closing = "{closing}"; give "idle_first" '
        'or "preempt"; with "named" nobody starts later than with "idle_first"; simulate "pause"',
        _whole_levels(servers),
    )
    day = Day(
        arrivals=arrivals,
        servers=servers,
        mean_service=mean_service,
        closing=closing,
        mean_patience=mean_patience,
        within=within,
        edges=edges,
        instants=instants,
    )
    return day.follow(_initial(initial, int(servers.at(start))))


def _initial(law: ArrayLike | None, servers: int) -> Population:
    chances = np.asarray([1.0] if law is None else law, dtype=np.float64)
    if chances.ndim != 1 or (chances < 0).any() or abs(chances.sum() - 1) > 1e-9:
        message = f"initial sums to {chances.sum():g}; give probabilities that sum to 1"
        raise TheoryError(message)
    return Population(servers, chances / chances.sum(), np.zeros((0, 0)))


def _rising(edges: NDArray[np.float64], instants: NDArray[np.float64], start: float) -> str:
    every = np.concatenate([edges, instants])
    if not len(every):
        return "nothing is asked; give periods or instants (at)"
    if not np.isfinite(every).all() or every.min() < start:
        return f"periods and instants must lie from {start:g} on, got {every.min():g}"
    if len(edges) == 1 or (np.diff(edges) <= 0).any():
        return "periods must be two edges or more, rising"
    return ""


def _whole_levels(servers: Steps) -> str:
    levels = np.append(servers.values, servers.after)
    broken = levels[levels != np.floor(levels)]
    return f"servers must be whole numbers, got {broken[0]:g}" if len(broken) else ""
