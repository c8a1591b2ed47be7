"""Durations as they were observed: some exact, some known only to be longer or shorter."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

COARSE = 0.02
"""Rounding beyond this share of the median duration is part of the likelihood."""


def _nothing() -> Floats:
    return np.zeros(0)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Durations of one class of customer.

    Attributes
    ----------
    exact : ndarray of float64
        Durations seen from start to end, above zero.
    above, above_counts : ndarray of float64
        Right-censored: how many lasted longer than each of these.
    below, below_counts : ndarray of float64
        Left-censored: how many lasted at most each of these.
    within_low, within_high, within_counts : ndarray of float64
        Rounded: how many lasted between these.
    """

    exact: Floats
    above: Floats = field(default_factory=_nothing)
    above_counts: Floats = field(default_factory=_nothing)
    below: Floats = field(default_factory=_nothing)
    below_counts: Floats = field(default_factory=_nothing)
    within_low: Floats = field(default_factory=_nothing)
    within_high: Floats = field(default_factory=_nothing)
    within_counts: Floats = field(default_factory=_nothing)

    @property
    def n(self) -> int:
        """Observations of any sort."""
        return int(len(self.exact) + self.censored + self.within_counts.sum())

    @property
    def completed(self) -> int:
        """Observations whose end was seen."""
        return int(len(self.exact) + self.within_counts.sum())

    @property
    def censored(self) -> int:
        """Observations known only to be longer, or only to be shorter."""
        return int(self.above_counts.sum() + self.below_counts.sum())

    @property
    def typical(self) -> Floats:
        """Durations that were seen, rounded ones by the middle of their interval."""
        middles = (self.within_low + self.within_high) / 2
        return np.concatenate([self.exact, np.repeat(middles, self.within_counts.astype(int))])


def sample_of(
    seen: Floats, *, longer_than: Floats | None = None, resolution: float = 0.0
) -> Sample:
    """A sample of durations read off a log.

    Parameters
    ----------
    seen : ndarray of float64
        Durations that ended.
    longer_than : ndarray of float64 or None
        Durations so far of those that had not.
    resolution : float
        Unit that the log's instants are whole multiples of, as the durations are in.

    Notes
    -----
    The difference of two instants rounded to a unit *r* is off by less than *r*. Where that
    matters (`COARSE`), or where it leaves nothing, the duration is known to lie within *r/2*.
    """
    above, above_counts = _counted(longer_than if longer_than is not None else _nothing())
    is_coarse = resolution > COARSE * float(np.median(seen)) if len(seen) else False
    is_rounded = np.full(len(seen), is_coarse) | (seen <= 0)
    values, counts = _counted(seen[is_rounded])
    half = max(resolution / 2, 1e-6)
    return Sample(
        exact=seen[~is_rounded],
        above=above[above > 0],
        above_counts=above_counts[above > 0],
        within_low=np.maximum(values - half, 0.0),
        within_high=np.maximum(values, 0.0) + half,
        within_counts=counts,
    )


def _counted(values: Floats) -> tuple[Floats, Floats]:
    unique, counts = np.unique(values, return_counts=True)
    return unique, counts.astype(np.float64)
