"""Captures that give no template: failure to acquire at a gate, failure to enrol at a desk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.matcher.population.people import Conditions


@dataclass(frozen=True, slots=True)
class CaptureLaw:
    """Chance that a capture is refused, by its quality.

    Attributes
    ----------
    always : float
        Chance whatever the quality: nobody looks at the camera, a hand is before the face.
    half : float
        Sigma of which half is refused by the check of quality.
    steepness : float
        How sharp that check is.
    source : str
        Where the figures come from.

    Notes
    -----
    ``always + (1 - always) / (1 + (half / sigma) ** steepness)``: a logistic curve of the
    logarithm of sigma, the length of a capture's noise.
    """

    always: float
    half: float
    steepness: float
    source: str

    def chance(self, sigma: NDArray[np.float64]) -> NDArray[np.float64]:
        """Chance that captures with noise of these lengths are refused.

        Examples
        --------
        >>> law = CaptureLaw(always=0.0, half=2.0, steepness=12, source="assumed")
        >>> law.chance(np.array([1.0, 2.0, 4.0])).round(4).tolist()
        [0.0002, 0.5, 0.9998]
        """
        return self.always + (1 - self.always) / (1 + (self.half / sigma) ** self.steepness)

    def takes(self, captures: Conditions) -> NDArray[np.bool_]:
        """Which captures give a template, shape (n,)."""
        return captures.luck >= self.chance(captures.sigma)


AT_A_GATE = CaptureLaw(
    always=0.007,
    half=1.9,
    steepness=12,
    source="assumed: of adults about 1 % of captures fail, as the scenarios of airports assume",
)
"""Failure to acquire (FTA) of one attempt at a gate."""

AT_ENROLMENT = CaptureLaw(
    always=0.002,
    half=1.0,
    steepness=24,
    source="assumed: 2 in 1,000 have no usable portrait on file, and poor portraits are refused",
)
"""Failure to enrol (FTE): the last of the operator's captures is refused as well."""

TAKES_ALL = CaptureLaw(always=0.0, half=float("inf"), steepness=1, source="no check at all")
"""A law that refuses nothing, to see the comparison alone."""
