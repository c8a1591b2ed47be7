"""Chance as whole numbers, from Hypothesis or from any generator of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Roll = Callable[[int, int], int]
"""A whole number from the first to the second, both included; the lowest is the simplest."""

T = TypeVar("T")


class Dice:
    """What is decided by rolling; the lowest roll is always the simplest there is."""

    def __init__(self, roll: Roll) -> None:
        self.roll = roll

    def rarely(self, odds: int = 2) -> bool:
        """Once in ``odds + 1``."""
        return self.roll(0, odds) == odds

    def pick(self, items: Sequence[T]) -> T:
        """One of some; the first is the simplest."""
        return items[self.roll(0, len(items) - 1)]

    def rows(
        self,
        count: int,
        low: int,
        high: int,
        *,
        scale: float = 1,
        is_blank: Callable[[int], bool] = lambda _: False,
    ) -> list[float | None]:
        """A draw for each of some rows."""
        return [None if is_blank(row) else scale * self.roll(low, high) for row in range(count)]
