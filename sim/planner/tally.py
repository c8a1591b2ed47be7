"""Counts by day and period of arrival, and what they say with confidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.planner.targets import Promise

FEW_BAD_DAYS = 5
"""With fewer days on which anybody waited too long, the share of such days is bounded instead."""

RARE = 1.0
"""Periods to which fewer customers come in the mean of days are told, not judged."""


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """What became of a promise on several days.

    Attributes
    ----------
    came, kept : ndarray of float64, shape (days, periods)
        Customers by period of arrival, and those who started in time.
    """

    promise: Promise
    came: NDArray[np.float64]
    kept: NDArray[np.float64]

    @property
    def days(self) -> int:
        """Days counted."""
        return len(self.came)

    @property
    def is_judged(self) -> NDArray[np.bool_]:
        """Periods with enough customers to be judged, shape (periods,)."""
        return self.came.mean(axis=0) >= RARE

    @property
    def estimate(self) -> NDArray[np.float64]:
        """Share kept by period; of days kept with ``daily``; NaN where nobody came."""
        if self.promise.meaning == "daily":
            some = (self.came > 0).sum(axis=0)
            good = self._is_good_day.sum(axis=0)
            return np.where(some > 0, good / np.maximum(some, 1), np.nan)
        came = self.came.sum(axis=0)
        return np.where(came > 0, self.kept.sum(axis=0) / np.maximum(came, 1), np.nan)

    @property
    def spread(self) -> NDArray[np.float64]:
        """Standard deviation of one day's contribution to the estimate, by period."""
        if self.promise.meaning == "daily":
            share = np.nan_to_num(self.estimate)
            return np.sqrt(share * (1 - share))
        share = np.nan_to_num(self.estimate)
        mean = np.maximum(self.came.mean(axis=0), 1e-12)
        gap = self.kept - share * self.came
        return gap.std(axis=0, ddof=1 if self.days > 1 else 0) / mean

    @property
    def _is_good_day(self) -> NDArray[np.bool_]:
        return (self.came > 0) & (self.kept >= self.promise.share * self.came - 1e-9)

    def low(self, doubt: float) -> NDArray[np.float64]:
        """Lower bound of each period, wrong with probability `doubt` at most."""
        return self._bound(doubt, -1)

    def high(self, doubt: float) -> NDArray[np.float64]:
        """Upper bound of each period, wrong with probability `doubt` at most."""
        return self._bound(doubt, +1)

    def _bound(self, doubt: float, side: int) -> NDArray[np.float64]:
        from scipy.stats import beta, t

        some = (self.came > 0).sum(axis=0)
        if self.promise.meaning == "daily":
            good = self._is_good_day.sum(axis=0)
            if side < 0:
                bound = np.where(good > 0, beta.ppf(doubt, np.maximum(good, 1), some - good + 1), 0)
            else:
                bad = np.maximum(some - good, 1)
                bound = np.where(good < some, beta.ppf(1 - doubt, good + 1, bad), 1)
            return np.where(some > 0, bound, np.nan)
        quantile = float(t.ppf(1 - doubt, max(self.days - 1, 1)))
        normal = self.estimate + side * quantile * self.spread / np.sqrt(self.days)
        bad_days = (self.kept < self.came).sum(axis=0)
        if side < 0:
            clean = 1 - beta.ppf(1 - doubt, bad_days + 1, np.maximum(some - bad_days, 1))
            bound = np.where(bad_days < FEW_BAD_DAYS, clean, np.maximum(normal, clean))
        else:
            bound = np.where(bad_days < FEW_BAD_DAYS, 1.0, normal)
        return np.where(some > 0, np.clip(bound, 0, 1), np.nan)


def counted(
    joined_us: NDArray[np.int64],
    started_us: NDArray[np.int64],
    promise: Promise,
    *,
    periods: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Customers of one day by period of arrival, and those who started in time.

    Parameters
    ----------
    joined_us, started_us : ndarray of int64, shape (n,)
        Start is -1 for those never served.
    periods : int
        The last one takes all who come later.
    """
    period = np.minimum(joined_us // promise.per_us, periods - 1)
    is_kept = (started_us >= 0) & (started_us - joined_us <= promise.within_us)
    came = np.bincount(period, minlength=periods).astype(np.float64)
    kept = np.bincount(period[is_kept], minlength=periods).astype(np.float64)
    return came, kept
