"""Offered load over time: who would be in service if nobody ever had to wait, M(t)/G/∞."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.queueing.limited_mean import limited_mean
from sim.queueing.soundness import positive, refuse
from sim.queueing.steps import Steps
from sim.scenario.laws import Deterministic, Erlang, Exponential, Gamma, Law


def offered_load(*, arrivals: Steps, service: Law, time_s: ArrayLike) -> NDArray[np.float64]:
    """Mean number in service at instants with servers without limit, in erlang.

    Parameters
    ----------
    arrivals : Steps
        Arrivals per second; nobody before the first edge.
    service : Law
        Service time, in seconds.
    time_s : array_like of float
        Instants.

    Returns
    -------
    ndarray of float64, shape of `time_s`

    Notes
    -----
    ``m(t) = Σ_i λ_i (H(t - a_i) - H(t - b_i))`` over periods from a to b, with ``H(x) = E[min(S,
    x)]``: exact. The number itself is Poisson. It peaks after the arrivals do, by about a mean
    residual service.

    References
    ----------
    Eick, S. G., Massey, W. A. and Whitt, W. (1993), Operations Research 41, 731-742.

    Examples
    --------
    >>> from sim.scenario.laws import Deterministic
    >>> half_hours = Steps.rates([0.1, 0.2], period=1800)
    >>> service = Deterministic(law="deterministic", mean_s=90)
    >>> offered_load(arrivals=half_hours, service=service, time_s=[1800, 1845, 1890]).tolist()
    [9.0, 13.5, 18.0]
    """
    times = np.asarray(time_s, dtype=np.float64)
    since = np.maximum(times[..., None] - arrivals.edges, 0.0)
    done = limited_mean(service, since)
    by_period = done[..., :-1] - done[..., 1:]
    return by_period @ arrivals.values + done[..., -1] * arrivals.after


def sinusoidal_load(
    *,
    mean_rate: float,
    amplitude: float,
    frequency: float,
    service: Exponential | Deterministic | Erlang | Gamma,
    time_s: ArrayLike,
) -> NDArray[np.float64]:
    """The same for ``λ(t) = mean_rate + amplitude sin(frequency t)``, going on for ever.

    Notes
    -----
    ``λ E[S] + Im(A e^{iγt} (1 - S*(iγ)) / (iγ))`` with the transform S* of the service time.

    References
    ----------
    Eick, S. G., Massey, W. A. and Whitt, W. (1993), Management Science 39, 241-252.

    Examples
    --------
    >>> from sim.scenario.laws import Exponential
    >>> service = Exponential(law="exponential", mean_s=1)
    >>> load = sinusoidal_load(
    ...     mean_rate=100, amplitude=20, frequency=1, service=service, time_s=3.0
    ... )
    >>> round(float(load), 6)
    111.311125
    """
    refuse(
        positive(mean_rate=mean_rate, frequency=frequency),
        ""
        if 0 <= amplitude <= mean_rate
        else f"amplitude must be between 0 and mean_rate = {mean_rate:g}, got {amplitude:g}",
    )
    mean, turn = float(service.mean_s.value), 1j * frequency
    match service:
        case Deterministic():
            transform = np.exp(-turn * mean)
        case Exponential():
            transform = 1 / (1 + turn * mean)
        case Erlang():
            transform = (1 + turn * mean / service.phases) ** -service.phases
        case Gamma():
            shape = float(service.cv.value) ** -2
            transform = (1 + turn * mean / shape) ** -shape
    swing = amplitude * np.exp(turn * np.asarray(time_s, np.float64)) * (1 - transform) / turn
    return np.asarray(mean_rate * mean + swing.imag, dtype=np.float64)
