"""Exhaustive search in int8 on a processor's matrix units, through numkong (optional extra)."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.matcher.gallery import Block, Gallery
from sim.matcher.kernels.shortlist import NO_SCORE, Shortlist
from sim.matcher.templates import DIMENSIONS, aligned

ROWS = 2048
"""Rows packed and multiplied at once."""


def is_installed() -> bool:
    """Whether numkong is there."""
    return find_spec("numkong") is not None


@dataclass(frozen=True, slots=True)
class AmxInt8:
    """All pairs as int8 products with int32 sums; elsewhere numkong falls back to vectors.

    Raises
    ------
    UsageError
        If numkong is not installed.
    """

    name: str = "amx-int8"

    def __post_init__(self) -> None:
        if not is_installed():
            raise UsageError(
                "kernel amx-int8 needs numkong; install the extra: "
                "pip install 'hanh-trinh[matcher]'"
            )

    def scan(self, gallery: Gallery, probes: NDArray[np.int8], found: Shortlist) -> None:
        """Multiply packed parts of the gallery by all probes."""
        kong: Any = importlib.import_module("numkong")
        rows = aligned(len(probes), DIMENSIONS, np.int8)
        rows[:] = probes
        asked = kong.from_dlpack(rows)
        scores = aligned(len(probes), ROWS, np.int32)
        for first, block in gallery.blocks():
            for start, part, packed in _packed(block, kong):
                if part == ROWS:
                    kong.dots_packed(asked, packed, out=kong.from_dlpack(scores))
                    out = scores
                else:
                    out = np.asarray(kong.dots_packed(asked, packed))
                alive = block.is_alive[start : start + part]
                if not alive.all():
                    out[:, ~alive] = NO_SCORE
                _offer(found, first + start, out)


def _offer(found: Shortlist, first: int, scores: NDArray[np.int32]) -> None:
    best = scores.max(axis=1)
    for probe in np.flatnonzero(best >= found.bars).tolist():
        rows = np.flatnonzero(scores[probe] >= max(found.bars[probe], NO_SCORE + 1))
        found.offer(probe, rows + first, scores[probe, rows])


def _packed(block: Block, kong: Any) -> list[tuple[int, int, Any]]:
    """Parts of a block as numkong wants them: first row, rows, packed matrix."""
    kept: list[tuple[int, int, Any]] = block.extras.setdefault("amx-int8", [])  # type: ignore[assignment]
    if kept and sum(part for _, part, _ in kept) < block.rows and kept[-1][1] < ROWS:
        kept.pop()  # the last part has grown
    while (start := sum(part for _, part, _ in kept)) < block.rows:
        rows = block.templates[start : min(start + ROWS, block.rows)]
        kept.append((start, len(rows), kong.dots_pack(kong.from_dlpack(rows))))
    return kept
