"""Jackson networks: stations that send their customers on by chance, each as if on its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import TheoryError, UnstableSystemError
from sim.queueing.mmc import MMC, mmc
from sim.queueing.soundness import non_negative, positive, refuse, whole


@dataclass(frozen=True, slots=True, eq=False)
class Jackson:
    """Steady state of an open Jackson network.

    Attributes
    ----------
    arrival_rates : ndarray of float64, shape (stations,)
        Visits to each station per unit of time, returns included.
    stations : tuple of MMC
        Each station as an M/M/c queue; None where nobody comes.
    mean_present : ndarray of float64, shape (stations,)
        Waiting or in service.
    mean_sojourn : float
        From coming in to leaving, all visits together.
    """

    arrival_rates: NDArray[np.float64]
    stations: tuple[MMC | None, ...]
    mean_present: NDArray[np.float64]
    mean_sojourn: float


def visit_rates(*, entering: ArrayLike, routing: ArrayLike) -> NDArray[np.float64]:
    """Visits to each station per unit of time, whatever the services.

    Parameters
    ----------
    entering : array_like of float, shape (stations,)
        Arrivals from outside.
    routing : array_like of float, shape (stations, stations)
        Share of those leaving station i who go to j; rows sum to 1 at most, the rest leaves.

    Notes
    -----
    ``λ = (I - Rᵀ)⁻¹ g``.

    Examples
    --------
    >>> visit_rates(entering=[0.6], routing=[[0.25]]).round(9).tolist()
    [0.8]
    """
    outside, shares = np.asarray(entering, np.float64), np.asarray(routing, np.float64)
    refuse(non_negative(entering=outside, routing=shares))
    if shares.shape != (len(outside), len(outside)) or (shares.sum(axis=1) > 1 + 1e-12).any():
        message = (
            f"routing of shape {shares.shape} with row sums {shares.sum(axis=-1).tolist()}; give "
            f"a row and a column for each of {len(outside)} stations, rows summing to 1 at most"
        )
        raise TheoryError(message)
    try:
        rates = np.linalg.solve(np.eye(len(outside)) - shares.T, outside)
    except np.linalg.LinAlgError:
        message = "some stations send their customers round for ever; let a share leave"
        raise TheoryError(message) from None
    return np.asarray(rates, dtype=np.float64)


def jackson(
    *,
    entering: ArrayLike,
    routing: ArrayLike,
    servers: Sequence[int],
    mean_services: Sequence[float],
) -> Jackson:
    """Numbers and times in an open network of M/M/c stations with random routes.

    Parameters
    ----------
    entering, routing : array_like of float
        As in `visit_rates`.
    servers : sequence of int
    mean_services : sequence of float
        Exponential, first come, first served.

    Raises
    ------
    UnstableSystemError
        If a station is offered more work than it can do; all such are named.
    TheoryError
        If a number is out of its range.

    Notes
    -----
    Product form: in the long run the numbers at the stations are independent, each that of an
    M/M/c queue (although with feedback its arrivals are no Poisson stream). Waits of one visit
    are right in the mean; the law of a whole journey is not known in closed form.

    References
    ----------
    Jackson, J. R. (1957), Operations Research 5, 518-521.

    Examples
    --------
    >>> line = jackson(entering=[0.5, 0], routing=[[0, 1], [0.2, 0]],
    ...                servers=[1, 1], mean_services=[1, 1 / 0.9])
    >>> line.mean_present.round(9).tolist()
    [1.666666667, 2.272727273]
    """
    rates = visit_rates(entering=entering, routing=routing)
    refuse(whole(servers=servers, least=1), positive(mean_services=mean_services))
    if not len(rates) == len(servers) == len(mean_services):
        message = (
            f"{len(rates)} stations, {len(servers)} numbers of servers, {len(mean_services)} mean "
            "services; give one of each for every station"
        )
        raise TheoryError(message)
    loads = [float(rate) * mean for rate, mean in zip(rates, mean_services, strict=True)]
    over = [
        f"station {place}: {count} servers cannot carry {load:g} erlang; provide at least "
        f"{int(load) + 1}"
        for place, (load, count) in enumerate(zip(loads, servers, strict=True))
        if load >= count
    ]
    if over:
        raise UnstableSystemError("\n".join(over))
    stations = tuple(
        mmc(servers=count, arrival_rate=float(rate), mean_service=mean) if rate > 0 else None
        for rate, count, mean in zip(rates, servers, mean_services, strict=True)
    )
    present = np.array(
        [
            station.mean_queue + load if station else 0.0
            for station, load in zip(stations, loads, strict=True)
        ]
    )
    outside = float(np.sum(np.asarray(entering, np.float64)))
    return Jackson(rates, stations, present, float(present.sum()) / outside if outside else 0.0)
