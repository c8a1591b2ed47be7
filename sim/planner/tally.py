"""Counts by day and period of arrival, and what they say with confidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.planner.seen import Seen
from sim.planner.targets import Promise
from sim.scenario.clock import US_PER_S

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
        Customers by period of arrival, and those who started in time. Of a queue: seconds of each
        period, and those in which no more waited than promised. Of departures: passengers who
        have one, and those who left with it.
    joined : ndarray of float64, shape (days, periods), or None
        Customers by period of arrival where `came` is something else.
    """

    promise: Promise
    came: NDArray[np.float64]
    kept: NDArray[np.float64]
    joined: NDArray[np.float64] | None = None

    @classmethod
    def of(cls, promise: Promise, counts: NDArray[np.float64]) -> Tally:
        """From what `counted` found, shape (days, 3, periods)."""
        return cls(promise, counts[:, 0], counts[:, 1], counts[:, 2])

    @property
    def days(self) -> int:
        """Days counted."""
        return len(self.came)

    @property
    def counts(self) -> NDArray[np.float64]:
        """What `of` takes, shape (days, 3, periods)."""
        joined = self.came if self.joined is None else self.joined
        return np.stack([self.came, self.kept, joined], axis=1)

    @property
    def customers(self) -> NDArray[np.float64]:
        """Customers who come to each period in the mean of days, shape (periods,)."""
        return (self.came if self.joined is None else self.joined).mean(axis=0)

    @property
    def is_judged(self) -> NDArray[np.bool_]:
        """Periods with enough customers to be judged, shape (periods,)."""
        return self.customers >= RARE

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
    def tightest(self) -> int | None:
        """The judged period in which the least is kept; None where none is judged."""
        if not self.is_judged.any():
            return None
        return int(
            np.argmin(np.where(self.is_judged, np.nan_to_num(self.estimate, nan=1.0), np.inf))
        )

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

    @property
    def _worst(self) -> NDArray[np.float64]:
        """Largest share of a day that may be late: supposed, or seen where that is more."""
        late = (self.came - self.kept) / np.maximum(self.came, 1e-12)
        return np.maximum(self.promise.worst_day, late.max(axis=0, initial=0.0))

    def low(self, doubt: float) -> NDArray[np.float64]:
        """Lower bound of each period, wrong with probability `doubt` at most."""
        return self._bound(doubt, -1)

    def high(self, doubt: float) -> NDArray[np.float64]:
        """Upper bound of each period, wrong with probability `doubt` at most."""
        return self._bound(doubt, +1)

    def _bound(self, doubt: float, side: int) -> NDArray[np.float64]:
        from scipy.stats import beta

        some = (self.came > 0).sum(axis=0)
        if self.promise.meaning == "daily":
            good = self._is_good_day.sum(axis=0)
            if side < 0:
                bound = np.where(good > 0, beta.ppf(doubt, np.maximum(good, 1), some - good + 1), 0)
            else:
                bad = np.maximum(some - good, 1)
                bound = np.where(good < some, beta.ppf(1 - doubt, good + 1, bad), 1)
            return np.where(some > 0, bound, np.nan)
        normal = self._korn_graubard(doubt, side)
        bad_days = (self.kept < self.came).sum(axis=0)
        if side < 0:
            often = beta.ppf(1 - doubt, bad_days + 1, np.maximum(some - bad_days, 1))
            bound = np.where(
                bad_days < FEW_BAD_DAYS,
                1 - self._worst * often,
                np.maximum(normal, 1 - often),
            )
        else:
            bound = np.where(bad_days < FEW_BAD_DAYS, 1.0, normal)
        return np.where(some > 0, np.clip(bound, 0, 1), np.nan)

    def _korn_graubard(self, doubt: float, side: int) -> NDArray[np.float64]:
        """Clopper's and Pearson's bound with as many customers as are independent.

        Customers of a day are late together: so many independent ones would give the same variance
        between days. A bound from the variance alone would be too near where few days were bad.
        After Korn and Graubard (1998), Survey Methodology 24, 193-201.
        """
        from scipy.stats import beta, norm, t

        share = np.nan_to_num(self.estimate)
        variance = self.spread**2 / self.days
        customers = np.maximum(self.came.sum(axis=0), 1.0)
        alone = share * (1 - share)
        many = np.where(variance > 0, alone / np.where(variance > 0, variance, 1.0), customers)
        known = norm.ppf(1 - doubt) / t.ppf(1 - doubt, max(self.days - 1, 1))
        many = np.minimum(many * known**2, customers)
        kept = share * many
        if side < 0:
            bound = beta.ppf(doubt, np.maximum(kept, 1e-9), many - kept + 1)
            return np.where(kept > 0, bound, 0.0)
        bound = beta.ppf(1 - doubt, kept + 1, np.maximum(many - kept, 1e-9))
        return np.where(kept < many, bound, 1.0)


def counted(day: Seen, promise: Promise, *, periods: int) -> NDArray[np.float64]:
    """What one day says of a promise, by period.

    Parameters
    ----------
    day : Seen
        Visits to the promise's station, or departures in their place.
    periods : int
        The last one takes all that comes later.

    Returns
    -------
    ndarray of float64, shape (3, periods)
        `came`, `kept` and `joined` of a `Tally`.
    """
    period = np.minimum(day.joined_us // promise.per_us, periods - 1)
    joined = np.bincount(period, minlength=periods).astype(np.float64)
    if promise.most_waiting is not None:
        above_s = time_above_s(day, promise.most_waiting, per_us=promise.per_us, periods=periods)
        whole = np.full(periods, promise.per_us / US_PER_S)
        return np.stack([whole, np.maximum(whole - above_s, 0.0), joined])
    is_kept = (day.started_us >= 0) & (day.started_us - day.joined_us <= promise.within_us)
    kept = np.bincount(period[is_kept], minlength=periods).astype(np.float64)
    return np.stack([joined, kept, joined])


def time_above_s(day: Seen, most: int, *, per_us: int, periods: int) -> NDArray[np.float64]:
    """Seconds of each period in which more persons waited than `most`, shape (periods,).

    Notes
    -----
    Between two changes of the queue its length is constant, so the time above, as a function of
    the clock, is piecewise linear: read off at the edges of the periods.
    """
    waits = day.left_us > day.joined_us
    at = np.concatenate([day.joined_us[waits], day.left_us[waits]])
    change = np.concatenate([day.persons[waits], -day.persons[waits]])
    order = np.argsort(at, kind="stable")
    at, queue = at[order], np.cumsum(change[order])
    if not len(at):
        return np.zeros(periods)
    above = np.where(queue[:-1] > most, np.diff(at), 0)
    until = np.concatenate([[0], np.cumsum(above)]).astype(np.float64)
    edges = np.interp(per_us * np.arange(periods + 1), at, until)
    edges[-1] = until[-1]
    return np.diff(edges) / US_PER_S
