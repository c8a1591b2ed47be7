"""Intervals from replications, never from passengers, and what they say about a reference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t

FAMILY_ALPHA = 1e-3
"""Chance that any comparison of a whole suite fails although every reference is right."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """An estimate with the half-width of its interval, against the value it should have."""

    name: str
    reference: float
    estimate: float
    half_width: float
    replications: int

    @property
    def agrees(self) -> bool:
        """Whether the interval holds the reference."""
        return abs(self.estimate - self.reference) <= self.half_width

    @property
    def precision(self) -> float:
        """Half-width as a share of the reference."""
        return self.half_width / abs(self.reference)

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.estimate:.6g} ± {self.half_width:.2g} from "
            f"{self.replications} replications, reference {self.reference:.6g}"
        )


def compare(
    name: str,
    *,
    reference: float,
    numerators: ArrayLike,
    denominators: ArrayLike,
    comparisons: int,
    family_alpha: float = FAMILY_ALPHA,
) -> Comparison:
    """Estimate a ratio from independent replications.

    Parameters
    ----------
    numerators, denominators : array_like of float, shape (replications,)
        Such as the sum of waits, and the number of those who waited, of each replication.
    comparisons : int
        Size of the family; each comparison has ``family_alpha / comparisons`` (Bonferroni).

    Notes
    -----
    With ``p = Σ numerators / Σ denominators`` and residuals ``numerator - p denominator`` of
    standard deviation ``s``, the half-width is ``t s / (√R mean denominator)``, Student's t
    with ``R - 1`` degrees of freedom (the ratio estimator's usual linearisation).
    """
    tops, bottoms = np.asarray(numerators, float), np.asarray(denominators, float)
    replications = len(tops)
    assert replications >= 20, "an interval takes at least 20 replications"
    estimate = tops.sum() / bottoms.sum()
    spread = (tops - estimate * bottoms).std(ddof=1)
    quantile = t.isf(family_alpha / comparisons / 2, replications - 1)
    half_width = quantile * spread / (replications**0.5 * bottoms.mean())
    return Comparison(name, reference, float(estimate), float(half_width), replications)
