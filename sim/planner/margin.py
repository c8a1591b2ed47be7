"""How far above its promise a figure must be, so that fresh days are likely to certify it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma
from scipy.stats import t as student

from sim.planner.tally import FEW_BAD_DAYS, RARE, Tally

LIKELY = 2.0
"""Standard errors, of the days searched on and of the fresh ones together, that are added."""

NEARLY = 0.5
"""Share of `RARE` from which a period is heeded, since fresh days may find that it is judged."""

MOST_DAYS = 2_000
"""Fresh days that rare periods may make of fewer asked for."""


@dataclass(frozen=True, slots=True)
class Margin:
    """What a certificate will ask.

    Attributes
    ----------
    doubt : float
        Chance of error it gives each period.
    fresh_days : int
        Days it will take.
    """

    doubt: float
    fresh_days: int

    def of(self, days: int) -> float:
        """Standard deviations of one day that a figure found on `days` days is lowered by."""
        quantile = float(student.ppf(1 - self.doubt, self.fresh_days - 1))
        error = math.sqrt(1 / self.fresh_days + 1 / days)
        return quantile / math.sqrt(self.fresh_days) + LIKELY * error


def slack_of(tallied: Sequence[Tally], *, margin: float) -> NDArray[np.float64]:
    """Estimate less margin less promise, of every period of every promise.

    Parameters
    ----------
    margin : float
        Standard deviations of one day's figure.

    Returns
    -------
    ndarray of float64
        Infinite where so few come that no certificate will judge it.
    """
    parts = []
    for each in tallied:
        slack = each.estimate - margin * each.spread - each.promise.asked
        is_heeded = each.is_judged | (each.customers >= NEARLY * RARE)
        parts.append(np.where(is_heeded, slack, np.inf))
    return np.concatenate(parts)


def days_for(tallied: Sequence[Tally], *, doubt: float, at_least: int) -> int:
    """Fresh days with which every judged period can be certified, however few have anybody late.

    Parameters
    ----------
    at_least : int
        Days asked for.

    Notes
    -----
    Where fewer than `FEW_BAD_DAYS` days have anybody late, a certificate bounds the share of such
    days among the *n* on which anybody comes; at worst by the quantile of a gamma law with that
    shape, over *n*.
    """
    most, bad = at_least, float(gamma.ppf(1 - doubt, FEW_BAD_DAYS))
    for each in tallied:
        comes = (each.came > 0).mean(axis=0)[each.is_judged]
        if len(comes):
            lacking = (1 - each.promise.asked) / each.promise.worst_day
            most = max(most, math.ceil(bad / lacking / float(comes.min())))
    return max(at_least, min(most, MOST_DAYS))
