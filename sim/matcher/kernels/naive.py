"""The definition: every pair, one inner product at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.matcher.gallery import Gallery
from sim.matcher.kernels.shortlist import Shortlist


@dataclass(frozen=True, slots=True)
class Naive:
    """Exhaustive search as one would explain it; the others are measured against it."""

    name: str = "naive"

    def scan(self, gallery: Gallery, probes: NDArray[np.int8], found: Shortlist) -> None:
        """Compare each living row with each probe."""
        wide = probes.astype(np.int32)
        for first, block in gallery.blocks():
            for row in np.flatnonzero(block.is_alive[: block.rows]).tolist():
                template = block.templates[row].astype(np.int32)
                person = np.array([first + row], dtype=np.int64)
                for number, probe in enumerate(wide):
                    found.offer(number, person, np.array([template @ probe], dtype=np.int32))
