"""Whole numbers that change at instants and hold in between: queues, busy and open servers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.projections.ordering import starts_of_runs

FAR_US = 1 << 60
"""An instant after every log: the end of what had not ended."""


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """A step function of time, continuous from the right, zero before its first instant.

    What holds at an instant is what all its events together left, so a customer who joins
    and starts at the same instant was never in the queue.

    Attributes
    ----------
    at_us : ndarray of int64, shape (n,)
        Instants of change, increasing.
    value : ndarray of int64, shape (n,)
        Value from each instant on.
    """

    at_us: NDArray[np.int64]
    value: NDArray[np.int64]

    @classmethod
    def of_changes(cls, at_us: NDArray[np.int64], value: NDArray[np.int64]) -> Steps:
        """From values in the order of time; of several at an instant the last holds."""
        is_last = np.ones(len(at_us), dtype=bool)
        if len(at_us) > 1:
            np.not_equal(at_us[1:], at_us[:-1], out=is_last[:-1])
        last = np.flatnonzero(is_last)
        return cls(at_us[last], value[last].astype(np.int64))

    @classmethod
    def of_spells(cls, from_us: NDArray[np.int64], until_us: NDArray[np.int64]) -> Steps:
        """How many spells hold: begun at or before an instant and ending after it.

        Parameters
        ----------
        from_us, until_us : ndarray of int64, shape (n,)
            In any order; `until_us` is `FAR_US` where a spell does not end.
        """
        changes = np.concatenate([from_us << 1, (until_us[until_us < FAR_US] << 1) | 1])
        changes.sort()
        return cls.of_changes(changes >> 1, np.cumsum(1 - 2 * (changes & 1)))

    def at(self, instants: NDArray[np.int64]) -> NDArray[np.int64]:
        """Value at each of some instants."""
        row = np.searchsorted(self.at_us, instants, side="right") - 1
        return np.where(row < 0, 0, self.value[row]) if len(self.value) else np.zeros_like(row)

    def integral(self, from_us: int, until_us: int) -> int:
        """Value times microseconds between two instants."""
        return int(self.integrals(np.array([from_us, until_us]))[0])

    def integrals(self, grid_us: NDArray[np.int64]) -> NDArray[np.int64]:
        """Integral over each period of a grid of increasing instants, shape (grid - 1,)."""
        if not len(self.value):
            return np.zeros(len(grid_us) - 1, dtype=np.int64)
        areas = self.value[:-1] * np.diff(self.at_us)
        until_change = np.concatenate([[0], np.cumsum(areas)])
        row = np.searchsorted(self.at_us, grid_us, side="right") - 1
        within = self.value[row] * (grid_us - self.at_us[row])
        return np.diff(np.where(row < 0, 0, until_change[row] + within))

    def maximum(self, from_us: int, until_us: int) -> int:
        """Largest value that held for some time in ``[from_us, until_us)``."""
        return int(self.maxima(np.array([from_us, until_us]))[0])

    def maxima(self, grid_us: NDArray[np.int64]) -> NDArray[np.int64]:
        """Largest value in each period of a grid of increasing instants, shape (grid - 1,)."""
        largest = self.at(grid_us[:-1])
        low = np.searchsorted(self.at_us, grid_us[:-1], side="right")
        high = np.searchsorted(self.at_us, grid_us[1:], side="left")
        has_changes = high > low
        if has_changes.any():
            bounds = np.stack([low[has_changes], high[has_changes]], axis=1).ravel()
            padded = np.append(self.value, 0)
            inside = np.maximum.reduceat(padded, bounds)[::2]
            largest[has_changes] = np.maximum(largest[has_changes], inside)
        return largest


def instants_of(*steps: Steps) -> NDArray[np.int64]:
    """Every instant at which one of some step functions changes, in order."""
    instants = np.sort(np.concatenate([each.at_us for each in steps]))
    return instants[starts_of_runs(instants)]


def larger(one: Steps, other: Steps) -> Steps:
    """The larger of two step functions, at every instant."""
    instants = instants_of(one, other)
    return Steps(instants, np.maximum(one.at(instants), other.at(instants)))
