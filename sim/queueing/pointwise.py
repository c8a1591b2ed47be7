"""Pointwise and period by period: a day taken as so many steady states, PSA and SIPP."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import TheoryError
from sim.queueing.erlang_c import erlang_c
from sim.queueing.soundness import non_negative, positive, refuse, share
from sim.queueing.staffing import servers_for_wait
from sim.queueing.steps import Steps


@dataclass(frozen=True, slots=True, eq=False)
class PeriodPlan:
    """Servers for each period.

    Attributes
    ----------
    servers : ndarray of int64, shape (periods,)
    rates : ndarray of float64, shape (periods,)
        The arrival rate each was sized for.
    """

    servers: NDArray[np.int64]
    rates: NDArray[np.float64]


def pointwise(
    *, arrivals: Steps, servers: Steps, mean_service: float, time: ArrayLike
) -> NDArray[np.float64]:
    """P(wait) at instants as if the rates of the instant had always held (PSA).

    Parameters
    ----------
    arrivals, servers : Steps
    mean_service : float
        In the time unit of the steps.
    time : array_like of float

    Returns
    -------
    ndarray of float64
        1 where the load is at or above the servers.

    Notes
    -----
    Good while services are short against the changes and no period is overloaded: it forgets
    yesterday's queue at once, and lags nothing.

    References
    ----------
    Green, L. V. and Kolesar, P. J. (1991), Management Science 37, 84-97.

    Examples
    --------
    >>> day = Steps.rates([0.8, 1.2], period=60)
    >>> desk = Steps.always(1)
    >>> pointwise(arrivals=day, servers=desk, mean_service=1.0, time=[30, 90]).round(9).tolist()
    [0.8, 1.0]
    """
    refuse(positive(mean_service=mean_service))
    times = np.asarray(time, dtype=np.float64)
    loads, counts = arrivals.at(times) * mean_service, servers.at(times)
    result = np.ones(times.shape)
    is_stable = loads < counts
    if is_stable.any():
        result[is_stable] = erlang_c(
            servers=counts[is_stable].astype(np.int64), offered_load=loads[is_stable]
        )
    result[loads == 0] = np.where(counts[loads == 0] > 0, 0.0, 1.0)
    return result


def sipp(
    *,
    arrivals: Steps,
    period: float,
    periods: int,
    mean_service: float,
    within: float,
    share_of_all: float,
    is_lagged: bool = False,
    start: float = 0.0,
) -> PeriodPlan:
    """Servers for each period as if it were a steady state of its own (SIPP).

    Parameters
    ----------
    arrivals : Steps
    period : float
        Length of a planning period.
    periods : int
    mean_service, within, share_of_all : float
        As in `sim.queueing.staffing.servers_for_wait`.
    is_lagged : bool
        Take the rate a mean service earlier: load follows arrivals so late.
    start : float
        When the first period begins.

    Raises
    ------
    TheoryError
        If a number is out of its range.

    Notes
    -----
    Periods without arrivals get 0 servers, lagged or not. Misses its promise where a period
    inherits a queue, and overstaffs where it inherits none; use it to begin a search.

    References
    ----------
    Green, L. V., Kolesar, P. J. and Soares, J. (2001), Operations Research 49, 549-564.

    Examples
    --------
    >>> day = Steps.rates([3, 6, 8, 6, 3, 2], period=30)
    >>> plan = sipp(
    ...     arrivals=day, period=30, periods=6, mean_service=1.5, within=5, share_of_all=0.9
    ... )
    >>> plan.servers.tolist()
    [6, 10, 13, 10, 6, 4]
    """
    refuse(
        positive(period=period, mean_service=mean_service),
        non_negative(within=within),
        share(share_of_all=share_of_all),
    )
    if periods < 1:
        message = f"periods = {periods}; give at least one"
        raise TheoryError(message)
    lag = mean_service if is_lagged else 0.0
    begins = start + period * np.arange(periods) - lag
    rates = arrivals.mean(begins, begins + period)
    servers = [
        servers_for_wait(
            arrival_rate=float(rate),
            mean_service=mean_service,
            within=within,
            share_of_all=share_of_all,
        )
        if rate > 0
        else 0
        for rate in rates
    ]
    return PeriodPlan(np.array(servers, dtype=np.int64), rates)
