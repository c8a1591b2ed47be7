"""Rows of a linear programme, gathered one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import LinearConstraint
from scipy.sparse import csc_matrix


@dataclass(slots=True)
class Programme:
    """Variables and rows of a mixed-integer programme."""

    costs: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    is_whole: list[int] = field(default_factory=list)
    _row: list[int] = field(default_factory=list)
    _column: list[int] = field(default_factory=list)
    _value: list[float] = field(default_factory=list)
    _low: list[float] = field(default_factory=list)
    _high: list[float] = field(default_factory=list)

    def variable(self, cost: float = 0.0, *, most: float = np.inf, whole: bool = True) -> int:
        """A variable of zero or more; its number."""
        self.costs.append(cost)
        self.most.append(most)
        self.is_whole.append(int(whole))
        return len(self.costs) - 1

    def row(
        self, terms: Iterable[tuple[int, float]], *, low: float = -np.inf, high: float = np.inf
    ) -> None:
        """A sum of variables times factors, within limits."""
        place = len(self._low)
        for column, value in terms:
            self._row.append(place)
            self._column.append(column)
            self._value.append(value)
        self._low.append(low)
        self._high.append(high)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self._low)

    def constraint(self) -> LinearConstraint:
        """All rows; factors of a variable named twice in a row add up."""
        shape = self.rows, len(self.costs)
        matrix = csc_matrix((self._value, (self._row, self._column)), shape=shape)
        low, high = np.array(self._low), np.array(self._high)
        return LinearConstraint(matrix, low, high)  # type: ignore[arg-type]

    def costs_of(self, chosen: dict[int, float]) -> None:
        """Ask for another least: a cost for some variables, and zero for the others."""
        self.costs = [chosen.get(number, 0.0) for number in range(len(self.costs))]
