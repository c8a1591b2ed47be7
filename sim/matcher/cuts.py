"""How far two sign codes of one person may lie apart, by the threshold their score must reach."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cut:
    """A Hamming cut for scores from a threshold on.

    Attributes
    ----------
    threshold : float
        Cosine.
    distance : int
        Codes nearer than this are rescored.
    lost : float
        Share of mates at or above the threshold whose codes are not.
    """

    threshold: float
    distance: int
    lost: float


CUTS = (
    Cut(0.26, 230, 4.0e-5),
    Cut(0.28, 228, 3.5e-5),
    Cut(0.30, 225, 3.3e-5),
    Cut(0.32, 222, 3.3e-5),
    Cut(0.34, 218, 3.6e-5),
    Cut(0.36, 214, 3.7e-5),
    Cut(0.38, 212, 3.5e-5),
    Cut(0.40, 210, 3.3e-5),
    Cut(0.42, 207, 3.4e-5),
    Cut(0.44, 205, 3.2e-5),
    Cut(0.46, 203, 3.3e-5),
    Cut(0.48, 200, 3.4e-5),
    Cut(0.50, 198, 3.9e-5),
)
"""Measured on two million mated pairs of population 0; ``python -m tests.evidence kernels``
measures the loss again on others."""


def cut_for(threshold: float | None) -> Cut | None:
    """The cut that holds at a threshold: that of the highest calibrated one not above it.

    Returns
    -------
    Cut or None
        None without a threshold, or below the lowest calibrated one.
    """
    if threshold is None:
        return None
    return next((cut for cut in reversed(CUTS) if cut.threshold <= threshold), None)
