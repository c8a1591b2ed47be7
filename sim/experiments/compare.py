"""Two plans over the same days: paired differences, as sharp as common random numbers make them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sim.errors import FewReplicationsWarning, UsageError
from sim.experiments.day import DEFAULT_ENGINE, DEFAULT_SEED, Engine, Timings
from sim.experiments.day_folder import claim_days
from sim.experiments.day_tasks import Record, day_tasks, days_done
from sim.experiments.executors import Executor, Local
from sim.experiments.intervals import FEW, each_figure
from sim.experiments.paired import Difference, headlines, paired
from sim.experiments.periods import HalfHours, Periods, periods
from sim.experiments.sequential import Precision, days_enough
from sim.experiments.stored_days import StoredDays
from sim.experiments.study import Replication, Study
from sim.scenario.load import Scenario

MOST_DAYS = 1000
"""Days that automatic numbers of replications do not go beyond, unless told to."""

BATCH = 10
"""Days simulated before the rule is looked at again."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two plans.

    Attributes
    ----------
    scenario : Scenario
    on : date or None
        Policies in force as on this date; the passengers stay the same.
    """

    scenario: Scenario
    on: date | None = None


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


def run_comparison(
    a: Side,
    b: Side,
    *,
    reps: int,
    seed: int = DEFAULT_SEED,
    engine: Engine = DEFAULT_ENGINE,
    jobs: int = 1,
    executor: Executor | None = None,
    folder: Path | None = None,
    confidence: float = 0.95,
    precision: Precision | None = None,
    most: int = MOST_DAYS,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """Simulate the same days under two plans and compare them day by day.

    Parameters
    ----------
    a, b : Side
    reps : int
        Days, 2 at least.
    seed : int
        Of both: a passenger's draws depend on it, the day and the passenger, not on the plan.
    jobs : int
        Processes to use; the result does not depend on it.
    executor : Executor or None
        Who simulates instead of `jobs` processes.
    folder : Path or None
        Keeps the days, so that what is there need not be simulated again.
    confidence : float
        Between 0 and 1.
    precision : Precision or None
        Go on beyond `reps` until the interval of a difference is as narrow, see
        `sim.experiments.sequential`.
    most : int
        Days at which it is given up.
    progress : callable or None
        Called with the number of days simulated, ``2 * reps`` in all.

    Raises
    ------
    UsageError
        If there are fewer than two days, confidence is no share, or `precision` is of a
        figure that the days do not have.
    """
    if reps < 2 or not 0 < confidence < 1:
        raise UsageError(
            f"reps = {reps} and confidence = {confidence:g}; a difference takes 2 days at least "
            "to have an interval, and a confidence between 0 and 1"
        )
    by = executor or Local(jobs)
    if folder is not None:
        claim_days(folder)
    sides = (a, b)
    records: tuple[list[Record], list[Record]] = ([], [])
    enough: int | None = None
    while len(records[0]) < (reps if precision is None else most):
        first = len(records[0])
        more = reps if not first else min(BATCH, most - first)
        tasks = [
            task
            for side in sides
            for task in day_tasks(
                side.scenario,
                range(first, first + more),
                seed=seed,
                on=side.on,
                engine=engine,
                folder=folder,
            )
        ]

        def told(done: int, before: int = 2 * first) -> None:
            if progress is not None and done:
                progress(before + done)

        done, _ = days_done(tasks, executor=by, progress=told)
        records[0].extend(done[:more])
        records[1].extend(done[more:])
        if precision is not None:
            enough = _enough(*records, precision, least=reps, confidence=confidence)
            if enough is not None:
                break
    days = [each[:enough] for each in records]
    studies = [_study(side, own, seed=seed) for side, own in zip(sides, days, strict=True)]
    return compare_studies(
        *studies,
        confidence=confidence,
        half_hours=([each["half_hours"] for each in own] for own in days),
        precision=precision,
        is_precise=None if precision is None else enough is not None,
    )


def compare_stored(
    a: Side | StoredDays,
    b: Side | StoredDays,
    *,
    engine: Engine = DEFAULT_ENGINE,
    executor: Executor | None = None,
    folder: Path | None = None,
    confidence: float = 0.95,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """Compare days that are stored with others, or with the same days of a scenario.

    Parameters
    ----------
    a, b : Side or StoredDays
        One of them at least is stored; the other is simulated with its seed and days.

    Raises
    ------
    UsageError
        If the days are not the same.
    """
    stored = next(each for each in (a, b) if isinstance(each, StoredDays)).study
    numbers = [each.replication for each in stored.replications]
    studies, by_time = list[Study](), list[Sequence[HalfHours] | None]()
    if folder is not None:
        claim_days(folder)
    for side in (a, b):
        if isinstance(side, StoredDays):
            studies.append(side.study)
            by_time.append(side.half_hours)
            continue
        tasks = day_tasks(
            side.scenario, numbers, seed=stored.seed, on=side.on, engine=engine, folder=folder
        )
        records, _ = days_done(tasks, executor=executor or Local(), progress=progress)
        studies.append(_study(side, records, seed=stored.seed))
        by_time.append([each["half_hours"] for each in records])
    known = [each for each in by_time if each is not None]
    return compare_studies(
        *studies, confidence=confidence, half_hours=known if len(known) == len(by_time) else ()
    )


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


def _study(side: Side, records: Sequence[Record], *, seed: int) -> Study:
    return Study(
        scenario=side.scenario,
        on=side.on,
        seed=seed,
        replications=tuple(
            Replication(
                replication=each["replication"],
                run_dir=None,
                chain_head=each["chain_head"],
                summary=each["summary"],
                timings=Timings().as_dict(),
            )
            for each in records
        ),
        run_dir=None,
    )


def _enough(
    a: Sequence[Record],
    b: Sequence[Record],
    precision: Precision,
    *,
    least: int,
    confidence: float,
) -> int | None:
    """Days after which the rule stops; None to go on."""
    one, two = ([dict(each_figure(day["summary"])) for day in days] for days in (a, b))
    have = [precision.key in x and precision.key in y for x, y in zip(one, two, strict=True)]
    if not any(have):
        known = sorted({key for day in one for key in day if key.endswith("mean")})
        raise UsageError(
            f"precision: the days have no figure {precision.key!r}; such as {', '.join(known[:6])}"
        )
    if not all(have):
        raise UsageError(
            f"precision: {precision.key} is missing on {have.count(False)} of {len(have)} days; "
            "name a figure that every day has"
        )
    levels = [day[precision.key] for day in one]
    gaps = [day[precision.key] - level for day, level in zip(two, levels, strict=True)]
    return days_enough(gaps, levels, precision=precision, least=least, confidence=confidence)
