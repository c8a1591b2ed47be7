"""Fork and join: a passenger and a bag go separate ways and meet again."""

from __future__ import annotations

import numpy as np

from sim.queueing.phase_type import PhaseType
from sim.queueing.soundness import positive, refuse, refuse_overload


def mean_of_the_later(first: PhaseType, second: PhaseType) -> float:
    """Mean time until both of two independent durations are over.

    Notes
    -----
    ``E[max] = E[X] + E[Y] - E[min]``; the earlier of two phase-type times is of phase type, with
    the Kronecker sum of their generators.

    Examples
    --------
    >>> from sim.queueing.phase_type import erlang
    >>> passenger, bag = erlang(phases=1, mean=12.0), erlang(phases=3, mean=18.0)
    >>> round(mean_of_the_later(passenger, bag), 9)
    21.555555556
    """
    here, there = np.eye(len(first.initial)), np.eye(len(second.initial))
    generator = np.kron(first.generator, there) + np.kron(here, second.generator)
    earlier = PhaseType(np.outer(first.initial, second.initial).ravel(), generator)
    return first.mean + second.mean - earlier.mean


def fork_join(*, arrival_rate: float, mean_service: float) -> float:
    """Mean time until both halves of a job are done at two alike M/M/1 stations.

    Parameters
    ----------
    arrival_rate, mean_service : float
        Above 0; every job sends one half to each station.

    Raises
    ------
    UnstableSystemError
        If arrivals bring more work than a station can do.
    TheoryError
        If a number is out of its range.

    Notes
    -----
    ``T = (12 - ρ) / (8 (μ - λ))``, exact for two stations.

    References
    ----------
    Flatto, L. and Hahn, S. (1984), SIAM Journal on Applied Mathematics 44, 1041-1053.

    Examples
    --------
    >>> fork_join(arrival_rate=0.5, mean_service=1.0)
    2.875
    """
    refuse(positive(arrival_rate=arrival_rate, mean_service=mean_service))
    load = arrival_rate * mean_service
    refuse_overload(servers=1, offered_load=load)
    return (12 - load) / (8 * (1 / mean_service - arrival_rate))
