"""Staffing: the fewest servers that keep a promise in the long run."""

from __future__ import annotations

import math
from collections.abc import Callable

from sim.errors import TheoryError
from sim.queueing.erlang_a import erlang_a
from sim.queueing.erlang_b import erlang_b
from sim.queueing.mgc import mgc
from sim.queueing.mmc import mmc
from sim.queueing.soundness import non_negative, positive, refuse, share

MOST_SERVERS = 1_000_000
"""No search goes beyond."""


def fewest(keeps: Callable[[int], bool], *, at_least: int) -> int:
    """Smallest number from `at_least` on for which a promise that more servers help is kept.

    Raises
    ------
    TheoryError
        If `MOST_SERVERS` do not keep it.

    Notes
    -----
    Steps that double, then bisection.

    Examples
    --------
    >>> fewest(lambda servers: servers >= 37, at_least=1)
    37
    """
    if keeps(at_least):
        return at_least
    low, step = at_least, 1
    while not keeps(low + step):
        low, step = low + step, 2 * step
        if low > MOST_SERVERS:
            message = f"{MOST_SERVERS} servers do not keep the promise; ask for less"
            raise TheoryError(message)
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if keeps(middle) else (middle, high)
    return high


def servers_for_wait(
    *,
    arrival_rate: float,
    mean_service: float,
    within: float,
    share_of_all: float,
    scv: float = 1.0,
) -> int:
    """Fewest servers with which this share waits `within` at most, in the long run.

    Parameters
    ----------
    arrival_rate, mean_service : float
        Above 0, in one unit of time.
    within : float
        Longest wait promised, from 0 on.
    share_of_all : float
        Share of arrivals promised, strictly between 0 and 1.
    scv : float
        Squared coefficient of variation of services; away from 1 by Kimura's formula.

    Raises
    ------
    TheoryError
        If a number is out of its range.

    Notes
    -----
    With a wait of many service times the answer is hardly more than the load: a promise of ten
    minutes binds through peaks and bad days, which only `sim.queueing.transient`, the fluid queue
    and simulation see.

    Examples
    --------
    >>> servers_for_wait(arrival_rate=1200, mean_service=1 / 40, within=1 / 6, share_of_all=0.95)
    31
    """
    refuse(
        positive(arrival_rate=arrival_rate, mean_service=mean_service),
        non_negative(within=within, scv=scv),
        share(share_of_all=share_of_all),
    )

    def keeps(servers: int) -> bool:
        if scv == 1:
            queue = mmc(servers=servers, arrival_rate=arrival_rate, mean_service=mean_service)
        else:
            queue = mgc(
                servers=servers, arrival_rate=arrival_rate, mean_service=mean_service, scv=scv
            )
        return float(queue.share_within(within)) >= share_of_all

    return fewest(keeps, at_least=math.floor(arrival_rate * mean_service) + 1)


def servers_for_mean_wait(*, arrival_rate: float, mean_service: float, mean_wait: float) -> int:
    """Fewest servers with which the mean wait is this long at most.

    Examples
    --------
    >>> servers_for_mean_wait(arrival_rate=2.0, mean_service=1.0, mean_wait=0.5)
    3
    """
    refuse(positive(arrival_rate=arrival_rate, mean_service=mean_service, mean_wait=mean_wait))

    def keeps(servers: int) -> bool:
        queue = mmc(servers=servers, arrival_rate=arrival_rate, mean_service=mean_service)
        return queue.mean_wait <= mean_wait

    return fewest(keeps, at_least=math.floor(arrival_rate * mean_service) + 1)


def servers_for_loss(*, offered_load: float, share_lost: float) -> int:
    """Fewest servers, or parking spaces, with which this share at most is turned away.

    Examples
    --------
    >>> servers_for_loss(offered_load=480.0, share_lost=0.01)
    507
    """
    refuse(positive(offered_load=offered_load), share(share_lost=share_lost))

    def keeps(servers: int) -> bool:
        return erlang_b(servers=servers, offered_load=offered_load) <= share_lost

    return fewest(keeps, at_least=0)


def servers_for_patience(
    *,
    arrival_rate: float,
    mean_service: float,
    mean_patience: float,
    within: float,
    share_of_all: float,
) -> int:
    """Fewest servers with which this share of all is served after waiting `within` at most.

    Those who leave unserved count against the promise.

    Examples
    --------
    >>> servers_for_patience(
    ...     arrival_rate=11, mean_service=1, mean_patience=1, within=0.2, share_of_all=0.9
    ... )
    14
    """
    refuse(
        positive(arrival_rate=arrival_rate, mean_service=mean_service, mean_patience=mean_patience),
        non_negative(within=within),
        share(share_of_all=share_of_all),
    )

    def keeps(servers: int) -> bool:
        queue = erlang_a(
            servers=servers,
            arrival_rate=arrival_rate,
            mean_service=mean_service,
            mean_patience=mean_patience,
        )
        return float(queue.share_served_within(within)) >= share_of_all

    return fewest(keeps, at_least=1)
