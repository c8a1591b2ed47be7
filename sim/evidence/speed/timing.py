"""Timing something and its reference in turns, so that a busy machine slows both alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

Work = Callable[[], float]
"""Does a piece of work; returns how much it was, in the unit of the figure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A speed and its ratio to a reference.

    Attributes
    ----------
    name, what, unit : str
        Short name, one sentence, and what is counted per second.
    per_s : float
        Median of the rounds.
    reference : str
        What it is compared with.
    reference_per_s : float
        Median of the rounds, in the reference's own unit.
    ratio : dict of str to float
        Median, lowest and highest of the rounds' own ratios.
    more : dict
        Figures that explain it.
    """

    name: str
    what: str
    unit: str
    per_s: float
    reference: str
    reference_per_s: float
    ratio: dict[str, float]
    rounds: int
    more: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)


def compare(
    name: str,
    what: str,
    work: Work,
    reference: Work,
    *,
    unit: str,
    against: str,
    rounds: int,
    more: dict[str, Any] | None = None,
) -> Figure:
    """Time `work` and `reference` in turns, after one turn of `work` that does not count."""
    work()
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_per_s(work))
        theirs.append(_per_s(reference))
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return Figure(
        name=name,
        what=what,
        unit=unit,
        per_s=statistics.median(ours),
        reference=against,
        reference_per_s=statistics.median(theirs),
        ratio={"median": statistics.median(ratios), "low": min(ratios), "high": max(ratios)},
        rounds=rounds,
        more=more or {},
    )


def _per_s(work: Work) -> float:
    gc.collect()
    began = time.perf_counter()
    amount = work()
    return amount / (time.perf_counter() - began)
