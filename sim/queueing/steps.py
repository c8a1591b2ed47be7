"""Step functions of time: rates of arrival by period, servers open by period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import TheoryError
from sim.queueing.soundness import positive, refuse, whole


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """A piecewise-constant function of time.

    Attributes
    ----------
    edges : ndarray of float64, shape (n + 1,)
        Rising; the function is zero before the first.
    values : ndarray of float64, shape (n,)
        ``values[i]`` holds from ``edges[i]`` up to, not at, ``edges[i + 1]``.
    after : float
        From the last edge on.
    """

    edges: NDArray[np.float64]
    values: NDArray[np.float64]
    after: float = 0.0

    def __post_init__(self) -> None:
        shape = (len(self.edges),) == (len(self.values) + 1,) and len(self.values) > 0
        every = np.array([*self.edges, *self.values, self.after], dtype=np.float64)
        if not shape or not np.isfinite(every).all() or (np.diff(self.edges) <= 0).any():
            message = (
                f"{len(self.edges)} edges and {len(self.values)} values do not make steps; give "
                "one more edge than values, finite and rising"
            )
            raise TheoryError(message)
        if (self.values < 0).any() or self.after < 0:
            lowest = min(float(self.values.min()), self.after)
            message = f"a rate or a number of servers is {lowest:g}; give numbers from 0 on"
            raise TheoryError(message)

    @classmethod
    def rates(cls, values: ArrayLike, *, period: float, start: float = 0.0) -> Steps:
        """Rates of equal periods; nobody comes before or after.

        Examples
        --------
        >>> float(Steps.rates([3, 6], period=30).integral(0, 60))
        270.0
        """
        return cls._periods(values, period=period, start=start, keeps_last=False)

    @classmethod
    def servers(cls, values: ArrayLike, *, period: float, start: float = 0.0) -> Steps:
        """Servers of equal periods; the last level is kept."""
        refuse(whole(servers=values, least=0))
        return cls._periods(values, period=period, start=start, keeps_last=True)

    @classmethod
    def always(cls, value: float, *, start: float = 0.0) -> Steps:
        """The same from `start` on."""
        return cls(np.array([start, start + 1.0]), np.array([float(value)]), float(value))

    @classmethod
    def smooth(
        cls, function: Callable[[float], float], *, start: float, end: float, steps: int
    ) -> Steps:
        """Steps on which a Markov chain moves as under a smooth rate, to fourth order.

        Parameters
        ----------
        function : callable
            Rate at an instant.
        start, end : float
        steps : int
            The error falls as ``steps ** -4`` at ends of steps (not within them); each becomes
            two levels.

        Notes
        -----
        Commutator-free Magnus integration: over a step the evolution under ``A(t)`` is that of
        two half steps with weights ``1/2 ± 1/√3`` of A at the two Gauss points.

        References
        ----------
        Blanes, S. and Moan, P. C. (2006), Applied Numerical Mathematics 56, 1519-1537.
        """
        refuse(whole(steps=steps, least=1), positive(length=end - start))
        grid = np.linspace(start, end, steps + 1)
        middle, half = (grid[:-1] + grid[1:]) / 2, np.diff(grid) / 2
        first = np.array([function(t) for t in middle - half / np.sqrt(3)], dtype=np.float64)
        second = np.array([function(t) for t in middle + half / np.sqrt(3)], dtype=np.float64)
        near, far = 0.5 + 1 / np.sqrt(3), 0.5 - 1 / np.sqrt(3)
        pairs = np.column_stack([near * first + far * second, far * first + near * second])
        edges = np.asarray(np.sort(np.concatenate([grid, middle])), dtype=np.float64)
        return cls(edges, np.maximum(pairs, 0.0).ravel())

    @classmethod
    def _periods(cls, values: ArrayLike, *, period: float, start: float, keeps_last: bool) -> Steps:
        refuse(positive(period=period))
        levels = np.asarray(values, dtype=np.float64)
        if levels.ndim != 1 or not len(levels):
            message = f"values of shape {levels.shape}; give a list of at least one period"
            raise TheoryError(message)
        edges = np.asarray(start + period * np.arange(len(levels) + 1), dtype=np.float64)
        return cls(edges, levels, float(levels[-1]) if keeps_last else 0.0)

    def at(self, time: ArrayLike) -> NDArray[np.float64]:
        """Values at instants; at an edge that of the period that begins."""
        place = np.searchsorted(self.edges, np.asarray(time, dtype=np.float64), side="right")
        return np.concatenate([[0.0], self.values, [self.after]])[place]

    def integral(self, start: ArrayLike, end: ArrayLike) -> NDArray[np.float64]:
        """Integral from `start` to `end`, such as the expected arrivals in between."""
        return self._cumulative(end) - self._cumulative(start)

    def mean(self, start: ArrayLike, end: ArrayLike) -> NDArray[np.float64]:
        """Mean from `start` to `end`."""
        width = np.asarray(end, dtype=np.float64) - np.asarray(start, dtype=np.float64)
        return self.integral(start, end) / width

    def scaled(self, factor: float) -> Steps:
        """The same times a factor."""
        return Steps(self.edges, self.values * factor, self.after * factor)

    def _cumulative(self, time: ArrayLike) -> NDArray[np.float64]:
        times = np.asarray(time, dtype=np.float64)
        sums = np.concatenate([[0.0], np.cumsum(self.values * np.diff(self.edges))])
        inside = np.interp(times, self.edges, sums)
        return inside + self.after * np.maximum(times - self.edges[-1], 0.0)
