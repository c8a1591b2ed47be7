"""A day gone through piece by piece: what changes when, and what arrivals find and are promised."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.errors import TheoryError
from sim.queueing.population import Closing, Passage, Population, Rates, event_rate, evolve
from sim.queueing.steps import Steps
from sim.queueing.virtual_wait import Promise, Stage, promise

_CHUNK = 250.0
"""Expected steps of the chain taken at a time."""

_MOST_STEPS = 2e7
"""Expected steps of a whole question."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
"""Gauss-Legendre points for the chances of arrivals within a chunk."""


@dataclass(frozen=True, slots=True, eq=False)
class Transient:
    """What happens at a station through the day; arrays by instant, then by period.

    Attributes
    ----------
    at : ndarray of float64, shape (n,)
        Instants asked for; figures are those just before changes of the instant.
    mean_present, mean_queue, mean_busy : ndarray of float64, shape (n,)
    share_waiting : ndarray of float64, shape (n,)
        Probability that who comes then has to wait.
    share_within : ndarray of float64, shape (n,)
        Probability that who comes then starts in time; NaN unless a wait was promised.
    periods : ndarray of float64, shape (p + 1,)
    arrivals : ndarray of float64, shape (p,)
        Expected.
    served_within : ndarray of float64, shape (p,)
        Share of a period's arrivals who start in time; NaN where nobody comes or none was promised.
    waited : ndarray of float64, shape (p,)
        Share of a period's arrivals who have to wait.
    queue_over_time : ndarray of float64, shape (p,)
        Mean number waiting, over the period.
    """

    at: NDArray[np.float64]
    mean_present: NDArray[np.float64]
    mean_queue: NDArray[np.float64]
    mean_busy: NDArray[np.float64]
    share_waiting: NDArray[np.float64]
    share_within: NDArray[np.float64]
    periods: NDArray[np.float64]
    arrivals: NDArray[np.float64]
    served_within: NDArray[np.float64]
    waited: NDArray[np.float64]
    queue_over_time: NDArray[np.float64]
    populations: tuple[Population, ...] = field(repr=False, default=())


