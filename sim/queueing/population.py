"""Who is at a station at an instant: the law of waiting and busy under time-varying rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.queueing.uniformisation import poisson_weights, sojourn_weights, steps_for

Closing = Literal["idle_first", "preempt"]

_NEGLIGIBLE = 1e-16

_Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """What drives a station for a while.

    Attributes
    ----------
    arrival, service, reneging : float
        Rates: of arrivals, of one server, of one who waits.
    servers : int
    """

    arrival: float
    service: float
    reneging: float
    servers: int


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Probabilities of (waiting, busy), split by whether too many are busy.

    Attributes
    ----------
    servers : int
        Servers open.
    main : ndarray of float64, shape (n,)
        By number present, where no more are busy than open: somebody waits only if all are.
    excess : ndarray of float64, shape (rows, columns)
        Row j: ``servers + 1 + j`` are busy, some at desks that should be closed; column q: q wait.
    """

    servers: int
    main: _Array
    excess: _Array

    @property
    def mean_present(self) -> float:
        """Mean number waiting or in service."""
        return self.mean_queue + self.mean_busy

    @property
    def mean_queue(self) -> float:
        """Mean number waiting."""
        waiting = np.maximum(np.arange(len(self.main)) - self.servers, 0) @ self.main
        return float(waiting + self.excess.sum(axis=0) @ np.arange(self.excess.shape[1]))

    @property
    def mean_busy(self) -> float:
        """Mean number in service."""
        busy = np.minimum(np.arange(len(self.main)), self.servers) @ self.main
        over = self.servers + 1 + np.arange(self.excess.shape[0])
        return float(busy + over @ self.excess.sum(axis=1))

    @property
    def share_no_free_server(self) -> float:
        """Probability that who comes now has to wait."""
        return float(self.main[self.servers :].sum() + self.excess.sum())

    @property
    def total(self) -> float:
        """Sum of all probabilities (or of their integrals over time)."""
        return float(self.main.sum() + self.excess.sum())

    def restaffed(self, servers: int, closing: Closing) -> Population:
        """The same people an instant later, with another number of servers open."""
        if servers == self.servers:
            return self
        rows, columns = self.excess.shape
        if closing == "preempt":
            return Population(servers, self.main, np.zeros((0, 0)))
        busiest = max(self.servers + rows, min(self.servers, len(self.main) - 1))
        waiting = max(columns, len(self.main) - self.servers, 1)
        over = np.zeros((max(busiest - servers, 0), waiting))
        main = np.zeros(max(len(self.main), busiest + waiting + 1, servers + 1))
        for busy, law in self._by_busy():
            if busy <= servers:  # idle desks open to those who wait
                main[busy : busy + len(law)] += law
            else:
                over[busy - servers - 1, : len(law)] += law
        return Population(servers, main, over).trimmed()

    def trimmed(self) -> Population:
        """Without the states that hardly ever occur."""
        main = self.main[: _support(self.main)]
        excess = self.excess
        if excess.size:
            rows, columns = _support(excess.sum(axis=1)), _support(excess.sum(axis=0))
            excess = excess[: rows if columns else 0, : columns if rows else 0]
        return Population(self.servers, main if len(main) else np.zeros(1), excess)

    def _by_busy(self) -> list[tuple[int, _Array]]:
        """Pairs of number busy and law of the number waiting."""
        below = [(n, self.main[n : n + 1]) for n in range(min(self.servers, len(self.main)))]
        at = [(self.servers, self.main[self.servers :])] if len(self.main) > self.servers else []
        above = [(self.servers + 1 + j, row) for j, row in enumerate(self.excess)]
        return [*below, *at, *above]


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """A while in the life of a population.

    Attributes
    ----------
    at : tuple of Population
        At the instants asked for.
    over_time : Population
        Integrals of the probabilities over the while.
    end : Population
    """

    at: tuple[Population, ...]
    over_time: Population
    end: Population


def event_rate(population: Population, rates: Rates) -> float:
    """A rate that no state of the population exceeds, growth aside."""
    most = len(population.main) + population.excess.shape[1]
    busiest = rates.servers + population.excess.shape[0]
    return rates.arrival + busiest * rates.service + most * rates.reneging


