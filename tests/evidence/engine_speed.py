"""The reference engine's speed as a ratio to a minimal SimPy model."""

from __future__ import annotations

from tests.benchmarks.engine_speed import REQUIRED_RATIO, measure
from tests.evidence.claim import Claim, Finding, Steps


def examine(steps: Steps) -> Finding:
    """Median of nine interleaved rounds."""
    figures = steps.each(["ratio"], lambda _: measure(rounds=9), processes=1)["ratio"]
    return Finding(passed=figures["ratio"]["median"] >= REQUIRED_RATIO, figures=figures)


CLAIM = Claim(
    "engine-speed",
    f"The reference engine logs at least {REQUIRED_RATIO} times the events of minimal SimPy.",
    examine,
)
