"""M/D/c exactly: Poisson arrivals, equal services, any number of servers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc, gammaln, xlogy

from sim.errors import TheoryError
from sim.queueing.root import root
from sim.queueing.soundness import non_negative, positive, refuse, refuse_overload, share, whole

_LONGEST = 1 << 21
"""Most queue lengths worked out."""


@dataclass(frozen=True, slots=True, eq=False)
class MDC:
    """Steady state of an M/D/c queue.

    Attributes
    ----------
    share_waiting : float
    mean_wait, mean_queue : float
    queue_beyond : ndarray of float64, shape (n,)
        P(more than j wait), j = 0, 1, …; beyond the end it is below 1e-15.
    """

    servers: int
    arrival_rate: float
    service: float
    share_waiting: float
    mean_wait: float
    mean_queue: float
    queue_beyond: NDArray[np.float64]

    def share_beyond(self, time: ArrayLike) -> NDArray[np.float64]:
        """P(W > time), by Franx's sum of positive terms."""
        refuse(non_negative(time=time))
        times = np.asarray(time, dtype=np.float64)
        return np.reshape([self._beyond(float(each)) for each in times.flat], times.shape)

    def share_within(self, time: ArrayLike) -> NDArray[np.float64]:
        """P(W <= time)."""
        return 1 - self.share_beyond(time)

    def quantile(self, share_of_all: float) -> float:
        """Wait that this share of all arrivals does not exceed."""
        refuse(share(share_of_all=share_of_all))
        beyond = 1 - share_of_all
        if self.share_waiting <= beyond:
            return 0.0
        longest = self.service
        while self._beyond(longest) > beyond:
            longest *= 2
        return root(lambda x: self._beyond(x) - beyond, 0.0, longest)

    def _beyond(self, time: float) -> float:
        rounds = int(time // self.service) + 1
        places = rounds * self.servers
        mean = self.arrival_rate * (rounds * self.service - time)
        # arrivals j that make the queue before them the j-th last place: beyond ± 12 sigma none
        reach = 12 * np.sqrt(mean) + 40
        j = np.arange(max(0, int(mean - reach)), min(places, int(mean + reach) + 1))
        chance = np.exp(xlogy(j, mean) - mean - gammaln(j + 1.0))
        ahead = places - j - 1
        known = ahead < len(self.queue_beyond)
        longer = self.queue_beyond[ahead[known]] @ chance[known]
        return float(longer + gammainc(places, mean))


def mdc(*, servers: int, arrival_rate: float, service: float) -> MDC:
    """Waits of an M/D/c queue in the long run, first come, first served.

    Parameters
    ----------
    servers : int
        At least 1.
    arrival_rate, service : float
        Above 0, in one unit of time.

    Raises
    ------
    UnstableSystemError
        If arrivals bring more work than the servers can do.
    TheoryError
        If a number is out of its range, or the load so near saturation that queues of millions
        matter.

    Notes
    -----
    Seen every service time, the queue is a random walk held at zero:
    ``Q' = (Q + Poisson(a) - c)^+``. By Spitzer's identity its law has the generating function
    ``exp(Σ_j k(j) (z^j - 1))`` with ``k(j) = Σ_n P(Poisson(n a) = n c + j) / n``, the
    coefficients of ``-log(1 - z^-c exp(a (z - 1)))``; both are read off a circle of radius
    ``c / a`` by Fourier transforms, O(n log n) for n queue lengths. Waits follow Franx's sum.

    References
    ----------
    Crommelin, C. D. (1932), Post Office Electrical Engineers' Journal 25, 41-50.
    Franx, G. J. (2001), Operations Research Letters 29, 221-229.
    Spitzer, F. (1956), Transactions of the AMS 82, 323-339.

    Examples
    --------
    >>> gates = mdc(servers=5, arrival_rate=4.5, service=1.0)
    >>> round(gates.mean_wait, 9), round(gates.quantile(0.95), 6)
    (0.776695158, 2.691073)
    """
    refuse(
        whole(servers=servers, least=1),
        positive(arrival_rate=arrival_rate, service=service),
    )
    load = arrival_rate * service
    refuse_overload(servers=servers, offered_load=load)
    law, mean_queue = _queue_law(servers, load)
    beyond = np.maximum(np.cumsum(law[::-1])[::-1] - law, 0.0)
    # P(no wait): queue of a service time ago and arrivals since leave a server free
    result = MDC(servers, arrival_rate, service, 0.0, mean_queue / arrival_rate, mean_queue, beyond)
    return MDC(
        servers=servers,
        arrival_rate=arrival_rate,
        service=service,
        share_waiting=float(result.share_beyond(0.0)),
        mean_wait=mean_queue / arrival_rate,
        mean_queue=mean_queue,
        queue_beyond=beyond,
    )


def _queue_law(servers: int, load: float) -> tuple[NDArray[np.float64], float]:
    """P(j wait) of the walk, and the mean."""
    radius = servers / load
    # a coefficient at distance j falls as (1/ρ)^-j on either side
    needed = 90 / np.log(radius) + 20 * np.sqrt(servers) + 64
    if needed > _LONGEST:
        message = (
            f"at {load / servers:.7f} of {servers} servers' time the queue has no law that can be "
            "tabulated; use Kimura's formula with scv 0 or a lower load"
        )
        raise TheoryError(message)
    n = 1 << int(np.ceil(np.log2(needed)))
    angle = np.exp(2j * np.pi * np.arange(n) / n)
    log_step = load * (radius * angle - 1) - servers * np.log(radius)
    step = np.exp(log_step) * np.exp(-2j * np.pi * np.arange(n) * (servers % n) / n)
    scaled = np.fft.fft(-np.log1p(-step)).real / n  # k(j) radius^j, j up to n/2
    scaled[0] = 0.0
    scaled[n // 2 :] = 0.0
    scaled = np.maximum(scaled, 0.0)
    j = np.arange(n // 2)
    shrink = np.exp(-j * np.log(radius))
    coefficients = scaled[: n // 2] * shrink
    law = np.fft.fft(np.exp(np.fft.ifft(scaled) * n - coefficients.sum())).real / n
    law = np.maximum(law[: n // 2] * shrink, 0.0)
    return law / law.sum(), float(j @ coefficients)