def evolve(
    population: Population, rates: Rates, *, duration: float, instants: NDArray[np.float64]
) -> Passage:
    """Let time pass at constant rates.

    Parameters
    ----------
    population : Population
    rates : Rates
    duration : float
    instants : ndarray of float64, shape (k,)
        Between 0 and `duration`.

    Notes
    -----
    Uniformisation: exact but for a Poisson tail of 1e-16. Room is made for all who may come.
    """
    grown = _with_room(population, steps_for(rates.arrival * duration) if rates.arrival else 1)
    speed = event_rate(grown, rates)
    if speed * duration == 0:
        still = Population(grown.servers, grown.main * duration, grown.excess * duration)
        return Passage((population,) * len(instants), still, population)
    steps = steps_for(speed * duration)
    states = _walk(grown, rates, speed, steps)
    weights = poisson_weights(np.append(instants, duration) * speed, steps)
    times = sojourn_weights(speed * duration, steps) / speed
    found = np.vstack([weights, times]) @ states
    shaped = [_unpacked(row, grown) for row in found]
    return Passage(tuple(shaped[:-2]), shaped[-1], shaped[-2].trimmed())


def _walk(grown: Population, rates: Rates, speed: float, steps: int) -> _Array:
    """The population after 0, 1, … steps of the uniformised chain, a row each."""
    n, (rows, columns) = len(grown.main), grown.excess.shape
    count = np.arange(n)
    deaths = np.minimum(count, rates.servers) * rates.service
    deaths = deaths + np.maximum(count - rates.servers, 0) * rates.reneging
    up, down = rates.arrival / speed, deaths[1:] / speed
    births = np.full(n, rates.arrival)
    births[-1] = 0.0
    stay = 1 - (births + deaths) / speed
    result = np.empty((steps + 1, n + rows * columns))
    result[0] = np.concatenate([grown.main, grown.excess.ravel()])
    over = _Excess(grown, rates, speed) if rows else None
    for step in range(steps):
        old, new = result[step], result[step + 1]
        here, there = old[:n], new[:n]
        np.multiply(here, stay, out=there)
        there[1:] += up * here[:-1]
        there[:-1] += down * here[1:]
        if over:
            over.step(old[n:], new[n:], there)
    return result


class _Excess:
    """Steps where more are busy than there should be: nobody starts until enough are done."""

    def __init__(self, grown: Population, rates: Rates, speed: float) -> None:
        self.shape = rows, columns = grown.excess.shape
        self.servers = rates.servers
        finish = (rates.servers + 1 + np.arange(rows)) * rates.service / speed
        leave = np.arange(columns) * rates.reneging / speed
        self.up = rates.arrival / speed
        births = np.full(columns, self.up)
        births[-1] = 0.0
        self.stay = 1 - finish[:, None] - (leave + births)[None, :]
        self.finish, self.leave = finish[:, None], leave

    def step(self, old: _Array, new: _Array, main: _Array) -> None:
        here, there = old.reshape(self.shape), new.reshape(self.shape)
        np.multiply(here, self.stay, out=there)
        there[:, 1:] += self.up * here[:, :-1]
        there[:-1] += self.finish[1:] * here[1:]
        main[self.servers : self.servers + self.shape[1]] += self.finish[0] * here[0]
        if self.leave.any():
            there[:, :-1] += self.leave[1:] * here[:, 1:]


def _with_room(population: Population, more: int) -> Population:
    rows, columns = population.excess.shape
    wide = columns + more if rows else 0
    size = max(len(population.main) + more, population.servers + wide + 1)
    main = np.zeros(size)
    main[: len(population.main)] = population.main
    excess = np.zeros((rows, wide))
    if rows:
        excess[:, :columns] = population.excess
    return Population(population.servers, main, excess)


def _unpacked(row: _Array, like: Population) -> Population:
    n = len(like.main)
    return Population(like.servers, row[:n], row[n:].reshape(like.excess.shape))


def _support(law: _Array) -> int:
    """Length of what is left when a negligible tail is cut off."""
    tail = np.cumsum(law[::-1])[::-1]
    return int(np.count_nonzero(tail > _NEGLIGIBLE))
