"""How long a batch takes: measured by gallery size and batch, kept as a table."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

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


_ENOUGH_S = 3.0  # of one bucket, after which it is not timed again


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

    @property
    def comparisons_per_s(self) -> float:
        """Comparisons a core makes in a second where all batches are full."""
        return self.people * self.most_per_s

    def split(self, parts: int) -> ServiceTable:
        """The table where each batch is searched by several cores, a part of the gallery each.

        Notes
        -----
        Assumes that time goes with the size of the part; below some 20,000 people a part it
        does not, so nobody would split such a gallery.
        """
        seconds = tuple(each / parts for each in self.seconds)
        return replace(self, seconds=seconds)

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
    gallery: Gallery,
    *,
    threshold: float,
    kernel: str = "auto",
    rounds: int = 7,
    clock: Callable[[], float] = time.perf_counter,
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
        Turns; the median counts. What takes long is turned less often.
    clock : callable
        Seconds: of the wall by default, which is what a replay in real time will meet;
        `time.process_time` where others share the machine.
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
            if turn > 1 and sum(seconds) > _ENOUGH_S:
                continue
            # another start each turn: no probe is fresher in the cache than it would be
            asked = np.roll(probes, -turn * bucket, axis=0)[:bucket]
            began = clock()
            scan(chosen.kernel, gallery, asked, least=least_score(threshold))
            seconds.append(clock() - began)
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
