"""Searching a gallery: who is this, with which score, as of which enrolments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.matcher.choice import Choice, choose
from sim.matcher.gallery import Gallery
from sim.matcher.kernels.kernel import Kernel
from sim.matcher.kernels.shortlist import NO_SCORE, NOBODY, Shortlist
from sim.matcher.memory import require_memory
from sim.matcher.templates import COSINE_ONE, least_score, quantised, require_templates

_BYTES_A_CANDIDATE = 32


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Candidates of every probe, best first.

    Attributes
    ----------
    ids : ndarray of int64, shape (probes, top)
        Whom; `NOBODY` (-1) where there are fewer candidates.
    scores : ndarray of int32, shape (probes, top)
        Inner products of int8 templates, the same whichever kernel answered.
    kernel, reason : str
        Which kernel answered, and why that one.
    snapshot : str
        Which enrolments and deletions the gallery had seen.
    """

    ids: NDArray[np.int64]
    scores: NDArray[np.int32]
    kernel: str
    reason: str
    snapshot: str

    @property
    def cosines(self) -> NDArray[np.float32]:
        """Scores as cosines; -1 where there is no candidate."""
        found = (self.scores / COSINE_ONE).astype(np.float32)
        return np.where(self.ids == NOBODY, np.float32(-1), found)


def search(
    gallery: Gallery,
    probes: NDArray[np.float32],
    *,
    top: int = 1,
    threshold: float | None = None,
    kernel: str = "auto",
) -> SearchResult:
    """Search a gallery for each probe.

    Parameters
    ----------
    gallery : Gallery
        Whom to search among.
    probes : ndarray of float32, shape (n, 512)
        Unit vectors.
    top : int
        Most candidates a probe.
    threshold : float or None
        Least cosine of a candidate; None takes the best however bad.
    kernel : str
        Which kernel; ``auto`` chooses by size and batch.

    Raises
    ------
    UsageError
        If an argument is not what it should be; before any work.
    """
    if not len(gallery):
        raise UsageError("gallery: it is empty; enrol somebody first")
    least, chosen = validated(gallery.enrolled, probes, top=top, threshold=threshold, kernel=kernel)
    found = scan(chosen.kernel, gallery, quantised(probes), top=top, least=least)
    return SearchResult(
        ids=found.ids,
        scores=found.scores,
        kernel=chosen.kernel.name,
        reason=chosen.reason,
        snapshot=gallery.snapshot,
    )


def validated(
    people: int, probes: NDArray[np.float32], *, top: int, threshold: float | None, kernel: str
) -> tuple[int, Choice]:
    """The least score and the kernel of a search, if it can be done.

    Raises
    ------
    UsageError
        If an argument is not what it should be.
    """
    require_templates(probes, what="probes")
    if top < 1:
        raise UsageError(f"top: expected at least 1 candidate, got {top}")
    require_memory(len(probes) * top * _BYTES_A_CANDIDATE, what=f"{top} candidates a probe")
    least = NO_SCORE if threshold is None else least_score(threshold)
    return least, choose(kernel, people=people, probes=len(probes), threshold=threshold)


def scan(
    kernel: Kernel,
    gallery: Gallery,
    probes: NDArray[np.int8],
    *,
    top: int = 1,
    least: int = NO_SCORE,
) -> Shortlist:
    """What a kernel finds, for callers that have quantised probes."""
    found = Shortlist(len(probes), top=top, least=least)
    if len(probes):
        kernel.scan(gallery, probes, found)
    return found
