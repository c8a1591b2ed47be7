"""Virtual waits: who came now, would they start in time, with the staffing that is to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.errors import TheoryError
from sim.queueing.population import Closing, Population
from sim.queueing.uniformisation import poisson_weights, steps_for

_Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """Staffing for a while after the arrival.

    Attributes
    ----------
    servers : int
    lengths : ndarray of float64, shape (k,)
        How long, for each of k arrivals.
    """

    servers: int
    lengths: _Array


@dataclass(frozen=True, slots=True, eq=False)
class Promise:
    """Chances of starting in time, for each state an arrival may find.

    Attributes
    ----------
    servers : int
    chances : ndarray of float64, shape (k, rows, columns)
        For arrival k, with ``servers + row`` busy and ``column`` waiting; 1 where fewer are busy.
    """

    servers: int
    chances: _Array

    def kept(self, population: Population) -> _Array:
        """Chance for each of k arrivals who find this population, shape (k,)."""
        free = population.main[: self.servers].sum()
        waiting = population.main[self.servers :]
        result = free + self.chances[:, 0, : len(waiting)] @ waiting
        rows, columns = population.excess.shape
        if rows:
            over = self.chances[:, 1 : rows + 1, :columns]
            result = result + np.einsum("kjq,jq->k", over, population.excess)
        return result


def promise(
    stages: Sequence[Stage],
    *,
    columns: int,
    rows: int,
    service: float,
    reneging: float,
    closing: Closing,
) -> Promise:
    """Follow those ahead of an arrival until it starts, or until its time is up.

    Parameters
    ----------
    stages : sequence of Stage
        From the arrival to its deadline.
    columns : int
        Queue lengths 0 … columns - 1 are asked about.
    rows : int
        Numbers of busy servers above those open, so many.
    service, reneging : float
        Rates of one server, of one who waits. The arrival itself does not run out of patience.

    Notes
    -----
    First come, first served: those behind do not matter, so the chain only empties. Its backward
    equations are solved from the deadline to the arrival by uniformisation.
    """
    shapes = _shapes(stages, columns=columns, rows=rows, closing=closing)
    chances = np.zeros((1, *shapes[-1]))
    for place in range(len(stages) - 1, -1, -1):
        stage = stages[place]
        if place < len(stages) - 1:
            chances = _before_change(
                chances,
                servers=stage.servers,
                then=stages[place + 1].servers,
                shape=shapes[place],
                closing=closing,
            )
        chances = _earlier(chances, stage, service=service, reneging=reneging)
    return Promise(stages[0].servers, chances)


def mean_wait_if_kept(population: Population, *, service: float) -> float:
    """Mean wait of who comes now if staffing never changes again and nobody reneges.

    Parameters
    ----------
    service : float
        Rate of one server.

    Raises
    ------
    TheoryError
        If no server is open.
    """
    if population.servers < 1:
        message = "0 servers are open, so that who comes now waits for ever; ask once some open"
        raise TheoryError(message)
    rate = population.servers * service
    waiting = population.main[population.servers :]
    result = float((np.arange(len(waiting)) + 1) @ waiting) / rate
    if population.excess.size:
        rows, columns = population.excess.shape
        finish = np.cumsum(1 / ((population.servers + 1 + np.arange(rows)) * service))
        times = finish[:, None] + (np.arange(columns) + 1) / rate
        result += float((times * population.excess).sum())
    return result


def _shapes(
    stages: Sequence[Stage], *, columns: int, rows: int, closing: Closing
) -> list[tuple[int, int]]:
    busiest, queue = stages[0].servers + rows, columns
    shapes = [(rows + 1, queue)]
    for before, after in pairwise(stages):
        if closing == "preempt":
            queue += max(before.servers - after.servers, 0)
            shapes.append((1, queue))
        else:
            busiest = max(busiest, after.servers)
            shapes.append((busiest - after.servers + 1, queue))
    return shapes


def _before_change(
    chances: _Array, *, servers: int, then: int, shape: tuple[int, int], closing: Closing
) -> _Array:
    """Chances just before the staffing changes, from those just after."""
    rows, columns = shape
    result = np.ones((len(chances), rows, columns))
    for row in range(rows):
        busy = servers + row
        if busy > then and closing == "idle_first":
            result[:, row] = chances[:, busy - then, :columns]
        else:  # so many go ahead at once; with "preempt" it may be fewer than none
            free = then - busy
            first = max(free, 0)
            if first < columns:
                result[:, row, first:] = chances[:, 0, first - free : columns - free]
    return result


def _earlier(chances: _Array, stage: Stage, *, service: float, reneging: float) -> _Array:
    """Chances at the beginning of a stage from those at its end; shape (k, rows, columns)."""
    _, rows, columns = chances.shape
    finish = (stage.servers + np.arange(rows)) * service
    speed = float(finish[-1] + reneging * (columns - 1))
    lengths = stage.lengths
    if speed == 0:
        return np.broadcast_to(chances, (len(lengths), rows, columns)).copy()
    steps = steps_for(speed * float(lengths.max(initial=0.0)))
    weights = poisson_weights(lengths * speed, steps)
    if rows == 1 and not reneging:
        return _emptied(np.broadcast_to(chances[:, 0], (len(lengths), columns)), weights)[:, None]
    step = _Backward(finish / speed, reneging / speed, columns)
    if len(chances) == 1:  # all alike at the end: one walk for all lengths
        walk = np.empty((steps + 1, rows, columns))
        walk[0] = chances[0]
        for k in range(steps):
            walk[k + 1] = step(walk[k][None])[0]
        return (weights @ walk.reshape(steps + 1, -1)).reshape(len(lengths), rows, columns)
    result = weights[:, 0, None, None] * chances
    for k in range(1, steps + 1):
        chances = step(chances)
        result += weights[:, k, None, None] * chances
    return result


def _emptied(chances: _Array, weights: _Array) -> _Array:
    """Chances before a Poisson number of those ahead went, from those after; all desks busy.

    Parameters
    ----------
    chances : ndarray of float64, shape (k, columns)
    weights : ndarray of float64, shape (k, steps + 1)
        Of 0 … `steps` gone: with more gone than waited the arrival has started.
    """
    columns = chances.shape[1]
    gone = np.zeros((len(chances), columns))
    gone[:, : weights.shape[1]] = weights[:, :columns]
    started = np.zeros((len(chances), columns))
    beyond = weights[:, :0:-1].cumsum(axis=1)[:, ::-1]  # more than 0, 1, … gone
    started[:, : beyond.shape[1]] = beyond[:, :columns]
    waiting = [np.convolve(g, c)[:columns] for g, c in zip(gone, chances, strict=True)]
    return started + np.array(waiting, dtype=np.float64)


class _Backward:
    """One step of the backward equations of those ahead."""

    def __init__(self, finish: _Array, leave: float, columns: int) -> None:
        self.leave = leave * np.arange(columns)
        self.finish = finish
        self.stay = 1 - finish[:, None] - self.leave

    def __call__(self, chances: _Array) -> _Array:
        result = chances * self.stay
        result[:, 0, 0] += self.finish[0]
        result[:, 0, 1:] += self.finish[0] * chances[:, 0, :-1]
        result[:, 1:] += self.finish[1:, None] * chances[:, :-1]
        if self.leave[-1]:
            result[:, :, 1:] += self.leave[1:] * chances[:, :, :-1]
        return result
