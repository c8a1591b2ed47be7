"""M/PH/c exactly, by matrix geometry: what approximations for M/G/c are judged by."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from sim.errors import TheoryError
from sim.queueing.phase_type import PhaseType
from sim.queueing.soundness import positive, refuse, refuse_overload, whole

_LARGEST = 1500
"""Most ways in which phases may be spread over the servers."""

_Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MPHC:
    """Steady state of an M/PH/c queue."""

    share_waiting: float
    mean_wait: float
    mean_queue: float


def mphc(*, servers: int, arrival_rate: float, service: PhaseType) -> MPHC:
    """Mean wait at several servers with phase-type services; exact.

    Parameters
    ----------
    servers : int
        At least 1.
    arrival_rate : float
        Above 0.
    service : PhaseType

    Raises
    ------
    UnstableSystemError
        If arrivals bring more work than the servers can do.
    TheoryError
        If servers and phases make too large a system; Kimura's formula takes any.

    Notes
    -----
    The state is how many servers are in each phase; from c customers on the levels repeat, and
    their law is ``π(c + n) = π(c) R^n``. R by logarithmic reduction, levels below c by
    elimination from above. O(m³) with m ways to spread c customers over the phases.

    References
    ----------
    Latouche, G. and Ramaswami, V. (1993), Journal of Applied Probability 30, 650-674.

    Examples
    --------
    >>> from sim.queueing.phase_type import erlang
    >>> lanes = mphc(servers=5, arrival_rate=4.0, service=erlang(phases=2, mean=1.0))
    >>> round(lanes.mean_wait, 9)
    0.423226073
    """
    refuse(whole(servers=servers, least=1), positive(arrival_rate=arrival_rate))
    refuse_overload(servers=servers, offered_load=arrival_rate * service.mean)
    levels = _Levels(servers, arrival_rate, service)
    rest = _rate_matrix(levels)
    below = _eliminate(levels, rest)
    shares = [np.ones(1)]
    for factor in below:
        shares.append(shares[-1] @ factor)
    size = len(shares[-1])
    tail = np.linalg.inv(np.eye(size) - rest)
    total = sum(float(share.sum()) for share in shares[:-1]) + float((shares[-1] @ tail).sum())
    waiting = float((shares[-1] @ tail).sum()) / total
    mean_queue = float((shares[-1] @ rest @ tail @ tail).sum()) / total
    return MPHC(waiting, mean_queue / arrival_rate, mean_queue)


class _Levels:
    """Transition blocks between numbers of customers."""

    def __init__(self, servers: int, arrival_rate: float, service: PhaseType) -> None:
        self.servers, self.rate, self.service = servers, arrival_rate, service
        phases = len(service.initial)
        ways = 1.0
        for k in range(1, phases):
            ways = ways * (servers + k) / k
        if ways > _LARGEST:
            message = (
                f"{servers} servers with {phases} phases make {ways:.0f} states a level, "
                f"{_LARGEST} at most; use sim.queueing.mgc (Kimura)"
            )
            raise TheoryError(message)
        self.states = [_spreads(n, phases) for n in range(servers + 1)]
        self.rows = [{state: row for row, state in enumerate(each)} for each in self.states]

    def up(self, n: int) -> _Matrix:
        """Arrivals from n customers; from c on they only queue."""
        if n >= self.servers:
            return self.rate * np.eye(len(self.states[self.servers]))
        matrix = np.zeros((len(self.states[n]), len(self.states[n + 1])))
        for row, state in enumerate(self.states[n]):
            for phase, chance in enumerate(self.service.initial):
                matrix[row, self.rows[n + 1][_moved(state, into=phase)]] += self.rate * chance
        return matrix

    def down(self, n: int) -> _Matrix:
        """Completions from n customers; above c the next starts at once."""
        here = min(n, self.servers)
        there = min(n - 1, self.servers)
        matrix = np.zeros((len(self.states[here]), len(self.states[there])))
        for row, state in enumerate(self.states[here]):
            for phase, count in enumerate(state):
                if not count:
                    continue
                rate = count * self.service.ending[phase]
                left = _moved(state, out=phase)
                if n <= self.servers:
                    matrix[row, self.rows[there][left]] += rate
                    continue
                for into, chance in enumerate(self.service.initial):
                    matrix[row, self.rows[there][_moved(left, into=into)]] += rate * chance
        return matrix

    def within(self, n: int) -> _Matrix:
        """Changes of phase, with all that leaves on the diagonal."""
        here = min(n, self.servers)
        matrix = np.zeros((len(self.states[here]),) * 2)
        for row, state in enumerate(self.states[here]):
            for phase, count in enumerate(state):
                if not count:
                    continue
                for into, rate in enumerate(self.service.generator[phase]):
                    if into != phase and rate:
                        target = self.rows[here][_moved(state, out=phase, into=into)]
                        matrix[row, target] += count * rate
                matrix[row, row] += count * self.service.generator[phase, phase]
            matrix[row, row] -= self.rate
        return matrix


def _spreads(customers: int, phases: int) -> list[tuple[int, ...]]:
    chosen = combinations_with_replacement(range(phases), customers)
    return [tuple(each.count(phase) for phase in range(phases)) for each in chosen]


def _moved(state: tuple[int, ...], *, out: int = -1, into: int = -1) -> tuple[int, ...]:
    return tuple(n - (phase == out) + (phase == into) for phase, n in enumerate(state))


def _rate_matrix(levels: _Levels) -> _Matrix:
    """R from the first passage down, G, by logarithmic reduction."""
    c = levels.servers
    up, within, down = levels.up(c), levels.within(c), levels.down(c + 1)
    unit = np.eye(len(up))
    inverse = np.linalg.inv(-within)
    high, low = inverse @ up, inverse @ down
    first, through = low.copy(), high.copy()
    for _ in range(64):
        both = high @ low + low @ high
        high, low = (np.linalg.solve(unit - both, each @ each) for each in (high, low))
        first += through @ low
        through = through @ high
        if np.abs(1 - first.sum(axis=1)).max() < 1e-14 or np.abs(through).max() < 1e-18:
            break
    return up @ np.linalg.inv(-(within + up @ first))


def _eliminate(levels: _Levels, rest: _Matrix) -> list[_Matrix]:
    """Factors that carry the shares of a level to the next, from level 0."""
    factors: list[_Matrix] = []
    above = rest
    for n in range(levels.servers, 0, -1):
        closed = levels.within(n) + above @ levels.down(n + 1)
        above = levels.up(n - 1) @ np.linalg.inv(-closed)
        factors.append(above)
    return factors[::-1]
