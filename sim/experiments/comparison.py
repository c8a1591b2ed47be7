"""What two studies of the same days tell of each other."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sim.errors import FewReplicationsWarning, UsageError
from sim.experiments.intervals import FEW, each_figure
from sim.experiments.paired import Difference, headlines, paired
from sim.experiments.periods import HalfHours, Periods, periods
from sim.experiments.sequential import Precision
from sim.experiments.study import Study


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two studies, day beside day.

    Attributes
    ----------
    a, b : Study
    figures : mapping of str to Difference
        Every figure that both have, each with its own interval.
    headlines : tuple of Difference
        The figures a verdict is given on, with intervals that hold all together.
    confidence : float
        Of each interval of `figures`, and of all of `headlines` at once.
    has_same_passengers : bool
        Whether every day has as many passengers in both, as common random numbers need.
    periods : Periods or None
        Waits by time of coming; None where the days were kept without them.
    precision : Precision or None
        What decided the number of days.
    is_precise : bool or None
        Whether it was reached.
    """

    a: Study
    b: Study
    figures: Mapping[str, Difference]
    headlines: tuple[Difference, ...]
    confidence: float
    has_same_passengers: bool
    periods: Periods | None = None
    precision: Precision | None = None
    is_precise: bool | None = None

    @property
    def is_identical(self) -> bool:
        """Whether the plans give the same events on every day."""
        return self.a.chain_head == self.b.chain_head

    def values(self, key: str) -> tuple[list[float], list[float]]:
        """A figure in A and in B on each day that has it in both."""
        both = [
            (dict(each_figure(one.summary)), dict(each_figure(two.summary)))
            for one, two in zip(self.a.replications, self.b.replications, strict=True)
        ]
        days = [(one[key], two[key]) for one, two in both if key in one and key in two]
        return [one for one, _ in days], [two for _, two in days]


def compare_studies(
    a: Study,
    b: Study,
    *,
    confidence: float = 0.95,
    half_hours: Iterable[Sequence[HalfHours]] = (),
    precision: Precision | None = None,
    is_precise: bool | None = None,
) -> Comparison:
    """Compare two studies of the same seed and days.

    Parameters
    ----------
    half_hours : iterable of sequence of HalfHours
        Those of each day of A, and of B; nothing where they were not kept.

    Raises
    ------
    UsageError
        If their days are not the same.
    """
    days = [[each.replication for each in study.replications] for study in (a, b)]
    if a.seed != b.seed or days[0] != days[1]:
        raise UsageError(
            f"seeds {a.seed} and {b.seed}, {len(days[0])} and {len(days[1])} days: only the same "
            "days can be compared; simulate both with one seed and as many days"
        )
    if len(days[0]) < FEW:
        told = "1 day gives no" if len(days[0]) == 1 else f"{len(days[0])} days give a rough"
        message = f"{told} interval; use at least {FEW}"
        warnings.warn(message, FewReplicationsWarning, stacklevel=2)
    summaries = [[each.summary for each in study.replications] for study in (a, b)]
    by_time = tuple(half_hours)
    return Comparison(
        a=a,
        b=b,
        figures=paired(*summaries, confidence=confidence),
        headlines=headlines(*summaries, confidence=confidence),
        confidence=confidence,
        has_same_passengers=all(
            one["passengers"] == other["passengers"] for one, other in zip(*summaries, strict=True)
        ),
        periods=periods(*by_time, confidence=confidence) if by_time else None,
        precision=precision,
        is_precise=is_precise,
    )
