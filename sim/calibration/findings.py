"""What was found out about a figure, what could not be, and how both are written down."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.calibration.attribution import Attribution
from sim.calibration.observed import ObservedLog
from sim.calibration.profile import Bounds
from sim.scenario.program import Program
from sim.scenario.provenance import FigureRow
from sim.scenario.scenario import Scenario

FEWEST = 20
"""Observations below which nothing is estimated."""

POOR_FIT = 0.01
"""p-value below which a law is said not to fit."""

DIGITS = 6
"""Significant digits written."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A calibrated figure.

    Attributes
    ----------
    key : str
        Dotted key in the scenario.
    base : float or None
        What the scenario said; None where it said nothing.
    value, low, high : float
        Estimate and 95 % interval.
    n : int
        Observations it stands on.
    p_value : float or None
        Of the test of fit.
    verdict : str
        In words.
    """

    key: str
    base: float | None
    value: float
    low: float
    high: float
    n: int
    p_value: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Silence:
    """A figure the log says nothing, or too little, about.

    Attributes
    ----------
    key : str
        Dotted key in the scenario.
    reason : str
        Why it keeps its value.
    """

    key: str
    reason: str


@dataclass(slots=True)
class Overlay:
    """What will be written over the base: tables by their id."""

    demand: dict[str, Any] = field(default_factory=dict)
    traits: dict[str, dict[str, Any]] = field(default_factory=dict)
    stations: dict[str, dict[str, Any]] = field(default_factory=dict)
    journey: dict[str, dict[str, Any]] = field(default_factory=dict)

    def station(self, name: str) -> dict[str, Any]:
        """Table of one station."""
        return self.stations.setdefault(name, {})


@dataclass(frozen=True, slots=True)
class Study:
    """A log beside the scenario it is to calibrate, and what has been found so far.

    Attributes
    ----------
    base : Mapping of str to FigureRow
        Every figure of the scenario by its key.
    is_tested : bool
        Whether fits are tested, which takes most of the time.
    """

    log: ObservedLog
    scenario: Scenario
    program: Program
    attribution: Attribution
    base: Mapping[str, FigureRow]
    is_tested: bool = True
    findings: list[Finding] = field(default_factory=list)
    silences: list[Silence] = field(default_factory=list)
    overlay: Overlay = field(default_factory=Overlay)

    def silent(self, key: str, reason: str) -> None:
        """Say that a figure keeps its value, and why."""
        self.silences.append(Silence(key, reason))

    def found(
        self,
        key: str,
        value: float,
        bounds: Bounds,
        *,
        n: int,
        base: float | None,
        p_value: float | None = None,
        about: str = "",
    ) -> dict[str, Any]:
        """Note a figure, and give the table to write for it."""
        low, high = min(bounds.low, value), max(bounds.high, value)
        verdict = _verdict(base, low, high, p_value, about)
        self.findings.append(Finding(key, base, value, low, high, n, p_value, verdict))
        return {
            "value": short(value),
            "low": short(low),
            "high": short(high),
            "source": self.source(n, about=about),
        }

    def source(self, n: int, *, about: str = "") -> str:
        """Source of a calibrated figure."""
        said = f"; {about}" if about else ""
        return f"calibrated from {self.log.name} (n = {n}), 95 % interval{said}"

    def value_at(self, key: str) -> float | None:
        """A figure of the scenario; None where it has none of that name."""
        row = self.base.get(key)
        return None if row is None else row.value

    def kept(self, key: str, figure: Any) -> dict[str, Any] | float:
        """A figure of the scenario as it stands, with the source that reaches it there."""
        row = self.base.get(key)
        parts = {
            "value": figure.value,
            "low": figure.low,
            "high": figure.high,
            "source": row.source if row is not None and row.source else figure.source,
        }
        said = {name: part for name, part in parts.items() if part is not None}
        return said if len(said) > 1 else figure.value


def short(value: float) -> float:
    """A number to `DIGITS` significant digits.

    Examples
    --------
    >>> short(0.1234567891)
    0.123457
    """
    return float(f"{value:.{DIGITS}g}")


def seed_of(key: str) -> int:
    """Seed of the tests of one figure: the same log gives the same document."""
    return zlib.crc32(key.encode())


def _verdict(base: float | None, low: float, high: float, p_value: float | None, about: str) -> str:
    if base is None:
        said = "new"
    elif low <= base <= high:
        said = "agrees with the base"
    else:
        said = "above the base" if base < low else "below the base"
    if p_value is not None:
        said += f"; no law tried fits (p = {p_value:.2g})" if p_value < POOR_FIT else "; fits"
    return f"{said}; {about}" if about else said
