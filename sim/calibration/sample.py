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
    rounded, rounded_counts : ndarray of float64
        How many were so long as the difference of two instants rounded to `unit`.
    unit : float
        That unit.
    """

    exact: Floats
    above: Floats = field(default_factory=_nothing)
    above_counts: Floats = field(default_factory=_nothing)
    below: Floats = field(default_factory=_nothing)
    below_counts: Floats = field(default_factory=_nothing)
    rounded: Floats = field(default_factory=_nothing)
    rounded_counts: Floats = field(default_factory=_nothing)
    unit: float = 0.0

    @property
    def n(self) -> int:
        """Observations of any sort."""
        return int(len(self.exact) + self.censored + self.rounded_counts.sum())

    @property
    def completed(self) -> int:
        """Observations whose end was seen."""
        return int(len(self.exact) + self.rounded_counts.sum())

    @property
    def censored(self) -> int:
        """Observations known only to be longer, or only to be shorter."""
        return int(self.above_counts.sum() + self.below_counts.sum())

    @property
    def typical(self) -> Floats:
        """Durations that were seen, rounded ones as they were read."""
        return np.concatenate(
            [self.exact, np.repeat(self.rounded, self.rounded_counts.astype(int))]
        )


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
    The difference of two instants rounded to a unit *r* is off by less than *r*; its mean is
    right. Where that matters (`COARSE`), or where it leaves nothing, see `Family.rounded`.
    """
    above, above_counts = _counted(longer_than if longer_than is not None else _nothing())
    is_coarse = resolution > COARSE * float(np.median(seen)) if len(seen) else False
    is_rounded = np.full(len(seen), is_coarse) | (seen <= 0)
    values, counts = _counted(seen[is_rounded])
    return Sample(
        exact=seen[~is_rounded],
        above=above[above > 0],
        above_counts=above_counts[above > 0],
        rounded=np.maximum(values, 0.0),
        rounded_counts=counts,
        unit=max(resolution, 1e-6),
    )


def _counted(values: Floats) -> tuple[Floats, Floats]:
    unique, counts = np.unique(values, return_counts=True)
    return unique, counts.astype(np.float64)
