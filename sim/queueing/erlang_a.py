"""Erlang A: an M/M/c queue whose customers run out of patience, M/M/c+M."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import TheoryError
from sim.queueing.erlang_b import erlang_b
from sim.queueing.soundness import non_negative, positive, refuse, whole

_MOST_TERMS = 20_000_000
"""Longest sum worked out: beyond it patience hardly matters, or nothing else does."""


@dataclass(frozen=True, slots=True)
class ErlangA:
    """Steady state of an M/M/c+M queue.

    Attributes
    ----------
    share_waiting : float
        Share of arrivals that do not start at once.
    share_reneged : float
        Share of arrivals that leave unserved.
    mean_time_in_queue : float
        Over all arrivals, served or not.
    mean_queue : float
    """

    servers: int
    arrival_rate: float
    mean_service: float
    mean_patience: float
    share_waiting: float
    share_reneged: float
    mean_time_in_queue: float
    mean_queue: float

    def share_beyond(self, time: ArrayLike) -> NDArray[np.float64]:
        """Share of arrivals still waiting after `time`: neither served nor gone."""
        patient = np.exp(-np.asarray(time, dtype=np.float64) / self.mean_patience)
        return patient * self.share_not_offered(time)

    def share_not_offered(self, time: ArrayLike) -> NDArray[np.float64]:
        """Share of arrivals who would wait longer than `time` if they had the patience."""
        refuse(non_negative(time=time))
        times = np.atleast_1d(np.asarray(time, dtype=np.float64))
        result = [self.share_waiting * self._beyond(float(each))[1] for each in times.flat]
        return np.reshape(np.array(result), np.shape(time))

    def share_served_within(self, time: ArrayLike) -> NDArray[np.float64]:
        """Share of all arrivals who are served after waiting `time` at most."""
        refuse(non_negative(time=time))
        times = np.atleast_1d(np.asarray(time, dtype=np.float64))
        none = self._beyond(0.0)[0]
        result = []
        for each in times.flat:
            alive, beyond = self._beyond(float(each))
            started = (1 - beyond - none + alive) / self._load
            result.append(1 - self.share_waiting + self.share_waiting * started)
        return np.reshape(np.array(result), np.shape(time))

    @property
    def _load(self) -> float:
        return self.arrival_rate * self.mean_service / self.servers

    def _beyond(self, time: float) -> tuple[float, float]:
        """E(t) / A, and P(V > t | V > 0) = E(t) A(t) / A, in the terms of `erlang_a`.

        ``E(t) = exp(λ ∫_0^t P(patience > u) du - c μ t)``, A(t) as A with λ e^{-θt} for λ:
        both may be beyond all floating-point numbers, their ratios to A are not.
        """
        left = math.exp(-time / self.mean_patience)
        births = -self.arrival_rate * self.mean_patience * math.expm1(-time / self.mean_patience)
        log_weight = births - time * self.servers / self.mean_service - self._log_tail(1.0)
        return math.exp(log_weight), math.exp(log_weight + self._log_tail(left))

    def _log_tail(self, left: float) -> float:
        return _series(
            self.servers * self.mean_patience / self.mean_service,
            self.arrival_rate * self.mean_patience * left,
        )[0]


def erlang_a(
    *, servers: int, arrival_rate: float, mean_service: float, mean_patience: float
) -> ErlangA:
    """Waits and reneging with exponential patience; any load is carried.

    Parameters
    ----------
    servers : int
        At least 1.
    arrival_rate, mean_service, mean_patience : float
        Above 0, in one unit of time.

    Raises
    ------
    TheoryError
        If a number is out of its range, or patience is so long that the sum has no end.

    Notes
    -----
    With ``A = Σ_n Π_{j≤n} λ / (c μ + j θ)`` and Erlang's loss B, ``P(W > 0) = A B / (1 + (A - 1)
    B)``; the terms of the sum weigh the queue lengths of those who wait, and who waits leaves at
    rate θ. It is taken in logarithms, all terms positive, and so joins Erlang C as patience grows.

    References
    ----------
    Palm, C. (1957), Tele 2. Mandelbaum, A. and Zeltyn, S. (2007), in: Advances in Services
    Innovations, Springer, 17-45.

    Examples
    --------
    >>> desk = erlang_a(servers=10, arrival_rate=11.0, mean_service=1.0, mean_patience=1.0)
    >>> round(desk.share_waiting, 9), round(desk.share_reneged, 9)
    (0.659489358, 0.168479087)
    """
    refuse(
        whole(servers=servers, least=1),
        positive(arrival_rate=arrival_rate, mean_service=mean_service, mean_patience=mean_patience),
    )
    offered = arrival_rate * mean_service
    log_tail, behind = _series(servers * mean_patience / mean_service, arrival_rate * mean_patience)
    lost, less = erlang_b(servers=servers, offered_load=offered), math.exp(-log_tail)
    # A B / (1 + (A - 1) B), divided by A, which may be beyond all floating-point numbers
    waiting = lost / (less * (1 - lost) + lost) if lost > 0 else 0.0
    mean_queue = waiting * behind
    return ErlangA(
        servers=servers,
        arrival_rate=arrival_rate,
        mean_service=mean_service,
        mean_patience=mean_patience,
        share_waiting=waiting,
        share_reneged=mean_queue / mean_patience / arrival_rate,
        mean_time_in_queue=mean_queue / arrival_rate,
        mean_queue=mean_queue,
    )


def _series(x: float, y: float) -> tuple[float, float]:
    """Logarithm of ``A = Σ_n y^n / ((x + 1) … (x + n))``, and the mean n by these weights."""
    terms = _terms(x, y)
    if not terms:
        return 0.0, 0.0
    count = np.arange(1, terms + 1)
    logs = np.cumsum(math.log(y) - np.log(x + count))
    most = max(float(logs.max()), 0.0)
    weights = np.exp(logs - most)
    total = math.exp(-most) + float(weights.sum())
    return most + math.log(total), float(count @ weights) / total


def _terms(x: float, y: float) -> int:
    """So many that what is left out is below any rounding."""
    if y <= 0:
        return 0
    spread = max(y - x, 0.0) + 9 * math.sqrt(2 * max(x, y)) + 60
    if y < x:
        spread = min(spread, 40 / math.log(x / y) + 2)
    if spread > _MOST_TERMS:
        message = (
            f"patience is {y:g} times as long as the time between arrivals, more than the sum "
            "for Erlang A can follow; use Erlang C where the load is below the servers, the "
            "fluid queue where it is above"
        )
        raise TheoryError(message)
    return math.ceil(spread)
