"""Exact scores of a few rows by compiled code: no copy of them is made."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numpy.typing import NDArray


@njit(
    types.int64(
        types.Array(types.int8, 2, "C", readonly=False),
        types.Array(types.boolean, 1, "C", readonly=False),
        types.int64[::1],
        types.Array(types.int8, 1, "C", readonly=False),
        types.int64,
        types.int64[::1],
        types.int32[::1],
    ),
    nogil=True,
    cache=True,
    error_model="numpy",
)
def _score(  # noqa: PLR0917 (called once, below)
    templates: Any, is_alive: Any, rows: Any, probe: Any, least: Any, kept: Any, scores: Any
) -> Any:
    """Keep the rows that are alive and reach the least score; returns how many."""
    n = 0
    for row in rows:
        if not is_alive[row]:
            continue
        template = templates[row]
        score = types.int32(0)
        for i in range(len(probe)):
            score += types.int32(template[i]) * types.int32(probe[i])
        if score >= least:
            kept[n] = row
            scores[n] = score
            n += 1
    return n


def scored_rows(
    templates: NDArray[np.int8],
    is_alive: NDArray[np.bool_],
    rows: NDArray[np.int64],
    probe: NDArray[np.int8],
    least: int,
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Rows that reach a score, and their scores.

    Parameters
    ----------
    templates : ndarray of int8, shape (n, 512)
    is_alive : ndarray of bool, shape (n,)
    rows : ndarray of int64, shape (k,)
        Which to score.
    probe : ndarray of int8, shape (512,)
    least : int
        Least score.
    """
    kept, scores = np.empty(len(rows), dtype=np.int64), np.empty(len(rows), dtype=np.int32)
    n = _score(templates, is_alive, rows, probe, least, kept, scores)
    return kept[:n], scores[:n]