class Day:
    """One question on its way to an answer."""

    def __init__(
        self,
        *,
        arrivals: Steps,
        servers: Steps,
        mean_service: float,
        closing: Closing,
        mean_patience: float,
        within: float | None,
        edges: NDArray[np.float64],
        instants: NDArray[np.float64],
    ) -> None:
        self.arrivals, self.servers, self.within = arrivals, servers, within
        self.closing: Closing = closing
        self.service, self.reneging = 1 / mean_service, 1 / mean_patience
        self.edges, self.instants = edges, instants
        self.start = float(arrivals.edges[0])
        self.end = float(max([self.start, *edges, *instants]))
        levels = np.concatenate([[0.0], servers.values, [servers.after]])
        self.changes = servers.edges[np.diff(levels) != 0]
        self.kept, self.waited, self.queue = np.zeros((3, max(len(edges) - 1, 0)))
        self.seen: dict[float, tuple[Population, float]] = {}
        self.steady: dict[int, Promise] = {}

    def follow(self, population: Population) -> Transient:
        """Go through the day piece by piece."""
        grid = self._grid()
        peak = max([0.0, *self.arrivals.values, self.arrivals.after])
        most = max([*self.servers.values, self.servers.after]) * self.service
        if (peak + most) * (self.end - self.start) > _MOST_STEPS:
            message = (
                f"{(peak + most) * (self.end - self.start):.2g} events are expected, "
                f"{_MOST_STEPS:.0g} at most; use the fluid queue, or ask about part of the day"
            )
            raise TheoryError(message)
        self._see(self.start, population)
        for begin, end in pairwise(grid):
            middle = (begin + end) / 2
            population = population.restaffed(int(self.servers.at(middle)), self.closing)
            population = self._piece(population, float(begin), float(end))
            self._see(float(end), population)
        return self._answer()

    def _grid(self) -> NDArray[np.float64]:
        """Instants between which nothing changes, now or ahead of an arrival."""
        ahead = self.changes - self.within if self.within is not None else self.changes
        marks = [self.arrivals.edges, self.servers.edges, self.changes, ahead]
        marks += [self.edges, self.instants, np.array([self.start, self.end])]
        grid = np.unique(np.concatenate(marks))
        grid = grid[(grid >= self.start) & (grid <= self.end)]
        hair = 1e-12 * max(abs(self.start), abs(self.end), 1e-300)
        return grid[np.append(True, np.diff(grid) > hair)]

    def _piece(self, population: Population, begin: float, end: float) -> Population:
        middle = (begin + end) / 2
        rates = Rates(
            float(self.arrivals.at(middle)), self.service, self.reneging, population.servers
        )
        period = int(np.searchsorted(self.edges, middle, side="right")) - 1
        counts = 0 <= period < len(self.edges) - 1
        chunks = math.ceil(event_rate(population, rates) * (end - begin) / _CHUNK)
        at = np.linspace(begin, end, max(chunks, 1) + 1)
        for left, right in pairwise(at.tolist()):
            population = self._chunk(population, rates, left, right, period if counts else -1)
        return population

    def _chunk(
        self, population: Population, rates: Rates, begin: float, end: float, period: int
    ) -> Population:
        half = (end - begin) / 2
        ahead = self._changes_ahead((begin + end) / 2)
        asks = period >= 0 and rates.arrival > 0 and self.within is not None
        nodes = half * (1 + _NODES) if asks and len(ahead) else np.zeros(0)
        passage = evolve(population, rates, duration=end - begin, instants=nodes)
        if period >= 0:
            over_time = passage.over_time
            self.queue[period] += over_time.mean_queue
            self.waited[period] += rates.arrival * over_time.share_no_free_server
            if asks:
                self.kept[period] += rates.arrival * self._kept(passage, begin + nodes, half, ahead)
        return passage.end

    def _kept(
        self,
        passage: Passage,
        nodes: NDArray[np.float64],
        half: float,
        ahead: NDArray[np.float64],
    ) -> float:
        """Integral over a chunk of the chance to start in time."""
        if not len(ahead):
            return float(self._steady_promise(passage.over_time).kept(passage.over_time)[0])
        found = self._promise(nodes, ahead, passage.at[0])
        chances = [
            Promise(found.servers, found.chances[k : k + 1]).kept(population)[0]
            for k, population in enumerate(passage.at)
        ]
        return half * float(_WEIGHTS @ np.array(chances))

    def _changes_ahead(self, time: float, *, sees_now: bool = False) -> NDArray[np.float64]:
        if self.within is None:
            return np.zeros(0)
        first = self.changes >= time if sees_now else self.changes > time
        return self.changes[first & (self.changes < time + self.within)]

    def _promise(
        self, times: NDArray[np.float64], ahead: NDArray[np.float64], like: Population
    ) -> Promise:
        assert self.within is not None
        bounds = [times, *(np.full(len(times), change) for change in ahead), times + self.within]
        levels = [like.servers, *(int(self.servers.at(change)) for change in ahead)]
        stages = [
            Stage(level, np.maximum(until - since, 0.0))
            for level, (since, until) in zip(levels, pairwise(bounds), strict=True)
        ]
        rows, columns = like.excess.shape
        return promise(
            stages,
            columns=max(len(like.main) - like.servers, columns, 1),
            rows=rows,
            service=self.service,
            reneging=self.reneging,
            closing=self.closing,
        )

    def _steady_promise(self, like: Population) -> Promise:
        """The same without changes ahead, kept for the next chunk."""
        rows, columns = like.excess.shape
        columns = max(len(like.main) - like.servers, columns, 1)
        known = self.steady.get(like.servers)
        if known is None or known.chances.shape[1] <= rows or known.chances.shape[2] < columns:
            assert self.within is not None
            known = promise(
                [Stage(like.servers, np.array([self.within]))],
                columns=columns + columns // 4 + 32,
                rows=rows,
                service=self.service,
                reneging=self.reneging,
                closing=self.closing,
            )
            self.steady[like.servers] = known
        return known

    def _see(self, time: float, population: Population) -> None:
        hair = 1e-9 * max(1.0, abs(self.end))
        for instant in self.instants[np.abs(self.instants - time) <= hair]:
            chance = math.nan
            if self.within is not None:
                ahead = self._changes_ahead(time, sees_now=True)
                promised = self._promise(np.array([time]), ahead, population)
                chance = float(promised.kept(population)[0])
            self.seen[float(instant)] = (population, chance)

    def _answer(self) -> Transient:
        seen = [self.seen[float(instant)] for instant in self.instants]
        came = np.asarray(self.arrivals.integral(self.edges[:-1], self.edges[1:]))
        some = np.where(came > 0, came, np.nan)
        return Transient(
            at=self.instants,
            mean_present=np.array([each.mean_present for each, _ in seen]),
            mean_queue=np.array([each.mean_queue for each, _ in seen]),
            mean_busy=np.array([each.mean_busy for each, _ in seen]),
            share_waiting=np.array([each.share_no_free_server for each, _ in seen]),
            share_within=np.array([chance for _, chance in seen]),
            periods=self.edges,
            arrivals=came,
            served_within=self.kept / some if self.within is not None else np.nan * some,
            waited=self.waited / some,
            queue_over_time=self.queue / np.diff(self.edges),
            populations=tuple(each for each, _ in seen),
        )
