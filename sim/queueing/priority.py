"""Priorities: who waits for whom when some go first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.errors import TheoryError
from sim.queueing.erlang_c import erlang_c
from sim.queueing.soundness import non_negative, positive, refuse, refuse_overload, whole


@dataclass(frozen=True, slots=True)
class ByClass:
    """Mean wait of each class, most urgent first.

    Attributes
    ----------
    mean_waits : tuple of float
        Joining the queue to the (first) start of service.
    mean_sojourns : tuple of float
        Joining the queue to completion.
    """

    mean_waits: tuple[float, ...]
    mean_sojourns: tuple[float, ...]


def mmc_priority(*, servers: int, arrival_rates: Sequence[float], mean_service: float) -> ByClass:
    """Mean waits at several servers where nobody is interrupted; all classes serve alike.

    Parameters
    ----------
    servers : int
        At least 1.
    arrival_rates : sequence of float
        Of each class, most urgent first.
    mean_service : float
        The same for all; unequal means at several servers have no closed form.

    Raises
    ------
    UnstableSystemError
        If arrivals bring more work than the servers can do.
    TheoryError
        If a number is out of its range.

    Notes
    -----
    ``W(k) = C E[S] / (c (1 - σ(k-1)) (1 - σ(k)))``, σ(k) the load of classes 1 to k per server.

    References
    ----------
    Cobham, A. (1954), Operations Research 2, 70-76. Davis, R. H. (1966), ibid. 14, 133-136.

    Examples
    --------
    >>> lanes = mmc_priority(servers=4, arrival_rates=[1.0, 2.4], mean_service=1.0)
    >>> [round(wait, 6) for wait in lanes.mean_waits]
    [0.229772, 1.531814]
    """
    refuse(
        *_classes(arrival_rates),
        whole(servers=servers, least=1),
        positive(mean_service=mean_service),
    )
    load = sum(arrival_rates) * mean_service
    waiting = erlang_c(servers=servers, offered_load=load)
    waits = _cobham(
        waiting * mean_service / servers,
        [rate * mean_service / servers for rate in arrival_rates],
    )
    return ByClass(waits, tuple(wait + mean_service for wait in waits))


def mg1_priority(
    *, arrival_rates: Sequence[float], mean_services: Sequence[float], scvs: Sequence[float]
) -> ByClass:
    """Mean waits at one server where nobody is interrupted; each class has its own service.

    Parameters
    ----------
    arrival_rates, mean_services, scvs : sequence of float
        Rate, mean and squared coefficient of variation of each class, most urgent first.

    Raises
    ------
    UnstableSystemError
        If arrivals bring more work than the server can do.
    TheoryError
        If a number is out of its range.

    Notes
    -----
    ``W(k) = Σ λ E[S²] / 2 / ((1 - σ(k-1)) (1 - σ(k)))``.

    References
    ----------
    Cobham, A. (1954), Operations Research 2, 70-76.

    Examples
    --------
    >>> desk = mg1_priority(arrival_rates=[0.2, 0.3], mean_services=[1, 2], scvs=[1, 0.25])
    >>> round(desk.mean_waits[0], 6)
    1.1875
    """
    refuse(
        *_classes(arrival_rates),
        positive(mean_services=mean_services),
        non_negative(scvs=scvs),
    )
    if not len(arrival_rates) == len(mean_services) == len(scvs):
        message = (
            f"{len(arrival_rates)} rates, {len(mean_services)} means and {len(scvs)} scvs; "
            "give one of each for every class"
        )
        raise TheoryError(message)
    loads = [rate * mean for rate, mean in zip(arrival_rates, mean_services, strict=True)]
    refuse_overload(servers=1, offered_load=sum(loads))
    residual = sum(
        load * mean * (1 + scv) / 2
        for load, mean, scv in zip(loads, mean_services, scvs, strict=True)
    )
    waits = _cobham(residual, loads)
    sojourns = tuple(wait + mean for wait, mean in zip(waits, mean_services, strict=True))
    return ByClass(waits, sojourns)


def mm1_preemptive(*, arrival_rates: Sequence[float], mean_service: float) -> ByClass:
    """Mean sojourns at one server where the urgent interrupt, and the interrupted go on later.

    Raises
    ------
    UnstableSystemError
        If arrivals bring more work than the server can do.
    TheoryError
        If a number is out of its range.

    Notes
    -----
    ``T(k) = E[S] / ((1 - σ(k-1)) (1 - σ(k)))``; a wait here is the sojourn less the service
    stretched by interruptions, ``E[S] / (1 - σ(k-1))``.

    References
    ----------
    White, H. and Christie, L. S. (1958), Operations Research 6, 79-95.

    Examples
    --------
    >>> round(mm1_preemptive(arrival_rates=[0.3, 0.5], mean_service=1.0).mean_sojourns[0], 9)
    1.428571429
    """
    refuse(
        *_classes(arrival_rates),
        positive(mean_service=mean_service),
    )
    loads = [rate * mean_service for rate in arrival_rates]
    refuse_overload(servers=1, offered_load=sum(loads))
    sojourns = _cobham(mean_service, loads)
    before = [sum(loads[:k]) for k in range(len(loads))]
    stretched = [mean_service / (1 - each) for each in before]
    waits = tuple(sojourn - own for sojourn, own in zip(sojourns, stretched, strict=True))
    return ByClass(waits, sojourns)


def _cobham(delay: float, loads: Sequence[float]) -> tuple[float, ...]:
    result, before = [], 0.0
    for load in loads:
        result.append(delay / ((1 - before) * (1 - before - load)))
        before += load
    return tuple(result)


def _classes(rates: Sequence[float]) -> tuple[str, str]:
    """Complaints about the rates of the classes."""
    empty = "" if len(rates) else "arrival_rates is empty; give one rate for each class"
    return empty, non_negative(arrival_rates=rates)
