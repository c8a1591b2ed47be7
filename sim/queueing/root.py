"""The root of a function between two bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scipy.optimize import brentq


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a continuous function of opposite signs at the bounds is zero, to full precision."""
    found: Any = brentq(function, low, high, xtol=1e-15)
    return float(found)
