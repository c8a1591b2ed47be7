"""How long a batch takes: measured by gallery size and batch, kept as a table."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.matcher.choice import choose
from sim.matcher.gallery import Gallery
from sim.matcher.population.people import Population
from sim.matcher.search import scan
from sim.matcher.templates import least_score, quantised

BUCKETS = (1, 4, 8, 16, 32, 64, 128, 256)
"""Sizes a batch is padded to: what was timed is then what is run."""

CAP = BUCKETS[-1]
"""Most requests of a batch."""


@dataclass(frozen=True, slots=True)
class ServiceTable:
    """Seconds a batch takes one core, by its size.

    Attributes
    ----------
    kernel, reason : str
        Which kernel was timed, and why that one.
    people : int
        Size of the gallery.
    threshold : float
        Least cosine of a candidate.
    seconds : tuple of float
        Of a batch of each of `BUCKETS`.
    """

    kernel: str
    reason: str
    people: int
    threshold: float
    seconds: tuple[float, ...]

    def batch_s(self, size: int) -> float:
        """Seconds of a batch, padded to the next bucket."""
        return next(s for bucket, s in zip(BUCKETS, self.seconds, strict=True) if bucket >= size)

    @property
    def most_per_s(self) -> float:
        """Requests a core answers in a second where all batches are full."""
        return CAP / self.seconds[-1]


def padded(probes: NDArray[np.int8]) -> NDArray[np.int8]:
    """Probes with the last one repeated up to the next bucket."""
    wanted = next(bucket for bucket in BUCKETS if bucket >= len(probes))
    return np.concatenate([probes, np.repeat(probes[-1:], wanted - len(probes), axis=0)])


def measure_table(
    gallery: Gallery, *, threshold: float, kernel: str = "auto", rounds: int = 7
) -> ServiceTable:
    """Time batches of every bucket on a gallery of population 0.

    Parameters
    ----------
    gallery : Gallery
        Whom to search among.
    threshold : float
        Least cosine of a candidate.
    kernel : str
        As in `choose`, which decides once for the middle of the buckets: a station is served
        by one kernel.
    rounds : int
        Turns; the median counts.
    """
    people = gallery.enrolled
    chosen = choose(kernel, people=people, probes=BUCKETS[3], threshold=threshold)
    probes = quantised(
        np.concatenate(
            [
                Population().captures(0, min(people, CAP // 2)),
                Population().captures(1 << 31, CAP - min(people, CAP // 2)),
            ]
        )
    )
    taken: dict[int, list[float]] = {bucket: [] for bucket in BUCKETS}
    for turn in range(rounds + 1):
        for bucket, seconds in taken.items():
            # another start each turn: no probe is fresher in the cache than it would be
            asked = np.roll(probes, -turn * bucket, axis=0)[:bucket]
            began = time.perf_counter()
            scan(chosen.kernel, gallery, asked, least=least_score(threshold))
            seconds.append(time.perf_counter() - began)
    medians = [statistics.median(seconds[1:]) for seconds in taken.values()]
    return ServiceTable(
        kernel=chosen.kernel.name,
        reason=chosen.reason,
        people=people,
        threshold=threshold,
        seconds=_rising(medians),
    )


def _rising(seconds: Sequence[float]) -> tuple[float, ...]:
    """Without the dips of noise: a larger batch never takes less."""
    return tuple(float(each) for each in np.maximum.accumulate(seconds))
