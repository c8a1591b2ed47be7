"""IATA's desk count for the peak half hour, to compare plans with the manual's arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.queueing.soundness import non_negative, positive, refuse, whole


@dataclass(frozen=True, slots=True)
class PeakDesks:
    """Desks for a peak of thirty minutes.

    Attributes
    ----------
    before_correction, desks : int
    """

    before_correction: int
    desks: int


def downstream_demand(
    *, upstream: list[tuple[int, float]], walk_ins: float, peak_minutes: float = 30.0
) -> float:
    """Passengers in the peak at a station fed by busy desks and by those who need none.

    Parameters
    ----------
    upstream : list of (desks, service in seconds)
        Banks that work without a break through the peak.
    walk_ins : float
        Passengers of the peak who come straight.
    peak_minutes : float

    Examples
    --------
    >>> banks = [(60, 135.0), (20, 130.0)]
    >>> round(downstream_demand(upstream=banks, walk_ins=2450 * 0.65 * (1 - 0.15 - 0.8)), 2)
    1156.55
    """
    refuse(
        positive(peak_minutes=peak_minutes),
        non_negative(walk_ins=walk_ins),
        *(whole(desks=desks, least=0) + positive(service_s=service) for desks, service in upstream),
    )
    handed_on = sum(desks * 60 * peak_minutes / service for desks, service in upstream)
    return handed_on + walk_ins


def desks_for_peak(
    *,
    passengers: float,
    service_s: float,
    longest_wait_min: float,
    correction: float,
    peak_minutes: float = 30.0,
) -> PeakDesks:
    """Desks by the manual's method: the peak's work over its length plus the longest wait.

    Parameters
    ----------
    passengers : float
        Passengers of the peak.
    service_s : float
    longest_wait_min : float
        Longest queueing time aimed at.
    correction : float
        The manual's factor for that time, 1 or more: take it from the licensed text.

    Notes
    -----
    ``N0 = ⌈P30 PT / 60 / (30 + MQT)⌉, N = ⌈N0 Cf⌉``. Deterministic: it knows neither chance nor
    what stood in the queue before; `sim.queueing.transient` says what the desks achieve.

    References
    ----------
    IATA Airport Development Reference Manual, worked example of departure passport control.

    Examples
    --------
    >>> desks_for_peak(passengers=1157, service_s=60, longest_wait_min=7, correction=1.11)
    PeakDesks(before_correction=32, desks=36)
    """
    refuse(
        positive(passengers=passengers, service_s=service_s, peak_minutes=peak_minutes),
        non_negative(longest_wait_min=longest_wait_min),
        "" if correction >= 1 else f"correction must be 1 or more, got {correction:g}",
    )
    before = math.ceil(passengers * service_s / 60 / (peak_minutes + longest_wait_min) - 1e-9)
    return PeakDesks(before, math.ceil(before * correction - 1e-9))
