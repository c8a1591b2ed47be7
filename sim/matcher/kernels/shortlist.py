"""The best candidates so far: by score, ties by the lower id."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NOBODY = -1
"""Id where there is no candidate."""

NO_SCORE = np.iinfo(np.int32).min
"""Score where there is no candidate, and a threshold that everyone reaches."""


class Shortlist:
    """Candidates of each probe, the best `top` that reach `least`.

    Parameters
    ----------
    probes : int
        Number of probes.
    top : int
        Candidates to keep of each.
    least : int
        Least integer score accepted; `NO_SCORE` accepts all.

    Attributes
    ----------
    ids : ndarray of int64, shape (probes, top)
        Candidates, best first; `NOBODY` where there are fewer.
    scores : ndarray of int32, shape (probes, top)
        Their scores; `NO_SCORE` where there are fewer.
    bars : ndarray of int64, shape (probes,)
        Least score still worth offering: candidates come in order of id, so one that
        only equals the last of a full list comes too late.
    """

    def __init__(self, probes: int, *, top: int, least: int = NO_SCORE) -> None:
        self.top = top
        self.ids = np.full((probes, top), NOBODY, dtype=np.int64)
        self.scores = np.full((probes, top), NO_SCORE, dtype=np.int32)
        self.bars = np.full(probes, least, dtype=np.int64)

    def offer(self, probe: int, ids: NDArray[np.int64], scores: NDArray[np.int32]) -> None:
        """Take candidates of one probe, whose ids rise and are above all offered before."""
        worth = scores >= self.bars[probe]
        if not worth.any():
            return
        ids, scores = _best(ids[worth], scores[worth], self.top)
        if self.top == 1:
            self.ids[probe], self.scores[probe] = ids[0], scores[0]
        else:
            both = np.concatenate((self.scores[probe], scores))
            named = np.concatenate((self.ids[probe], ids))
            order = np.argsort(-both.astype(np.int64), kind="stable")[: self.top]
            self.ids[probe], self.scores[probe] = named[order], both[order]
        if self.ids[probe, -1] != NOBODY:
            self.bars[probe] = int(self.scores[probe, -1]) + 1

    def offer_block(self, first: int, scores: NDArray[np.float32]) -> None:
        """Take the scores of consecutive ids, shape (probes, rows), as exact float32."""
        if not scores.size:
            return
        worth = np.flatnonzero(scores.max(axis=1) >= self.bars)
        if self.top == 1:
            rows = scores[worth].argmax(axis=1)  # the first of equals
            best = scores[worth, rows].astype(np.int32)
            self.ids[worth, 0], self.scores[worth, 0] = rows + first, best
            self.bars[worth] = best.astype(np.int64) + 1
            return
        for probe in worth:
            rows = np.flatnonzero(scores[probe] >= self.bars[probe])
            self.offer(int(probe), rows + first, scores[probe, rows].astype(np.int32))


def _best(
    ids: NDArray[np.int64], scores: NDArray[np.int32], top: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The best of candidates in order of id, best first."""
    if top == 1:
        best = int(scores.argmax())  # the first of equals
        return ids[best : best + 1], scores[best : best + 1]
    if len(ids) > 4 * top:
        enough = scores >= np.partition(scores, len(scores) - top)[len(scores) - top]
        ids, scores = ids[enough], scores[enough]
    order = np.argsort(-scores.astype(np.int64), kind="stable")[:top]
    return ids[order], scores[order]
