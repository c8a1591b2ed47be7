"""M/G/1: one server, services of any law, in the long run."""

from __future__ import annotations

from dataclasses import dataclass

from sim.queueing.soundness import long_run_load, non_negative


@dataclass(frozen=True, slots=True)
class MG1:
    """Steady state of an M/G/1 queue.

    Attributes
    ----------
    share_waiting : float
        The load ρ, by PASTA.
    mean_wait, mean_queue : float
    """

    share_waiting: float
    mean_wait: float
    mean_queue: float


def mg1(*, arrival_rate: float, mean_service: float, scv: float) -> MG1:
    """Mean wait of an M/G/1 queue, first come, first served; exact.

    Parameters
    ----------
    arrival_rate, mean_service : float
        Above 0, in one unit of time.
    scv : float
        Squared coefficient of variation of the service time: 0 constant, 1 exponential.

    Raises
    ------
    UnstableSystemError
        If arrivals bring more work than the server can do.
    TheoryError
        If a number is out of its range.

    Notes
    -----
    ``Wq = ρ E[S] (1 + cv²) / (2 (1 - ρ))``. The law of the wait needs the law of the service:
    `sim.queueing.mph1`, or `sim.queueing.mdc` for constant services.

    References
    ----------
    Pollaczek, F. (1930), Mathematische Zeitschrift 32, 64-100. Khinchine, A. (1932).

    Examples
    --------
    >>> round(mg1(arrival_rate=0.8, mean_service=1.0, scv=0.25).mean_wait, 9)
    2.5
    """
    load = long_run_load(
        non_negative(scv=scv), servers=1, arrival_rate=arrival_rate, mean_service=mean_service
    )
    mean_wait = load * mean_service * (1 + scv) / (2 * (1 - load))
    return MG1(share_waiting=load, mean_wait=mean_wait, mean_queue=arrival_rate * mean_wait)
