"""M/M/c/K: a queue with room for so many; who finds it full goes away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincc

from sim.errors import TheoryError
from sim.queueing.birth_death import stationary
from sim.queueing.soundness import non_negative, positive, refuse, whole


@dataclass(frozen=True, slots=True, eq=False)
class MMCK:
    """Steady state of an M/M/c/K queue.

    Attributes
    ----------
    shares : ndarray of float64, shape (room + 1,)
        Share of time with so many present.
    share_balked : float
        Share of arrivals that find no room.
    share_waiting : float
        Share of those admitted that wait.
    mean_wait : float
        Mean wait of those admitted.
    mean_queue, mean_present : float
    """

    servers: int
    room: int
    arrival_rate: float
    mean_service: float
    shares: NDArray[np.float64]
    share_balked: float
    share_waiting: float
    mean_wait: float
    mean_queue: float
    mean_present: float

    def share_beyond(self, time: ArrayLike) -> NDArray[np.float64]:
        """P(W > time) of those admitted: an Erlang law for each number found."""
        refuse(non_negative(time=time))
        work = np.asarray(time, dtype=np.float64)[..., None] * self.servers / self.mean_service
        found = self.shares[self.servers : self.room] / self.shares[: self.room].sum()
        return gammaincc(np.arange(1, len(found) + 1), work) @ found

    def share_within(self, time: ArrayLike) -> NDArray[np.float64]:
        """P(W <= time) of those admitted."""
        return 1 - self.share_beyond(time)


def mmck(*, servers: int, room: int, arrival_rate: float, mean_service: float) -> MMCK:
    """Losses, waits and numbers of an M/M/c/K queue; any load is carried.

    Parameters
    ----------
    servers : int
        At least 1.
    room : int
        Most that may be there, in service or waiting; `servers` at least.
    arrival_rate, mean_service : float
        Above 0, in one unit of time.

    Raises
    ------
    TheoryError
        If a number is out of its range.

    Examples
    --------
    >>> round(mmck(servers=3, room=10, arrival_rate=2.5, mean_service=1.0).share_balked, 9)
    0.039040087
    """
    refuse(
        whole(servers=servers, least=1),
        whole(room=room, least=0),
        positive(arrival_rate=arrival_rate, mean_service=mean_service),
    )
    if room < servers:
        message = f"room for {room} is fewer than {servers} servers; count those in service too"
        raise TheoryError(message)
    counts = np.arange(room + 1)
    shares = stationary(
        births=np.full(room, arrival_rate),
        deaths=np.minimum(counts[1:], servers) / mean_service,
    )
    mean_queue = float(np.maximum(counts - servers, 0) @ shares)
    admitted = 1 - shares[-1]
    return MMCK(
        servers=servers,
        room=room,
        arrival_rate=arrival_rate,
        mean_service=mean_service,
        shares=shares,
        share_balked=float(shares[-1]),
        share_waiting=float(shares[servers:room].sum() / admitted),
        mean_wait=mean_queue / (arrival_rate * float(admitted)),
        mean_queue=mean_queue,
        mean_present=float(counts @ shares),
    )
