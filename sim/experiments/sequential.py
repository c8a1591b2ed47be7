"""How many days are enough: go on until an interval is narrow and stays so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.errors import UsageError
from sim.experiments.intervals import mean_interval

SETTLES = 5
"""Days over which the interval has to stay narrow, so that a lucky streak does not end it."""


@dataclass(frozen=True, slots=True)
class Precision:
    """How narrow the interval of a figure shall be.

    Attributes
    ----------
    key : str
        Dotted key of the figure in a day's summary.
    half_width : float
        Largest half-width, in the figure's unit; as a share of its mean if `is_relative`.
    is_relative : bool
    """

    key: str
    half_width: float
    is_relative: bool = False

    def wanted(self, mean: float) -> float:
        """Largest half-width where the mean is known."""
        return self.half_width * abs(mean) if self.is_relative else self.half_width


def parse_precision(text: str) -> Precision:
    """A precision as it is written: ``missed=2`` or ``stations.desk.wait_s.mean=5%``.

    Raises
    ------
    UsageError
        If it is not written so, or the width is not positive.

    Examples
    --------
    >>> parse_precision("journey_s.mean=5%")
    Precision(key='journey_s.mean', half_width=0.05, is_relative=True)
    """
    key, _, written = (part.strip() for part in text.partition("="))
    is_relative = written.endswith("%")
    try:
        width = float(written.removesuffix("%")) / (100 if is_relative else 1)
    except ValueError:
        width = -1.0
    if not key or not 0 < width < float("inf"):
        raise UsageError(
            f"precision {text!r}: give FIGURE=WIDTH, such as stations.counter.wait_s.mean=30, or "
            "=5% of the figure's mean"
        )
    return Precision(key, width, is_relative)


def days_enough(
    differences: Sequence[float],
    levels: Sequence[float],
    *,
    precision: Precision,
    least: int,
    confidence: float = 0.95,
) -> int | None:
    """Fewest days after which the rule stops; None where it goes on.

    Parameters
    ----------
    differences : sequence of float
        What the interval is of, in order of days.
    levels : sequence of float
        The figure itself on those days; a relative width is of its mean.
    least : int
        No decision before so many days.

    Notes
    -----
    Stops after the first *n* days, at least `least` + `SETTLES`, for which the farther
    end of the interval was near enough after each of *n* - `SETTLES`, …, *n* days. Decided day
    by day, so that it does not depend on how many were simulated at once. Stopping on a
    width makes an interval cover a little less than it says; the look-ahead keeps that small.

    References
    ----------
    Hoad, Robinson and Davies (2010), Automated selection of the number of replications for a
    discrete-event simulation, Journal of the Operational Research Society 61, 1632-1644.
    """
    narrow = 0
    for days in range(least, len(differences) + 1):
        interval = mean_interval(differences[:days], confidence=confidence)
        wanted = precision.wanted(sum(levels[:days]) / days)
        narrow = narrow + 1 if interval.reach <= wanted else 0
        if narrow > SETTLES:
            return days
    return None
